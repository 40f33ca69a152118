import { Avatar } from "../../shared/Avatar";
import { IconButton } from "../../shared/Button";
import { brand } from "../../shared/brand";
import { ClockIcon, MinimiseIcon } from "../../shared/icons";
import { useChatState, useWords } from "./context";
import { Menu } from "./Menu";
import { type Who, who } from "./who";

type Props = { onClose: () => void; onEnd: () => void };

export function Header({ onClose, onEnd }: Props) {
  const { status, ended } = useChatState();
  const words = useWords();
  const now = who(status, brand.assistant, words);
  const canAsk = now.kind === "bot" && !ended;
  return (
    <div class="header">
      <Face who={now} />
      <div class="header-who" aria-live="polite" aria-atomic="true">
        <h2 class="header-name">
          <bdi>{now.name}</bdi>
        </h2>
        <p class="header-role">{ended ? words.say("ended_role") : now.role}</p>
      </div>
      <Menu canAsk={canAsk} onEnd={onEnd} />
      <IconButton label={words.say("close_window")} onClick={onClose}>
        <MinimiseIcon />
      </IconButton>
    </div>
  );
}

function Face({ who: { kind, name } }: { who: Who }) {
  if (kind !== "queue") return <Avatar kind={kind} name={name} />;
  return (
    <span class="avatar avatar-waiting" aria-hidden="true">
      <ClockIcon />
    </span>
  );
}

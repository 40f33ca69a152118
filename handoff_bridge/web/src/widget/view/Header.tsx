import { Avatar } from "../../shared/Avatar";
import { IconButton } from "../../shared/Button";
import { ClockIcon, MinimiseIcon } from "../../shared/icons";
import { useChat, useChatState } from "./context";
import { Menu } from "./Menu";
import { type Who, who } from "./who";

type Props = { onClose: () => void; onEnd: () => void };

export function Header({ onClose, onEnd }: Props) {
  const chat = useChat();
  const { status, ended } = useChatState();
  const now = who(status, chat.config.assistant);
  const canAsk = now.kind === "bot" && !ended;
  return (
    <div class="header">
      <Face who={now} />
      <div class="header-who" aria-live="polite" aria-atomic="true">
        <h2 class="header-name">{now.name}</h2>
        <p class="header-role">{ended ? "This chat has ended" : now.role}</p>
      </div>
      <Menu canAsk={canAsk} onEnd={onEnd} />
      <IconButton label="Close the chat window" onClick={onClose}>
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

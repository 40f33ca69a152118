import { ClockIcon, InfoIcon, PeopleIcon, ShieldIcon } from "../../shared/icons";
import { RichText } from "../../shared/RichText";
import { clockTime } from "../../shared/time";
import type { Line } from "../state/thread";
import { useWords } from "./context";

/** What the bridge's own sentences are about, by their keys: who came or went, a wait, what was taken out. */
const KINDS = [
  { kind: "moved", keys: /^(joined|taken_over|returned|closed|left_queue)/, Icon: PeopleIcon },
  { kind: "wait", keys: /^(waiting|promise|nobody_there|everybody_busy|overdue|contact_)/, Icon: ClockIcon },
  { kind: "told", keys: /^removed/, Icon: ShieldIcon },
];
const OTHER = { kind: "told", Icon: InfoIcon };

/** What happened to the chat: somebody joined, somebody left, a place in line. Nobody says it, so it has no bubble. */
export function SystemLine({ message }: { message: Line["message"] }) {
  const { locale } = useWords();
  const { kind, Icon } = KINDS.find(({ keys }) => keys.test(message.key ?? "")) ?? OTHER;
  return (
    <div class={`system system-${kind}`} tabIndex={-1}>
      <Icon small />
      <p>
        <RichText text={message.text ?? ""} />{" "}
        <time class="time" dateTime={message.at}>
          {clockTime(message.at, locale)}
        </time>
      </p>
    </div>
  );
}

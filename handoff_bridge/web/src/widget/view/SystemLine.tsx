import { InfoIcon, PeopleIcon } from "../../shared/icons";
import { RichText } from "../../shared/RichText";
import { clockTime } from "../../shared/time";
import type { Line } from "../state/thread";
import { useWords } from "./context";

/** Which of the bridge's sentences say that somebody came or went. */
const COMING_AND_GOING = /^(joined|taken_over|returned|closed|left_queue|released|transferred|agent_)/;

/** What happened to the chat: somebody joined, somebody left, a place in line. Nobody says it, so it has no bubble. */
export function SystemLine({ message }: { message: Line["message"] }) {
  const { locale } = useWords();
  const moved = COMING_AND_GOING.test(message.key ?? "");
  return (
    <div class="system" tabIndex={-1}>
      {moved ? <PeopleIcon small /> : <InfoIcon small />}
      <p dir="auto">
        <RichText text={message.text ?? ""} />{" "}
        <time class="time" dateTime={message.at}>
          {clockTime(message.at, locale)}
        </time>
      </p>
    </div>
  );
}

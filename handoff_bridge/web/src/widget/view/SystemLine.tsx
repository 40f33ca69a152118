import { InfoIcon, PeopleIcon } from "../../shared/icons";
import { RichText } from "../../shared/RichText";
import { clockTime } from "../../shared/time";
import type { Line } from "../state/thread";

/** What happened to the chat: somebody joined, somebody left, a place in line. Nobody says it, so it has no bubble. */
export function SystemLine({ message }: { message: Line["message"] }) {
  const moved = /\b(joined|left|closed)\b/i.test(message.text ?? "");
  return (
    <div class="system" tabIndex={-1}>
      {moved ? <PeopleIcon small /> : <InfoIcon small />}
      <p>
        <RichText text={message.text ?? ""} />{" "}
        <time class="time" dateTime={message.at}>
          {clockTime(message.at)}
        </time>
      </p>
    </div>
  );
}

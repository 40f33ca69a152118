import { ClockIcon, WarningIcon } from "../../shared/icons";
import type { Outgoing } from "../state/outbox";
import { useChat, useChatState, useSay } from "./context";

/** What became of a message that is not sent yet. */
export function Delivery({ entry }: { entry: Outgoing }) {
  const chat = useChat();
  const { phase } = useChatState();
  const say = useSay();
  if (entry.state !== "failed") {
    return (
      <span class="delivery delivery-pending">
        <ClockIcon small />
        {say(phase !== "online" ? "waits_for_connection" : entry.slow ? "still_sending" : "sending")}
      </span>
    );
  }
  return (
    <span class="delivery delivery-failed">
      <WarningIcon small />
      <span>{entry.refused ? say("not_sent_because", { reason: entry.refused }) : say("not_sent")}</span>
      <button type="button" class="link-button" onClick={() => chat.retry(entry.id)}>
        {say("try_again")}
      </button>
      <button type="button" class="link-button" onClick={() => chat.discard(entry.id)}>
        {say("remove")}
      </button>
    </span>
  );
}

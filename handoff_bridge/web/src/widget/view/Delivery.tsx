import { ClockIcon, WarningIcon } from "../../shared/icons";
import type { Outgoing } from "../state/outbox";
import { useChat, useChatState } from "./context";

/** What became of a message that is not sent yet. */
export function Delivery({ entry }: { entry: Outgoing }) {
  const chat = useChat();
  const { phase } = useChatState();
  if (entry.state !== "failed") {
    return (
      <span class="delivery delivery-pending">
        <ClockIcon small />
        {phase === "online" ? "Sending" : "Goes out once you're connected"}
      </span>
    );
  }
  return (
    <span class="delivery delivery-failed">
      <WarningIcon small />
      <span>Not sent{entry.refused ? `: ${entry.refused}` : "."}</span>
      <button type="button" class="link-button" onClick={() => chat.retry(entry.message_id)}>
        Try again
      </button>
      <button type="button" class="link-button" onClick={() => chat.discard(entry.message_id)}>
        Remove
      </button>
    </span>
  );
}

import { Button } from "../../shared/Button";
import { CheckIcon } from "../../shared/icons";
import { useChat } from "./context";

export function Ended() {
  const chat = useChat();
  return (
    <section class="ended" aria-label="Chat ended">
      <p class="ended-title">
        <CheckIcon /> This chat has ended, and nobody can read it here any more.
      </p>
      <div class="ended-actions">
        <Button kind="primary" onClick={() => chat.startNew()}>
          Start a new chat
        </Button>
      </div>
    </section>
  );
}

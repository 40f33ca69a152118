import { Button } from "../../shared/Button";
import { CheckIcon } from "../../shared/icons";
import { useChat, useSay } from "./context";

export function Ended() {
  const chat = useChat();
  const say = useSay();
  return (
    <section class="ended" aria-label={say("chat_ended")}>
      <p class="ended-title">
        <CheckIcon /> {say("ended_text")}
      </p>
      <div class="ended-actions">
        <Button kind="primary" onClick={() => chat.startNew()}>
          {say("new_chat")}
        </Button>
      </div>
    </section>
  );
}

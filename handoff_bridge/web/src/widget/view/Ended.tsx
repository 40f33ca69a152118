import { Button } from "../../shared/Button";
import { CheckIcon, DownloadIcon } from "../../shared/icons";
import { saveChat } from "../download";
import { useChat, useChatState } from "./context";

export function Ended() {
  const chat = useChat();
  const { log } = useChatState();
  return (
    <section class="ended" aria-label="Chat ended">
      <p class="ended-title">
        <CheckIcon /> You ended this chat.
      </p>
      <div class="ended-actions">
        <Button kind="primary" onClick={() => chat.startNew()}>
          Start a new chat
        </Button>
        <Button onClick={() => saveChat(log.messages, chat.config)}>
          <DownloadIcon /> Download
        </Button>
      </div>
    </section>
  );
}

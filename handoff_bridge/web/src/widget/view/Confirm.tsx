import { useLayoutEffect, useRef } from "preact/hooks";
import { Button } from "../../shared/Button";
import { saveChat } from "../download";
import { useChat, useChatState } from "./context";

export function Confirm({ onCancel }: { onCancel: () => void }) {
  const chat = useChat();
  const { log, status } = useChatState();
  const first = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => first.current?.focus(), []);
  return (
    <section
      class="confirm"
      role="alertdialog"
      aria-labelledby="confirm-title"
      aria-describedby="confirm-text"
    >
      <h3 id="confirm-title">End this chat?</h3>
      <p id="confirm-text">
        {status.owner === "queue"
          ? "You'll leave the line. The chat goes from this page, and the next one starts from the beginning."
          : "The chat goes from this page, and the next one starts from the beginning."}{" "}
        <button type="button" class="link-button" onClick={() => saveChat(log.messages, chat.config)}>
          Download it first
        </button>
      </p>
      <div class="confirm-actions">
        <Button kind="primary" buttonRef={first} onClick={() => chat.end()}>
          End chat
        </Button>
        <Button onClick={onCancel}>Keep chatting</Button>
      </div>
    </section>
  );
}

import { useLayoutEffect, useRef } from "preact/hooks";
import { Button } from "../../shared/Button";
import { saveChat } from "../download";
import { useChat, useChatState, useSay } from "./context";

export function Confirm({ onCancel }: { onCancel: () => void }) {
  const chat = useChat();
  const { log, status, words } = useChatState();
  const say = useSay();
  const first = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => first.current?.focus(), []);
  return (
    <section
      class="confirm"
      role="alertdialog"
      aria-labelledby="confirm-title"
      aria-describedby="confirm-text"
    >
      <h3 id="confirm-title">{say("end_question")}</h3>
      <p id="confirm-text">
        {say(status.owner === "queue" ? "end_text_in_line" : "end_text")}{" "}
        <button type="button" class="link-button" onClick={() => saveChat(log.messages, words)}>
          {say("download_first")}
        </button>
      </p>
      <div class="confirm-actions">
        <Button kind="primary" buttonRef={first} onClick={() => chat.end()}>
          {say("end_chat")}
        </Button>
        <Button onClick={onCancel}>{say("keep_chatting")}</Button>
      </div>
    </section>
  );
}

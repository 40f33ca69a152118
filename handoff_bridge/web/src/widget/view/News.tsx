import { useState } from "preact/hooks";
import { IconButton } from "../../shared/Button";
import { CloseIcon } from "../../shared/icons";
import type { Message } from "../state/protocol";
import { gist, speakerOf } from "./Announcer";
import { useChat, useChatState } from "./context";

/** Beside the launcher: who has just said something, and how it begins. What was said before is no news. */
export function News() {
  const chat = useChat();
  const { heard, unread, words } = useChatState();
  const [dismissed, setDismissed] = useState<Message>();
  const message = heard.findLast(({ sender }) => sender !== "system");
  if (!unread || !message || message === dismissed || chat.config.noPreview) return null;
  return (
    <div class="news">
      <button type="button" class="news-open" onClick={() => chat.open()}>
        <b dir="auto">{speakerOf(message, words)}</b>
        <span class="news-text" dir="auto">
          {gist(message, words)}
        </span>
      </button>
      <IconButton label={words.say("dismiss")} size="small" onClick={() => setDismissed(message)}>
        <CloseIcon small />
      </IconButton>
    </div>
  );
}

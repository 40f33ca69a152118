import type { Ref } from "preact";
import { ChatIcon } from "../../shared/icons";
import { useChat, useChatState } from "./context";

export function Launcher({ buttonRef }: { buttonRef: Ref<HTMLButtonElement> }) {
  const chat = useChat();
  const { open, unread, words } = useChatState();
  const news = unread ? `, ${unread} new ${unread === 1 ? "message" : "messages"}` : "";
  return (
    <button
      type="button"
      ref={buttonRef}
      class="launcher"
      hidden={open}
      aria-haspopup="dialog"
      aria-expanded={open}
      aria-label={`${words.say("chat_with")}${news}`}
      onClick={() => chat.open()}
    >
      <ChatIcon />
      <span class="launcher-label" aria-hidden="true">
        Chat
      </span>
      {unread > 0 && (
        <span class="launcher-badge" aria-hidden="true">
          {unread > 9 ? "9+" : unread}
        </span>
      )}
    </button>
  );
}

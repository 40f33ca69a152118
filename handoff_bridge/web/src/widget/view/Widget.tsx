import { useEffect } from "preact/hooks";
import type { BackEntry } from "./backEntry";
import { useChat, useChatState } from "./context";
import { usePhone } from "./fullScreen";
import { Panel } from "./Panel";

/** What the launcher opens, which is the loader's. */
export function Widget({ entry }: { entry: BackEntry }) {
  const chat = useChat();
  const { open, words } = useChatState();
  const covers = usePhone() && open;
  useEffect(() => {
    if (!covers) return;
    entry.push();
    return () => entry.leave();
  }, [covers, entry]);
  const close = () => {
    entry.customerCloses();
    chat.close();
  };
  return (
    <div class="widget" lang={words.language} dir={words.direction}>
      {open && <Panel onClose={close} />}
    </div>
  );
}

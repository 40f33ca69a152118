import { useEffect, useMemo } from "preact/hooks";
import { TitleNews } from "../title";
import { Announcer } from "./Announcer";
import type { BackEntry } from "./backEntry";
import { useChat, useChatState } from "./context";
import { usePhone } from "./fullScreen";
import { News } from "./News";
import { Panel } from "./Panel";

/** What the launcher opens, which is the loader's. */
export function Widget({ entry }: { entry: BackEntry }) {
  const chat = useChat();
  const { open, unread, words } = useChatState();
  const title = useMemo(() => new TitleNews(), []);
  useEffect(() => title.show(unread ? words.say("new_messages", { count: unread }) : ""), [unread, words]);
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
      {open ? (
        <Panel onClose={close} />
      ) : (
        <>
          <News />
          <Announcer />
        </>
      )}
    </div>
  );
}

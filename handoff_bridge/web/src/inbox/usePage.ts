import { useEffect } from "preact/hooks";
import { type Desk, watching } from "./net/desk";
import { wakeSound } from "./net/sound";
import { title } from "./state/attention";
import { type Inbox, looked } from "./state/inbox";

/** The tab's title counts what was not seen; looking at the page clears it. The first gesture wakes the sound. */
export function useAttention(desk: Desk): void {
  useEffect(() => {
    const look = () => watching() && desk.store.update(looked);
    const gesture = () => {
      wakeSound();
      look();
    };
    const show = () => {
      document.title = title(desk.store.get().attention);
    };
    show();
    const forget = desk.store.subscribe(show);
    window.addEventListener("focus", look);
    document.addEventListener("visibilitychange", look);
    document.addEventListener("pointerdown", gesture);
    document.addEventListener("keydown", gesture);
    return () => {
      forget();
      window.removeEventListener("focus", look);
      document.removeEventListener("visibilitychange", look);
      document.removeEventListener("pointerdown", gesture);
      document.removeEventListener("keydown", gesture);
    };
  }, [desk]);
}

/** Whoever looks at a chat that names them has seen it. */
export function useSeenMentions(desk: Desk, { selected, rows, mentions, logs }: Inbox): void {
  const id = selected && rows[selected]?.conversation_id;
  const isShown = id !== undefined && logs[id]?.state === "ready";
  useEffect(() => {
    if (!id || !isShown || mentions.length === 0) return;
    const look = () => watching() && desk.work.see(id);
    look();
    window.addEventListener("focus", look);
    return () => window.removeEventListener("focus", look);
  }, [desk, id, isShown, mentions]);
}

/** The chat on screen stands in the address, so that a reload comes back to it. */
export function useAddress(desk: Desk, inbox: Inbox): void {
  const { selected, self, rows } = inbox;
  const ready = self !== undefined;
  // Once, when the lists are first known.
  useEffect(() => {
    const named = decodeURIComponent(location.hash.slice(1));
    const row = rows[named];
    if (ready && row) desk.open(row);
  }, [ready]);
  useEffect(() => {
    if (!ready) return;
    const wanted = selected ? `#${encodeURIComponent(selected)}` : "";
    if (location.hash !== wanted) history.replaceState(null, "", `${location.pathname}${wanted}`);
  }, [selected, ready]);
}

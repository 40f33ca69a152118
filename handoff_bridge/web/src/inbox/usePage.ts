import { useEffect } from "preact/hooks";
import { type Desk, watching } from "./net/desk";
import { wakeSound } from "./net/sound";
import { title } from "./state/attention";
import { type Inbox, newsOf } from "./state/inbox";

/** The tab's title counts what was not seen; looking at the page clears it. The first gesture wakes the sound. */
export function useAttention(desk: Desk): void {
  useEffect(() => {
    const look = () => watching() && desk.look();
    const gesture = () => {
      wakeSound();
      look();
    };
    const show = () => {
      document.title = title(newsOf(desk.store.state));
    };
    show();
    // Whoever has just signed in here has clicked already.
    if (navigator.userActivation?.hasBeenActive) wakeSound();
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

/** The chat on screen stands in the address: a reload comes back to it, and Back closes it. */
export function useAddress(desk: Desk, inbox: Inbox): void {
  const ready = inbox.self !== undefined;
  useEffect(() => {
    if (!ready) return;
    const follow = () => (named() ? desk.openLinked(named()) : desk.open(undefined));
    // Once, when the lists are first known.
    if (named()) follow();
    window.addEventListener("popstate", follow);
    return () => window.removeEventListener("popstate", follow);
  }, [desk, ready]);
  useEffect(() => {
    // Not as it was when this was drawn: a reload has just opened what its address names.
    const { selected } = desk.store.state;
    if (!ready || named() === (selected ?? "")) return;
    const address = selected ? `#${selected}` : location.pathname;
    if (selected && !named()) history.pushState(OPENED, "", address);
    else if (selected) history.replaceState(history.state, "", address);
    else if (history.state === OPENED) history.back();
    else history.replaceState(null, "", address);
  }, [desk, inbox.selected, ready]);
}

/** Marks an entry of the history with the lists before it. */
const OPENED = "opened";
const named = () => location.hash.slice(1);

import { useCallback, useRef, useState } from "preact/hooks";
import type { Me } from "../shared/contract";
import { useMedia } from "../shared/desk/hooks";
import { isShown } from "../shared/desk/transcript";
import { drawNow } from "../shared/drawNow";
import { singleKeysOn, useKeys } from "./keys";
import type { Desk } from "./net/desk";
import { type Inbox, knowing, withKind } from "./state/inbox";
import { shownSeq } from "./state/log";
import type { Kind } from "./state/outbox";
import type { Row } from "./state/rows";
import { isMine, isTakeable, mineOf, neighbour, offersOf, queueOf } from "./state/rows";
import type { EndKind } from "./useEnding";
import type { PassKind } from "./usePassing";

export type Floating = "keys" | "alerts" | "panel" | "remind" | EndKind | PassKind | undefined;

/** What the agent can do on this page, by click and by key, and where focus goes after it. */
export function useCommands(desk: Desk, inbox: Inbox, me: Me) {
  const single = useMedia("(max-width: 699px)");
  const wide = useMedia("(min-width: 1101px)");
  const [floating, setFloatingState] = useState<Floating>();
  const setFloating = useCallback((next: Floating) => drawNow(() => setFloatingState(next)), []);
  const [singleKeys, setSingleKeys] = useState(singleKeysOn);
  const box = useRef<HTMLTextAreaElement>(null);
  const head = useRef<HTMLHeadingElement>(null);
  const row = inbox.selected ? inbox.rows[inbox.selected] : undefined;
  const mine = row !== undefined && isMine(row, me.agent_id);

  const open = useCallback(
    (next: Row | undefined) => {
      drawNow(() => {
        desk.open(next);
        setFloatingState(undefined);
      });
      // By itself a click moves focus in some browsers only, and what is typed goes where focus is.
      if (next) (single ? head.current : rowButton(next.handoff_id))?.focus();
    },
    [desk, single],
  );
  // Keys may come faster than frames: each command asks the store anew, and what it changes is drawn,
  // and focus moved, before the next key is looked at.
  const back = () => {
    const { selected } = desk.store.get();
    open(undefined);
    rowButton(selected)?.focus();
  };
  /** Opens a chat that no list may have: it is long over, or a colleague's. */
  const openKnown = (known: Row) => {
    desk.store.update(knowing(known));
    open(desk.store.get().rows[known.handoff_id]);
    head.current?.focus();
  };
  const step = (by: 1 | -1) => {
    const { rows, selected } = desk.store.get();
    const next = neighbour([...queueOf(rows), ...mineOf(rows, me.agent_id)], selected, by);
    open(next);
  };
  const write = (next: Kind) => {
    drawNow(() => desk.store.update(withKind(next)));
    box.current?.focus();
  };
  const get = async (isFor: (shown: Row) => boolean, take: (shown: Row) => Promise<void>) => {
    const { rows, selected, link } = desk.store.get();
    const shown = rows[selected ?? ""];
    if (!shown || !isFor(shown) || link.state !== "online") return;
    await take(shown);
    if (desk.store.get().selected !== selected) return;
    // Claimed: write. Not claimed: stay on the button, or on the name if that is gone.
    (box.current ?? (document.activeElement === document.body ? head.current : null))?.focus();
  };
  const claim = () =>
    get(
      ({ state }) => state === "queued" || state === "offered",
      ({ handoff_id }) => desk.claim(handoff_id),
    );
  const accept = async (offered: Row) => {
    open(offered);
    await claim();
  };
  const takeOver = () =>
    get(
      (shown) => isTakeable(shown, me),
      ({ conversation_id }) => desk.takeOver(conversation_id),
    );
  const showMessage = (seq: number) => {
    const events = (row && inbox.logs[row.conversation_id]?.events) ?? [];
    setFloating(undefined);
    pointAt(shownSeq(events, seq, isShown));
  };

  const keys = {
    j: () => step(1),
    k: () => step(-1),
    c: claim,
    a: () => {
      const [offered] = offersOf(desk.store.get().rows, me.agent_id);
      if (offered) void accept(offered);
    },
    o: row && isTakeable(row, me) ? takeOver : undefined,
    r: mine ? () => write("reply") : undefined,
    n: mine ? () => write("note") : undefined,
    b: mine ? () => setFloating("return") : undefined,
    e: mine ? () => setFloating("close") : undefined,
    l: mine ? () => setFloating("release") : undefined,
    t: mine ? () => setFloating("transfer") : undefined,
    m: row ? () => setFloating("remind") : undefined,
    p: row && !wide ? () => setFloating("panel") : undefined,
    "?": () => setFloating("keys"),
    Escape: row ? back : undefined,
  };
  useKeys(keys, singleKeys);
  const state = { single, wide, floating, singleKeys, row, mine };
  return {
    ...state,
    box,
    head,
    open,
    openKnown,
    back,
    write,
    claim,
    accept,
    takeOver,
    showMessage,
    setFloating,
    setSingleKeys,
  };
}

export type Commands = ReturnType<typeof useCommands>;

const rowButton = (handoffId?: string) =>
  document.querySelector<HTMLElement>(`[data-handoff="${CSS.escape(handoffId ?? "")}"]`);

function pointAt(seq: number | undefined): void {
  const element = seq === undefined ? null : document.getElementById(`event-${seq}`);
  if (!element) return;
  element.scrollIntoView({ block: "center" });
  element.focus({ preventScroll: true });
  element.classList.remove("found");
  // A forced layout, so that the mark starts anew if the same fact is followed twice.
  void element.offsetWidth;
  element.classList.add("found");
}

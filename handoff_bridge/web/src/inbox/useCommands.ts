import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Me } from "../shared/contract";
import { useMedia } from "../shared/desk/hooks";
import { isShown } from "../shared/desk/transcript";
import { drawNow } from "../shared/drawNow";
import { attempt } from "../shared/useTask";
import { type Finding, listsOf } from "./finding/useFinding";
import { singleKeysOn, useKeys } from "./keys";
import type { Desk } from "./net/desk";
import { type Inbox, knowing, withKind } from "./state/inbox";
import { shownSeq } from "./state/log";
import type { Kind } from "./state/outbox";
import type { Row } from "./state/rows";
import { hasPacket, isMine, isTakeable, keptFor, mineOf, neighbour, offersOf, queueOf } from "./state/rows";
import type { EndKind } from "./useEnding";
import type { PassKind } from "./usePassing";

export type Floating = "keys" | "alerts" | "panel" | "remind" | EndKind | PassKind | undefined;

/** What the agent can do on this page, by click and by key, and where focus goes after it. */
export function useCommands(desk: Desk, inbox: Inbox, me: Me, finding: Finding) {
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
  // Of what a search has found: shown as soon as the log is there.
  const [wanted, setWanted] = useState<{ conversationId: string; seq: number }>();
  const openAt = (next: Row, seq?: number) => {
    open(next);
    setWanted(seq === undefined ? undefined : { conversationId: next.conversation_id, seq });
  };
  const log = wanted && inbox.logs[wanted.conversationId];
  useEffect(() => {
    if (!wanted || log?.state !== "ready") return;
    setWanted(undefined);
    pointAt(shownSeq(log.events, wanted.seq, isShown));
  }, [wanted, log]);
  // Keys may come faster than frames: each command asks the store anew, and what it changes is drawn,
  // and focus moved, before the next key is looked at.
  const back = () => {
    const { selected } = desk.store.state;
    open(undefined);
    rowButton(selected)?.focus();
  };
  /** Opens a chat that no list may have: it is long over, or a colleague's. */
  const openKnown = (known: Row) => {
    desk.store.update(knowing(known));
    open(desk.store.state.rows[known.handoff_id]);
    head.current?.focus();
  };
  const step = (by: 1 | -1) => {
    if (finding.list !== "desk" || finding.isSearching) return stepInList(by);
    const { rows, selected } = desk.store.state;
    const next = neighbour([...queueOf(rows), ...mineOf(rows, me.agent_id)], selected, by);
    open(next);
  };
  const write = (next: Kind) => {
    drawNow(() => desk.store.update(withKind(next)));
    box.current?.focus();
  };
  const get = async (isFor: (shown: Row) => boolean, take: (shown: Row) => Promise<void>) => {
    const { rows, selected, link } = desk.store.state;
    const shown = rows[selected ?? ""];
    if (!shown || !isFor(shown)) return;
    if (link.state !== "online")
      return desk.complain("There is no connection right now: try again in a moment.");
    await attempt(
      (sentence) => desk.complain(sentence),
      () => take(shown),
    );
    const now = desk.store.state;
    if (now.rows[now.selected ?? ""]?.conversation_id !== shown.conversation_id) return;
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
  const takeOverFromList = async (listed: Row) => {
    open(listed);
    await takeOver();
  };
  const claimNext = async () => {
    const [next] = queueOf(desk.store.state.rows).filter((row) => {
      const kept = keptFor(row, me, new Date());
      return !kept || kept.isMe;
    });
    if (next) await accept(next);
    else desk.spoken.update(() => "Nobody is waiting that you could claim.");
  };
  const lists = listsOf(me).map(({ name }, at) => [String(at + 1), () => finding.show(name)] as const);
  const showMessage = (seq: number) => {
    const events = (row && inbox.logs[row.conversation_id]?.events) ?? [];
    setFloating(undefined);
    pointAt(shownSeq(events, seq, isShown));
  };

  const keys = {
    j: () => step(1),
    k: () => step(-1),
    ...Object.fromEntries(lists),
    s: () => finding.field.current?.focus(),
    q: claimNext,
    c: claim,
    a: () => {
      const [offered] = offersOf(desk.store.state.rows, me.agent_id);
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
    p: row && hasPacket(row) && !wide ? () => setFloating("panel") : undefined,
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
    openAt,
    openKnown,
    back,
    write,
    claim,
    accept,
    takeOver,
    takeOverFromList,
    showMessage,
    setFloating,
    setSingleKeys,
  };
}

export type Commands = ReturnType<typeof useCommands>;

const rowButton = (handoffId?: string) =>
  document.querySelector<HTMLElement>(`[data-handoff="${CSS.escape(handoffId ?? "")}"]`);

/** In a list that is not kept in the store: as it stands on screen. */
function stepInList(by: 1 | -1): void {
  const buttons = [...document.querySelectorAll<HTMLElement>(".lists [data-handoff]")];
  const at = buttons.findIndex((button) => button.getAttribute("aria-current"));
  const first = by === 1 ? buttons[0] : buttons[buttons.length - 1];
  (at < 0 ? first : buttons[at + by])?.click();
}

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

import type { Colleague, LogEntry, Packet, Self, Snapshot } from "../../shared/contract";
import { customerName } from "../../shared/desk/words";
import * as attention from "./attention";
import { type Drafts, withDraft } from "./drafts";
import { EMPTY_LOG, isCustomerMessage, type Log, mergeEvents } from "./log";
import { dropArrived, type Kind, type Outbox } from "./outbox";
import type { Row } from "./rows";
import * as rows from "./rows";

/** All that the inbox page knows, and how each thing it hears changes that. Pure: no clock, no network. */

export type Link = { state: "connecting" | "online" | "offline"; tries: number };
export type Notice = { tone: "calm" | "red"; text: string };
export type PacketState = Packet | "loading" | "failed";

export type Inbox = {
  readonly self?: Self;
  readonly agents: readonly Colleague[];
  readonly rows: rows.Rows;
  readonly logs: Readonly<Record<string, Log>>;
  readonly packets: Readonly<Record<string, PacketState>>;
  readonly selected?: string | undefined;
  /** What the text box is for: with the selected chat it says whose draft a key changes. */
  readonly kind: Kind;
  readonly drafts: Drafts;
  readonly outbox: Outbox;
  readonly attention: attention.Attention;
  readonly typing: Readonly<Record<string, boolean>>;
  readonly link: Link;
  readonly notice?: Notice | undefined;
};

export const NEW_INBOX: Inbox = {
  agents: [],
  rows: {},
  logs: {},
  packets: {},
  kind: "reply",
  drafts: {},
  outbox: [],
  attention: attention.NOTHING_NEW,
  typing: {},
  link: { state: "connecting", tries: 0 },
};

export const onSnapshot =
  (snapshot: Snapshot) =>
  (inbox: Inbox): Inbox =>
    calmed({
      ...inbox,
      self: snapshot.agent,
      agents: snapshot.agents,
      rows: rows.fromSnapshot(inbox.rows, snapshot, inbox.selected),
      attention: missedSince(inbox, snapshot.mine),
    });

export const onRow =
  (row: Row) =>
  (inbox: Inbox): Inbox => {
    const shown = inbox.rows[inbox.selected ?? ""];
    const next = calmed({ ...inbox, rows: rows.withRow(inbox.rows, row) });
    // The assistant's chat that is on screen is handed off, or taken over: it goes on as that.
    return shown && rows.goesOnAs(shown, row) ? { ...next, selected: row.handoff_id } : next;
  };

/** What colleagues have, as it was fetched when the rows were still `before`. */
export const onOpenRows =
  (fetched: Row[], before: rows.Rows, myId: string) =>
  (inbox: Inbox): Inbox => ({ ...inbox, rows: rows.withOpenRows(inbox.rows, fetched, before, myId) });

/** A chat of mine that is somebody else's now: they took it over. */
export const onLost =
  (row: Row) =>
  (inbox: Inbox): Inbox => {
    const before = inbox.rows[row.handoff_id];
    const myId = inbox.self?.agent_id;
    if (!before || !myId || !rows.isMine(before, myId)) return inbox;
    if (row.state !== "claimed" || !row.agent || row.agent.agent_id === myId) return inbox;
    const text = `${row.agent.name} has taken over your chat with ${customerName(row.customer.name)}.`;
    return { ...inbox, notice: { tone: "calm", text } };
  };

/** A handoff that is new in the queue; `watching` if the reader's eyes are on the page. */
export const onQueued =
  (row: Row, watching: boolean) =>
  (inbox: Inbox): Inbox => {
    const next = onRow(row)(inbox);
    return watching ? next : { ...next, attention: attention.withArrival(next.attention, row.handoff_id) };
  };

export const onPositions =
  (positions: Record<string, number> | undefined) =>
  (inbox: Inbox): Inbox => ({ ...inbox, rows: rows.withPositions(inbox.rows, positions) });

export const onPresence =
  (load: Colleague) =>
  (inbox: Inbox): Inbox => ({
    ...inbox,
    ...(inbox.self?.agent_id === load.agent_id && { self: { ...inbox.self, ...load } }),
    agents: inbox.agents.map((agent) => (agent.agent_id === load.agent_id ? { ...agent, ...load } : agent)),
  });

/** One pushed event. It joins the log if that is open here, and always the row's last word. */
export const onEvent =
  (conversationId: string, event: LogEntry, watching: boolean) =>
  (inbox: Inbox): Inbox => {
    const next = inbox.logs[conversationId] ? withEvents(conversationId, [event])(inbox) : inbox;
    const row = rows.ofConversation(next.rows, conversationId);
    if (!row || event.seq <= row.last_seq) return next;
    return announced(withLastWord(next, row, event), row, event, watching);
  };

export const withEvents =
  (conversationId: string, events: readonly LogEntry[]) =>
  (inbox: Inbox): Inbox => {
    const log = inbox.logs[conversationId] ?? EMPTY_LOG;
    const merged = mergeEvents(log.events, events);
    return {
      ...inbox,
      logs: { ...inbox.logs, [conversationId]: { ...log, events: merged } },
      outbox: dropArrived(inbox.outbox, conversationId, new Set(merged.map((event) => event.seq))),
    };
  };

export const withLogState =
  (conversationId: string, state: Log["state"]) =>
  (inbox: Inbox): Inbox => {
    const log = inbox.logs[conversationId] ?? EMPTY_LOG;
    return { ...inbox, logs: { ...inbox.logs, [conversationId]: { ...log, state } } };
  };

export const withPacket =
  (handoffId: string, packet: PacketState) =>
  (inbox: Inbox): Inbox => ({ ...inbox, packets: { ...inbox.packets, [handoffId]: packet } });

export const select =
  (handoffId: string | undefined) =>
  (inbox: Inbox): Inbox =>
    looked({ ...inbox, selected: handoffId, kind: "reply", notice: undefined });

/** The reader came back to the page, or opened a chat. */
export const looked = (inbox: Inbox): Inbox => {
  const conversation = inbox.selected && inbox.rows[inbox.selected]?.conversation_id;
  const next = attention.lookedAt(inbox.attention, conversation);
  return next === inbox.attention ? inbox : { ...inbox, attention: next };
};

export const withKind =
  (kind: Kind) =>
  (inbox: Inbox): Inbox => ({ ...inbox, kind });

export const onDraft =
  (conversationId: string, kind: Kind, text: string) =>
  (inbox: Inbox): Inbox => ({ ...inbox, drafts: withDraft(inbox.drafts, conversationId, kind, text) });

export const withTyping =
  (conversationId: string, active: boolean) =>
  (inbox: Inbox): Inbox => ({ ...inbox, typing: { ...inbox.typing, [conversationId]: active } });

export const withLink =
  (link: Link) =>
  (inbox: Inbox): Inbox => ({ ...inbox, link });

export const withNotice =
  (notice: Notice | undefined) =>
  (inbox: Inbox): Inbox => ({ ...inbox, notice });

export const withOutbox =
  (change: (outbox: Outbox) => Outbox) =>
  (inbox: Inbox): Inbox => ({ ...inbox, outbox: change(inbox.outbox) });

function calmed(inbox: Inbox): Inbox {
  const queued = new Set(rows.queueOf(inbox.rows).map((row) => row.handoff_id));
  return { ...inbox, attention: attention.withoutArrivals(inbox.attention, queued) };
}

/** My chats in which the customer wrote while this page was away. */
function missedSince(inbox: Inbox, mine: Row[]): attention.Attention {
  return mine
    .filter((row) => {
      const before = inbox.rows[row.handoff_id];
      const spoke = before && row.last_message && row.last_message.at !== before.last_message?.at;
      return spoke && row.last_message?.sender === "customer" && inbox.selected !== row.handoff_id;
    })
    .reduce((seen, row) => attention.withUnread(seen, row.conversation_id), inbox.attention);
}

function withLastWord(inbox: Inbox, row: Row, event: LogEntry): Inbox {
  const heard = { ...row, last_seq: event.seq };
  if (event.type === "message" && event.actor.type !== "system") {
    heard.last_message = { text: event.text || "Photo", sender: event.actor.type, at: event.at };
    if (row.turn_of) Object.assign(heard, rows.turnAfter(row, event));
    if (event.actor.type === "customer" && event.text) heard.customer_said = event.text;
  }
  return { ...inbox, rows: rows.withRow(inbox.rows, heard) };
}

function announced(inbox: Inbox, row: Row, event: LogEntry, watching: boolean): Inbox {
  if (!isCustomerMessage(event) || !inbox.self || !rows.isMine(row, inbox.self.agent_id)) return inbox;
  if (watching && inbox.selected === row.handoff_id) return inbox;
  return { ...inbox, attention: attention.withUnread(inbox.attention, row.conversation_id) };
}

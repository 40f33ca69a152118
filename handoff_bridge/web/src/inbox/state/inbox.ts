import type {
  Colleague,
  LogEntry,
  NoteMention,
  Packet,
  Reach,
  Reminder,
  Self,
  Snapshot,
} from "../../shared/contract";
import { customerName, filesWord } from "../../shared/desk/words";
import * as attention from "./attention";
import type { Deliveries } from "./deliveries";
import { type DraftKind, type Drafts, withDraft } from "./drafts";
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
  readonly arrivals: attention.Arrivals;
  /** Something came while nobody looked, and might have been told outside of the page. */
  readonly missed: boolean;
  readonly typing: Readonly<Record<string, boolean>>;
  /** By conversation, of those whose customers write by a platform. */
  readonly deliveries: Readonly<Record<string, Deliveries>>;
  /** The next one first. */
  readonly reminders: readonly Reminder[];
  /** Notes that name the agent, who has not looked yet. */
  readonly mentions: readonly NoteMention[];
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
  arrivals: [],
  missed: false,
  typing: {},
  deliveries: {},
  reminders: [],
  mentions: [],
  link: { state: "connecting", tries: 0 },
};

export const onSnapshot =
  (snapshot: Snapshot) =>
  (inbox: Inbox): Inbox =>
    calmed({
      ...inbox,
      self: snapshot.agent,
      agents: snapshot.agents,
      reminders: snapshot.reminders,
      mentions: snapshot.mentions,
      rows: rows.fromSnapshot(inbox.rows, snapshot, inbox.selected),
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

/** A chat that is to be opened, though no list has it; what is known of it already is newer. */
export const knowing =
  (row: Row) =>
  (inbox: Inbox): Inbox =>
    inbox.rows[row.handoff_id] ? inbox : { ...inbox, rows: rows.withRow(inbox.rows, row) };

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
    if (watching) return next;
    return { ...next, missed: true, arrivals: attention.withArrival(next.arrivals, row.handoff_id) };
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

/** The reader came back to the page, or to another of its tabs, or opened a chat. */
export const looked = (inbox: Inbox): Inbox =>
  inbox.arrivals.length > 0 ? { ...inbox, arrivals: [] } : inbox;

/** What is left unread of a chat, as the bridge or this page knows. */
export const onRead =
  (conversationId: string, unread: number) =>
  (inbox: Inbox): Inbox =>
    withRowOf(conversationId, (row) => ({ ...row, unread }))(inbox);

export const onCustomerPresence =
  (conversationId: string, connected: boolean) =>
  (inbox: Inbox): Inbox =>
    withRowOf(conversationId, (row) => ({ ...row, connected }))(inbox);

/** The customer has written, on a channel that has a window. */
export const onReach =
  (conversationId: string, reach: Reach) =>
  (inbox: Inbox): Inbox =>
    withRowOf(conversationId, (row) => ({ ...row, reach }))(inbox);

/** How much in this inbox waits to be seen. */
export const newsOf = (inbox: Inbox): number =>
  rows
    .mineOf(inbox.rows, inbox.self?.agent_id ?? "")
    .reduce((sum, row) => sum + (row.unread ?? 0), inbox.arrivals.length);

export const withKind =
  (kind: Kind) =>
  (inbox: Inbox): Inbox => ({ ...inbox, kind });

export const onDraft =
  (conversationId: string, kind: DraftKind, text: string) =>
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
  return { ...inbox, arrivals: attention.withoutArrivals(inbox.arrivals, queued) };
}

const withRowOf =
  (conversationId: string, change: (row: Row) => Row) =>
  (inbox: Inbox): Inbox => {
    const held = Object.values(inbox.rows).filter((row) => row.conversation_id === conversationId);
    return { ...inbox, rows: held.reduce((next, row) => rows.withRow(next, change(row)), inbox.rows) };
  };

function withLastWord(inbox: Inbox, row: Row, event: LogEntry): Inbox {
  const heard = { ...row, last_seq: event.seq };
  if (event.type === "message" && event.actor.type !== "system") {
    heard.last_message = {
      text: event.text || filesWord(event.attachments),
      sender: event.actor.type,
      at: event.at,
    };
    if (row.turn_of) Object.assign(heard, rows.turnAfter(row, event));
    if (event.actor.type === "customer" && event.text) heard.customer_said = event.text;
  }
  return { ...inbox, rows: rows.withRow(inbox.rows, heard) };
}

function announced(inbox: Inbox, row: Row, event: LogEntry, watching: boolean): Inbox {
  if (!isCustomerMessage(event) || !inbox.self || !rows.isMine(row, inbox.self.agent_id)) return inbox;
  if (watching && inbox.selected === row.handoff_id) return inbox;
  const heard = onRead(row.conversation_id, (row.unread ?? 0) + 1)(inbox);
  return watching ? heard : { ...heard, missed: true };
}

import type { Socket } from "socket.io-client";
import { Caller, watchLink } from "../../shared/client/caller";
import { hearing } from "../../shared/client/hearing";
import { newId } from "../../shared/client/ids";
import { Store } from "../../shared/client/store";
import type {
  InboxAcks,
  InboxCalls,
  InboxEvents,
  LogEntry,
  Message,
  OfferDecline,
  Presence,
} from "../../shared/contract";
import {
  ApiError,
  fetchEvents,
  fetchHandoff,
  fetchHandoffs,
  fetchMe,
  fetchPacket,
} from "../../shared/desk/api";
import { customerName, filesWord, triggerWord } from "../../shared/desk/words";
import { type DraftKind, draftOf, fits } from "../state/drafts";
import * as inbox from "../state/inbox";
import type { Keep } from "../state/keep";
import { cursorOf, hasGap, isCustomerMessage } from "../state/log";
import type { Kind } from "../state/outbox";
import { hasPacket, isMine, ofConversation, type Row, titleOf } from "../state/rows";
import { type Ack, CARD_ACTION_DEADLINE_MS, type Change, HAND_BACK_DEADLINE_MS } from "./caller";
import { ChannelDesk } from "./channel";
import { Files } from "./files";
import { notify } from "./notifications";
import { Sender } from "./sender";
import { chime } from "./sound";
import { Tabs } from "./tabs";
import { Work } from "./work";

const TYPING_FADES_MS = 6000;
const AGAIN_MS = 3000;
const MAX_OPEN = 500;

type Leaving = "handoff_return" | "handoff_close" | "handoff_release" | "handoff_transfer";

/** The page's one connection: what it hears goes into the store, what the agent does goes out. */
export class Desk {
  readonly store: Store<inbox.Inbox>;
  readonly spoken = new Store("");
  readonly sender: Sender;
  readonly files: Files;
  readonly work: Work;
  readonly channel: ChannelDesk;
  private readonly caller: Caller<InboxCalls, InboxAcks>;
  private again: ReturnType<typeof setTimeout> | undefined;
  /** What is being fetched, and whether it was asked for again meanwhile. */
  private readonly fetching = new Map<string, boolean>();
  private readonly tabs: Tabs;
  /** Up to where the bridge was told that a chat is read, by conversation. */
  private readonly read = new Map<string, number>();
  private readonly typingTimers = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(
    private readonly socket: Socket,
    readonly keep: Keep,
    private readonly onSignedOut: () => void,
  ) {
    this.store = new Store({ ...inbox.NEW_INBOX, drafts: keep.drafts(), outbox: keep.entries() });
    this.files = new Files(keep);
    this.caller = new Caller(socket);
    this.sender = new Sender(this.store, this.caller, keep, (id) => void this.catchUp(id));
    this.work = new Work(socket, this.store, this.spoken, this.caller, (row, title, body) =>
      this.notify(row, title, body),
    );
    this.channel = new ChannelDesk(socket, this.store, this.spoken, this.caller, (error) =>
      this.failed(error),
    );
    this.tabs = new Tabs(() => this.store.update(inbox.looked));
    this.listenToLink();
    this.listenToDesk();
  }

  start(): void {
    this.socket.connect();
  }

  stop(): void {
    this.sender.stop();
    this.files.stop();
    clearTimeout(this.again);
    for (const timer of this.typingTimers.values()) clearTimeout(timer);
    this.tabs.close();
    this.socket.removeAllListeners();
    this.socket.disconnect();
  }

  reconnectNow(): void {
    this.socket.disconnect().connect();
  }

  claim(handoffId: string): Promise<void> {
    return this.taken(this.change("handoff_claim", { handoff_id: handoffId }));
  }

  /** It goes to somebody else. */
  async decline(handoffId: string, reason: OfferDecline["reason"]): Promise<void> {
    const ack = await this.change("offer_decline", { handoff_id: handoffId, ...(reason && { reason }) });
    if (ack.ok) this.store.update(inbox.onRow(ack.handoff));
    else if (ack.error !== "offer_over") this.complain(ack.message);
  }

  /** For the agent who has the chat, beside what they write; a supervisor's. */
  async whisper(conversationId: string, text: string): Promise<boolean> {
    const ack = await this.change("note_add", { conversation_id: conversationId, text, whisper: true });
    if (!ack.ok) this.complain(ack.message);
    return ack.ok;
  }

  /** From a colleague, for supervisors. */
  takeOver(conversationId: string): Promise<void> {
    return this.taken(this.change("conversation_takeover", { conversation_id: conversationId }));
  }

  private async taken(asked: Promise<Ack<"handoff_claim" | "conversation_takeover">>): Promise<void> {
    const ack = await asked;
    if (!ack.ok) return this.complain(ack.message);
    this.store.update(inbox.onRow(ack.handoff));
    this.loadPacket(ack.handoff_id);
  }

  /** Return, close, release or transfer. The caller shows a refusal beside its form. */
  async end<C extends Leaving>(event: C, payload: Change<C>): Promise<Ack<C>> {
    const ack = await this.change(event, payload, HAND_BACK_DEADLINE_MS);
    if (ack.ok) this.store.update(inbox.onRow(ack.handoff));
    return ack;
  }

  /** Has the back office do something about a card, and says what came of it. */
  async act(call: InboxCalls["card_action"]): Promise<Ack<"card_action">> {
    const ack = await this.caller.call("card_action", call, CARD_ACTION_DEADLINE_MS);
    if (ack.ok) this.store.update(inbox.withNotice({ tone: "calm", text: ack.result ?? "Done." }));
    return ack;
  }

  async setPresence(status: Presence): Promise<void> {
    const ack = await this.change("presence_set", { status });
    const self = this.store.state.self;
    if (!ack.ok) return this.complain(ack.message);
    if (self) this.store.update(inbox.onPresence({ ...self, status: ack.status }));
  }

  draft(conversationId: string, kind: DraftKind, text: string): void {
    this.store.update(inbox.onDraft(conversationId, kind, text));
    this.keep.saveDraft(conversationId, kind, text);
  }

  /** Sends what was typed for this chat and kind, as the keys left it; a reply with its files, once they are up. */
  sendDraft(conversationId: string, kind: Kind): void {
    const text = draftOf(this.store.state.drafts, conversationId, kind);
    const files = kind === "reply" ? this.files.of(conversationId).length : 0;
    if ((!text.trim() && !files) || !fits(text)) return;
    const attachments = kind === "reply" ? this.files.take(conversationId) : [];
    if (!attachments) return;
    this.draft(conversationId, kind, "");
    this.sender.write(conversationId, kind, text.trim(), attachments);
  }

  typing(conversationId: string, active: boolean): void {
    this.caller.tell("typing", { conversation_id: conversationId, active });
  }

  /** Puts a chat on screen; one of another list's, too. */
  open(row: Row | undefined): void {
    if (row && !this.store.state.rows[row.handoff_id]) this.store.update(inbox.onRow(row));
    this.store.update(inbox.select(row?.handoff_id));
    if (watching()) this.look();
    if (!row) return;
    this.catchUp(row.conversation_id);
    if (hasPacket(row)) this.loadPacket(row.handoff_id);
    if (row.reach) void this.channel.load(row.conversation_id);
  }

  /** The chat that a link or the address names, also one that is in no list here. */
  async openLinked(handoffId: string): Promise<void> {
    const known = this.store.state.rows[handoffId];
    try {
      this.open(known ?? (await fetchHandoff(handoffId)));
    } catch (error) {
      this.failed(error);
      this.complain("There is no chat behind this link, or it could not be loaded.");
    }
  }

  /** What colleagues have. Afterwards pushed changes keep it true. */
  private async loadOpen(myId: string): Promise<void> {
    const before = this.store.state.rows;
    try {
      const fetched = await fetchHandoffs("open", MAX_OPEN);
      this.store.update(inbox.onOpenRows(fetched, before, myId));
    } catch (error) {
      this.failed(error);
    }
  }

  /** Somebody looks at this page: at the queue, and at the chat on screen. */
  look(): void {
    this.store.update(inbox.looked);
    this.tabs.looked();
    const { rows, selected, self } = this.store.state;
    const row = rows[selected ?? ""];
    if (row && self && isMine(row, self.agent_id)) this.markRead(row);
  }

  private async markRead({ conversation_id: id, last_seq: seq }: Row): Promise<void> {
    this.store.update(inbox.onRead(id, 0));
    if (seq <= (this.read.get(id) ?? 0)) return;
    this.read.set(id, seq);
    const ack = await this.caller.call("mark_read", { conversation_id: id, seq });
    // Said again with the next message, or once the connection is back.
    if (!ack.ok) this.read.delete(id);
  }

  /** Fetches what the log of this conversation lacks. */
  catchUp(conversationId: string): Promise<void> {
    return this.coalesced(conversationId, () => this.fetchLog(conversationId));
  }

  loadPacket(handoffId: string): Promise<void> {
    return this.coalesced(`packet ${handoffId}`, () => this.fetchPacket(handoffId));
  }

  /** However often it is asked for: one fetch at a time, and one more after it. */
  private async coalesced(key: string, fetchIt: () => Promise<void>): Promise<void> {
    if (this.fetching.has(key)) {
      this.fetching.set(key, true);
      return;
    }
    do {
      this.fetching.set(key, false);
      await fetchIt();
    } while (this.fetching.get(key));
    this.fetching.delete(key);
  }

  private async fetchLog(conversationId: string): Promise<void> {
    const held = this.store.state.logs[conversationId];
    if (held?.state !== "ready") this.store.update(inbox.withLogState(conversationId, "loading"));
    try {
      const events = await fetchEvents(conversationId, cursorOf(held?.events ?? []));
      this.store.update(inbox.withEvents(conversationId, events));
      this.store.update(inbox.withLogState(conversationId, "ready"));
    } catch (error) {
      this.failed(error);
      if (!held?.events.length) this.store.update(inbox.withLogState(conversationId, "failed"));
    }
  }

  private async fetchPacket(handoffId: string): Promise<void> {
    const held = this.store.state.packets[handoffId];
    if (typeof held !== "object") this.store.update(inbox.withPacket(handoffId, "loading"));
    try {
      this.store.update(inbox.withPacket(handoffId, await fetchPacket(handoffId)));
    } catch (error) {
      this.failed(error);
      if (typeof held !== "object") this.store.update(inbox.withPacket(handoffId, "failed"));
    }
  }

  complain(text: string): void {
    this.store.update(inbox.withNotice({ tone: "red", text: text || "That did not work. Try again." }));
  }

  private change<C extends keyof InboxCalls>(
    event: C,
    payload: Change<C>,
    deadlineMs?: number,
  ): Promise<Ack<C>> {
    const call = { client_id: newId(), ...payload };
    return this.caller.call(event, call as unknown as InboxCalls[C], deadlineMs);
  }

  private listenToLink(): void {
    const { socket } = this;
    const link = (state: inbox.Link["state"], tries: number) =>
      this.store.update(inbox.withLink({ state, tries }));
    watchLink(
      socket,
      () => {
        link("online", 0);
        this.sync();
        this.files.reconnected();
      },
      () => link("offline", this.store.state.link.tries),
    );
    socket.on("connect_error", () => {
      link("offline", Math.max(1, this.store.state.link.tries));
      // Refused by the server, which the client library does not retry: perhaps the login has ended.
      if (!socket.active) this.checkLogin();
    });
    socket.io.on("reconnect_attempt", (tries) => link("offline", tries));
  }

  private listenToDesk(): void {
    const { store } = this;
    const hear = hearing<InboxEvents>(this.socket);
    hear("snapshot", (snapshot) => {
      store.update(inbox.onSnapshot(snapshot));
      this.coalesced("open", () => this.loadOpen(snapshot.agent.agent_id));
    });
    hear("handoff_queued", ({ handoff }) => this.queued(handoff));
    hear("handoff_offered", ({ handoff }) => this.offered(handoff));
    hear("handoff_claimed", ({ handoff }) => this.updated(handoff));
    hear("handoff_updated", ({ handoff }) => this.updated(handoff));
    hear("event_added", (heard) => this.heard(heard.conversation_id, heard.event));
    hear("queue_changed", (change) => store.update(inbox.onPositions(change.positions)));
    hear("presence_changed", (load) => store.update(inbox.onPresence(load)));
    hear("customer_presence", ({ conversation_id, connected }) =>
      store.update(inbox.onCustomerPresence(conversation_id, connected)),
    );
    hear("marked_read", ({ conversation_id, unread }) => store.update(inbox.onRead(conversation_id, unread)));
    hear("typing", (heard) => this.customerTypes(heard.conversation_id, heard.active));
  }

  private async checkLogin(): Promise<void> {
    try {
      await fetchMe();
    } catch (error) {
      if (error instanceof ApiError && error.isSignedOut) return this.onSignedOut();
    }
    this.again = setTimeout(() => this.socket.connect(), AGAIN_MS);
  }

  /** After every connect: what each open log lacks, the lists as they are, and what was left unsent. */
  private async sync(): Promise<void> {
    const logs = Object.entries(this.store.state.logs);
    const cursors = Object.fromEntries(logs.map(([id, log]) => [id, cursorOf(log.events)]));
    const ack = await this.caller.call("sync", { cursors });
    const missed = ack.ok ? ack.conversations : {};
    for (const [id, { events }] of Object.entries(missed)) this.store.update(inbox.withEvents(id, events));
    this.sender.reconnected();
    this.channel.reconnected();
    if (watching()) this.look();
  }

  private queued(row: Row): void {
    const known = this.store.state.rows[row.handoff_id]?.state === "queued";
    this.store.update(inbox.onQueued(row, watching()));
    if (this.store.state.selected === row.handoff_id) this.loadPacket(row.handoff_id);
    if (known) return;
    chime();
    const who = [triggerWord(row.trigger, row.labels?.[row.trigger]), titleOf(row).text, row.customer.tier]
      .filter(Boolean)
      .join(", ");
    this.spoken.update(() => `New in the queue: ${who}.`);
    this.notify(row, "A customer is waiting", who);
  }

  private offered(row: Row): void {
    this.store.update(inbox.onRow(row));
    chime();
    const who = titleOf(row).text;
    this.spoken.update(() => `Offered to you: ${who}. Press a to accept.`);
    this.notify(row, "A chat is offered to you", who);
  }

  /** What is news of a row is news of its packet: another card, a customer who is known by now. */
  private updated(row: Row): void {
    this.store.update(inbox.onLost(row));
    this.store.update(inbox.onRow(row));
    if (this.store.state.packets[row.handoff_id]) this.loadPacket(row.handoff_id);
  }

  private heard(conversationId: string, event: LogEntry): void {
    this.store.update(inbox.onEvent(conversationId, event, watching()));
    const now = this.store.state;
    const log = now.logs[conversationId];
    if (log?.state === "ready" && hasGap(log.events)) this.catchUp(conversationId);
    if (isCustomerMessage(event)) this.customerSpoke(now, conversationId, event);
  }

  private customerSpoke(now: inbox.Inbox, conversationId: string, event: Message): void {
    this.customerTypes(conversationId, false);
    const row = ofConversation(now.rows, conversationId);
    const onScreen = now.selected !== undefined && now.selected === row?.handoff_id;
    const isMineNow = row !== undefined && now.self !== undefined && isMine(row, now.self.agent_id);
    if (isMineNow && watching()) this.look();
    const words = event.text || filesWord(event.attachments);
    if (isMineNow) this.notify(row, customerName(row.customer.name), words);
    if (onScreen) this.spoken.update(() => `${customerName(row?.customer.name)}: ${words}`);
    if (isMineNow && row.unread) chime();
  }

  private notify(row: Row, title: string, body: string): void {
    const onOpen = () => {
      this.store.update(inbox.knowing(row));
      this.open(this.store.state.rows[row.handoff_id]);
    };
    notify({ title, body, about: row.handoff_id, onOpen }, watching);
  }

  private customerTypes(conversationId: string, active: boolean): void {
    clearTimeout(this.typingTimers.get(conversationId));
    if (!active && !this.store.state.typing[conversationId]) return;
    this.store.update(inbox.withTyping(conversationId, active));
    if (!active) return;
    const fade = setTimeout(() => this.customerTypes(conversationId, false), TYPING_FADES_MS);
    this.typingTimers.set(conversationId, fade);
  }

  private failed(error: unknown): void {
    if (error instanceof ApiError && error.isSignedOut) this.onSignedOut();
  }
}

/** Whether somebody is looking at this page right now. */
export function watching(): boolean {
  return document.visibilityState === "visible" && document.hasFocus();
}

/** One customer's chat: keeps the store true to what the server says and carries out what the customer does. */

import { type Config, customerOf } from "./config";
import { type Client, Connection, type Handlers } from "./connection";
import { Photos } from "./photos";
import { Sender } from "./sender";
import { Session } from "./session";
import { emptyLog, linkedSeq, merge, mergeHistory, revealsGap } from "./state/messages";
import {
  type Ack,
  type Attachment,
  type Message,
  PROTOCOL,
  type QuickReply,
  readMessage,
  readStatus,
} from "./state/protocol";
import * as storage from "./state/storage";
import { Store } from "./state/store";
import { Typing } from "./typing";

/** After a refused session: "too many new chats from this address" passes within a minute. */
const RETRY_MS = 10_000;

export class Chat {
  readonly store = new Store();
  readonly photos: Photos;
  private readonly session: Session;
  private readonly connection: Client;
  private readonly sender: Sender;
  private readonly typing: Typing;
  private identity: string | undefined;
  private greeted = false;
  private resyncing = false;

  constructor(
    readonly config: Config,
    connect = (server: string, handlers: Handlers): Client => new Connection(server, handlers),
  ) {
    this.session = new Session(customerOf(config.identity));
    this.photos = new Photos(config.server, () => this.session.id);
    this.identity = config.identity;
    this.sender = new Sender(
      this.store,
      (event, payload) => this.call(event, payload),
      () => this.typing.awaitReply(),
    );
    this.typing = new Typing(this.store, (active) =>
      this.connection.tell("typing", { session_id: this.session.id, active }),
    );
    this.connection = connect(config.server, {
      connected: () => void this.requestSession(),
      disconnected: () => this.lost(),
      confirmed: (id) => this.confirmed(id),
      history: (payload) => this.tookHistory(payload),
      status: (payload) => this.tookStatus(payload),
      bot: (payload) => this.tookMessage(readMessage(payload)),
      echo: (payload) => this.tookMessage(readMessage(payload, "customer")),
      typing: (payload) => this.typing.heard(payload),
      refused: (payload) => this.refused(payload),
    });
    this.sender.restore();
    this.showSession();
    addEventListener("storage", (event) => this.otherTabWrote(event));
    addEventListener("online", () => this.reconnect());
    addEventListener("offline", () => this.lost());
  }

  /** At page load: a customer who has a chat gets what arrives even while the panel is closed. */
  start(): void {
    if (storage.loadTab("open")) this.open();
    else if (this.session.id && !this.session.ended) this.connect();
  }

  open(): void {
    storage.saveTab("open", "yes");
    this.store.set({ open: true });
    if (this.store.state.phase === "idle") this.connect();
    this.greet();
    this.markSeen();
  }

  close(): void {
    storage.saveTab("open", "");
    this.store.set({ open: false });
  }

  send(text: string): void {
    this.sender.post({ text });
    this.typing.sent();
    if (this.store.state.survey === "thanks") this.store.set({ survey: "none" });
  }

  tap(reply: QuickReply): void {
    this.sender.post({ text: reply.title, payload: reply.payload });
  }

  sendPhoto(photo: Attachment): void {
    this.sender.post({ text: "", attachments: [photo] });
  }

  retry(id: string): void {
    this.reconnect();
    this.sender.retry(id);
  }

  discard(id: string): void {
    this.sender.discard(id);
  }

  typed(): void {
    this.typing.typed();
  }

  /** Needs no understanding by the assistant; asked while offline, it is asked again once connected. */
  async requestHuman(): Promise<void> {
    this.store.set({ wantsPerson: true, notice: undefined });
    const ack = await this.call("request_human");
    if (ack.error === "no_answer" && this.store.state.phase !== "online") return;
    this.store.set({ wantsPerson: false });
    this.explain(ack);
  }

  async leaveLine(): Promise<void> {
    this.explain(await this.call("leave"));
  }

  async answerSurvey(score: number, comment: string): Promise<void> {
    const ack = await this.call("survey", comment ? { score, comment } : { score });
    if (ack.error === "no_answer") {
      this.explain(ack);
      return;
    }
    this.session.save({ survey: false });
    this.store.set({ survey: ack.ok ? "thanks" : "none" });
  }

  dismissSurvey(): void {
    this.session.save({ survey: false });
    this.store.set({ survey: "none" });
  }

  async end(): Promise<void> {
    const { owner } = this.store.state.status;
    if (owner === "queue" || owner === "agent") await this.call("leave");
    this.session.save({ ended: true, survey: owner === "agent" || this.session.surveyDue });
    this.showSession();
  }

  startNew(): void {
    this.connection.close();
    this.session.forget();
    this.sender.clear();
    this.reset();
    this.connect();
  }

  reconnect(): void {
    if (this.store.state.phase === "offline") this.connection.open();
  }

  clearNotice(): void {
    this.store.set({ notice: undefined });
  }

  private connect(): void {
    this.store.set({ phase: navigator.onLine === false ? "offline" : "connecting" });
    this.connection.open();
  }

  private async requestSession(): Promise<void> {
    const { log, loaded } = this.store.state;
    const ack = await this.connection.call("session_request", {
      protocol: PROTOCOL,
      locale: navigator.language,
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      ...(this.session.id ? { session_id: this.session.id } : {}),
      ...(loaded ? { last_seq: linkedSeq(log) } : {}),
      ...(this.identity ? { identity: this.identity } : {}),
    });
    if (!ack.ok && this.store.state.phase !== "online") this.sessionRefused(ack);
  }

  private sessionRefused(ack: Ack): void {
    if (this.identity && ack.error?.startsWith("token_")) {
      // An identity that is out of date must not cost the customer the chat.
      this.identity = undefined;
      void this.requestSession();
      return;
    }
    this.lost();
    if (ack.error !== "no_answer") this.explain(ack);
    setTimeout(() => this.reconnect(), RETRY_MS);
  }

  private lost(): void {
    this.resyncing = false;
    if (this.store.state.phase === "idle") return;
    this.store.set({ phase: "offline", typing: undefined });
    this.sender.interrupted();
  }

  private confirmed(id: string): void {
    if (this.session.confirm(id)) this.reset();
  }

  private tookHistory(payload: { messages?: unknown[]; last_seq?: number }): void {
    const messages = (payload.messages ?? []).flatMap((item) => readMessage(item) ?? []);
    this.resyncing = false;
    if (this.store.state.phase !== "online") this.clearNotice();
    const log = mergeHistory(this.store.state.log, messages, payload.last_seq ?? 0);
    this.store.set({ log, loaded: true, phase: "online" });
    this.sender.takeOver();
    this.greet();
    this.markSeen();
    if (this.store.state.wantsPerson) void this.requestHuman();
  }

  private tookMessage(message: Message | undefined): void {
    if (!message) return;
    const { log } = this.store.state;
    if (revealsGap(log, message) && !this.resyncing) {
      this.resyncing = true;
      void this.requestSession();
    }
    this.store.set({ log: merge(log, [message]) });
    if (message.sender === "customer") this.typing.awaitReply();
    else this.typing.over();
    this.sender.settle([message]);
    this.markSeen();
  }

  private tookStatus(payload: unknown): void {
    const status = readStatus(payload);
    const change = this.session.follow(status);
    if (change !== "same") this.session.save({ survey: change === "human_left" });
    if (status.owner !== this.store.state.status.owner) this.typing.over();
    this.store.set({ status });
    if (change !== "same") this.store.set({ survey: change === "human_left" ? "ask" : "none" });
  }

  private refused(payload: { message?: string; message_id?: string }): void {
    if (this.sender.refuse(payload.message_id, payload.message)) return;
    this.explain({ ok: false, ...(payload.message ? { message: payload.message } : {}) });
  }

  /** The introduction comes from the server, once, to whoever opens an empty conversation. */
  private greet(): void {
    const { open, loaded, phase, log, outbox, ended } = this.store.state;
    const empty = loaded && phase === "online" && log.messages.length === 0 && outbox.length === 0;
    if (!open || !empty || ended || this.greeted) return;
    this.greeted = true;
    void this.call("user_uttered", { message: "/greet", message_id: storage.newId() });
  }

  private call(event: string, payload: object = {}): Promise<Ack> {
    return this.connection.call(event, { session_id: this.session.id, ...payload });
  }

  private explain(ack: Ack): void {
    if (ack.ok) return;
    this.store.set({ notice: ack.message ?? "That did not get through. Please try again." });
  }

  private reset(): void {
    this.greeted = false;
    this.photos.clear();
    this.store.set({ log: emptyLog, loaded: false, status: { owner: "bot" }, notice: undefined });
    this.showSession();
  }

  private otherTabWrote(event: StorageEvent): void {
    if (storage.isOutboxKey(event.key)) this.sender.otherTabWrote();
    if (!storage.isSessionKey(event.key)) return;
    if (!this.session.reread()) {
      this.showSession();
      return;
    }
    this.reset();
    // A tab that has begun anew writes its number as soon as the server has given it one.
    if (!this.session.id || this.store.state.phase === "idle") return;
    this.connection.close();
    this.connect();
  }

  private showSession(): void {
    const { ended, surveyDue } = this.session;
    const thanked = this.store.state.survey === "thanks";
    this.store.set({ ended, survey: surveyDue ? "ask" : thanked && this.session.id ? "thanks" : "none" });
    this.markSeen();
  }

  private markSeen(): void {
    const { open, log } = this.store.state;
    const last = log.messages.at(-1)?.seq ?? 0;
    if (open && last > this.session.seen) this.session.save({ seen: last });
    const unseen = log.messages.filter(
      ({ seq, sender }) => seq > this.session.seen && (sender === "agent" || sender === "bot"),
    );
    this.store.set({ unread: open ? 0 : unseen.length });
  }
}

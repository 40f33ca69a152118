/** One customer's chat: keeps the store true to what the server says and carries out what the customer does. */

import { type Config, customerOf } from "./config";
import { Connection } from "./connection";
import { Photos } from "./photos";
import { emptyLog, linkedSeq, merge, mergeHistory, revealsGap } from "./state/messages";
import * as box from "./state/outbox";
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

export class Chat {
  readonly store = new Store();
  readonly photos: Photos;
  private readonly tab = storage.tabId();
  private readonly connection: Connection;
  private readonly typing: Typing;
  private saved: storage.Saved;
  private flushing = false;
  private greeted = false;
  private resyncing = false;

  constructor(readonly config: Config) {
    this.saved = this.restore();
    this.photos = new Photos(config.server, () => this.saved.session_id);
    this.connection = new Connection(config.server, {
      connected: () => this.requestSession(),
      disconnected: () => this.lost(),
      confirmed: (id) => this.confirmed(id),
      history: (payload) => this.tookHistory(payload),
      status: (payload) => this.tookStatus(payload),
      bot: (payload) => this.tookMessage(readMessage(payload)),
      echo: (payload) => this.tookMessage(readMessage(payload, "customer")),
      typing: (payload) => this.typing.heard(payload),
      refused: (payload) => this.refused(payload),
    });
    this.typing = new Typing(this.store, (active) => this.tell("typing", { active }));
    addEventListener("storage", (event) => this.otherTabWrote(event));
    addEventListener("online", () => this.reconnect());
    addEventListener("offline", () => this.lost());
  }

  /** At page load: a customer who has a chat gets what arrives even while the panel is closed. */
  start(): void {
    if (storage.loadTab("open")) this.open();
    else if (this.saved.session_id && !this.saved.ended) this.connect();
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
    this.post({ text });
  }

  tap(reply: QuickReply): void {
    this.post({ text: reply.title, payload: reply.payload });
  }

  sendPhoto(attachment: Attachment): void {
    this.post({ text: "", attachments: [attachment] });
  }

  retry(id: string): void {
    this.setOutbox(box.retry(this.store.state.outbox, id));
    this.reconnect();
    void this.flush();
  }

  discard(id: string): void {
    this.setOutbox(box.settle(this.store.state.outbox, [id]));
    void this.flush();
  }

  typed(): void {
    this.typing.typed();
  }

  async requestHuman(): Promise<void> {
    this.store.set({ wantsPerson: true, notice: undefined });
    if (this.store.state.phase !== "online") return;
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
    if (ack.error === "no_answer") return this.explain(ack);
    this.save({ survey: false });
    this.store.set({ survey: ack.ok ? "thanks" : "none" });
  }

  dismissSurvey(): void {
    this.save({ survey: false });
    this.store.set({ survey: "none" });
  }

  async end(): Promise<void> {
    const { owner } = this.store.state.status;
    if (owner === "queue") await this.call("leave");
    this.save({ ended: true, survey: owner === "agent" || this.store.state.survey === "ask" });
    this.adoptSaved();
  }

  startNew(): void {
    this.connection.close();
    this.forget();
    this.connect();
  }

  reconnect(): void {
    if (this.store.state.phase === "offline") this.connection.open();
  }

  clearNotice(): void {
    this.store.set({ notice: undefined });
  }

  // What the server says.

  private connect(): void {
    this.store.set({ phase: navigator.onLine === false ? "offline" : "connecting" });
    this.connection.open();
  }

  private requestSession(): void {
    const { log, loaded } = this.store.state;
    this.connection.tell("session_request", {
      protocol: PROTOCOL,
      locale: navigator.language,
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      ...(this.saved.session_id ? { session_id: this.saved.session_id } : {}),
      ...(loaded ? { last_seq: linkedSeq(log) } : {}),
      ...(this.config.identity ? { identity: this.config.identity } : {}),
    });
  }

  private lost(): void {
    this.resyncing = false;
    this.store.set({ phase: "offline", typing: undefined, outbox: box.requeue(this.store.state.outbox) });
  }

  private confirmed(id: string): void {
    if (id === this.saved.session_id) return;
    const customer = customerOf(this.config.identity);
    this.saved = { session_id: id, ...(customer ? { customer } : {}) };
    storage.saveSaved(this.saved);
    this.photos.clear();
    this.store.set({ log: emptyLog, loaded: false, survey: "none", ended: false, unread: 0 });
  }

  private tookHistory(payload: { messages?: unknown[]; last_seq?: number } | unknown[]): void {
    const items = Array.isArray(payload) ? payload : (payload.messages ?? []);
    const messages = items.map((item) => readMessage(item)).filter((item) => item !== undefined);
    const lastSeq = Array.isArray(payload) ? 0 : (payload.last_seq ?? 0);
    this.resyncing = false;
    this.store.set({
      log: mergeHistory(this.store.state.log, messages, lastSeq),
      loaded: true,
      phase: "online",
    });
    this.settle(messages);
    this.takeOver();
    this.greet();
    this.markSeen();
    if (this.store.state.wantsPerson) void this.requestHuman();
  }

  private tookMessage(message: Message | undefined): void {
    if (!message) return;
    const { log } = this.store.state;
    if (revealsGap(log, message) && !this.resyncing) {
      this.resyncing = true;
      this.requestSession();
    }
    this.store.set({ log: merge(log, [message]) });
    this.typing.spoke(message.sender);
    this.settle([message]);
    this.markSeen();
  }

  private tookStatus(payload: unknown): void {
    const status = readStatus(payload);
    const humanLeft = this.saved.owner === "agent" && status.owner !== "agent" && status.owner !== "queue";
    const humanCame = status.owner === "agent";
    const survey = humanLeft ? true : humanCame ? false : (this.saved.survey ?? false);
    this.save({ owner: status.owner, survey });
    this.store.set({ status });
    if (humanLeft || humanCame) this.store.set({ survey: humanLeft ? "ask" : "none" });
  }

  private refused(payload: { message?: string; message_id?: string }): void {
    const sentence = payload.message ?? "That did not get through.";
    const known = this.store.state.outbox.some((entry) => entry.message_id === payload.message_id);
    if (known && payload.message_id) {
      this.setOutbox(box.markRefused(this.store.state.outbox, payload.message_id, sentence));
    } else this.store.set({ notice: sentence });
  }

  // Sending.

  private post(entry: Pick<box.Outgoing, "text" | "payload" | "attachments">): void {
    const waiting = box.requeue(this.store.state.outbox);
    this.setOutbox(
      box.enqueue(waiting, { ...entry, message_id: storage.newId(), at: new Date().toISOString() }),
    );
    this.typing.sent();
    void this.flush();
  }

  private async flush(): Promise<void> {
    if (this.flushing) return;
    this.flushing = true;
    for (;;) {
      const entry = this.store.state.phase === "online" && box.nextToSend(this.store.state.outbox);
      if (!entry) break;
      this.setOutbox(box.markSending(this.store.state.outbox, entry.message_id));
      this.acknowledged(entry, await this.call("user_uttered", utterance(entry)));
    }
    this.flushing = false;
  }

  private acknowledged(entry: box.Outgoing, ack: Ack): void {
    const { outbox, phase, log } = this.store.state;
    if (ack.ok) {
      if (ack.seq !== undefined) this.store.set({ log: merge(log, [ownMessage(entry, ack.seq)]) });
      this.setOutbox(box.settle(outbox, [entry.message_id]));
      this.markSeen();
    } else if (ack.error !== "no_answer") {
      this.setOutbox(box.markRefused(outbox, entry.message_id, ack.message ?? "That did not get through."));
    } else if (phase === "online") this.setOutbox(box.markFailed(outbox, entry.message_id));
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
    return this.connection.call(event, { session_id: this.saved.session_id, ...payload });
  }

  private tell(event: string, payload: object): void {
    this.connection.tell(event, { session_id: this.saved.session_id, ...payload });
  }

  private explain(ack: Ack): void {
    if (ack.ok) return;
    this.store.set({ notice: ack.message ?? "That did not get through. Please try again." });
  }

  // What is kept.

  private restore(): storage.Saved {
    const saved = storage.loadSaved();
    const customer = customerOf(this.config.identity);
    if (saved.session_id && saved.customer !== customer) {
      storage.dropOthers("");
      storage.saveSaved({});
      return {};
    }
    const outbox = box.requeue(storage.loadOutbox(this.tab));
    this.store.set({
      outbox,
      elsewhere: storage.loadOthers(this.tab),
      ended: saved.ended ?? false,
      survey: saved.survey ? "ask" : "none",
    });
    return saved;
  }

  private save(patch: Partial<storage.Saved>): void {
    this.saved = { ...this.saved, ...patch };
    storage.saveSaved(this.saved);
  }

  private forget(): void {
    this.saved = {};
    storage.saveSaved({});
    this.greeted = false;
    this.setOutbox([]);
    storage.dropOthers(this.tab);
    this.store.set({
      log: emptyLog,
      loaded: false,
      status: { owner: "bot" },
      survey: "none",
      ended: false,
      elsewhere: [],
    });
  }

  private setOutbox(outbox: box.Outgoing[]): void {
    storage.saveOutbox(this.tab, outbox);
    this.store.set({ outbox });
  }

  private settle(messages: Message[]): void {
    const ids = messages
      .filter((message) => message.sender === "customer")
      .map((message) => message.message_id);
    const { outbox, elsewhere } = this.store.state;
    const left = box.settle(outbox, ids);
    if (left !== outbox) this.setOutbox(left);
    this.store.set({ elsewhere: box.settle(elsewhere, ids) });
  }

  private takeOver(): void {
    const others = box.requeue(storage.loadOthers(this.tab));
    if (others.length) storage.dropOthers(this.tab);
    const known = new Set(this.store.state.log.messages.map((message) => message.message_id));
    this.setOutbox(box.settle(box.requeue(box.adopt(this.store.state.outbox, others)), known));
    this.store.set({ elsewhere: [] });
    void this.flush();
  }

  private otherTabWrote(event: StorageEvent): void {
    if (storage.isOutboxKey(event.key)) this.store.set({ elsewhere: storage.loadOthers(this.tab) });
    if (storage.isSessionKey(event.key)) this.followOtherTab(storage.loadSaved());
  }

  private followOtherTab(saved: storage.Saved): void {
    const sameSession = saved.session_id === this.saved.session_id;
    this.saved = saved;
    if (sameSession) {
      this.adoptSaved();
      return;
    }
    if (!saved.session_id || this.store.state.phase === "idle") return;
    this.connection.close();
    this.store.set({ log: emptyLog, loaded: false });
    this.adoptSaved();
    this.connect();
  }

  private adoptSaved(): void {
    const { ended = false, survey = false } = this.saved;
    const thanked = this.store.state.survey === "thanks";
    this.store.set({ ended, survey: survey ? "ask" : thanked ? "thanks" : "none" });
    this.markSeen();
  }

  private markSeen(): void {
    const { open, log } = this.store.state;
    const last = log.messages[log.messages.length - 1]?.seq ?? 0;
    if (open && last > (this.saved.seen ?? 0)) this.save({ seen: last });
    const seen = this.saved.seen ?? 0;
    const unseen = log.messages.filter(
      ({ seq, sender }) => seq > seen && (sender === "agent" || sender === "bot"),
    );
    this.store.set({ unread: open ? 0 : unseen.length });
  }
}

function utterance(entry: box.Outgoing): object {
  return {
    message: entry.payload ?? entry.text,
    message_id: entry.message_id,
    ...(entry.payload ? { metadata: { title: entry.text } } : {}),
    ...(entry.attachments ? { attachments: entry.attachments.map((photo) => photo.attachment_id) } : {}),
  };
}

function ownMessage(entry: box.Outgoing, seq: number): Message {
  return {
    seq,
    unlinked: true,
    message_id: entry.message_id,
    at: entry.at,
    sender: "customer",
    ...(entry.text ? { text: entry.text } : {}),
    ...(entry.attachments ? { attachments: entry.attachments } : {}),
  };
}

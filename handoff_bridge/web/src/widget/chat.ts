/** One customer's chat: keeps the store true to what the server says and carries out what the customer does. */

import { NO_ANSWER, type Refused } from "../shared/client/caller";
import { newId } from "../shared/client/ids";
import type {
  Attachment,
  CustomerCalls,
  MessageRefused,
  SessionRequest,
  Survey,
  WidgetWord,
} from "../shared/contract";
import { baseOf, fetchWords, type Words } from "../shared/words";
import { type Config, customerOf } from "./config";
import { type Client, Connection, type Handlers } from "./connection";
import { FileDrafts } from "./fileDrafts";
import { refusedOrigin, reportRefusal } from "./origin";
import { Photos } from "./photos";
import { Sender } from "./sender";
import { Session } from "./session";
import { emptyLog, linkedSeq, merge, mergeHistory, mergeOwn, revealsGap } from "./state/messages";
import {
  type Ack,
  type Button,
  type Message,
  type Payload,
  PROTOCOL,
  readMessage,
  readStatus,
} from "./state/protocol";
import * as storage from "./state/storage";
import { type ChatStore, chatStore } from "./state/store";
import { openQuestion } from "./state/survey";
import { Typing } from "./typing";

/** After a refused session: "too many new chats from this address" passes within a minute. */
const RETRY_MS = 10_000;
/** How long the server may take to say that the line is alive. */
const CHECK_MS = 3_000;
/** Kept to be announced. */
const MOST_HEARD = 20;
/** For the shop's page, which may then call `TandemChat.signIn` with a fresh identity. */
const IDENTITY_EXPIRED = "tandem:identity-expired";

export class Chat {
  readonly store: ChatStore;
  readonly photos: Photos;
  readonly files: FileDrafts;
  private readonly session: Session;
  private readonly connection: Client;
  private readonly sender: Sender;
  private readonly typing: Typing;
  private identity: string | undefined;
  takesFocus = true;
  /** Whose words were asked for last. */
  private language: string;
  private greeted = false;
  private resyncing = false;
  private checking = false;
  /** Whether it is known why there is no connection, or being asked for. */
  private knowsWhy = false;

  constructor(
    readonly config: Config,
    words: Words<WidgetWord>,
    connect = (server: string, handlers: Handlers): Client => new Connection(server, handlers),
  ) {
    this.store = chatStore(words);
    this.language = config.language;
    this.session = new Session(customerOf(config.identity));
    this.photos = new Photos(config.server, () => this.session.id);
    this.files = new FileDrafts(this.photos, this.store);
    this.identity = config.identity;
    this.sender = new Sender(
      this.store,
      () => this.session.shelf,
      (said) => this.call("user_uttered", said),
      (own) => this.tookOwn(own),
      (refused) => this.refusal(refused),
      () => void this.checkLine(),
    );
    this.typing = new Typing(this.store, (active) =>
      this.connection.tell("typing", { session_id: this.session.id ?? "", active }),
    );
    this.connection = connect(config.server, {
      connected: () => void this.connected(),
      disconnected: () => this.lost(),
      failed: () => void this.lookWhy(),
      confirmed: (id) => this.confirmed(id),
      sessionEnded: (payload) => this.sessionEnded(payload.reason),
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
    addEventListener("pageshow", ({ persisted }) => persisted && this.checkLine());
    document.addEventListener("visibilitychange", () => this.looked());
  }

  /** At page load: a customer who has a chat gets what arrives even while the panel is closed. */
  start(): void {
    if (storage.loadTab("open")) this.open(false);
    else this.resume();
  }

  /** The shop's page says who is there now: somebody who signed in, or the same with a fresh identity. */
  signIn(identity: string): void {
    const same = this.session.isSigned && customerOf(identity) === this.session.customer;
    this.identity = identity;
    if (!same) this.become(customerOf(identity));
    else if (this.store.state.phase !== "idle") this.reopen();
  }

  /** The customer has signed out of the shop: their chat is over, in every tab of this browser. */
  signOut(): void {
    const { customer } = this.session;
    if (this.session.id) void this.end();
    this.session.shelf.clear();
    if (customer !== undefined) storage.tellSignedOut(customer);
    this.identity = undefined;
    this.become(undefined);
  }

  /** `takeFocus` where the customer asked for it: a page that loads must not lose the focus to us. */
  open(takeFocus = true): void {
    this.takesFocus = takeFocus;
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

  /** Files and the words beside them are one message. */
  send(text: string, attachments: Attachment[] = []): void {
    this.sender.post(attachments.length ? { text, attachments } : { text });
    this.typing.sent();
    if (this.store.state.survey?.answered) this.store.set({ survey: undefined });
  }

  tap(reply: Button): void {
    this.sender.post({ text: reply.title, payload: reply.payload });
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
    const ack = await this.call("request_human", {});
    if (!ack.ok && ack.error === "no_answer" && this.store.state.phase !== "online") return;
    this.store.set({ wantsPerson: false });
    this.explain(ack);
  }

  async leaveLine(): Promise<void> {
    // Repeated, or with a colleague by now, it must not end the chat.
    this.explain(await this.call("leave", { owner: "queue" }));
  }

  /** From a module of its own, which most customers never need. */
  async showContactForm(host: HTMLElement, focus: boolean, stay: () => void): Promise<void> {
    try {
      const form = await import("./contact/form");
      const { words } = this.store.state;
      const send = async (contact: Payload<"contact_leave">) => {
        const ack = await this.call("contact_leave", contact);
        return ack.ok ? undefined : this.refusal(ack);
      };
      form.show(host, focus, words, send, stay);
    } catch {
      stay();
      this.explain(NO_ANSWER);
    }
  }

  showArticles(first?: string): void {
    this.store.set({ reading: { opened: Date.now(), ...(first ? { first } : {}) } });
  }

  hideArticles(): void {
    this.store.set({ reading: undefined });
  }

  /** From a module of its own; nothing where it does not come. */
  async loadArticles(): Promise<typeof import("./articles/Articles").Articles | undefined> {
    try {
      return (await import("./articles/Articles")).Articles;
    } catch {
      this.explain(NO_ANSWER);
      return undefined;
    }
  }

  async answerSurvey(score: number, comment: string): Promise<void> {
    const answer: Survey = { session_id: this.session.id ?? this.session.endedId ?? "", score };
    if (comment) answer.comment = comment;
    const ack = await this.connection.call("survey", answer);
    if (!ack.ok && ack.error === "no_answer") {
      this.explain(ack);
      return;
    }
    this.surveyOver(ack.ok);
  }

  dismissSurvey(): void {
    this.surveyOver(false);
  }

  private surveyOver(answered: boolean): void {
    const { survey } = this.store.state;
    if (!survey) return;
    this.session.save({ surveyed: survey.seq });
    this.store.set({ survey: answered ? { ...survey, answered } : undefined });
  }

  /** Ends the chat here and on the server; nothing of it stays for whoever uses this browser next. */
  async end(): Promise<void> {
    if (this.session.id) storage.saveEnding([...storage.loadEnding(), this.session.id]);
    this.over();
    void this.finishEnding();
  }

  startNew(): void {
    this.connection.close();
    this.session.forget();
    this.sender.clear();
    this.reset();
    this.connect();
  }

  get sessionId(): string | undefined {
    return this.session.id;
  }

  get draft(): string {
    return this.session.draft;
  }

  saveDraft(text: string): void {
    this.session.shelf.saveDraft(text);
  }

  reconnect(): void {
    if (this.store.state.phase === "offline") this.connection.open();
  }

  clearNotice(): void {
    this.store.set({ notice: undefined });
  }

  private connect(): void {
    this.knowsWhy = false;
    this.store.set({ phase: navigator.onLine === false ? "offline" : "connecting" });
    this.connection.open();
  }

  /** Without a chat to go on with there is no connection before the customer opens one. */
  private resume(): void {
    if (this.hasReason || storage.loadEnding().length) this.connect();
    else this.store.set({ phase: "idle" });
  }

  /** A page whose origin is refused would try for ever. */
  private async lookWhy(): Promise<void> {
    if (this.knowsWhy) return;
    this.knowsWhy = true;
    try {
      const origin = await refusedOrigin(this.config.server);
      if (!origin) return;
      this.connection.close();
      this.store.set({ phase: "refused", origin });
      reportRefusal(origin);
    } catch {
      this.knowsWhy = false;
    }
  }

  private async connected(): Promise<void> {
    this.knowsWhy = false;
    const ending = this.finishEnding();
    if (!this.hasReason) await ending;
    if (this.hasReason) {
      await this.requestSession();
      return;
    }
    this.connection.close();
    this.store.set({ phase: "idle" });
  }

  private get hasReason(): boolean {
    return this.session.id !== undefined || this.store.state.open;
  }

  /** What was ended while there was no connection, too; a session that is unknown by now is ended as well. */
  private async finishEnding(): Promise<void> {
    for (const session_id of storage.loadEnding()) {
      const ack = await this.connection.call("leave", { session_id, end: true });
      if (ack.ok || ack.error === "unknown_session")
        storage.saveEnding(storage.loadEnding().filter((other) => other !== session_id));
    }
  }

  private looked(): void {
    this.markSeen();
    if (!document.hidden) void this.checkLine();
  }

  /** After sleep, or without an answer, a line may seem alive that is dead. */
  private async checkLine(): Promise<void> {
    if (this.store.state.phase !== "online" || this.checking) return;
    this.checking = true;
    await this.requestSession(CHECK_MS);
    this.checking = false;
  }

  private async requestSession(withinMs?: number): Promise<void> {
    if (this.session.ended) {
      this.store.set({ phase: "online" });
      return;
    }
    const { log, loaded } = this.store.state;
    const request: SessionRequest = {
      protocol: PROTOCOL,
      locale: this.config.language,
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    };
    if (this.session.id) request.session_id = this.session.id;
    if (loaded) request.last_seq = linkedSeq(log);
    if (this.identity) request.identity = this.identity;
    const ack = await this.connection.call("session_request", request, withinMs);
    if (ack.ok) return;
    if (this.store.state.phase !== "online") this.sessionRefused(ack);
    else if (ack.error === "no_answer") {
      this.lost();
      this.connection.restart();
    }
  }

  private sessionRefused(ack: Refused): void {
    if (ack.error === "token_expired" && this.session.isSigned) {
      this.expire();
      return;
    }
    if (this.identity && ack.error.startsWith("token_")) {
      // An identity that is out of date must not cost the customer the way to a chat.
      this.identity = undefined;
      this.become(undefined);
      return;
    }
    this.lost();
    if (ack.error !== "no_answer") this.explain(ack);
    setTimeout(() => this.reconnect(), RETRY_MS);
  }

  private lost(): void {
    this.resyncing = false;
    if (["idle", "expired", "refused"].includes(this.store.state.phase)) return;
    this.store.set({ phase: "offline", typing: undefined });
    this.sender.interrupted();
  }

  private confirmed(id: string): void {
    const { other, adopted } = this.session.confirm(id);
    if (other) this.reset();
    if (!adopted) return;
    this.sender.bring(adopted);
    this.saveDraft(this.draft || adopted.loadDraft());
    adopted.clear();
  }

  private sessionEnded(reason: string | undefined): void {
    if (reason === "expired") this.expire();
    else if (reason === "signed_in") this.become(this.session.customer);
    else if (!this.session.ended) this.over();
  }

  /** Nothing is lost: the server has the chat, and what was not sent waits for a fresh identity. */
  private expire(): void {
    this.store.set({ phase: "expired", log: emptyLog, typing: undefined });
    this.photos.clear();
    document.dispatchEvent(new CustomEvent(IDENTITY_EXPIRED));
  }

  private over(): void {
    this.files.clear();
    const { log, status, survey } = this.store.state;
    const spoke = log.messages.some(({ sender }) => sender === "agent");
    const agent = status.owner === "agent" && spoke ? status.agent?.name : undefined;
    this.sender.clear();
    this.session.end();
    this.reset();
    this.store.set({ loaded: true, survey: agent ? { seq: 0, agent } : survey });
  }

  private become(customer: string | undefined): void {
    this.files.clear();
    this.connection.close();
    this.session.become(customer);
    this.sender.restore();
    this.reset();
    this.store.set({ visitor: this.store.state.visitor + 1 });
    this.resume();
  }

  private reopen(): void {
    this.connection.close();
    this.store.set({ loaded: false });
    this.connect();
  }

  private tookHistory(payload: { messages?: unknown[]; last_seq?: number; more?: true }): void {
    const messages = (payload.messages ?? []).flatMap((item) => readMessage(item) ?? []);
    this.resyncing = false;
    if (this.store.state.phase !== "online") this.clearNotice();
    const log = mergeHistory(this.store.state.log, messages, payload.last_seq ?? 0);
    if (this.store.state.loaded) this.hear(messages);
    this.store.set({ log, loaded: true, phase: "online" });
    this.showSurvey();
    this.sender.takeOver();
    if (payload.more) void this.fetchEarlier(messages[0]?.seq);
    this.greet();
    this.markSeen();
    if (this.store.state.wantsPerson) void this.requestHuman();
  }

  /** An answer holds a bounded part of the conversation: the rest is fetched part by part. */
  private async fetchEarlier(before: number | undefined): Promise<void> {
    const { id } = this.session;
    let first = before;
    while (first !== undefined && first > 1) {
      const ack = await this.call("history_request", { before: first });
      if (!ack.ok || this.session.id !== id) return;
      const messages = ack.messages.flatMap((item) => readMessage(item) ?? []);
      this.store.set({ log: merge(this.store.state.log, messages) });
      first = ack.more ? messages[0]?.seq : undefined;
    }
  }

  private tookMessage(message: Message | undefined): void {
    if (!message) return;
    const { log } = this.store.state;
    this.fillGap(message);
    this.hear([message]);
    this.store.set({ log: merge(log, [message]) });
    this.showSurvey();
    if (message.sender === "customer") this.typing.awaitReply();
    else this.typing.over();
    this.sender.settle([message]);
    this.markSeen();
  }

  /** An own message has arrived; its acknowledgement says what came before it. */
  private tookOwn(own: Message): void {
    this.fillGap(own);
    this.store.set({ log: mergeOwn(this.store.state.log, own) });
    this.showSurvey();
    this.typing.awaitReply();
  }

  private fillGap(message: Message): void {
    if (this.resyncing || !revealsGap(this.store.state.log, message)) return;
    this.resyncing = true;
    void this.requestSession();
  }

  private tookStatus(payload: unknown): void {
    const status = readStatus(payload);
    if (status.owner !== this.store.state.status.owner) this.typing.over();
    this.store.set({ status });
    void this.speak(status.language);
  }

  private refused(payload: Partial<MessageRefused>): void {
    const reason = this.refusal({ ...NO_ANSWER, ...payload } as Refused);
    if (!this.sender.refuse(payload.message_id, reason)) this.store.set({ notice: reason });
  }

  /** The introduction comes from the server, once, to whoever opens an empty conversation. */
  private greet(): void {
    const { open, loaded, phase, log, outbox, ended } = this.store.state;
    const empty = loaded && phase === "online" && log.messages.length === 0 && outbox.length === 0;
    if (!open || !empty || ended || this.greeted) return;
    this.greeted = true;
    void this.call("user_uttered", { message: "/greet", message_id: newId() });
  }

  private call<C extends keyof CustomerCalls>(event: C, payload: Payload<C>): Promise<Ack<C>> {
    const call = { session_id: this.session.id ?? "", ...payload };
    return this.connection.call(event, call as unknown as CustomerCalls[C]);
  }

  private explain(ack: Ack): void {
    if (!ack.ok) this.store.set({ notice: this.refusal(ack) });
  }

  /** Why it was refused, in the customer's language. */
  private refusal({ error }: Refused): string {
    const { words } = this.store.state;
    const key = `refused_${error}`;
    return words.say(words.has(key) ? key : "refused");
  }

  /** What the customer writes in is what the panel speaks from then on. */
  private async speak(language: string | undefined): Promise<void> {
    if (!language || baseOf(language) === baseOf(this.language)) return;
    this.language = language;
    try {
      const words = await fetchWords<WidgetWord>(this.config.server, language, "widget");
      if (this.language === language) this.store.set({ words });
    } catch {
      // The next status asks again.
      this.language = this.config.language;
    }
  }

  private reset(): void {
    this.greeted = false;
    this.photos.clear();
    this.store.set({
      log: emptyLog,
      heard: [],
      survey: undefined,
      loaded: false,
      status: { owner: "bot" },
      notice: undefined,
      typing: undefined,
    });
    this.showSession();
  }

  private otherTabWrote(event: StorageEvent): void {
    const signedOut = storage.whoSignedOut(event);
    if (signedOut !== undefined && signedOut === this.session.customer) {
      this.identity = undefined;
      this.become(undefined);
      return;
    }
    const { shelf } = this.session;
    if (shelf.isOutboxKey(event.key)) this.sender.otherTabWrote();
    if (!shelf.isSessionKey(event.key)) return;
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
    this.store.set({ ended: this.session.ended });
    this.showSurvey();
    this.markSeen();
  }

  private showSurvey(): void {
    const { log, survey, ended } = this.store.state;
    if (ended || survey?.answered) return;
    this.store.set({ survey: openQuestion(log.messages, this.session.surveyed) });
  }

  /** What others say while this page is there. */
  private hear(messages: Message[]): void {
    const { log, heard } = this.store.state;
    const known = new Set(log.messages.map(({ seq }) => seq));
    const news = messages.filter(({ seq, sender }) => sender !== "customer" && !known.has(seq));
    if (news.length) this.store.set({ heard: [...heard, ...news].slice(-MOST_HEARD) });
  }

  private markSeen(): void {
    const { open, log } = this.store.state;
    const last = log.messages.at(-1)?.seq ?? 0;
    const looks = open && !document.hidden;
    if (looks && last > this.session.seen) this.session.save({ seen: last });
    const unseen = log.messages.filter(
      ({ seq, sender }) => seq > this.session.seen && (sender === "agent" || sender === "bot"),
    );
    this.store.set({ unread: looks ? 0 : unseen.length });
  }
}

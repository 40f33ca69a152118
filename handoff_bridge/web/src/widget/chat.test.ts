import { beforeEach, expect, test, vi } from "vitest";
import { NO_ANSWER, type Refused } from "../shared/client/caller";
import type { ChatMessage, CustomerCalls } from "../shared/contract";
import { englishWords } from "../shared/englishWords";
import { Chat } from "./chat";
import type { Config } from "./config";
import type { Client, Handlers } from "./connection";
import type { Ack } from "./state/protocol";

/** The server's side, played by the test: it sees every call and answers when it likes. */
class Server implements Client {
  handlers!: Handlers;
  told: { event: string; payload: Record<string, unknown> }[] = [];
  calls: { event: string; payload: Record<string, unknown>; answer: (ack: Ack) => void }[] = [];
  sessionAnswers: Ack[] = [];
  connected = false;

  open(): void {
    this.connected = true;
    this.handlers.connected();
  }
  close(): void {
    this.connected = false;
  }
  restart(): void {
    this.drop();
    this.open();
  }
  drop(): void {
    this.connected = false;
    this.handlers.disconnected();
    for (const call of this.calls.splice(0)) call.answer(NO_ANSWER);
  }
  tell(event: string, payload: object): void {
    this.told.push({ event, payload: payload as Record<string, unknown> });
  }
  call<C extends keyof CustomerCalls>(event: C, payload: CustomerCalls[C]): Promise<Ack<C>> {
    return this.answered(event, payload) as Promise<Ack<C>>;
  }
  private answered(event: string, payload: object): Promise<Ack> {
    if (event === "session_request") {
      this.tell(event, payload);
      return Promise.resolve(this.sessionAnswers.shift() ?? { ok: true });
    }
    if (!this.connected) return Promise.resolve(NO_ANSWER);
    return new Promise((resolve) => {
      this.calls.push({ event, payload: payload as Record<string, unknown>, answer: resolve });
    });
  }
  confirm(messages: ChatMessage[] = [], last_seq = 0, id = "session-1"): void {
    this.handlers.confirmed(id);
    this.handlers.history({ messages, last_seq });
    this.handlers.status({ owner: "bot" });
  }
  async answer(ack: Ack): Promise<void> {
    this.calls.shift()?.answer(ack);
    await settled();
  }
  get said(): unknown[] {
    return this.calls.map((call) => call.payload.message);
  }
  get lastRequest(): Record<string, unknown> | undefined {
    return this.told.filter(({ event }) => event === "session_request").at(-1)?.payload;
  }
}

const refused = (error: Refused["error"]): Refused => ({ ...NO_ANSWER, error });
const settled = () => new Promise((resolve) => setTimeout(resolve));
const said = (seq: number, prev: number, more: Partial<ChatMessage> = {}): ChatMessage => ({
  seq,
  prev,
  message_id: `m${seq}`,
  at: "2026-05-01T10:00:00Z",
  sender: "bot",
  text: `text ${seq}`,
  ...more,
});

function page(config: Partial<Config> = {}): { chat: Chat; server: Server } {
  const server = new Server();
  const whole = { server: "", language: "en", ...config };
  const chat = new Chat(whole, englishWords, (_, handlers) => {
    server.handlers = handlers;
    return server;
  });
  chat.start();
  return { chat, server };
}

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

test("nothing connects before the customer opens the chat", () => {
  expect(page().server.told).toEqual([]);
});

test("opening an empty conversation asks for the introduction once and shows no message", async () => {
  const { chat, server } = page();
  chat.open();
  server.confirm();
  chat.close();
  chat.open();
  server.handlers.history({ messages: [], last_seq: 0 });
  expect(server.said).toEqual(["/greet"]);
  expect(chat.store.state.outbox).toEqual([]);
});

test("messages go out one by one and are shown once", async () => {
  const { chat, server } = page();
  chat.open();
  server.confirm([said(1, 0)], 1);
  chat.send("one");
  chat.send("two");
  expect(server.said).toEqual(["one"]);
  await server.answer({ ok: true, seq: 2 });
  expect(server.said).toEqual(["two"]);
  await server.answer({ ok: true, seq: 3 });
  expect(chat.store.state.outbox).toEqual([]);
  expect(chat.store.state.log.messages.map(({ text }) => text)).toEqual(["text 1", "one", "two"]);
});

test("a hole before an own message is noticed by its acknowledgement and fetched", async () => {
  const { chat, server } = page();
  chat.open();
  server.confirm([said(1, 0)], 1);
  const asked = () => server.told.filter(({ event }) => event === "session_request").length;
  const before = asked();
  chat.send("one");
  await server.answer({ ok: true, seq: 2, prev: 1, message_id: "m2" });
  expect(asked()).toBe(before);
  chat.send("two");
  await server.answer({ ok: true, seq: 5, prev: 4, message_id: "m5" });
  expect(server.lastRequest).toMatchObject({ last_seq: 2 });
  server.handlers.history({ messages: [said(4, 2), said(5, 4, { sender: "customer" })], last_seq: 5 });
  expect(chat.store.state.log.messages.map(({ seq }) => seq)).toEqual([1, 2, 4, 5]);
});

test("what was written offline survives a reload and goes out in order under the same ids", async () => {
  const { chat, server } = page();
  chat.open();
  server.confirm([said(1, 0)], 1);
  server.drop();
  chat.send("one");
  chat.send("two");
  const ids = chat.store.state.outbox.map((entry) => entry.id);

  const later = page();
  later.server.confirm([said(1, 0)], 1);
  expect(later.server.calls[0]?.payload).toMatchObject({ message: "one", message_id: ids[0] });
  await later.server.answer({ ok: true, seq: 2 });
  expect(later.server.calls[0]?.payload).toMatchObject({ message: "two", message_id: ids[1] });
});

test("a message that was committed but not acknowledged is not sent again after the reconnect", async () => {
  const { chat, server } = page();
  chat.open();
  server.confirm([said(1, 0)], 1);
  chat.send("one");
  const id = chat.store.state.outbox[0]?.id;
  server.drop();
  await settled();
  server.open();
  server.confirm([said(2, 1, { sender: "customer", message_id: id ?? "", text: "one" })], 2);
  expect(server.said).toEqual([]);
  expect(chat.store.state.log.messages.map(({ text }) => text)).toEqual(["text 1", "one"]);
});

test("what a closed tab left behind is sent by the next one", () => {
  const gone = page();
  gone.chat.open();
  gone.server.confirm([said(1, 0)], 1);
  gone.server.drop();
  gone.chat.send("left behind");
  sessionStorage.clear();
  const next = page();
  next.chat.open();
  next.server.confirm([said(1, 0)], 1);
  expect(next.server.said).toEqual(["left behind"]);
});

test("what is earlier than one answer holds is fetched part by part", async () => {
  const { chat, server } = page();
  chat.open();
  server.handlers.confirmed("session-1");
  server.handlers.history({ messages: [said(5, 4), said(6, 5)], last_seq: 6, more: true });
  expect(server.calls.map(({ payload }) => payload)).toEqual([{ session_id: "session-1", before: 5 }]);
  await server.answer({ ok: true, messages: [said(3, 2), said(4, 3)], more: true });
  expect(server.calls.map(({ payload }) => payload)).toEqual([{ session_id: "session-1", before: 3 }]);
  await server.answer({ ok: true, messages: [said(1, 0), said(2, 1)] });
  expect(server.calls).toEqual([]);
  expect(chat.store.state.log.messages.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
});

test("a reconnect asks for what came after the last number known", () => {
  const { chat, server } = page();
  chat.open();
  server.confirm([said(1, 0), said(3, 1)], 4);
  expect(server.lastRequest?.last_seq).toBeUndefined();
  server.drop();
  server.open();
  expect(server.lastRequest).toMatchObject({ session_id: "session-1", last_seq: 4 });
});

test("a gap asks again, once, and heals without doubling", () => {
  const { chat, server } = page();
  chat.open();
  server.confirm([said(1, 0)], 1);
  const before = server.told.length;
  server.handlers.bot(said(7, 5));
  server.handlers.bot(said(12, 10));
  expect(server.told.length).toBe(before + 1);
  expect(server.lastRequest?.last_seq).toBe(1);
  server.handlers.history({ messages: [said(5, 1), said(7, 5), said(10, 7), said(12, 10)], last_seq: 12 });
  expect(chat.store.state.log.messages.map(({ seq }) => seq)).toEqual([1, 5, 7, 10, 12]);
});

test("no answer in time marks the message and all behind it; trying again keeps the id", async () => {
  const { chat, server } = page();
  chat.open();
  server.confirm([said(1, 0)], 1);
  chat.send("one");
  chat.send("two");
  const id = chat.store.state.outbox[0]?.id as string;
  await server.answer(NO_ANSWER);
  expect(chat.store.state.outbox.map((entry) => entry.state)).toEqual(["failed", "failed"]);
  chat.retry(id);
  expect(server.calls.map((call) => call.payload.message_id)).toEqual([id]);
});

test("writing on after a failure sends what failed first", async () => {
  const { chat, server } = page();
  chat.open();
  server.confirm([said(1, 0)], 1);
  chat.send("one");
  await server.answer(NO_ANSWER);
  chat.send("two");
  expect(server.said).toEqual(["one"]);
  await server.answer({ ok: true, seq: 2 });
  expect(server.said).toEqual(["two"]);
});

test("a refusal shows the server's sentence and lets the next one pass", async () => {
  const { chat, server } = page();
  chat.open();
  server.confirm([said(1, 0)], 1);
  chat.send("one");
  chat.send("two");
  await server.answer({ ok: false, error: "message_too_long", message: "Too long." });
  expect(chat.store.state.outbox[0]).toMatchObject({
    state: "failed",
    refused: "A message has at most 5,000 characters.",
  });
  expect(server.said).toEqual(["two"]);
});

test("each message says what was seen when it was written, however late it goes out", async () => {
  const { chat, server } = page();
  chat.open();
  server.confirm([said(1, 0), said(3, 1)], 3);
  chat.send("one");
  chat.send("two");
  server.handlers.bot(said(6, 5));
  chat.send("three");
  expect(server.calls[0]?.payload.last_seq).toBe(3);
  await server.answer({ ok: true, seq: 4 });
  expect(server.calls[0]?.payload).toMatchObject({ message: "two", last_seq: 3 });
  await server.answer({ ok: true, seq: 5 });
  expect(server.calls[0]?.payload).toMatchObject({ message: "three", last_seq: 3 });
});

test("a tapped button sends its payload and shows its title", async () => {
  const { chat, server } = page();
  chat.open();
  server.confirm([said(1, 0)], 1);
  chat.tap({ title: "Yes, cancel it", payload: "button:5f:0" });
  expect(server.calls[0]?.payload).toMatchObject({
    message: "button:5f:0",
    metadata: { title: "Yes, cancel it" },
  });
  await server.answer({ ok: true, seq: 2 });
  expect(chat.store.state.log.messages.at(-1)?.text).toBe("Yes, cancel it");
});

test("asking for a person while offline is asked again once connected", async () => {
  const { chat, server } = page();
  chat.open();
  server.confirm([said(1, 0)], 1);
  server.drop();
  await chat.requestHuman();
  server.open();
  server.confirm([said(1, 0)], 1);
  expect(server.calls.map((call) => call.event)).toEqual(["request_human"]);
});

const LEFT = said(3, 2, { sender: "system", survey: { name: "Maria" } });
const MARIA = said(2, 1, { sender: "agent", agent: { name: "Maria" } });

test("the question stands with the agent's last line, after a reload too, until it is answered", async () => {
  const { chat, server } = page();
  chat.open();
  server.confirm([said(1, 0), MARIA], 2);
  expect(chat.store.state.survey).toBeUndefined();
  server.handlers.bot(LEFT);
  expect(chat.store.state.survey).toEqual({ seq: 3, agent: "Maria" });
  const later = page();
  later.server.confirm([said(1, 0), MARIA, LEFT, said(4, 3, { sender: "customer" })], 4);
  expect(later.chat.store.state.survey).toEqual({ seq: 3, agent: "Maria" });
  void later.chat.answerSurvey(5, "");
  await later.server.answer({ ok: true, seq: 5 });
  expect(later.chat.store.state.survey).toMatchObject({ seq: 3, answered: true });
  const again = page();
  again.server.confirm([said(1, 0), MARIA, LEFT], 3);
  expect(again.chat.store.state.survey).toBeUndefined();
});

test("a survey that the server does not take disappears quietly", async () => {
  const { chat, server } = page();
  chat.open();
  server.confirm([said(1, 0), MARIA, LEFT], 3);
  void chat.answerSurvey(5, "");
  await server.answer({ ok: false, error: "not_available", message: "Not here." });
  expect(chat.store.state.survey).toBeUndefined();
  expect(chat.store.state.notice).toBeUndefined();
});

test("what comes while the page is there is news, and what was said before is not", () => {
  const { chat, server } = page();
  chat.open();
  server.confirm([said(1, 0)], 1);
  expect(chat.store.state.heard).toEqual([]);
  server.handlers.bot(said(2, 1));
  server.drop();
  server.open();
  server.handlers.history({
    messages: [said(2, 1), said(3, 2), said(4, 3, { sender: "customer" })],
    last_seq: 4,
  });
  expect(chat.store.state.heard.map(({ seq }) => seq)).toEqual([2, 3]);
});

test("a line that gives no answer is begun anew, and what was said goes out again", async () => {
  vi.useFakeTimers();
  const { chat, server } = page();
  chat.open();
  server.confirm([said(1, 0)], 1);
  chat.send("hello");
  server.sessionAnswers = [NO_ANSWER];
  await vi.advanceTimersByTimeAsync(3_000);
  expect(server.calls).toEqual([]);
  expect(chat.store.state.outbox).toMatchObject([{ text: "hello", state: "queued" }]);
  server.confirm([said(1, 0)], 1);
  expect(server.said).toEqual(["hello"]);
  vi.useRealTimers();
});

test("another customer on the same browser gets neither the session nor the unsent text", () => {
  const identity = (id: string) => `x.${btoa(JSON.stringify({ customer_id: id }))}.x`;
  const first = page({ identity: identity("c1") });
  first.chat.open();
  first.server.confirm([said(1, 0)], 1);
  first.server.drop();
  first.chat.send("private");
  const second = page({ identity: identity("c2") });
  second.chat.open();
  expect(second.server.lastRequest?.session_id).toBeUndefined();
  second.server.confirm([], 0, "session-2");
  expect(second.server.said).toEqual(["/greet"]);
});

test("signing in keeps the chat that was begun before", () => {
  const before = page();
  before.chat.open();
  before.server.confirm([said(1, 0)], 1);
  const signedIn = page({ identity: `x.${btoa(JSON.stringify({ customer_id: "c1" }))}.x` });
  expect(signedIn.server.lastRequest?.session_id).toBe("session-1");
});

const identityOf = (id: string) => `x.${btoa(JSON.stringify({ customer_id: id }))}.x`;
const stored = () => JSON.stringify({ ...localStorage });

test("signing in takes the chat over under its new id, with what was not sent yet", async () => {
  const before = page();
  before.chat.open();
  before.server.confirm([said(1, 0)], 1);
  before.server.drop();
  before.chat.send("still to be sent");
  before.chat.saveDraft("half a sen");
  const { chat, server } = page({ identity: identityOf("c1") });
  server.confirm([said(1, 0)], 1, "session-of-c1");
  expect(server.said).toEqual(["still to be sent"]);
  expect(chat.draft).toBe("half a sen");
  await server.answer({ ok: true, seq: 2 });
  expect(stored()).not.toContain("session-1");
  expect(page({ identity: identityOf("c1") }).server.lastRequest?.session_id).toBe("session-of-c1");
});

test("a chat that another tab began is not taken over by signing in here", () => {
  const visitor = page();
  visitor.chat.open();
  visitor.server.confirm([said(1, 0)], 1);
  sessionStorage.clear();
  const { chat, server } = page({ identity: identityOf("c1") });
  chat.open();
  expect(server.lastRequest?.session_id).toBeUndefined();
});

test("who is not signed in finds nothing of who was, and neither do they the other way round", () => {
  const first = page({ identity: identityOf("c1") });
  first.chat.open();
  first.server.confirm([said(1, 0)], 1, "session-of-c1");
  first.server.drop();
  first.chat.send("private");
  first.chat.saveDraft("secret draft");
  const visitor = page();
  visitor.chat.open();
  expect(visitor.server.lastRequest?.session_id).toBeUndefined();
  visitor.server.confirm([], 0, "session-of-nobody");
  expect(visitor.server.said).toEqual(["/greet"]);
  expect(visitor.chat.draft).toBe("");
  const again = page({ identity: identityOf("c1") });
  expect(again.server.lastRequest).toMatchObject({ session_id: "session-of-c1" });
  again.server.confirm([said(1, 0)], 1, "session-of-c1");
  expect(again.server.said).toEqual(["private"]);
  expect(again.chat.draft).toBe("secret draft");
});

test("one tab's customer hears nothing of what another customer's tab stores", async () => {
  const one = page({ identity: identityOf("c1") });
  one.chat.open();
  one.server.confirm([said(1, 0)], 1, "session-of-c1");
  const before = one.server.told.length;
  const other = page({ identity: identityOf("c1.outbox") });
  other.chat.open();
  other.server.confirm([], 0, "session-of-c2");
  for (const key of Object.keys(localStorage)) dispatchEvent(new StorageEvent("storage", { key }));
  await settled();
  expect(one.server.told.length).toBe(before);
  expect(one.chat.store.state.elsewhere).toEqual([]);
  expect(one.chat.store.state.log.messages.length).toBe(1);
});

test("what an earlier widget stored of a customer goes to that customer", () => {
  localStorage.setItem("tandem.chat.session", JSON.stringify({ session_id: "old", customer: "c1", seen: 4 }));
  const unsent = [{ message_id: "m", text: "mine", at: "2026-05-01T10:00:00Z", state: "queued" }];
  localStorage.setItem("tandem.chat.outbox.gone", JSON.stringify(unsent));
  const visitor = page();
  visitor.chat.open();
  expect(visitor.server.lastRequest?.session_id).toBeUndefined();
  visitor.server.confirm([], 0, "session-of-nobody");
  expect(visitor.server.said).toEqual(["/greet"]);
  const own = page({ identity: identityOf("c1") });
  own.server.confirm([said(1, 0)], 1, "old");
  expect(own.server.said).toEqual(["mine"]);
});

test("an ended chat is ended on the server and leaves nothing in this browser", async () => {
  const { chat, server } = page({ identity: identityOf("c1") });
  chat.open();
  server.confirm([said(1, 0), MARIA], 2);
  server.handlers.status({ owner: "agent", agent: { name: "Maria" } });
  chat.saveDraft("half");
  await chat.end();
  const { log, ended, survey } = chat.store.state;
  expect([log.messages, ended, survey]).toEqual([[], true, { seq: 0, agent: "Maria" }]);
  expect(server.calls[0]).toMatchObject({ event: "leave", payload: { session_id: "session-1", end: true } });
  await server.answer({ ok: true });
  expect(stored()).toBe("{}");
  void chat.answerSurvey(5, "");
  expect(server.calls[0]?.payload).toMatchObject({ session_id: "session-1", score: 5 });
  chat.close();
  const next = page();
  expect(next.server.told).toEqual([]);
});

test("a chat that was ended without a connection is ended by whatever page comes next", async () => {
  const { chat, server } = page();
  chat.open();
  server.confirm([said(1, 0)], 1);
  server.drop();
  await chat.end();
  chat.close();
  const next = page();
  expect(next.server.calls).toMatchObject([{ event: "leave", payload: { session_id: "session-1" } }]);
  expect(next.server.told).toEqual([]);
  await next.server.answer(refused("unknown_session"));
  await settled();
  expect(stored()).toBe("{}");
  expect(next.chat.store.state.phase).toBe("idle");
});

test("a chat that another tab has ended is gone here as well, whichever news comes first", () => {
  const { chat, server } = page();
  chat.open();
  server.confirm([said(1, 0)], 1);
  localStorage.removeItem("tandem.chat.session");
  server.handlers.sessionEnded({ reason: "left" });
  dispatchEvent(new StorageEvent("storage", { key: "tandem.chat.session" }));
  expect(chat.store.state).toMatchObject({ ended: true, log: { messages: [] } });
});

test("an identity that runs out hides the chat and keeps what is written for a fresh one", async () => {
  const { chat, server } = page({ identity: identityOf("c1") });
  chat.open();
  server.confirm([said(1, 0)], 1);
  let asked = 0;
  document.addEventListener("tandem:identity-expired", () => asked++);
  server.handlers.sessionEnded({ reason: "expired" });
  chat.send("later");
  expect(server.calls).toEqual([]);
  expect(chat.store.state).toMatchObject({ phase: "expired", log: { messages: [] } });
  expect(asked).toBe(1);
  // A page that is loaded again with the same old identity is no better.
  const reloaded = page({ identity: identityOf("c1") });
  reloaded.server.sessionAnswers = [refused("token_expired")];
  reloaded.server.open();
  await settled();
  expect(reloaded.chat.store.state.phase).toBe("expired");
  chat.signIn(`${identityOf("c1")}fresh`);
  expect(server.lastRequest).toMatchObject({ session_id: "session-1", identity: `${identityOf("c1")}fresh` });
  server.confirm([said(1, 0)], 1);
  expect(server.said).toEqual(["later"]);
  expect(chat.store.state.log.messages.length).toBe(1);
});

test("signing out ends the chat in every tab, and the next visitor begins anew", async () => {
  const { chat, server } = page({ identity: identityOf("c1") });
  chat.open();
  server.confirm([said(1, 0)], 1);
  const tab = page({ identity: identityOf("c1") });
  tab.server.confirm([said(1, 0)], 1);
  chat.saveDraft("half");
  chat.signOut();
  const left = server.calls.find(({ event }) => event === "leave");
  expect(left?.payload).toMatchObject({ session_id: "session-1", end: true });
  left?.answer({ ok: true });
  await settled();
  expect(server.lastRequest).not.toHaveProperty("identity");
  expect(server.lastRequest).not.toHaveProperty("session_id");
  expect(chat.draft).toBe("");
  dispatchEvent(new StorageEvent("storage", { key: "tandem.chat.signed_out", newValue: '"c1"' }));
  expect(tab.chat.store.state.log.messages).toEqual([]);
  expect(tab.server.lastRequest).not.toHaveProperty("identity");
  expect(stored()).not.toContain("session-1");
});

test("an identity that is refused does not cost the customer the chat", async () => {
  const { chat, server } = page({ identity: `x.${btoa(JSON.stringify({ customer_id: "c1" }))}.x` });
  server.sessionAnswers = [{ ok: false, error: "token_expired", message: "Too old." }];
  chat.open();
  await settled();
  expect(server.told.map(({ payload }) => "identity" in payload)).toEqual([true, false]);
});

test("a refused session says why, and the sentence goes once it works", async () => {
  const { chat, server } = page();
  chat.open();
  server.confirm([said(1, 0)], 1);
  server.drop();
  server.sessionAnswers = [{ ok: false, error: "rate_limited", message: "Please wait a moment." }];
  server.open();
  await settled();
  expect(chat.store.state).toMatchObject({
    phase: "offline",
    notice: "Too many at once; wait a moment and try again.",
  });
  chat.reconnect();
  server.confirm([said(1, 0)], 1);
  expect(chat.store.state.phase).toBe("online");
  expect(chat.store.state.notice).toBeUndefined();
});

test("the assistant is at it from the arrival of a message to its reply", async () => {
  const { chat, server } = page();
  chat.open();
  server.confirm([said(1, 0)], 1);
  chat.send("one");
  expect(chat.store.state.typing).toBeUndefined();
  await server.answer({ ok: true, seq: 2 });
  expect(chat.store.state.typing).toEqual({ sender: "bot" });
  server.handlers.bot(said(4, 2));
  expect(chat.store.state.typing).toBeUndefined();
});

test("nobody is at it when the reply was faster than the acknowledgement", async () => {
  const { chat, server } = page();
  chat.open();
  server.confirm([said(1, 0)], 1);
  chat.send("one");
  server.handlers.bot(said(4, 2));
  await server.answer({ ok: true, seq: 2 });
  expect(chat.store.state.typing).toBeUndefined();
});

test("an ended chat asks for nothing until a new one starts", async () => {
  const { chat, server } = page();
  chat.open();
  server.confirm([said(1, 0)], 1);
  await chat.end();
  expect(chat.store.state.ended).toBe(true);
  chat.startNew();
  expect(server.lastRequest?.session_id).toBeUndefined();
  expect(chat.store.state.ended).toBe(false);
  expect(chat.store.state.log.messages).toEqual([]);
});

test("what the customer writes in is what the panel speaks", async () => {
  const answer = { language: "es", direction: "ltr", words: { sent: "Enviado" }, ordinals: [], starters: [] };
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (address: string) => {
    asked.push(address);
    return new Response(JSON.stringify(answer));
  });
  const { chat, server } = page();
  chat.open();
  server.confirm();
  server.handlers.status({ owner: "bot", language: "en-GB" });
  server.handlers.status({ owner: "bot", language: "es-MX" });
  server.handlers.status({ owner: "bot", language: "es" });
  await vi.waitFor(() => expect(chat.store.state.words.say("sent")).toBe("Enviado"));
  expect(asked).toEqual(["/api/v1/texts/es/widget"]);
  vi.unstubAllGlobals();
});

test("words that do not come are asked for again", async () => {
  let asked = 0;
  vi.stubGlobal("fetch", async () => {
    asked += 1;
    throw new TypeError("no network");
  });
  const { chat, server } = page();
  chat.open();
  server.confirm();
  server.handlers.status({ owner: "bot", language: "de" });
  await settled();
  server.handlers.status({ owner: "queue", language: "de" });
  await settled();
  expect(asked).toBe(2);
  expect(chat.store.state.words.say("sent")).toBe("Sent");
  vi.unstubAllGlobals();
});

test("what an earlier widget had not sent goes out under the id that it had", async () => {
  const entry = { message_id: "old-1", text: "one", at: "2026-05-01T10:00:00Z", state: "queued" };
  localStorage.setItem("tandem.chat.session", JSON.stringify({ session_id: "session-1" }));
  localStorage.setItem("tandem.chat.outbox.other-tab", JSON.stringify([entry]));
  const { server } = page();
  server.confirm([said(1, 0)], 1);
  expect(server.calls[0]?.payload).toMatchObject({ message: "one", message_id: "old-1" });
});

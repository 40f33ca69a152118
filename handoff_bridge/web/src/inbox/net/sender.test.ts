import { beforeEach, expect, test, vi } from "vitest";
import { Store } from "../../shared/client/store";
import { customerSays } from "../state/fixtures";
import { NEW_INBOX, withEvents } from "../state/inbox";
import { Keep } from "../state/keep";
import type { Ack, Caller, Refused } from "./caller";
import { Sender } from "./sender";

type Sent = { event: string; client_id: string; text: string };

/** A connection whose answers the test gives by hand. */
function desk(connected = true) {
  const sent: Sent[] = [];
  const answers: ((ack: Ack<"note_add">) => void)[] = [];
  const caller = {
    connected,
    call: (event: string, payload: Omit<Sent, "event">) => {
      sent.push({ event, ...payload });
      return new Promise<Ack<"note_add">>((resolve) => answers.push(resolve));
    },
  };
  const store = new Store(withEvents("c1", [customerSays(1)])(NEW_INBOX));
  const keep = new Keep(sessionStorage, localStorage, "me");
  const holes: string[] = [];
  const sender = new Sender(store, caller as unknown as Caller, keep, (id) => holes.push(id));
  const answer = (ack: Ack<"note_add">) => answers.shift()?.(ack);
  return { sent, caller, store, keep, sender, answer, holes };
}

const LOST: Refused = { ok: false, error: "no_answer", message: "" };

beforeEach(() => localStorage.clear());

test("what is written offline waits, in order, and leaves after the connection is back", async () => {
  const { sent, caller, sender, answer, keep } = desk(false);
  sender.write("c1", "reply", "one");
  sender.write("c1", "reply", "two");
  expect(sent).toEqual([]);
  expect(keep.entries().map((entry) => entry.text)).toEqual(["one", "two"]);
  caller.connected = true;
  sender.reconnected();
  expect(sent.map((each) => each.text)).toEqual(["one"]);
  answer({ ok: true, seq: 2 });
  await vi.waitFor(() => expect(sent.map((each) => each.text)).toEqual(["one", "two"]));
});

test("a lost answer is asked for again under the same client id", async () => {
  const { sent, sender, store, answer } = desk();
  sender.write("c1", "reply", "one");
  answer(LOST);
  await vi.waitFor(() => expect(store.state.outbox[0]?.state).toBe("queued"));
  sender.reconnected();
  expect(sent).toHaveLength(2);
  expect(sent[1]?.client_id).toBe(sent[0]?.client_id);
  sender.stop();
});

test("a message stays on screen until its event has come, and only then is gone", async () => {
  const { sender, store, keep, answer } = desk();
  sender.write("c1", "note", "only for us");
  answer({ ok: true, seq: 2 });
  await vi.waitFor(() => expect(store.state.outbox[0]?.state).toBe("accepted"));
  expect(keep.entries()).toEqual([]);
  store.update(withEvents("c1", [customerSays(2)]));
  expect(store.state.outbox).toEqual([]);
});

test("an answer whose number is ahead of what is known tells of a hole", async () => {
  const { sender, store, answer, holes } = desk();
  sender.write("c1", "reply", "one");
  store.update(withEvents("c1", [customerSays(2)]));
  answer({ ok: true, seq: 2 });
  await vi.waitFor(() => expect(store.state.outbox).toEqual([]));
  expect(holes).toEqual([]);
  sender.write("c1", "reply", "two");
  store.update(withEvents("c1", [customerSays(5)]));
  answer({ ok: true, seq: 5 });
  await vi.waitFor(() => expect(holes).toEqual(["c1"]));
});

test("an event that came before its answer leaves no second copy", async () => {
  const { sender, store, answer } = desk();
  sender.write("c1", "reply", "one");
  store.update(withEvents("c1", [customerSays(2)]));
  answer({ ok: true, seq: 2 });
  await vi.waitFor(() => expect(store.state.outbox).toEqual([]));
});

test("a refusal is kept with its reason until the agent decides", async () => {
  const { sender, store, keep, answer } = desk();
  sender.write("c1", "reply", "one");
  answer({ ok: false, error: "not_owner", message: "This chat is not yours." });
  await vi.waitFor(() => expect(store.state.outbox[0]).toMatchObject({ refused: "This chat is not yours." }));
  const id = store.state.outbox[0]?.id ?? "";
  sender.discard(id);
  expect([store.state.outbox, keep.entries()]).toEqual([[], []]);
});

import { expect, test } from "vitest";
import * as box from "./outbox";

type Sent = box.Entry & { lane: string };
const entry = (id: string, fields: Partial<Sent> = {}): Sent => ({
  id,
  lane: "c1",
  at: "2026-05-01T10:00:00Z",
  state: "queued",
  ...fields,
});
const two = [entry("a"), entry("b")];
const sending = box.change(two, "a", { state: "sending" });
const ids = (outbox: readonly Sent[]) => outbox.map(({ id }) => id);
const states = (outbox: readonly Sent[]) => outbox.map(({ id, state }) => `${id} ${state}`);

test("one message is under way at a time, in the order they were written", () => {
  expect(ids(box.nextToSend(two))).toEqual(["a"]);
  expect(box.nextToSend(sending)).toEqual([]);
  expect(ids(box.nextToSend(box.without(sending, ["a"])))).toEqual(["b"]);
});

test("one lane's messages leave one after another, others beside them", () => {
  const held = [...two, entry("c", { lane: "c2" })];
  const laneOf = ({ lane }: Sent) => lane;
  expect(ids(box.nextToSend(held, laneOf))).toEqual(["a", "c"]);
  expect(ids(box.nextToSend(box.change(held, "a", { state: "sending" }), laneOf))).toEqual(["c"]);
});

test("without an answer the message and all behind it wait, and none overtakes", () => {
  const failed = box.fail(sending, "a");
  expect(states(failed)).toEqual(["a failed", "b failed"]);
  expect(box.nextToSend(failed)).toEqual([]);
});

test("trying one again sends all that had no answer, in their order and under their ids", () => {
  const again = box.retry(box.fail(sending, "a"), "b");
  expect(states(again)).toEqual(["a queued", "b queued"]);
  expect(ids(box.nextToSend(again))).toEqual(["a"]);
});

test("a refused message holds up no other and is not sent again by itself", () => {
  const refused = box.refuse(sending, "a", "Too long.");
  expect(ids(box.nextToSend(refused))).toEqual(["b"]);
  expect(states(box.requeue(refused))).toEqual(["a failed", "b queued"]);
  expect(states(box.retry(refused, "a"))).toEqual(["a queued", "b queued"]);
});

test("what was on its way when the connection broke is sent again under its own id", () => {
  expect(ids(box.nextToSend(box.requeue(JSON.parse(JSON.stringify(sending)))))).toEqual(["a"]);
});

test("what the server has is neither sent again nor in the way of others", () => {
  const accepted = box.requeue(box.change(two, "a", { state: "accepted" }));
  expect(states(accepted)).toEqual(["a accepted", "b queued"]);
  expect(ids(box.nextToSend(accepted))).toEqual(["b"]);
});

test("the same entry is not taken twice", () => {
  expect(ids(box.add([entry("a")], entry("a")))).toEqual(["a"]);
});

test("what another tab left behind is taken over once and in order", () => {
  const late = entry("b", { at: "2026-05-01T10:00:02Z" });
  expect(ids(box.adopt([late], [entry("a"), late]))).toEqual(["a", "b"]);
});

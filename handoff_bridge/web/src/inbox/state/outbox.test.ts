import { expect, test } from "vitest";
import { AT } from "./fixtures";
import * as outbox from "./outbox";

const entry = (id: string, fields: Partial<outbox.Entry> = {}): outbox.Entry => ({
  client_id: id,
  conversation_id: "c1",
  kind: "reply",
  text: id,
  at: AT,
  state: "waiting",
  ...fields,
});
const ids = (entries: readonly outbox.Entry[]) => entries.map((each) => each.client_id);

test("one conversation's messages leave one after another, others beside them", () => {
  const held = [entry("a"), entry("b"), entry("c", { conversation_id: "c2" })];
  expect(ids(outbox.nextToSend(held))).toEqual(["a", "c"]);
  expect(ids(outbox.nextToSend(outbox.withState(held, "a", { state: "sending" })))).toEqual(["c"]);
});

test("a refused message does not hold up those behind it", () => {
  expect(ids(outbox.nextToSend([entry("a", { state: "failed" }), entry("b")]))).toEqual(["b"]);
});

test("what was on its way when the connection broke is sent again under its own id", () => {
  const [again] = outbox.afterReconnect([entry("a", { state: "sending" })]);
  expect(again).toMatchObject({ client_id: "a", state: "waiting" });
});

test("an accepted message leaves only when its event has arrived", () => {
  const held = [entry("a", { state: "accepted", seq: 7 }), entry("b")];
  expect(outbox.dropArrived(held, "c1", new Set([6]))).toBe(held);
  expect(outbox.dropArrived(held, "c2", new Set([7]))).toBe(held);
  expect(ids(outbox.dropArrived(held, "c1", new Set([7])))).toEqual(["b"]);
});

test("the same entry is not taken twice", () => {
  expect(outbox.withEntry([entry("a")], entry("a"))).toHaveLength(1);
});

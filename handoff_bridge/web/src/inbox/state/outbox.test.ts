import { expect, test } from "vitest";
import { AT } from "./fixtures";
import * as outbox from "./outbox";

const entry = (id: string, fields: Partial<outbox.Entry> = {}): outbox.Entry => ({
  id,
  conversation_id: "c1",
  kind: "reply",
  text: id,
  at: AT,
  state: "queued",
  ...fields,
});

test("an accepted message leaves only when its event has arrived", () => {
  const held = [entry("a", { state: "accepted", seq: 7 }), entry("b")];
  expect(outbox.dropArrived(held, "c1", new Set([6]))).toBe(held);
  expect(outbox.dropArrived(held, "c2", new Set([7]))).toBe(held);
  expect(outbox.dropArrived(held, "c1", new Set([7])).map(({ id }) => id)).toEqual(["b"]);
});

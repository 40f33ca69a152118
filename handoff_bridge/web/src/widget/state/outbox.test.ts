import { expect, test } from "vitest";
import * as box from "./outbox";

const entry = (id: string, at = "2026-05-01T10:00:00Z") => ({ message_id: id, text: id, at });
const two = box.enqueue(box.enqueue([], entry("a")), entry("b"));
const states = (outbox: box.Outgoing[]) => outbox.map(({ message_id, state }) => `${message_id} ${state}`);

test("one message is under way at a time, in the order they were written", () => {
  expect(box.nextToSend(two)?.message_id).toBe("a");
  const sending = box.markSending(two, "a");
  expect(box.nextToSend(sending)).toBeUndefined();
  expect(box.nextToSend(box.settle(sending, ["a"]))?.message_id).toBe("b");
});

test("without an answer the message and all behind it wait, and none overtakes", () => {
  const failed = box.markFailed(box.markSending(two, "a"), "a");
  expect(states(failed)).toEqual(["a failed", "b failed"]);
  expect(box.nextToSend(failed)).toBeUndefined();
});

test("trying one again sends all that had no answer, in their order and under their ids", () => {
  const again = box.retry(box.markFailed(box.markSending(two, "a"), "a"), "b");
  expect(states(again)).toEqual(["a queued", "b queued"]);
  expect(box.nextToSend(again)?.message_id).toBe("a");
});

test("a refused message holds up no other and is not sent again by itself", () => {
  const refused = box.markRefused(box.markSending(two, "a"), "a", "Too long.");
  expect(box.nextToSend(refused)?.message_id).toBe("b");
  expect(states(box.requeue(refused))).toEqual(["a failed", "b queued"]);
  expect(states(box.retry(refused, "a"))).toEqual(["a queued", "b queued"]);
});

test("after a reload what was under way is sent again under the same id", () => {
  const reloaded = box.requeue(JSON.parse(JSON.stringify(box.markSending(two, "a"))));
  expect(box.nextToSend(reloaded)?.message_id).toBe("a");
});

test("a message that a history or echo shows is settled", () => {
  expect(states(box.settle(two, ["x", "a"]))).toEqual(["b queued"]);
});

test("what another tab left behind is taken over once and in order", () => {
  const mine = box.enqueue([], entry("b", "2026-05-01T10:00:02Z"));
  const left = box.enqueue(
    box.enqueue([], entry("a", "2026-05-01T10:00:01Z")),
    entry("b", "2026-05-01T10:00:02Z"),
  );
  expect(box.adopt(mine, left).map((one) => one.message_id)).toEqual(["a", "b"]);
});

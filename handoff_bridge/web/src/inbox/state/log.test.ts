import { expect, test } from "vitest";
import { AT, customerSays } from "./fixtures";
import { cursorOf, customerMessagesAfter, hasGap, mergeEvents, shownSeq } from "./log";

const [one, two, three] = [1, 2, 3].map((seq) => customerSays(seq)) as [never, never, never];

test("events arrive in any order and any number of times, and stand once and in order", () => {
  const held = mergeEvents(mergeEvents([], [three, one]), [two, one, three]);
  expect(held.map((event) => event.seq)).toEqual([1, 2, 3]);
});

test("the same event twice in one batch stands once", () => {
  expect(mergeEvents([], [one, one])).toHaveLength(1);
});

test("nothing new leaves the log as it was", () => {
  const held = mergeEvents([], [one, two]);
  expect(mergeEvents(held, [two])).toBe(held);
});

test("a missing event is noticed, and the cursor stops before it", () => {
  const held = mergeEvents([], [one, three]);
  expect(hasGap(held)).toBe(true);
  expect(cursorOf(held)).toBe(1);
  expect(hasGap(mergeEvents(held, [two]))).toBe(false);
});

test("a log whose beginning is missing starts from nothing", () => {
  expect(cursorOf([two, three])).toBe(0);
  expect(hasGap([two, three])).toBe(true);
});

test("only the customer's own messages count as written again", () => {
  const bot = { ...customerSays(2), actor: { type: "bot" as const } };
  const note = { ...customerSays(3), type: "note" as const, text: "Hm" };
  expect(customerMessagesAfter([one, bot, note, customerSays(4)], 1).map((event) => event.seq)).toEqual([4]);
});

test("a fact from a turn points at the message that the turn answered", () => {
  const turn = { seq: 3, type: "turn" as const, at: AT, actor: { type: "bot" as const }, message_id: "m1" };
  const isShown = (event: { type: string }) => event.type === "message";
  expect(shownSeq([one, two, turn], 3, isShown)).toBe(1);
  expect(shownSeq([one, two, { ...turn, message_id: "unknown" }], 3, isShown)).toBe(2);
});

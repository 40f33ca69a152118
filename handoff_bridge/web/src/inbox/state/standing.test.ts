import { expect, test } from "vitest";
import type { LogEntry, OwnerChanged } from "../../shared/contract";
import { AT, customerSays, mine, row } from "./fixtures";
import { hasLeft, mayType, whereNow, whyEnded } from "./standing";

const moved = (seq: number, to: OwnerChanged["to"], name?: string): LogEntry => ({
  seq,
  type: "owner_changed",
  at: AT,
  actor: { type: "system" },
  from: "queue",
  to,
  epoch: seq,
  reason: "claimed",
  ...(name && { agent: { id: name, name } }),
});
const left = (seq: number): LogEntry => ({
  seq,
  type: "customer_left",
  at: AT,
  actor: { type: "customer" },
});

test("who has a returned chat is who has it now", () => {
  const returned = row("h1", { state: "returned" });
  expect(whereNow(returned, [])).toBe("Assistant has this chat again.");
  const log = [moved(2, "agent", "Maria"), moved(3, "bot"), moved(5, "queue")];
  expect(whereNow(returned, log)).toBe("This chat waits in line for somebody of the team.");
  expect(whereNow(returned, [...log, moved(6, "agent", "Sam")])).toBe("Sam has this chat.");
  expect(whereNow(returned, [...log, moved(7, "bot")])).toBe("Assistant has this chat again.");
  expect(whereNow(returned, [...log, moved(7, "closed")])).toBe("This chat is closed.");
  expect(whereNow(returned, [...log, left(7), moved(8, "closed")])).toBe("The customer has ended this chat.");
});

test("a chat ends for its agent when the customer ends it", () => {
  const log = [customerSays(1), left(2)];
  expect(whyEnded(mine("h1"), log)).toContain("The customer has ended this chat");
  expect(whyEnded(mine("h1"), [...log, customerSays(3)])).toBeUndefined();
  expect(whyEnded(mine("h1"), [customerSays(1)])).toBeUndefined();
  expect(whyEnded(mine("h1", { contact: { want: "mail" } }), log)).toBeUndefined();
  expect(hasLeft(log)).toBe(true);
});

test("nobody types in a chat that has ended", () => {
  expect(mayType(mine("h1"), [customerSays(1)])).toBe(true);
  expect(mayType(mine("h1"), [customerSays(1), left(2)])).toBe(false);
  expect(mayType(row("h1", { state: "closed" }), [])).toBe(false);
  expect(mayType(row("h1", { state: "returned" }), [moved(3, "closed")])).toBe(false);
});

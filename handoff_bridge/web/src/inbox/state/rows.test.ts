import { expect, test } from "vitest";
import { AT, mine, row, snapshot } from "./fixtures";
import * as rows from "./rows";

const byId = (...each: ReturnType<typeof row>[]) =>
  Object.fromEntries(each.map((one) => [one.handoff_id, one]));
const ids = (list: { handoff_id: string }[]) => list.map((one) => one.handoff_id);

test("the queue keeps the server's places, and without them priority and then waiting time", () => {
  const late = row("late", { queued_at: "2026-05-01T10:05:00Z" });
  const urgent = row("urgent", { queued_at: "2026-05-01T10:09:00Z", priority: 2 });
  expect(ids(rows.queueOf(byId(late, row("early"), urgent)))).toEqual(["urgent", "early", "late"]);
  const placed = rows.withPositions(byId(late, row("early")), { late: 1, early: 2, unknown: 3 });
  expect(ids(rows.queueOf(placed))).toEqual(["late", "early"]);
});

test("a chat claimed by someone else leaves the queue and is not mine", () => {
  const held = byId(mine("theirs", { agent: { agent_id: "other", name: "Sam" } }), mine("ours"));
  expect(rows.queueOf(held)).toEqual([]);
  expect(ids(rows.mineOf(held, "me"))).toEqual(["ours"]);
});

test("a snapshot replaces the lists but keeps the chat on screen, as gone", () => {
  const next = rows.fromSnapshot(
    byId(row("shown"), row("other")),
    snapshot({ queue: [row("new")] }),
    "shown",
  );
  expect(Object.keys(next).sort()).toEqual(["new", "shown"]);
  expect(next.shown?.state).toBe(rows.GONE);
});

test("a returned chat on screen stays returned after a snapshot", () => {
  const next = rows.fromSnapshot(byId(row("shown", { state: "returned" })), snapshot(), "shown");
  expect(next.shown?.state).toBe("returned");
});

test("waiting turns amber after two minutes and red after five", () => {
  const after = (seconds: number) => new Date(new Date(AT).getTime() + seconds * 1000);
  expect(rows.waitLevel(AT, after(119))).toBe("calm");
  expect(rows.waitLevel(AT, after(120))).toBe("amber");
  expect(rows.waitLevel(AT, after(300))).toBe("red");
});

test("stepping through the chats stops at both ends", () => {
  const order = [row("a"), row("b")];
  expect(rows.neighbour(order, undefined, 1)?.handoff_id).toBe("a");
  expect(rows.neighbour(order, "a", 1)?.handoff_id).toBe("b");
  expect(rows.neighbour(order, "b", 1)?.handoff_id).toBe("b");
  expect(rows.neighbour([], undefined, 1)).toBeUndefined();
});

test("a chat is kept for whom it was passed on to, until its time is up", () => {
  const until = "2026-05-01T10:01:00Z";
  const before = new Date("2026-05-01T10:00:59Z");
  const me = { agent_id: "me", team: "returns" };
  const forSam = row("a", { for_agent: { agent_id: "sam", name: "Sam" }, waits_until: until });
  expect(rows.keptFor(forSam, me, before)).toEqual({ name: "Sam", isMe: false, until });
  expect(rows.keptFor(forSam, { agent_id: "sam" }, before)?.isMe).toBe(true);
  expect(rows.keptFor(forSam, me, new Date(until))).toBeUndefined();
  expect(rows.keptFor(row("b"), me, before)).toBeUndefined();
  const forTeam = row("c", { for_team: "returns", waits_until: until });
  expect(rows.keptFor(forTeam, me, before)?.isMe).toBe(true);
  expect(rows.keptFor(forTeam, { agent_id: "other" }, before)).toMatchObject({
    name: "the returns team",
    isMe: false,
  });
});

test("only a supervisor takes a chat from a colleague", () => {
  const theirs = mine("theirs", { agent: { agent_id: "other", name: "Sam" } });
  expect(rows.isTakeable(theirs, { agent_id: "me", role: "supervisor" })).toBe(true);
  expect(rows.isTakeable(theirs, { agent_id: "me", role: "agent" })).toBe(false);
  expect(rows.isTakeable(mine("own"), { agent_id: "me", role: "supervisor" })).toBe(false);
  expect(rows.isTakeable(row("queued"), { agent_id: "me", role: "supervisor" })).toBe(false);
});

test("a promise is amber in its last hour and red past it, until an agent has written", () => {
  const promised = row("a", { answer_by: "2026-05-01T12:00:00Z" });
  const at = (time: string) => rows.dueLevel(promised, new Date(`2026-05-01T${time}Z`));
  expect([at("10:59:59"), at("11:00:00"), at("11:59:59"), at("12:00:00")]).toEqual([
    "calm",
    "amber",
    "amber",
    "red",
  ]);
  const now = new Date("2026-05-01T13:00:00Z");
  expect(rows.dueLevel({ ...promised, answered_at: "2026-05-01T12:30:00Z" }, now)).toBe("calm");
  expect(rows.dueLevel(row("b"), now)).toBe("calm");
});

test("a chat that I wrap up is among mine, at the end, until that is over", () => {
  const over = mine("over", {
    state: "closed",
    wrap_up_until: AT,
    last_message: { sender: "agent", at: AT },
  });
  expect(ids(rows.mineOf(byId(over, mine("open")), "me"))).toEqual(["open", "over"]);
  expect(rows.isMine(over, "me")).toBe(false);
  expect(rows.isWrappingUp(over, "other")).toBe(false);
  const { wrap_up_until: _, ...done } = over;
  expect(rows.mineOf(byId(done), "me")).toEqual([]);
});

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

test("a row without a name shows what was said, else what is wanted, else some word that tells it apart", () => {
  const titled = (fields: Parameters<typeof row>[1]) => rows.titleOf(row("a", { customer: {}, ...fields }));
  expect(titled({ customer: { name: "Jo Marsh" } })).toEqual({ text: "Jo Marsh", isSaid: false });
  expect(titled({ customer_said: "it leaks", topic: "refund" })).toEqual({ text: "it leaks", isSaid: true });
  expect(titled({ topic: "order_status" }).text).toBe("Order status");
  expect(titled({ customer: { language: "de" } }).text).toBe("Web visitor, German");
  expect(titled({}).text).toMatch(/^Web visitor, \d/);
});

test("a row says whose turn it is, as its reader sees it", () => {
  const now = new Date("2026-05-01T10:02:30Z");
  const turn = (fields: Parameters<typeof row>[1]) =>
    rows.turnWords(mine("a", { turn_of: "agent", turn_since: AT, ...fields }), { agent_id: "me" }, now);
  expect(turn({})).toBe("Your turn, 2 min");
  expect(turn({ agent: { agent_id: "sam", name: "Sam" } })).toBe("Sam’s turn, 2 min");
  expect(turn({ turn_of: "customer", turn_since: "2026-05-01T10:02:00Z" })).toBe("Customer’s turn");
  expect(rows.turnWords(row("q", { turn_of: "agent", turn_since: AT }), { agent_id: "me" }, now)).toBe(
    "Our turn, 2 min",
  );
  expect(rows.turnWords(row("over"), { agent_id: "me" }, now)).toBeUndefined();
  const ago = (minutes: number) => rows.roughly(AT, new Date(new Date(AT).getTime() + minutes * 60_000));
  expect([ago(0), ago(59), ago(60), ago(2879), ago(2880)]).toEqual(["", "59 min", "1 h", "47 h", "2 days"]);
});

test("an agent's turn begins with the first message that is not answered", () => {
  const said = (type: "agent" | "customer" | "bot", at: string) => ({ actor: { type }, at });
  const asked = rows.turnAfter(mine("a", { turn_of: "customer", turn_since: "1" }), said("customer", "2"));
  expect(asked).toEqual({ turn_of: "agent", turn_since: "2" });
  expect(rows.turnAfter(mine("a", asked), said("customer", "3"))).toEqual(asked);
  expect(rows.turnAfter(mine("a", asked), said("bot", "3"))).toEqual(asked);
  expect(rows.turnAfter(mine("a", asked), said("agent", "4"))).toEqual({
    turn_of: "customer",
    turn_since: "4",
  });
});

const theirs = (id: string, agent = "sam", fields = {}) =>
  mine(id, { agent: { agent_id: agent, name: agent }, ...fields });

test("my team's chats are those that colleagues of my team have; a supervisor's team is everybody", () => {
  const agents = [
    { agent_id: "sam", name: "Sam", team: "orders", status: "available" as const, capacity: 5, load: 1 },
    { agent_id: "ana", name: "Ana", team: "returns", status: "available" as const, capacity: 5, load: 1 },
  ];
  const held = byId(theirs("a"), theirs("b", "ana"), mine("ours"), row("q"));
  const me = { agent_id: "me", role: "agent" as const };
  expect(ids(rows.teamOf(held, agents, { ...me, team: "orders" }))).toEqual(["a"]);
  expect(rows.teamOf(held, agents, me)).toEqual([]);
  expect(ids(rows.teamOf(held, agents, { ...me, role: "supervisor" }))).toEqual(["a", "b"]);
  expect(ids(rows.openOf(held))).toEqual(["q", "a", "b", "ours"]);
});

test("what colleagues have outlives a snapshot, and is replaced by what is fetched after it", () => {
  const before = rows.fromSnapshot(byId(theirs("a"), theirs("b")), snapshot({ mine: [mine("ours")] }));
  expect(Object.keys(before)).toEqual(["a", "b", "ours"]);
  // While it is fetched "b" goes on, "c" is claimed by somebody.
  const now = rows.withRow(rows.withRow(before, theirs("b", "sam", { last_seq: 9 })), theirs("c"));
  const fetched = [theirs("b", "sam", { last_seq: 2 }), theirs("d"), row("q")];
  const after = rows.withOpenRows(now, fetched, before, "me");
  expect(Object.keys(after).sort()).toEqual(["b", "c", "d", "ours"]);
  expect(after.b?.last_seq).toBe(9);
});

test("a listed conversation without a handoff is a row of its own, with no packet", () => {
  const listed = {
    ...{ conversation_id: "c", customer: {}, verified: true, channel: "web", started_at: AT, last_at: AT },
    ...{ owner: "bot" as const, last_seq: 4, customer_said: "hello" },
  };
  const alone = rows.rowOf(listed);
  expect([alone.state, alone.last_seq, rows.hasPacket(alone)]).toEqual([rows.WITH_BOT, 4, false]);
  expect(rows.isTakeable(alone, { agent_id: "me", role: "supervisor" })).toBe(true);
  expect(rows.isTakeable(alone, { agent_id: "me", role: "agent" })).toBe(false);
  expect(rows.rowOf({ ...listed, owner: "closed" }).state).toBe("closed");
  expect(rows.hasPacket(rows.rowOf({ ...listed, handoff: row("h") }))).toBe(true);
});

test("an event belongs to the open handoff of its conversation, not to an earlier one", () => {
  const held = byId(
    row("old", { conversation_id: "c", state: "closed" }),
    mine("new", { conversation_id: "c" }),
  );
  expect(rows.ofConversation(held, "c")?.handoff_id).toBe("new");
  expect(rows.ofConversation(held, "other")).toBeUndefined();
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

import { expect, test } from "vitest";
import { title } from "./attention";
import { AT, customerSays, mine, row, snapshot } from "./fixtures";
import * as inbox from "./inbox";
import { WITH_BOT } from "./rows";

const opened = (fields = {}) => inbox.onSnapshot(snapshot(fields))(inbox.NEW_INBOX);

const unreadOf = (held: inbox.Inbox, id = "a") => held.rows[id]?.unread ?? 0;

test("a new handoff counts in the title until some tab is looked at", () => {
  const away = inbox.onQueued(row("a"), false)(opened());
  expect(title(inbox.newsOf(away))).toBe("(1) Inbox · Tandem");
  expect(away.missed).toBe(true);
  expect(title(inbox.newsOf(inbox.looked(away)))).toBe("Inbox · Tandem");
});

test("a handoff that somebody claims meanwhile no longer calls", () => {
  const away = inbox.onQueued(row("a"), false)(opened());
  expect(inbox.newsOf(inbox.onRow(row("a", { state: "claimed" }))(away))).toBe(0);
});

test("a handoff that arrives while somebody looks is not counted", () => {
  const held = inbox.onQueued(row("a"), true)(opened());
  expect(inbox.newsOf(held)).toBe(0);
  expect(held.missed).toBe(false);
});

test("a customer's message is unread in my chats, unless that chat is on screen and watched", () => {
  const held = opened({ mine: [mine("a"), mine("b")] });
  const heard = inbox.onEvent("c-a", customerSays(2), true)(held);
  expect(unreadOf(heard)).toBe(1);
  expect(inbox.newsOf(heard)).toBe(1);
  expect(unreadOf(inbox.onEvent("c-a", customerSays(2), true)(inbox.select("a")(held)))).toBe(0);
  expect(unreadOf(inbox.onEvent("c-a", customerSays(2), false)(inbox.select("a")(held)))).toBe(1);
});

test("an event that comes twice is unread once", () => {
  const once = inbox.onEvent("c-a", customerSays(2), true)(opened({ mine: [mine("a")] }));
  expect(unreadOf(inbox.onEvent("c-a", customerSays(2), true)(once))).toBe(1);
});

test("messages in the queue or from the bot are nobody's unread", () => {
  const held = opened({ queue: [row("q")], mine: [mine("a")] });
  const bot = { ...customerSays(2), actor: { type: "bot" as const } };
  expect(unreadOf(inbox.onEvent("c-q", customerSays(2), false)(held), "q")).toBe(0);
  expect(unreadOf(inbox.onEvent("c-a", bot, false)(held))).toBe(0);
});

test("what is unread is what the bridge says, at a login and when another tab has read", () => {
  const held = opened({ mine: [mine("a", { unread: 3 })] });
  expect(inbox.newsOf(held)).toBe(3);
  expect(inbox.newsOf(inbox.onRead("c-a", 1)(held))).toBe(1);
});

test("a customer who goes is shown as gone", () => {
  const held = opened({ mine: [mine("a")] });
  expect(inbox.onCustomerPresence("c-a", false)(held).rows.a?.connected).toBe(false);
  expect(inbox.onCustomerPresence("c-b", false)(held).rows).toEqual(held.rows);
});

test("an event joins only a log that is open here", () => {
  const held = opened({ mine: [mine("a")] });
  expect(inbox.onEvent("c-a", customerSays(2), true)(held).logs).toEqual({});
  const open = inbox.withEvents("c-a", [customerSays(1)])(held);
  expect(inbox.onEvent("c-a", customerSays(2), true)(open).logs["c-a"]?.events).toHaveLength(2);
});

test("an arriving event takes its sent message out of the outbox", () => {
  const entry = { id: "x", conversation_id: "c-a", kind: "reply" as const, text: "Hi", at: "1" };
  const held = inbox.withOutbox(() => [{ ...entry, state: "accepted", seq: 1 }])(
    opened({ mine: [mine("a")] }),
  );
  expect(inbox.withEvents("c-a", [customerSays(1)])(held).outbox).toEqual([]);
});

test("presence reaches both the list of colleagues and the agent's own header", () => {
  const held = opened({ agents: [{ ...snapshot().agent }] });
  const busy = inbox.onPresence({ ...snapshot().agent, status: "busy", load: 2 })(held);
  expect(busy.self).toMatchObject({ status: "busy", load: 2, name: "Maria Costa" });
  expect(busy.agents[0]?.status).toBe("busy");
});

test("who takes a chat of mine over is named, and nobody else is", () => {
  const had = opened({ mine: [mine("a")] });
  const dana = { agent_id: "d", name: "Dana" };
  const lost = inbox.onLost(row("a", { state: "claimed", agent: dana }))(had);
  expect(lost.notice).toEqual({ tone: "calm", text: "Dana has taken over your chat with Jo Marsh." });
  expect(inbox.onLost(mine("a"))(had).notice).toBeUndefined();
  expect(inbox.onLost(row("a", { state: "returned" }))(had).notice).toBeUndefined();
  expect(inbox.onLost(row("b", { state: "claimed", agent: dana }))(had).notice).toBeUndefined();
});

test("the assistant's chat on screen goes on as the handoff that it gets", () => {
  const listed = row("c", { conversation_id: "c" });
  const alone = { ...listed, state: WITH_BOT } as const;
  const shown = inbox.select("c")(inbox.onRow(alone)(opened()));
  expect(inbox.onQueued(row("h", { conversation_id: "c" }), true)(shown).selected).toBe("h");
  expect(inbox.onRow(row("h", { conversation_id: "c", state: "closed" }))(shown).selected).toBe("c");
  expect(inbox.onRow(row("other"))(shown).selected).toBe("c");
  const waiting = inbox.select("q")(opened({ queue: [row("q", { conversation_id: "c" })] }));
  expect(inbox.onRow(row("h", { conversation_id: "c" }))(waiting).selected).toBe("q");
});

test("what is said changes whose turn it is", () => {
  const held = opened({ mine: [mine("a", { turn_of: "customer", turn_since: AT })] });
  const asked = inbox.onEvent("c-a", { ...customerSays(2, "well?"), at: "2" }, true)(held);
  expect(asked.rows.a).toMatchObject({ turn_of: "agent", turn_since: "2", customer_said: "well?" });
  const answer = { ...customerSays(3, "yes"), at: "3", actor: { type: "agent" as const } };
  const answered = inbox.onEvent("c-a", answer, true)(asked);
  expect(answered.rows.a).toMatchObject({ turn_of: "customer", turn_since: "3", customer_said: "well?" });
});

import { expect, test } from "vitest";
import { refuse } from "../../shared/client/outbox";
import type { Sender } from "../../shared/contract";
import type { Outgoing } from "./outbox";
import type { Message } from "./protocol";
import { isUntouched, openReplies, thread } from "./thread";

function said(seq: number, sender: Sender, at: string, more: Partial<Message> = {}): Message {
  return { seq, message_id: `m${seq}`, at: `2026-05-01T${at}Z`, sender, text: `text ${seq}`, ...more };
}
const buttons = { quick_replies: [{ title: "Yes", payload: "/affirm" }] };
const unsent: Outgoing[] = [{ id: "o1", text: "Yes", at: "2026-05-01T10:00:30Z", state: "queued" }];

test("one sender within one minute is one group", () => {
  const blocks = thread(
    [
      said(1, "bot", "10:00:01"),
      said(2, "bot", "10:00:40"),
      said(3, "bot", "10:01:10"),
      said(4, "customer", "10:01:20"),
    ],
    [],
  );
  expect(blocks.map((block) => (block.kind === "group" ? block.lines.length : block.kind))).toEqual([
    "day",
    2,
    1,
    1,
  ]);
});

test("two agents are two groups, and a system line ends a group", () => {
  const maria = { agent: { name: "Maria" } };
  const blocks = thread(
    [
      said(1, "agent", "10:00:01", maria),
      said(2, "agent", "10:00:02", { agent: { name: "Sam" } }),
      said(3, "system", "10:00:03"),
      said(4, "agent", "10:00:04", { agent: { name: "Sam" } }),
    ],
    [],
  );
  expect(blocks.map((block) => (block.kind === "group" ? block.name : block.kind))).toEqual([
    "day",
    "Maria",
    "Sam",
    "system",
    "Sam",
  ]);
});

test("a new day gets a divider", () => {
  const early = { ...said(1, "bot", "10:00:00"), at: "2026-04-29T10:00:00Z" };
  const kinds = thread([early, said(2, "bot", "10:00:00")], []).map((block) => block.kind);
  expect(kinds).toEqual(["day", "group", "day", "group"]);
});

test("an unsent message stands last, and only once when its history comes", () => {
  const own = said(2, "customer", "10:00:31", { message_id: "o1" });
  expect(thread([said(1, "bot", "10:00:00")], unsent).at(-1)).toMatchObject({ lines: [{ id: "o1" }] });
  const groups = thread([said(1, "bot", "10:00:00"), own], unsent).filter((block) => block.kind === "group");
  expect(groups.flatMap((group) => group.lines).length).toBe(2);
});

test("buttons are offered until the customer says anything, here or elsewhere", () => {
  const offered = [said(1, "bot", "10:00:00", buttons)];
  expect(openReplies(offered, [], "bot")).toHaveLength(1);
  expect(openReplies([...offered, said(2, "customer", "10:00:30")], [], "bot")).toEqual([]);
  expect(openReplies(offered, unsent, "bot")).toEqual([]);
  expect(openReplies(offered, refuse(unsent, "o1", "Too long."), "bot")).toHaveLength(1);
});

test("buttons are gone once a human has the chat or the line", () => {
  const offered = [said(1, "bot", "10:00:00", buttons), said(2, "system", "10:00:01")];
  expect(openReplies(offered, [], "queue")).toEqual([]);
  expect(openReplies([...offered, said(3, "agent", "10:01:00")], [], "bot")).toEqual([]);
});

test("what the bot asks in line has its buttons", () => {
  const asked = [
    said(1, "system", "10:00:01"),
    said(2, "customer", "10:01:00"),
    said(3, "bot", "10:01:01", buttons),
  ];
  expect(openReplies(asked, [], "queue")).toHaveLength(1);
  expect(openReplies([...asked, said(4, "system", "10:01:02")], [], "queue")).toEqual([]);
  expect(openReplies([...asked, said(4, "customer", "10:01:02")], [], "queue")).toEqual([]);
  expect(openReplies(asked, [], "agent")).toEqual([]);
});

test("only before the first word is a first step suggested", () => {
  expect(isUntouched([said(1, "bot", "10:00:00")], [])).toBe(true);
  expect(isUntouched([said(1, "bot", "10:00:00")], unsent)).toBe(false);
  expect(isUntouched([], [])).toBe(false);
});

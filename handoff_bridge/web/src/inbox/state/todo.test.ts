import { expect, it } from "vitest";
import type { NoteMention, Reminder } from "../../shared/contract";
import { NEW_INBOX } from "./inbox";
import { dueOf, namedUpTo, withMention, withoutMentions, withReminder } from "./todo";

const reminder = (id: string, fields: Partial<Reminder> = {}): Reminder => ({
  reminder_id: id,
  conversation_id: "c",
  agent: { agent_id: "me", name: "Maria" },
  text: "",
  due_at: "2026-11-30T09:00:00Z",
  is_due: false,
  ...fields,
});
const mention = (seq: number, conversation_id = "c"): NoteMention => ({
  conversation_id,
  seq,
  at: "2026-11-30T09:00:00Z",
  by: { agent_id: "sam", name: "Sam" },
  text: "@Maria",
});
const ids = (reminders: readonly Reminder[]) => reminders.map((one) => one.reminder_id);

it("keeps reminders by their time, each once, until they are done", () => {
  const late = withReminder(reminder("late", { due_at: "2026-12-01T09:00:00Z" }), false)(NEW_INBOX);
  const both = withReminder(reminder("soon"), false)(late);
  expect(ids(both.reminders)).toEqual(["soon", "late"]);
  const due = withReminder(reminder("soon", { is_due: true }), false)(both);
  expect(ids(dueOf(due.reminders))).toEqual(["soon"]);
  expect(ids(withReminder(reminder("soon"), true)(due).reminders)).toEqual(["late"]);
});

it("keeps mentions until the conversation is read so far", () => {
  const named = [mention(4), mention(7), mention(7), mention(2, "d")].reduce(
    (inbox, one) => withMention(one)(inbox),
    NEW_INBOX,
  );
  expect(named.mentions).toHaveLength(3);
  expect([namedUpTo(named, "c"), namedUpTo(named, "x")]).toEqual([7, undefined]);
  const read = withoutMentions("c", 4)(named);
  expect(read.mentions.map((one) => one.seq)).toEqual([7, 2]);
});

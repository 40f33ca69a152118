import type { NoteMention, Reminder } from "../../shared/contract";
import type { Inbox } from "./inbox";

/** What comes back to the agent: reminders, and notes that name them. Pure. */

export const withReminder =
  (reminder: Reminder, isDone: boolean) =>
  (inbox: Inbox): Inbox => {
    const others = inbox.reminders.filter((one) => one.reminder_id !== reminder.reminder_id);
    const kept = isDone ? others : [...others, reminder];
    return { ...inbox, reminders: kept.sort((one, other) => one.due_at.localeCompare(other.due_at)) };
  };

export const withMention =
  (mention: NoteMention) =>
  (inbox: Inbox): Inbox => {
    const others = inbox.mentions.filter((one) => !isSame(one, mention));
    return { ...inbox, mentions: [...others, mention] };
  };

export const withoutMentions =
  (conversationId: string, seq: number) =>
  (inbox: Inbox): Inbox => ({
    ...inbox,
    mentions: inbox.mentions.filter((one) => one.conversation_id !== conversationId || one.seq > seq),
  });

const isSame = (one: NoteMention, other: NoteMention) =>
  one.conversation_id === other.conversation_id && one.seq === other.seq;

/** How far a conversation names the agent, who has not looked yet. */
export function namedUpTo(inbox: Inbox, conversationId: string): number | undefined {
  const seqs = inbox.mentions.filter((one) => one.conversation_id === conversationId).map((one) => one.seq);
  return seqs.length ? Math.max(...seqs) : undefined;
}

export const dueOf = (reminders: readonly Reminder[]) => reminders.filter((one) => one.is_due);
/** Those that are still to come. */
export const remindersIn = (reminders: readonly Reminder[], conversationId: string) =>
  reminders.filter((one) => one.conversation_id === conversationId && !one.is_due);

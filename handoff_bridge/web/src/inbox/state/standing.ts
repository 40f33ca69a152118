import { brand } from "../../shared/brand";
import type { LogEntry, OwnerChanged } from "../../shared/contract";
import { dispositionWord } from "../../shared/desk/words";
import { isCustomerMessage } from "./log";
import { GONE, type Row, WITH_BOT } from "./rows";

/** How a chat stands, in sentences for its agent. */

/** Whether the customer has left and not written since. */
export function hasLeft(events: readonly LogEntry[]): boolean {
  const last = events.findLast((event) => event.type === "customer_left" || isCustomerMessage(event));
  return last?.type === "customer_left";
}

/** Why nothing that is written reaches the customer of my chat any more, if so. */
export function whyEnded(row: Row, events: readonly LogEntry[]): string | undefined {
  // On a channel of their own they are there as before.
  if (!hasLeft(events) || row.contact?.want === "mail" || row.reach) return undefined;
  return "The customer has ended this chat, so no reply reaches them. Close it, or leave a note.";
}

/** Whether there may be somebody at the other end who types. */
export function mayType(row: Row, events: readonly LogEntry[]): boolean {
  return !hasLeft(events) && ownerOf(events)?.to !== "closed" && row.state !== "closed";
}

/**
 * Who has a chat that is not mine. A handoff that ended says nothing of what came after it: the log
 * does, which tells of every change of owner.
 */
export function whereNow(row: Row, events: readonly LogEntry[]): string {
  const now = ownerOf(events);
  const since = events.find(
    (event) => event.type === "handoff_requested" && event.handoff_id === row.handoff_id,
  );
  if (now && now.seq > (since?.seq ?? 0)) return wordsOf(now, events);
  return wordsOfRow(row);
}

function wordsOf({ to, agent }: OwnerChanged, events: readonly LogEntry[]): string {
  if (to === "agent") return `${agent?.name ?? "A colleague"} has this chat.`;
  if (to === "queue") return "This chat waits in line for somebody of the team.";
  if (to === "bot") return `${brand.assistant} has this chat again.`;
  return hasLeft(events) ? "The customer has ended this chat." : "This chat is closed.";
}

function wordsOfRow(row: Row): string {
  if (row.state === WITH_BOT) return `${brand.assistant} has this chat.`;
  if (row.state === "claimed" || row.state === "wrap_up")
    return `${row.agent?.name ?? "A colleague"} has this chat.`;
  if (row.state === "returned") return `${brand.assistant} has this chat again.`;
  if (row.state === "closed") return "This chat is closed.";
  if (row.state === "abandoned") return "The customer left the line.";
  if (row.state === GONE) return "This chat is no longer in your inbox.";
  return dispositionWord(row.state);
}

function ownerOf(events: readonly LogEntry[]): OwnerChanged | undefined {
  return events.findLast((event) => event.type === "owner_changed");
}

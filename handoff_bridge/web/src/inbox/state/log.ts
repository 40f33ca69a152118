import type { LogEntry, Message } from "../../shared/contract";

/** A conversation's log as this page holds it: ordered by `seq`, each event once. */
export type Log = { readonly events: readonly LogEntry[]; readonly state: "loading" | "ready" | "failed" };

export const EMPTY_LOG: Log = { events: [], state: "loading" };

/** Adds events in any order, any number of times. The same array comes back if nothing was new. */
export function mergeEvents(events: readonly LogEntry[], added: readonly LogEntry[]): readonly LogEntry[] {
  const held = new Set(events.map((event) => event.seq));
  const fresh = added.filter((event) => !held.has(event.seq) && held.add(event.seq));
  if (fresh.length === 0) return events;
  return [...events, ...fresh].sort((one, other) => one.seq - other.seq);
}

/** The last `seq` up to which nothing is missing. Logs start at 1 and have no holes. */
export function cursorOf(events: readonly LogEntry[]): number {
  let cursor = 0;
  for (const event of events) {
    if (event.seq !== cursor + 1) break;
    cursor = event.seq;
  }
  return cursor;
}

export function lastSeq(events: readonly LogEntry[]): number {
  return events[events.length - 1]?.seq ?? 0;
}

/** True if something between the first and the last event has not arrived. */
export function hasGap(events: readonly LogEntry[]): boolean {
  return cursorOf(events) < lastSeq(events);
}

export function isCustomerMessage(event: LogEntry): event is Message {
  return event.type === "message" && event.actor.type === "customer";
}

/** What the customer wrote after the agent last looked. */
export function customerMessagesAfter(events: readonly LogEntry[], seen: number): Message[] {
  return events.filter(isCustomerMessage).filter((event) => event.seq > seen);
}

/**
 * The event that is on screen for a `seq`. Turns and the like are not shown; the message they
 * answer is, or else what stood before them.
 */
export function shownSeq(events: readonly LogEntry[], seq: number, isShown: (event: LogEntry) => boolean) {
  const exact = events.find((event) => event.seq === seq);
  if (exact && isShown(exact)) return seq;
  const answered = exact?.message_id
    ? events.find((event) => event.message_id === exact.message_id && isShown(event))
    : undefined;
  return (answered ?? events.findLast((event) => event.seq <= seq && isShown(event)))?.seq;
}

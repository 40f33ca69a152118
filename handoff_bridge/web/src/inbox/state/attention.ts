/** What the agent has not seen yet: new handoffs in the queue, customers' messages in their own chats. */
export type Attention = {
  readonly arrivals: readonly string[];
  readonly unread: Readonly<Record<string, number>>;
};

export const NOTHING_NEW: Attention = { arrivals: [], unread: {} };

export function withArrival(seen: Attention, handoffId: string): Attention {
  if (seen.arrivals.includes(handoffId)) return seen;
  return { ...seen, arrivals: [...seen.arrivals, handoffId] };
}

export function withUnread(seen: Attention, conversationId: string): Attention {
  return { ...seen, unread: { ...seen.unread, [conversationId]: (seen.unread[conversationId] ?? 0) + 1 } };
}

/** The page has the reader's eyes: the queue is seen, and so is the chat on screen. */
export function lookedAt(seen: Attention, conversationId?: string): Attention {
  const { [conversationId ?? ""]: read, ...unread } = seen.unread;
  if (seen.arrivals.length === 0 && read === undefined) return seen;
  return { arrivals: [], unread };
}

/** A handoff that left the queue calls for nobody any more. */
export function withoutArrivals(seen: Attention, queued: ReadonlySet<string>): Attention {
  const arrivals = seen.arrivals.filter((id) => queued.has(id));
  return arrivals.length === seen.arrivals.length ? seen : { ...seen, arrivals };
}

export function count(seen: Attention): number {
  return Object.values(seen.unread).reduce((sum, each) => sum + each, seen.arrivals.length);
}

export function title(seen: Attention): string {
  const waiting = count(seen);
  return waiting ? `(${waiting}) Inbox · Tandem` : "Inbox · Tandem";
}

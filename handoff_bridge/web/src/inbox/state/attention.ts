/** New handoffs in the queue that nobody has looked at yet. */
export type Arrivals = readonly string[];

export function withArrival(arrivals: Arrivals, handoffId: string): Arrivals {
  return arrivals.includes(handoffId) ? arrivals : [...arrivals, handoffId];
}

/** A handoff that left the queue calls for nobody any more. */
export function withoutArrivals(arrivals: Arrivals, queued: ReadonlySet<string>): Arrivals {
  const left = arrivals.filter((id) => queued.has(id));
  return left.length === arrivals.length ? arrivals : left;
}

export function title(news: number): string {
  return news ? `(${news}) Inbox · Tandem` : "Inbox · Tandem";
}

/**
 * What was written and the server has not acknowledged, oldest first. Each keeps the id that it was made with,
 * under which sending it again can neither double nor reorder it. Pure.
 */

export interface Entry {
  id: string;
  at: string;
  /** accepted: the server has it, and its event has not come yet. failed: waits for whoever wrote it. */
  state: "queued" | "sending" | "accepted" | "failed";
  /** Why the server refused it. It then holds up no other. */
  refused?: string;
}

export function add<E extends Entry>(outbox: readonly E[], entry: E): E[] {
  return outbox.some(({ id }) => id === entry.id) ? [...outbox] : [...outbox, entry];
}

export function change<E extends Entry>(outbox: readonly E[], id: string, patch: Partial<E>): E[] {
  return outbox.map((entry) => (entry.id === id ? { ...entry, ...patch } : entry));
}

/** Without these; the same list if none of them is in it. */
export function without<E extends Entry>(outbox: readonly E[], ids: Iterable<string>): readonly E[] {
  const gone = new Set(ids);
  return outbox.some(({ id }) => gone.has(id)) ? outbox.filter(({ id }) => !gone.has(id)) : outbox;
}

/**
 * Those to send now: the oldest of each lane, so that the order of writing is kept. Never two of a lane at a
 * time, and never past one that failed on the way.
 */
export function nextToSend<E extends Entry>(
  outbox: readonly E[],
  laneOf: (entry: E) => string = () => "",
): E[] {
  const taken = new Set<string>();
  return outbox.filter((entry) => {
    const lane = laneOf(entry);
    if (entry.refused || entry.state === "accepted" || taken.has(lane)) return false;
    taken.add(lane);
    return entry.state === "queued";
  });
}

export function refuse<E extends Entry>(outbox: readonly E[], id: string, reason: string): E[] {
  return change(outbox, id, { state: "failed", refused: reason } as Partial<E>);
}

/** No answer in time: it and all behind it wait, in their order. */
export function fail<E extends Entry>(outbox: readonly E[], id: string): E[] {
  const from = outbox.findIndex((entry) => entry.id === id);
  return outbox.map((entry, index) => (from >= 0 && index >= from ? { ...entry, state: "failed" } : entry));
}

/** Everything that is neither refused nor accepted gets another go: after a reload or a reconnect. */
export function requeue<E extends Entry>(outbox: readonly E[]): E[] {
  return outbox.map((entry) =>
    entry.refused || entry.state === "accepted" ? entry : { ...entry, state: "queued" },
  );
}

/** "Try again": a refused one alone, or all that had no answer, for they must keep their order. */
export function retry<E extends Entry>(outbox: readonly E[], id: string): E[] {
  if (!outbox.find((entry) => entry.id === id)?.refused) return requeue(outbox);
  return outbox.map((entry) => {
    if (entry.id !== id) return entry;
    const { refused: _, ...rest } = entry;
    return { ...rest, state: "queued" } as E;
  });
}

/** Takes over what others left behind, oldest first; ours wins where both have one. */
export function adopt<E extends Entry>(outbox: readonly E[], others: readonly E[]): E[] {
  const mine = new Set(outbox.map(({ id }) => id));
  const joined = [...outbox, ...others.filter(({ id }) => !mine.has(id))];
  return joined.sort((one, other) => one.at.localeCompare(other.at));
}

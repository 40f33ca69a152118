/**
 * What the customer has written and the server has not acknowledged. Sent strictly one after the other,
 * under ids made here, so that sending one again can neither double nor reorder it. Pure.
 */

import type { Attachment } from "../../shared/contract";

export interface Outgoing {
  message_id: string;
  text: string;
  /** What a tapped button sends; `text` is then its title. */
  payload?: string;
  attachments?: Attachment[];
  at: string;
  /** What the customer had seen when writing it, however late it is sent. */
  last_seq?: number;
  state: "queued" | "sending" | "failed";
  /** The server's sentence, if it refused the message. It then waits for the customer and holds up no other. */
  refused?: string;
}

export function enqueue(outbox: Outgoing[], entry: Omit<Outgoing, "state">): Outgoing[] {
  return [...outbox, { ...entry, state: "queued" }];
}

/** The one to send now, if any: never two at a time, and never past one that failed on the way. */
export function nextToSend(outbox: Outgoing[]): Outgoing | undefined {
  const waiting = outbox.filter((entry) => !entry.refused);
  return waiting[0]?.state === "queued" ? waiting[0] : undefined;
}

export function markSending(outbox: Outgoing[], id: string): Outgoing[] {
  return change(outbox, id, (entry) => ({ ...entry, state: "sending" }));
}

/** No answer in time: it and all behind it wait for the customer, in their order. */
export function markFailed(outbox: Outgoing[], id: string): Outgoing[] {
  const from = outbox.findIndex((entry) => entry.message_id === id);
  if (from < 0) return outbox;
  return outbox.map((entry, index) => (index >= from ? { ...entry, state: "failed" } : entry));
}

export function markRefused(outbox: Outgoing[], id: string, reason: string): Outgoing[] {
  return change(outbox, id, (entry) => ({ ...entry, state: "failed", refused: reason }));
}

/** The server has them: under whatever way we learned it (ack, echo, history). */
export function settle(outbox: Outgoing[], ids: Iterable<string>): Outgoing[] {
  const known = new Set(ids);
  return outbox.some((entry) => known.has(entry.message_id))
    ? outbox.filter((entry) => !known.has(entry.message_id))
    : outbox;
}

/** Everything that is not refused gets another go: after a reload or a reconnect. */
export function requeue(outbox: Outgoing[]): Outgoing[] {
  return outbox.map((entry) => (entry.refused ? entry : { ...entry, state: "queued" }));
}

/** "Try again": a refused one alone, or all that had no answer, for they must keep their order. */
export function retry(outbox: Outgoing[], id: string): Outgoing[] {
  const entry = outbox.find((candidate) => candidate.message_id === id);
  if (!entry?.refused) return requeue(outbox);
  return change(outbox, id, ({ refused: _, ...rest }) => ({ ...rest, state: "queued" }));
}

/** Takes over what other tabs left behind, oldest first; ours wins where both have one. */
export function adopt(outbox: Outgoing[], others: Outgoing[]): Outgoing[] {
  const mine = new Set(outbox.map((entry) => entry.message_id));
  const joined = [...outbox, ...others.filter((entry) => !mine.has(entry.message_id))];
  return joined.sort((one, other) => one.at.localeCompare(other.at));
}

function change(outbox: Outgoing[], id: string, how: (entry: Outgoing) => Outgoing): Outgoing[] {
  return outbox.map((entry) => (entry.message_id === id ? how(entry) : entry));
}

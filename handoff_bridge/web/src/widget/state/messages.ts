/** The conversation as this tab knows it: merged by `seq`, whatever order the pieces come in. Pure. */

import type { Message } from "./protocol";

export interface Log {
  messages: Message[];
  /** Every customer-visible event up to here is known, for a history has said so. */
  knownTo: number;
}

export const emptyLog: Log = { messages: [], knownTo: 0 };

/** Adds messages; one that is already there is replaced, so that nothing is ever shown twice. */
export function merge(log: Log, incoming: Message[]): Log {
  const bySeq = new Map(log.messages.map((message) => [message.seq, message]));
  for (const message of incoming) bySeq.set(message.seq, message);
  return { ...log, messages: [...bySeq.values()].sort((one, other) => one.seq - other.seq) };
}

/** Adds what was acknowledged, which knows less than what a history or an echo has told already. */
export function mergeOwn(log: Log, own: Message): Log {
  return log.messages.some((known) => known.seq === own.seq) ? log : merge(log, [own]);
}

/** Takes a history's answer, whole or from `last_seq` on. */
export function mergeHistory(log: Log, incoming: Message[], lastSeq: number): Log {
  return { ...merge(log, incoming), knownTo: Math.max(log.knownTo, lastSeq) };
}

/** The number up to which nothing is missing: what was on screen, and what to ask the next history from. */
export function linkedSeq(log: Log): number {
  let last = log.knownTo;
  for (const message of log.messages) {
    if ((message.prev ?? 0) > last) break;
    last = Math.max(last, message.seq);
  }
  return last;
}

/** True if the message follows one that we have never seen. */
export function revealsGap(log: Log, message: Message): boolean {
  const prev = message.prev ?? 0;
  if (prev <= linkedSeq(log)) return false;
  return !log.messages.some((known) => known.seq === prev);
}

import type { Attachment } from "../../shared/contract";

/** Messages and notes on their way. Each keeps its `client_id` until the server has answered it. */
export type Kind = "reply" | "note";
export type Entry = {
  client_id: string;
  conversation_id: string;
  kind: Kind;
  text: string;
  attachments?: Attachment[];
  at: string;
  state: "waiting" | "sending" | "accepted" | "failed";
  seq?: number;
  problem?: string;
};
export type Outbox = readonly Entry[];

export function withEntry(outbox: Outbox, entry: Entry): Outbox {
  return outbox.some((held) => held.client_id === entry.client_id) ? outbox : [...outbox, entry];
}

export function withState(outbox: Outbox, clientId: string, change: Partial<Entry>): Outbox {
  return outbox.map((entry) => (entry.client_id === clientId ? { ...entry, ...change } : entry));
}

export function without(outbox: Outbox, clientId: string): Outbox {
  return outbox.filter((entry) => entry.client_id !== clientId);
}

/** After a lost connection nothing is known of what was being sent: it is sent again, under the same id. */
export function afterReconnect(outbox: Outbox): Outbox {
  return outbox.map((entry) => (entry.state === "sending" ? { ...entry, state: "waiting" } : entry));
}

/** What may be sent now: the oldest of each conversation, so that the order of writing is kept. */
export function nextToSend(outbox: Outbox): Entry[] {
  const taken = new Set<string>();
  return outbox.filter((entry) => {
    if (entry.state === "failed" || entry.state === "accepted" || taken.has(entry.conversation_id))
      return false;
    taken.add(entry.conversation_id);
    return entry.state === "waiting";
  });
}

/** An accepted entry has done its work once its event stands in the log. */
export function dropArrived(outbox: Outbox, conversationId: string, seqs: ReadonlySet<number>): Outbox {
  const arrived = (entry: Entry) =>
    entry.conversation_id === conversationId && entry.seq !== undefined && seqs.has(entry.seq);
  return outbox.some(arrived) ? outbox.filter((entry) => !arrived(entry)) : outbox;
}

/** What the server does not have yet. */
export const unsent = (outbox: Outbox): Entry[] =>
  outbox.filter((entry) => entry.state === "waiting" || entry.state === "sending");

export const pendingOf = (outbox: Outbox, conversationId: string): Entry[] =>
  outbox.filter((entry) => entry.conversation_id === conversationId);

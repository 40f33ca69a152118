import type { Entry as OutboxEntry } from "../../shared/client/outbox";
import type { Attachment } from "../../shared/contract";

/** Messages and notes on their way. */
export type Kind = "reply" | "note";
export type Entry = OutboxEntry & {
  conversation_id: string;
  kind: Kind;
  text: string;
  attachments?: Attachment[];
  /** Of an accepted one: where it stands in the log. */
  seq?: number;
};
export type Outbox = readonly Entry[];

/** An accepted entry has done its work once its event stands in the log. */
export function dropArrived(outbox: Outbox, conversationId: string, seqs: ReadonlySet<number>): Outbox {
  const arrived = (entry: Entry) =>
    entry.conversation_id === conversationId && entry.seq !== undefined && seqs.has(entry.seq);
  return outbox.some(arrived) ? outbox.filter((entry) => !arrived(entry)) : outbox;
}

/** What the server does not have yet. */
export const unsent = (outbox: Outbox): Entry[] =>
  outbox.filter((entry) => entry.state === "queued" || entry.state === "sending");

export const pendingOf = (outbox: Outbox, conversationId: string): Entry[] =>
  outbox.filter((entry) => entry.conversation_id === conversationId);

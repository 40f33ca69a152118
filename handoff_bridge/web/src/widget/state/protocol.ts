/** Protocol version 1 as the customer's side sees it, and how we read it: null counts as absent. */

import type { Refused } from "../../shared/client/caller";
import type {
  Attachment,
  ChatMessage,
  ConversationStatus,
  CustomerAcks,
  CustomerCalls,
  Owner,
  QuickReply,
  Sender,
  ShownCard,
} from "../../shared/contract";

export const PROTOCOL = 1;

export type Button = Pick<QuickReply, "title" | "payload">;

/** A message as the widget keeps it. */
export type Message = Pick<ChatMessage, "seq" | "message_id" | "at" | "sender" | "agent" | "text"> & {
  /** Which of the bridge's own sentences it is. */
  key?: string;
  /** The agent who has left with this line: did they settle it? */
  survey?: { name: string };
  /** The customer-visible event before this one; absent for the first. */
  prev?: number;
  quick_replies?: Button[];
  attachments?: Attachment[];
  cards?: ShownCard[];
  /** Said instead of the text where the cards are drawn. */
  brief?: string;
  /** A picture by address, as Rasa's own responses carry it. */
  link?: string;
};

export type Ack<C extends keyof CustomerCalls = keyof CustomerCalls> = CustomerAcks[C] | Refused;
/** What a call carries beside the session. */
export type Payload<C extends keyof CustomerCalls> = Omit<CustomerCalls[C], "session_id">;

type Raw = Record<string, unknown>;

function withoutNulls(raw: unknown): Raw {
  if (typeof raw !== "object" || raw === null) return {};
  return Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== null && value !== undefined));
}

/** Reads a `bot_uttered`, `user_echo` or history item; what has no number is not part of the conversation. */
export function readMessage(input: unknown, sender?: Sender): Message | undefined {
  const raw = withoutNulls(input);
  if (typeof raw.seq !== "number") return undefined;
  const message: Message = {
    seq: raw.seq,
    message_id: String(raw.message_id ?? `seq-${raw.seq}`),
    at: typeof raw.at === "string" ? raw.at : new Date().toISOString(),
    sender: sender ?? (raw.sender as Sender | undefined) ?? "bot",
  };
  if (typeof raw.prev === "number" && raw.prev > 0) message.prev = raw.prev;
  if (typeof raw.text === "string" && raw.text) message.text = raw.text;
  if (typeof raw.key === "string") message.key = raw.key;
  const { name: asked } = withoutNulls(raw.survey);
  if (typeof asked === "string") message.survey = { name: asked };
  if (raw.agent) message.agent = raw.agent as { name: string };
  if (Array.isArray(raw.quick_replies)) message.quick_replies = raw.quick_replies.flatMap(readReply);
  if (Array.isArray(raw.attachments)) message.attachments = raw.attachments.filter(isAttachment);
  if (Array.isArray(raw.cards)) message.cards = raw.cards.filter(isCard);
  if (message.cards?.length && typeof raw.brief === "string") message.brief = raw.brief;
  const link = pictureAddress(raw.attachment);
  if (link) message.link = link;
  return message;
}

/** A button without a payload says its title. */
function readReply(value: unknown): Button[] {
  const { title, payload } = withoutNulls(value);
  if (typeof title !== "string" || !title) return [];
  return [{ title, payload: typeof payload === "string" ? payload : title }];
}

function isAttachment(value: unknown): value is Attachment {
  return typeof withoutNulls(value).attachment_id === "string";
}

function isCard(value: unknown): value is ShownCard {
  const { title, rows } = withoutNulls(value);
  return typeof title === "string" && Array.isArray(rows);
}

function pictureAddress(attachment: unknown): string | undefined {
  if (typeof attachment === "string") return attachment;
  const payload = withoutNulls(withoutNulls(attachment).payload);
  return typeof payload.src === "string" ? payload.src : undefined;
}

export function readStatus(input: unknown): ConversationStatus {
  const raw = withoutNulls(input);
  const owners: unknown[] = ["bot", "queue", "agent", "closed"];
  const owner = owners.includes(raw.owner) ? (raw.owner as Owner) : "bot";
  const status: ConversationStatus = { owner };
  for (const name of ["position", "late", "contact", "eta_range", "language"] as const) {
    if (raw[name]) Object.assign(status, { [name]: raw[name] });
  }
  const { answer_by, ticket } = withoutNulls(raw.promise);
  if (typeof answer_by === "string") {
    status.promise = { answer_by, ...(typeof ticket === "string" ? { ticket } : {}) };
  }
  const agent = withoutNulls(raw.agent);
  if (typeof agent.name === "string") {
    status.agent = { name: agent.name, ...(typeof agent.team === "string" ? { team: agent.team } : {}) };
  }
  return status;
}

import { brand } from "../brand";
import type {
  CardActed,
  HandoffRequested,
  HandoffUpdated,
  LogEntry,
  Message,
  Note,
  OfferEntry,
  OwnerChanged,
  ReplySuppressed,
  SentAgain,
} from "../contract";
import { sameDay } from "../time";
import { dispositionWord, failureWord, plainWords, reasonWords, triggerInline } from "./words";

/** A log as people read it: which events are shown, how they group, what the thin lines say. */

export type Voice = "customer" | "bot" | "agent" | "me";
export type Item =
  | { kind: "day"; key: string; at: string }
  | { kind: "message"; key: string; event: Message; voice: Voice; name: string; starts: boolean }
  | { kind: "note"; key: string; event: Note; name: string }
  | { kind: "suppressed"; key: string; event: LogEntry; texts: string[]; did: string[] }
  | { kind: "line"; key: string; event: LogEntry; text: string; tone?: "red"; said?: boolean };

const GROUP_MS = 3 * 60_000;

/** Who reads: their own id, and what the customer is called where the log does not say. */
export type Reader = {
  myId?: string | undefined;
  customer?: string | undefined;
  /** Failures to deliver stand with their messages: no line of their own is needed. */
  tellsFailures?: boolean;
};

export function transcriptItems(events: readonly LogEntry[], reader: Reader = {}): Item[] {
  const items: Item[] = [];
  let before: LogEntry | undefined;
  const answered = answeredActions(events);
  const told = reader.tellsFailures ? seqsOfMessages(events) : new Set<number>();
  for (const event of events) {
    if (event.type === "card_action" && event.state === "begun" && answered.has(event.message_id)) continue;
    if (event.type === "delivery_failed" && told.has(event.of_seq)) continue;
    const item = itemOf(event, items[items.length - 1], reader);
    if (!item) continue;
    if (!before || !sameDay(before.at, event.at)) {
      items.push({ kind: "day", key: `day-${event.seq}`, at: event.at });
      if (item.kind === "message") item.starts = true;
    }
    items.push(item);
    before = event;
  }
  return items;
}

/** Actions of which the log says what came of them, too. */
const answeredActions = (events: readonly LogEntry[]): Set<string | undefined> =>
  new Set(
    events
      .filter((event) => event.type === "card_action" && event.state !== "begun")
      .map((event) => event.message_id),
  );

/** Messages that have a bubble of their own. */
const seqsOfMessages = (events: readonly LogEntry[]): Set<number> =>
  new Set(
    events.filter(({ type, actor }) => type === "message" && actor.type !== "system").map(({ seq }) => seq),
  );

/** Whether an event has a place of its own on screen. */
export const isShown = (event: LogEntry): boolean => itemOf(event, undefined, {}) !== undefined;

function itemOf(event: LogEntry, previous: Item | undefined, reader: Reader): Item | undefined {
  const key = `event-${event.seq}`;
  if (event.type === "message" && event.actor.type !== "system") {
    const voice = voiceOf(event, reader.myId);
    const starts = !(previous?.kind === "message" && continues(previous, event, voice));
    return { kind: "message", key, event, voice, name: nameOf(event, reader.customer), starts };
  }
  if (event.type === "note") return { kind: "note", key, event, name: nameOf(event) };
  if (event.type === "reply_suppressed") {
    const texts = event.replies.map((reply) => reply.text ?? (reply.image ? "A picture" : ""));
    return { kind: "suppressed", key, event, texts: texts.filter(Boolean), did: deeds(event) };
  }
  const line = lineOf(event, reader.myId);
  return line && { kind: "line", key, event, ...line };
}

function continues(previous: Extract<Item, { kind: "message" }>, event: LogEntry, voice: Voice): boolean {
  const gap = new Date(event.at).getTime() - new Date(previous.event.at).getTime();
  return previous.voice === voice && previous.event.actor.id === event.actor.id && gap < GROUP_MS;
}

function voiceOf(event: LogEntry, myId?: string): Voice {
  const type = event.actor.type;
  if (type === "agent") return myId && event.actor.id === myId ? "me" : "agent";
  return type === "bot" ? "bot" : "customer";
}

function nameOf(event: LogEntry, customer = "Visitor"): string {
  const fallback = { bot: brand.assistant, agent: "Agent", customer, system: "" };
  return event.actor.name ?? fallback[event.actor.type];
}

/** What a turn did, besides speaking. A turn that was not delivered may still have done something. */
function deeds(event: ReplySuppressed): string[] {
  return (event.turn.actions ?? [])
    .filter((action) => action.attempt || (action.name.startsWith("action_") && !action.internal))
    .map(({ name, attempt, outcome, result }) => {
      const came = outcome?.label ?? plainWords(outcome?.kind ?? result ?? "").toLowerCase();
      return (attempt ?? plainWords(name)) + (came && `: ${came}`);
    });
}

function againWords({ actor, by }: SentAgain, myId?: string): string {
  const who = actor.id && actor.id === myId ? "You" : (actor.name ?? "An agent");
  return by === "mail" ? `${who} sent the message by mail` : `${who} sent the message again`;
}

type Line = { text: string; tone?: "red"; said?: boolean };

const wordOf = ({ trigger, labels }: HandoffRequested): string => triggerInline(trigger, labels?.[trigger]);

function lineOf(event: LogEntry, myId?: string): Line | undefined {
  switch (event.type) {
    case "message":
      return event.text ? { text: event.text, said: true } : undefined;
    case "handoff_requested":
      return { text: `Handed to the team: ${wordOf(event)}` };
    case "owner_changed":
      return ownerLine(event, myId);
    case "handoff_updated":
      return lineAgain(event) ?? endLine(event);
    case "offer":
      return offerLine(event);
    case "customer_left":
      return { text: "The customer has ended the chat on their side" };
    case "ticket_opened":
      return { text: `Ticket ${event.ticket_number ?? ""} opened: nobody was here` };
    case "contact_left":
      return { text: `Does not stay: wants ${event.want === "mail" ? "an answer by mail" : "a call back"}` };
    case "mail_failed":
      return { text: "The answer could not be delivered by mail; it is in the chat alone", tone: "red" };
    case "delivery_failed": {
      const reason = reasonWords(event.reason, plainWords(event.channel));
      return { text: `A message did not reach the customer. ${reason}`, tone: "red" };
    }
    case "sent_again":
      return { text: againWords(event, myId) };
    case "card_action":
      return actionLine(event, myId);
    case "turn_failed":
      return { text: failureWord(event.reason), tone: "red" };
    case "wrapped_up":
      return event.disposition
        ? { text: `Marked ${dispositionWord(event.disposition).toLowerCase()} on wrapping up` }
        : undefined;
    case "survey":
      return { text: `Rated ${event.score} of 5${event.comment ? `: “${event.comment}”` : ""}` };
    default:
      return undefined;
  }
}

/** How a chat came back to the line, or whom it waits for there. */
function lineAgain({ actor, requeued_from: from, ...event }: HandoffUpdated): Line | undefined {
  const name = actor.name ?? "The agent";
  const to = event.for_agent?.name ?? (event.for_team && `the ${event.for_team} team`);
  if (event.waits_until && to) return { text: `${name} passed this chat on to ${to}` };
  if (!from) return;
  return {
    text:
      actor.type === "agent"
        ? `${name} put this chat back: at the head of the line`
        : `${from.name ?? "The agent"} was gone too long: back at the head of the line`,
  };
}

const DECLINED = { busy: "busy", not_mine: "not for them", break: "on a break", other: "another reason" };

function offerLine({ agent, state, reason }: OfferEntry): Line | undefined {
  const name = agent.name ?? "an agent";
  if (state === "made") return { text: `Offered to ${name}` };
  if (state === "declined") return { text: `${name} declined: ${DECLINED[reason ?? "other"]}` };
  if (state === "timed_out") return { text: `${name} did not answer in time` };
  return undefined;
}

/** Who had what done about which card, and what came of it. */
function actionLine({ actor, label, title, fields, state, result }: CardActed, myId?: string): Line {
  const who = actor.id && actor.id === myId ? "You" : (actor.name ?? "An agent");
  const values = fields.map(({ shown }) => shown).join(", ");
  const what = `${who}: ${label}, ${title}${values && ` (${values})`}`;
  if (state === "begun") return { text: `${what}. The back office has not answered yet.`, tone: "red" };
  if (state === "refused") return { text: `${what}. Refused: ${result ?? "no reason given"}`, tone: "red" };
  return { text: result ? `${what}. ${result}` : what };
}

function ownerLine(event: OwnerChanged, myId?: string): Line | undefined {
  const id = event.agent?.id;
  if (event.to === "agent") {
    return { text: `${id && id === myId ? "You" : (event.agent?.name ?? "An agent")} took this chat` };
  }
  if (event.to === "closed") return { text: "Chat closed" };
  if (event.to === "bot") return { text: `Back with ${brand.assistant}` };
  return undefined;
}

function endLine(event: HandoffUpdated): Line | undefined {
  if (event.state === "abandoned") return { text: "The customer left the line" };
  if (!event.disposition) return undefined;
  const heard = event.outcome ? `. Outcome for the customer: “${event.outcome}”` : "";
  return { text: `Marked ${dispositionWord(event.disposition).toLowerCase()}${heard}` };
}

export type NotePiece = { text: string } | { name: string };

/** A note's text cut at the colleagues whom it names, by their whole names behind an @. */
export function notePieces(text: string, mentions: readonly string[] = []): NotePiece[] {
  if (mentions.length === 0) return [{ text }];
  const names = [...mentions].sort((one, other) => other.length - one.length);
  const any = names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
  const parts = text.split(new RegExp(`(?<![\\w.@])(@(?:${any}))(?!\\w)`, "i"));
  return parts.map((part, at) => (at % 2 ? { name: part } : { text: part }));
}

export type Piece = { text: string } | { redacted: string; lastFour?: string };

const MARKERS: Record<string, string> = {
  "[card number removed]": "card",
  "[security code removed]": "security_code",
  "[password removed]": "password",
  "[code]": "code",
};
const MARKER =
  /(\[card number removed(?:, ends in \d{4})?\]|\[(?:security code|password) removed\]|\[code\])/;
const LAST_FOUR = /, ends in (\d{4})(?=\]$)/;

/** A message's text cut at what was redacted. Only what the event names counts: anyone can type brackets. */
export function pieces(text: string, redacted: readonly string[] = []): Piece[] {
  if (redacted.length === 0) return text ? [{ text }] : [];
  const cut = text.split(MARKER).filter(Boolean);
  return cut.map((part) => {
    const lastFour = LAST_FOUR.exec(part)?.[1];
    const kind = MARKERS[part.replace(LAST_FOUR, "")];
    if (!kind || !redacted.includes(kind)) return { text: part };
    return lastFour ? { redacted: kind, lastFour } : { redacted: kind };
  });
}

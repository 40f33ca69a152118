import { brand } from "../brand";
import type { Attachment, DeliveryFailed, Disposition, Presence, Row, TriggerCount } from "../contract";
import { isPicture } from "../fileWords";

/** The codes of the protocol as agents read them. An unknown code is shown as words, never hidden. */

type Labels = NonNullable<TriggerCount["labels"]>;

/** The bridge's own reasons; all others come with their labels. */
const OWN_TRIGGERS: Record<string, string> = {
  customer_request: "Asked for a person",
  bot_failure: `${brand.assistant} failed`,
  agent_takeover: "Taken over",
};

export const triggerWord = (trigger: string, labels?: Labels): string =>
  labelOf(labels) ?? OWN_TRIGGERS[trigger] ?? plainWords(trigger);

/** Within a sentence; a label keeps its capitals, which mean something in some languages. */
export const triggerInline = (trigger: string, labels?: Labels): string =>
  labelOf(labels) ?? triggerWord(trigger).toLowerCase();

/** The label in the agent's language, else in English, else in any. */
export function labelOf(labels: Labels = {}, languages = navigator.languages): string | undefined {
  const wanted = [languages[0] ?? "", languages[0]?.split("-")[0] ?? "", "en"];
  const code = wanted.find((language) => Object.hasOwn(labels, language));
  return code ? labels[code] : Object.values(labels)[0];
}

export const DISPOSITIONS: { value: Disposition; word: string; hint: string }[] = [
  { value: "resolved", word: "Resolved", hint: "Nothing is left to do" },
  { value: "follow_up", word: "Follow-up", hint: "Someone will come back to it" },
  { value: "ticket_opened", word: "Ticket opened", hint: "It goes on in a ticket" },
  { value: "spam", word: "Spam", hint: "Not a real request" },
];
export const dispositionWord = (code: string): string =>
  DISPOSITIONS.find((known) => known.value === code)?.word ?? plainWords(code);

export const PRESENCES: { value: Presence; word: string }[] = [
  { value: "available", word: "Available" },
  { value: "busy", word: "Busy" },
  { value: "away", word: "Away" },
  { value: "offline", word: "Offline" },
];

/** How a customer was proved; a session that the company's site signed is the bridge's own way. */
export const methodWord = (method: string, label?: string): string =>
  method === "signed_identity"
    ? `signed in at ${brand.company}`
    : `by ${heading(method, label).toLowerCase()}`;

const REDACTED: Record<string, string> = {
  card: "Card number removed",
  security_code: "Card security code removed",
  password: "Password removed",
  code: "One-time code removed",
};
export const redactedWord = (kind: string, lastFour?: string): string =>
  (REDACTED[kind] ?? `${plainWords(kind)} removed`) + (lastFour ? `, ends in ${lastFour}` : "");

const FAILURES: Record<string, string> = {
  timeout: `${brand.assistant} did not answer in time`,
  error: `${brand.assistant} ran into an error`,
  empty: `${brand.assistant} had no answer`,
  failed_action: `A step of ${brand.assistant}'s failed`,
  unreachable: `${brand.assistant} could not be reached`,
};
export const failureWord = (reason: string): string =>
  FAILURES[reason] ?? `${brand.assistant} could not answer`;

/** Why a message did not get there, one sentence for each code. */
export function reasonWords(reason: DeliveryFailed["reason"] | undefined, channel: string): string {
  switch (reason) {
    case "blocked":
      return `The customer has blocked us on ${channel}.`;
    case "credentials":
      return `${channel} does not accept our access: tell whoever runs Tandem.`;
    case "expired":
      return `${channel} could not be reached for a whole day.`;
    case "file_refused":
      return `${channel} does not take this file.`;
    case "unknown_address":
      return `The customer’s address on ${channel} does not exist any more.`;
    case "unreachable":
      return `The customer could not be reached on ${channel}.`;
    case "window_closed":
      return `The customer has not written for too long: ${channel} took no message of ours.`;
    default:
      return `${channel} did not accept this message.`;
  }
}

const NAMED_LANGUAGES = new Intl.DisplayNames(["en"], { type: "language" });
export function languageWord(code: string): string {
  try {
    return NAMED_LANGUAGES.of(code) ?? code;
  } catch {
    return code;
  }
}

/** What a handoff is about, by its first card: "Appointment Dr. Lee · Confirmed". */
export function cardWords({ cards }: { cards?: Row["cards"] }): string | undefined {
  const card = cards?.[0];
  return card && [`${plainWords(card.kind)} ${card.title}`, card.status].filter(Boolean).join(" · ");
}

/** For names without a label: `action_open_ticket` reads "Open ticket". */
export function plainWords(code: string): string {
  const words = code
    .replace(/^(validate_|action_|utter_)/, "")
    .replace(/[_-]+/g, " ")
    .trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A label as a heading, or the name in plain words: "the new address" reads "New address". */
export function heading(name: string, label?: string): string {
  const words = label?.replace(/^(the|a|an) /, "") ?? plainWords(name);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A slot's or argument's value as text; nothing for what is empty. */
export function plainValue(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.map(plainValue).filter(Boolean).join(", ");
  if (typeof value === "object") return Object.values(value).map(plainValue).filter(Boolean).join(", ");
  return String(value);
}

/** Names keep their own direction: else one that is written right to left turns the sentence round. */
const TURNS = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const CONTROLS = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const isolated = (name: string): string => (TURNS.test(name) ? `\u2068${name}\u2069` : name);
const bare = (name = ""): string => name.replace(CONTROLS, "").trim();

export const firstName = (name: string): string => isolated(bare(name).split(/\s+/)[0] ?? "");
export const customerName = (name?: string): string => isolated(bare(name) || "Visitor");

/** A message without words, by what it brings. */
export const filesWord = (files: readonly Attachment[] = []): string =>
  files.every(isPicture) ? (files.length > 1 ? "Photos" : "Photo") : (files[0]?.name ?? "File");

import type { CannedReplies } from "../../shared/contract";

/** Canned replies as the list behind a slash shows them, and as they are filled in for a chat. */

export type Variable = "customer_name" | "agent_name" | "company" | "assistant" | "reference" | "answer_by";
export type Values = Partial<Record<Exclude<Variable, "answer_by">, string>> & {
  /** A moment, which each language writes its own way. */
  answer_by?: string;
};
export type Choice = {
  shortcut: string;
  title: string;
  text: string;
  language: string;
  /** Whether that is the customer's language. */
  isTheirs: boolean;
};

const NAMES: Record<Variable, string> = {
  customer_name: "customer name",
  agent_name: "agent name",
  company: "company",
  assistant: "assistant",
  reference: "reference",
  answer_by: "answer by",
};
const VARIABLE = /\{(\w+)\}/g;
const GAP = new RegExp(`\\[(?:${Object.values(NAMES).join("|")})\\?\\]`);

/** What is typed after a slash that begins a word, up to the caret. */
export type Token = { start: number; query: string };

export function slashBefore(text: string, caret: number): Token | undefined {
  const found = /(?:^|\s)\/([^\s/]*)$/.exec(text.slice(0, caret));
  if (!found) return undefined;
  const query = found[1] ?? "";
  return { start: caret - query.length - 1, query };
}

/** Those that a query is about, the best first: by shortcut, then title, then text. */
export function choicesFor(document: CannedReplies, query: string, language = "en"): Choice[] {
  const wanted = query.toLowerCase();
  const rank = (choice: Choice) => {
    if (choice.shortcut.startsWith(wanted)) return 0;
    if (choice.shortcut.includes(wanted)) return 1;
    if (choice.title.toLowerCase().includes(wanted)) return 2;
    return choice.text.toLowerCase().includes(wanted) ? 3 : 4;
  };
  return Object.entries(document.replies)
    .map(([shortcut, { title, text }]) => ({ shortcut, title, ...inLanguage(text, language) }))
    .map((choice) => ({ choice, rank: rank(choice) }))
    .filter((one) => one.rank < 4)
    .sort((one, other) => one.rank - other.rank)
    .map((one) => one.choice);
}

/** The customer's language, else its base, else English, else any. */
function inLanguage(text: Record<string, string>, language: string) {
  const base = language.split("-")[0] ?? language;
  const first = Object.keys(text)[0] ?? "en";
  const code = [language, base, "en", first].find((known) => Object.hasOwn(text, known)) ?? first;
  return { text: text[code] ?? "", language: code, isTheirs: code.split("-")[0] === base };
}

/** A text with what is known; what is not is a gap that has to be filled before it is sent. */
export function filled(text: string, values: Values, language: string): string {
  return text.replace(VARIABLE, (whole, name: string) => {
    if (!Object.hasOwn(NAMES, name)) return whole;
    const variable = name as Variable;
    const value = values[variable]?.trim();
    if (!value) return `[${NAMES[variable]}?]`;
    return variable === "answer_by" ? moment(value, language) : value;
  });
}

/** With its zone: the customer's may be another. */
function moment(at: string, language: string): string {
  const shape = {
    weekday: "long",
    day: "numeric",
    month: "long",
    hour: "2-digit",
    minute: "2-digit",
  } as const;
  return new Date(at).toLocaleString(language, { ...shape, timeZoneName: "short" });
}

export const hasGap = (text: string): boolean => GAP.test(text);

/** Where the first gap stands, from `from` on or else at all. */
export function gapIn(text: string, from = 0): { start: number; end: number; gap: string } | undefined {
  const after = GAP.exec(text.slice(from));
  const found = after ?? GAP.exec(text);
  if (!found) return undefined;
  const start = found.index + (after ? from : 0);
  return { start, end: start + found[0].length, gap: found[0] };
}

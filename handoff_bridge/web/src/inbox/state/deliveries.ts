import type { DeliveryState } from "../../shared/contract";
import type { Inbox } from "./inbox";
import type { Row } from "./rows";

/** What became of messages on the customer's own channel, by their numbers. */
export type Deliveries = Readonly<Record<number, DeliveryState>>;

export const withDelivery =
  (conversationId: string, state: DeliveryState) =>
  (inbox: Inbox): Inbox => ({
    ...inbox,
    deliveries: {
      ...inbox.deliveries,
      [conversationId]: { ...inbox.deliveries[conversationId], [state.seq]: state },
    },
  });

/** As they were fetched; what was pushed meanwhile is newer, and stays. */
export const withDeliveries =
  (conversationId: string, fetched: readonly DeliveryState[]) =>
  (inbox: Inbox): Inbox => {
    const known = inbox.deliveries[conversationId] ?? {};
    const newest = fetched.map((state): [number, DeliveryState] => {
      const pushed = known[state.seq];
      return [state.seq, pushed && pushed.at > state.at ? pushed : state];
    });
    const all = { ...known, ...Object.fromEntries(newest) };
    return { ...inbox, deliveries: { ...inbox.deliveries, [conversationId]: all } };
  };

export const STATE_WORDS: Record<DeliveryState["state"], string> = {
  pending: "Sending",
  sent: "Sent",
  delivered: "Delivered",
  read: "Read",
  failed: "Not delivered",
};

/** Near its end the time that is left is counted. */
const NEAR_END_MS = 3_600_000;
const LAST_MINUTES_MS = 600_000;

export type Window = { isOpen: boolean; isNearEnd: boolean; left: string };

/** How long the customer may still be written to; undefined where that never ends. */
export function windowOf({ reach }: Pick<Row, "reach">, now: Date): Window | undefined {
  if (!reach?.window_ends_at) return undefined;
  const ms = new Date(reach.window_ends_at).getTime() - now.getTime();
  const minutes = Math.floor(ms / 60_000);
  const seconds = String(Math.floor((ms % 60_000) / 1000)).padStart(2, "0");
  const left = ms < LAST_MINUTES_MS ? `${minutes}:${seconds}` : `${minutes} min`;
  return { isOpen: ms > 0, isNearEnd: ms > 0 && ms <= NEAR_END_MS, left: ms > 0 ? left : "" };
}

const VARIABLE = /\{\{\s*(\w+)\s*\}\}/g;

/** What of an approved text is to be filled in, in its order. */
export const variablesOf = (body: string): string[] => [
  ...new Set([...body.matchAll(VARIABLE)].map((found) => found[1] ?? "")),
];

export type TemplatePiece = { text: string } | { blank: string };

/** An approved text as far as it is filled in, and its blanks. */
export const templatePieces = (
  body: string,
  values: Readonly<Record<string, string>> = {},
): TemplatePiece[] =>
  body
    .split(VARIABLE)
    .map((part, at) => {
      if (at % 2 === 0) return { text: part };
      return values[part]?.trim() ? { text: values[part].trim() } : { blank: part };
    })
    .filter((piece) => "blank" in piece || piece.text !== "");

/** Those that hold every word of a search, in their names or texts. */
export function templatesFor<T extends { name: string; body: string; language: string }>(
  templates: readonly T[],
  query: string,
): T[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return templates.filter(({ name, body, language }) => {
    const text = `${name.replace(/[_-]+/g, " ")} ${name} ${body} ${language}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

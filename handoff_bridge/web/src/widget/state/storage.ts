/**
 * What outlives a page: the session and the outbox for all tabs, draft and open panel for this one.
 * Storage may be forbidden or full; then the chat works all the same, as long as the page lasts.
 */

import type { Outgoing } from "./outbox";
import type { Owner } from "./protocol";

const PREFIX = "tandem.chat.";
const OUTBOX = `${PREFIX}outbox.`;

export interface Saved {
  session_id?: string;
  /** Whose session it is, if the shop has told; somebody else's must not be continued. */
  customer?: string;
  /** Who had the chat when we last heard; tells that a human left while the page was away. */
  owner?: Owner;
  /** The customer has ended the chat; the session stays readable until a new one starts. */
  ended?: boolean;
  /** An agent has left and "Did this settle it?" is not answered. */
  survey?: boolean;
  /** The last message that was seen in an open panel. */
  seen?: number;
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

function parse<T>(text: string | null | undefined): T | undefined {
  return text ? attempt(() => JSON.parse(text) as T) : undefined;
}

export function loadSaved(): Saved {
  return parse<Saved>(attempt(() => localStorage.getItem(`${PREFIX}session`))) ?? {};
}

export function saveSaved(saved: Saved): void {
  attempt(() => localStorage.setItem(`${PREFIX}session`, JSON.stringify(saved)));
}

export const isSessionKey = (key: string | null) => key === `${PREFIX}session`;
export const isOutboxKey = (key: string | null) => key?.startsWith(OUTBOX) ?? false;

/** Each tab writes only its own outbox, so that two tabs cannot overwrite each other's. */
export function tabId(): string {
  const key = `${PREFIX}tab`;
  const known = attempt(() => sessionStorage.getItem(key));
  if (known) return known;
  const made = newId();
  attempt(() => sessionStorage.setItem(key, made));
  return made;
}

export function saveOutbox(tab: string, outbox: Outgoing[]): void {
  if (outbox.length) attempt(() => localStorage.setItem(OUTBOX + tab, JSON.stringify(outbox)));
  else attempt(() => localStorage.removeItem(OUTBOX + tab));
}

export function loadOutbox(tab: string): Outgoing[] {
  return parse<Outgoing[]>(attempt(() => localStorage.getItem(OUTBOX + tab))) ?? [];
}

function otherKeys(tab: string): string[] {
  return (
    attempt(() => Object.keys(localStorage).filter((key) => isOutboxKey(key) && key !== OUTBOX + tab)) ?? []
  );
}

export function loadOthers(tab: string): Outgoing[] {
  return otherKeys(tab).flatMap((key) => loadOutbox(key.slice(OUTBOX.length)));
}

/** After taking over: a tab that is still alive has its own in memory and resends under the same ids. */
export function dropOthers(tab: string): void {
  for (const key of otherKeys(tab)) attempt(() => localStorage.removeItem(key));
}

export function loadTab(name: "draft" | "open"): string {
  return attempt(() => sessionStorage.getItem(PREFIX + name)) ?? "";
}

export function saveTab(name: "draft" | "open", value: string): void {
  attempt(() => sessionStorage.setItem(PREFIX + name, value));
}

/** crypto.randomUUID needs a secure context, which a shop's test page on plain HTTP is not. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

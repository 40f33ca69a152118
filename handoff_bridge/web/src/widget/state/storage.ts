/**
 * What outlives a page: each person's session and outbox for all tabs, draft and open panel for this one.
 * Storage may be forbidden or full; then the chat works all the same, as long as the page lasts.
 */

import { newId } from "../../shared/client/ids";
import type { Outgoing } from "./outbox";

const PREFIX = "tandem.chat.";
const ENDING = `${PREFIX}ending`;
const SIGNED_OUT = `${PREFIX}signed_out`;

export interface Saved {
  session_id?: string;
  /** The last line whose question, whether an agent settled it, was answered or skipped. */
  surveyed?: number;
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

/** What this browser keeps for one person: a signed-in customer by their id, or whoever is not signed in. */
export class Shelf {
  private readonly prefix: string;
  private readonly outbox: string;

  constructor(readonly customer: string | undefined) {
    // A dot ends the id, so it must not stand in it.
    const name = encodeURIComponent(customer ?? "").replaceAll(".", "%2E");
    this.prefix = customer === undefined ? PREFIX : `${PREFIX}of.${name}.`;
    this.outbox = `${this.prefix}outbox.`;
  }

  load(): Saved {
    return parse<Saved>(attempt(() => localStorage.getItem(`${this.prefix}session`))) ?? {};
  }

  save(saved: Saved): void {
    attempt(() => localStorage.setItem(`${this.prefix}session`, JSON.stringify(saved)));
  }

  isSessionKey(key: string | null): boolean {
    return key === `${this.prefix}session`;
  }

  isOutboxKey(key: string | null): boolean {
    return key?.startsWith(this.outbox) ?? false;
  }

  saveOutbox(tab: string, outbox: readonly Outgoing[]): void {
    const key = this.outbox + tab;
    if (outbox.length) attempt(() => localStorage.setItem(key, JSON.stringify(outbox)));
    else attempt(() => localStorage.removeItem(key));
  }

  loadOutbox(tab: string): Outgoing[] {
    const kept = parse<(Outgoing & { message_id?: string })[]>(
      attempt(() => localStorage.getItem(this.outbox + tab)),
    );
    // Earlier widgets kept them under `message_id`.
    return (kept ?? []).map((entry) => ({ ...entry, id: entry.id ?? entry.message_id }));
  }

  loadOthers(tab: string): Outgoing[] {
    return this.tabs(tab).flatMap((other) => this.loadOutbox(other));
  }

  /** After taking over: a tab that is still alive has its own in memory and resends under the same ids. */
  dropOthers(tab: string): void {
    for (const other of this.tabs(tab)) this.saveOutbox(other, []);
  }

  loadDraft(): string {
    return attempt(() => sessionStorage.getItem(`${this.prefix}draft`)) ?? "";
  }

  saveDraft(text: string): void {
    if (text) attempt(() => sessionStorage.setItem(`${this.prefix}draft`, text));
    else attempt(() => sessionStorage.removeItem(`${this.prefix}draft`));
  }

  /** Nothing of this person stays, what tabs have not sent yet included. */
  clear(): void {
    attempt(() => localStorage.removeItem(`${this.prefix}session`));
    for (const tab of this.tabs()) this.saveOutbox(tab, []);
    this.saveDraft("");
  }

  /** Who has an outbox here, one of them left out. */
  tabs(but?: string): string[] {
    const keys = attempt(() => Object.keys(localStorage)) ?? [];
    const tabs = keys.filter((key) => this.isOutboxKey(key)).map((key) => key.slice(this.outbox.length));
    return tabs.filter((tab) => tab !== but);
  }
}

/** Earlier widgets kept everybody's session in one place, with the customer's id inside. */
export function sortOut(): void {
  const anybody = new Shelf(undefined);
  const { customer, ...saved } = anybody.load() as Saved & { customer?: string };
  if (customer === undefined) return;
  const own = new Shelf(customer);
  own.save(saved);
  for (const tab of anybody.tabs()) own.saveOutbox(tab, anybody.loadOutbox(tab));
  anybody.clear();
}

/** Sessions that were ended here while the server could not be reached: whatever page comes next ends them. */
export function loadEnding(): string[] {
  return parse<string[]>(attempt(() => localStorage.getItem(ENDING))) ?? [];
}

export function saveEnding(sessions: string[]): void {
  if (sessions.length) attempt(() => localStorage.setItem(ENDING, JSON.stringify(sessions)));
  else attempt(() => localStorage.removeItem(ENDING));
}

/** Tells the other tabs who has signed out; leaves nothing behind. */
export function tellSignedOut(customer: string): void {
  attempt(() => localStorage.setItem(SIGNED_OUT, JSON.stringify(customer)));
  attempt(() => localStorage.removeItem(SIGNED_OUT));
}

export function whoSignedOut(event: StorageEvent): string | undefined {
  return event.key === SIGNED_OUT ? parse<string>(event.newValue) : undefined;
}

/** Each tab writes only its own outbox, so that two tabs cannot overwrite each other's. */
export function tabId(): string {
  const key = `${PREFIX}tab`;
  const known = attempt(() => sessionStorage.getItem(key));
  if (known) return known;
  const made = newId();
  attempt(() => sessionStorage.setItem(key, made));
  return made;
}

/** `anonymous`: the session that this tab has had without signing in. */
export function loadTab(name: "open" | "anonymous"): string {
  return attempt(() => sessionStorage.getItem(PREFIX + name)) ?? "";
}

export function saveTab(name: "open" | "anonymous", value: string): void {
  attempt(() => sessionStorage.setItem(PREFIX + name, value));
}

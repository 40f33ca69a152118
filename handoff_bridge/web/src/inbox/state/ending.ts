/** The facts an agent may correct when a chat goes back to the assistant. */

import type { Packet } from "../../shared/contract";

type Labels = Packet["slot_labels"];

/** Single values; not those that a form must not forge. */
export function settableSlots(slots: Packet["slots"], labels: Labels = {}): Record<string, string> {
  const known = Object.entries(slots).filter(
    ([name, value]) => !labels[name]?.fixed && (typeof value === "string" || typeof value === "number"),
  );
  return Object.fromEntries(known.map(([name, value]) => [name, String(value)]));
}

/** Only what the agent changed; an emptied field forgets the fact. */
export function changedSlots(
  known: Record<string, string>,
  edited: Record<string, string>,
): { slots?: Record<string, string | null> } {
  const changed = Object.entries(edited).filter(([name, value]) => value.trim() !== known[name]);
  if (changed.length === 0) return {};
  return { slots: Object.fromEntries(changed.map(([name, value]) => [name, value.trim() || null])) };
}

/** The slot that a refusal names, if its sentence does. */
export function slotNamed(message: string, known: Record<string, string>): string | undefined {
  return Object.keys(known).find((name) => new RegExp(`\\b${name}\\b`).test(message));
}

import type { Row } from "./rows";

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

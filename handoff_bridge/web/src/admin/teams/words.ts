import type { Team, TeamNow } from "../../shared/contract";

const SOON_MS = 20 * 3_600_000;

/** "Open until 18:00", "Closed, opens Monday 09:00", "Always open". */
export function openWords({ open, changes_at }: TeamNow, now: Date): string {
  if (!changes_at) return open ? "Always open" : "Closed";
  const at = momentWords(changes_at, now);
  return open ? `Open until ${at}` : `Closed, opens ${at}`;
}

/** A time of today or of this night, else with its day. */
function momentWords(at: string, now: Date): string {
  const moment = new Date(at);
  const ahead = moment.getTime() - now.getTime();
  const time = { hour: "2-digit", minute: "2-digit" } as const;
  if (ahead < SOON_MS && moment.toDateString() === now.toDateString()) {
    return moment.toLocaleTimeString(undefined, time);
  }
  const day =
    ahead < 6 * 86_400_000 ? ({ weekday: "long" } as const) : ({ day: "numeric", month: "long" } as const);
  return moment.toLocaleString(undefined, { ...day, ...time });
}

export function modeWords({ mode, order, accept_secs, pause_secs }: Team): string {
  if (mode === "claim") return "Whoever takes a chat has it";
  const first = order === "longest_idle" ? "longest without a chat" : "fewest chats";
  return `Offered in turn, ${first} first; ${accept_secs} s to accept, ${pause_secs} s between two`;
}

export const languageWord = (code: string): string => {
  try {
    return new Intl.DisplayNames(undefined, { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
};

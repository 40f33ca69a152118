import type { Member, Team, TeamNow } from "../../shared/contract";
import { localDay } from "../../shared/time";

const DAY_MS = 86_400_000;

/** "Open until 18:00", "Closed, opens Monday 09:00 your time", "Always open". */
export function openWords({ open, changes_at }: TeamNow, now: Date, zone?: string): string {
  if (!changes_at) return open ? "Always open" : "Closed";
  const at = momentWords(new Date(changes_at), now);
  const whose = zone && isElsewhere(zone, new Date(changes_at)) ? " your time" : "";
  return `${open ? "Open until" : "Closed, opens"} ${at}${whose}`;
}

/** A time of today, else with its day. */
function momentWords(moment: Date, now: Date): string {
  const time = { hour: "2-digit", minute: "2-digit" } as const;
  if (localDay(moment) === localDay(now)) return moment.toLocaleTimeString(undefined, time);
  const isSoon = moment.getTime() - now.getTime() < 6 * DAY_MS;
  const day = isSoon ? ({ weekday: "long" } as const) : ({ day: "numeric", month: "long" } as const);
  return moment.toLocaleString(undefined, { ...day, ...time });
}

/** Whether the clocks of a zone show another time than the browser's. */
function isElsewhere(timeZone: string, moment: Date): boolean {
  try {
    return moment.toLocaleString("sv-SE", { timeZone }) !== moment.toLocaleString("sv-SE");
  } catch {
    return true;
  }
}

export function modeWords({ mode, order, accept_secs, pause_secs }: Team): string {
  if (mode === "claim") return "Whoever takes a chat has it";
  const first = order === "longest_idle" ? "longest without a chat" : "fewest chats";
  return `Offered in turn, ${first} first; ${accept_secs} s to accept, ${pause_secs} s between two`;
}

/** "complaints 4, returns 3 · German, English". */
export function skillWords({ skills, languages }: Member): string {
  const known = Object.entries(skills).map(([skill, level]) => `${skill} ${level}`);
  return [known.join(", "), languages.map(languageWord).join(", ")].filter(Boolean).join(" · ");
}

export const languageWord = (code: string): string => {
  try {
    return new Intl.DisplayNames(undefined, { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
};

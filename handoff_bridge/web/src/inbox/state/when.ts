/** When a chat is to come back, as a form asks for it. The browser's own zone decides. */

export type When = "hour" | "tomorrow" | "date";
export type Due = { in_secs: number } | { due_at: string };

const HOUR_SECS = 3600;
const MORNING = 9;
const FURTHEST_DAYS = 366;

export const WHENS: { value: When; word: string }[] = [
  { value: "hour", word: "In 1 hour" },
  { value: "tomorrow", word: "Tomorrow, 9:00" },
  { value: "date", word: "At a time" },
];

/** What is sent, or what is wrong with it. `date` is what a field of local time holds. */
export function dueAt(when: When, date: string, now: Date): Due | { problem: string } {
  if (when === "hour") return { in_secs: HOUR_SECS };
  if (when === "tomorrow") return { due_at: tomorrowMorning(now).toISOString() };
  const at = new Date(date);
  if (Number.isNaN(at.getTime())) return { problem: "Choose a day and a time." };
  if (at <= now) return { problem: "That time is past; choose a later one." };
  if (at.getTime() - now.getTime() > FURTHEST_DAYS * 86_400_000) {
    return { problem: "That is more than a year ahead; choose an earlier time." };
  }
  return { due_at: at.toISOString() };
}

export function tomorrowMorning(now: Date): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, MORNING);
}

/** As a field of local time wants it, to the minute. */
export function localField(at: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** "today 14:00", "tomorrow 9:00", or the day and the time. */
export function whenWords(at: string, now: Date): string {
  const day = new Date(at);
  const clock = day.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
  if (day.toDateString() === now.toDateString()) return `today ${clock}`;
  if (day.toDateString() === tomorrowMorning(now).toDateString()) return `tomorrow ${clock}`;
  return `${day.toLocaleDateString(undefined, { weekday: "short", day: "numeric", month: "short" })} ${clock}`;
}

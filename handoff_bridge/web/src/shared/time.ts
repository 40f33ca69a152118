/** Times as people read them, in the browser's zone, and its language unless given another. `now` is a parameter. */

export function clockTime(at: string, locale?: string): string {
  return new Date(at).toLocaleTimeString(locale, { timeStyle: "short" });
}

export function fullTime(at: string, locale?: string): string {
  return new Date(at).toLocaleString(locale, { dateStyle: "medium", timeStyle: "short" });
}

/** Today by the clock, within days by weekday, else in full. */
export function nearTime(at: string, now: Date): string {
  if (sameDay(at, now.toISOString())) return clockTime(at);
  const days = Math.abs(new Date(at).getTime() - now.getTime()) / 86_400_000;
  if (days > 5) return fullTime(at);
  const shape = { weekday: "short", hour: "numeric", minute: "2-digit" } as const;
  return new Date(at).toLocaleString(undefined, shape);
}

/** A day that is the same everywhere, such as 2026-03-12. */
export function dayOf(date: string, locale?: string): string {
  return new Date(date).toLocaleDateString(locale, { dateStyle: "medium", timeZone: "UTC" });
}

/** The zone of the reader's clock. */
export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The day that a moment is on the reader's clock, such as 2026-03-12. */
export function localDay(at: Date): string {
  const padded = (value: number) => String(value).padStart(2, "0");
  return `${at.getFullYear()}-${padded(at.getMonth() + 1)}-${padded(at.getDate())}`;
}

export function sameDay(one: string, other: string): boolean {
  return localDay(new Date(one)) === localDay(new Date(other));
}

export function dayName(at: string, now: Date, locale?: string): string {
  const day = new Date(at);
  const yesterday = new Date(now);
  yesterday.setDate(now.getDate() - 1);
  if (localDay(day) === localDay(now)) return daysFromToday(0, locale);
  if (localDay(day) === localDay(yesterday)) return daysFromToday(-1, locale);
  return day.toLocaleDateString(locale, { weekday: "long", day: "numeric", month: "long" });
}

/** "Today", "Gestern". */
function daysFromToday(days: number, locale: string | undefined): string {
  return sentenceCase(new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(days, "day"));
}

export function sentenceCase(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

/** Today the time, else the day; the year only where it is another. */
export function whenShort(at: string, now: Date): string {
  if (sameDay(at, now.toISOString())) return clockTime(at);
  const day = new Date(at);
  const isThisYear = day.getFullYear() === now.getFullYear();
  return day.toLocaleDateString(undefined, {
    day: "numeric",
    month: "short",
    ...(!isThisYear && { year: "numeric" }),
  });
}

/** A running wait as a clock: 0:41, 12:05, 1:02:09. */
export function elapsed(since: string, now: Date): string {
  const seconds = Math.max(0, Math.floor((now.getTime() - new Date(since).getTime()) / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const padded = (value: number) => String(value).padStart(2, "0");
  const tail = padded(seconds % 60);
  return hours ? `${hours}:${padded(minutes)}:${tail}` : `${minutes}:${tail}`;
}

/** A range of seconds as a phrase: "about a minute", "about 3 to 6 minutes". */
export function aboutMinutes([low = 0, high = 0]: number[]): string {
  // As the line in the chat has it: never less than a minute, rounded away from the middle.
  const from = Math.max(1, Math.floor(low / 60));
  const to = Math.ceil(high / 60);
  if (to < 2) return "about a minute";
  return `about ${from < to ? `${from} to ` : ""}${to} minutes`;
}

const ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split(" ");

/** A place in line in words: "first", "second", then "number 11". */
export function place(position: number): string {
  return ORDINALS[position - 1] ?? `number ${position}`;
}

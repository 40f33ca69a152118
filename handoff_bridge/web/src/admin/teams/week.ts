import type { Holiday, Hours } from "../../shared/contract";

export const WEEKDAYS = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const;
export type Weekday = (typeof WEEKDAYS)[number];

export type Day = {
  day: Weekday;
  /** From and to, in minutes of the day. */
  spans: [number, number][];
  isToday: boolean;
  /** Why nobody is there this week all the same. */
  off?: string;
};

export const DAY_MINUTES = 24 * 60;
const DAY_MS = 86_400_000;

/** The days of this week from Monday, and how late it is by the clocks of the team's zone. */
export function weekOf(hours: Hours, holidays: Holiday[], now: Date): { days: Day[]; minutes: number } {
  const { date, minutes } = wallClock(hours.zone, now);
  const today = new Date(`${date}T00:00:00Z`);
  const place = (today.getUTCDay() + 6) % 7;
  const days = WEEKDAYS.map((day, at) => {
    const that = new Date(today.getTime() + (at - place) * DAY_MS).toISOString().slice(0, 10);
    const off = holidays.find((holiday) => holiday.date === that)?.name;
    const closed = hours.closed.includes(that) ? "closed" : undefined;
    const why = off ?? closed;
    const spans = (hours.open[day] ?? []).map(minutesOf);
    return { day, spans, isToday: at === place, ...(why ? { off: why } : {}) };
  });
  return { days, minutes };
}

function minutesOf(span: string): [number, number] {
  const [from = 0, to = 0] = span.split("-").map((time) => {
    const [hour = 0, minute = 0] = time.split(":").map(Number);
    return 60 * hour + minute;
  });
  return [from, to];
}

/** Date and minute of the day in a zone; in the browser's where it does not know that one. */
function wallClock(zone: string, now: Date): { date: string; minutes: number } {
  const options = { dateStyle: "short", timeStyle: "short", hourCycle: "h23" } as const;
  let written: string;
  try {
    written = now.toLocaleString("sv-SE", { ...options, timeZone: zone });
  } catch {
    written = now.toLocaleString("sv-SE", options);
  }
  const [date = "", time = "0:0"] = written.split(" ");
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return { date, minutes: 60 * hour + minute };
}

export const dayWord = (day: Weekday) => day.charAt(0).toUpperCase() + day.slice(1);

/** The week in words: "Monday 09:00-18:00; Tuesday closed". */
export function weekWords(hours: Hours): string {
  return WEEKDAYS.map((day) => `${dayWord(day)} ${hours.open[day]?.join(", ") || "closed"}`).join("; ");
}

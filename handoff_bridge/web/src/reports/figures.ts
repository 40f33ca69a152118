import { brand } from "../shared/brand";
import type { Figure, Report, SelfService, Unit } from "../shared/contract";
import { triggerWord } from "../shared/desk/words";

/** A report's numbers as text, tables and CSV. Pure. */

/** A figure as read; nothing measured is a dash, never a zero. */
export function figureText(value: number | null | undefined, unit: Unit, atLeast = false): string {
  if (value === null || value === undefined) return "–";
  if (atLeast) return `over ${figureText(value, unit)}`;
  if (unit === "seconds") return duration(value);
  if (unit === "percent") return `${Math.round(value)} %`;
  return String(Math.round(value));
}

/** A share is a percentage only where enough is known; else it is what was counted. */
export function valueText({ value, unit, at_least, share }: Figure): string {
  if (share && (value === null || value === undefined))
    return share.whole ? `${share.part} of ${share.whole}` : "–";
  return figureText(value, unit, at_least);
}

/** What a percentage is of, and how sure it is. */
export function shareText({ share }: Figure): string | undefined {
  if (share?.low === undefined || share.high === undefined) return undefined;
  return `${share.part} of ${share.whole}; 95 % interval ${Math.round(share.low)} to ${Math.round(share.high)} %`;
}

export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  // Seconds of a long time say nothing, and take its place.
  if (minutes >= 10 && minutes < 60) return `${Math.round(whole / 60)} min`;
  if (minutes < 60) return whole % 60 ? `${minutes} min ${whole % 60} s` : `${minutes} min`;
  const rest = minutes % 60;
  return rest ? `${Math.floor(minutes / 60)} h ${rest} min` : `${Math.floor(minutes / 60)} h`;
}

export type Table = { name: string; head: string[]; rows: (string | number)[][] };

export function spanTable({ spans }: Report): Table {
  return {
    name: "time",
    head: ["Who had the conversation", "Seconds"],
    rows: [
      [brand.assistant, spans.bot_seconds],
      ["The queue", spans.queue_seconds],
      ["People", spans.human_seconds],
    ],
  };
}

export function triggerTable({ triggers }: Report): Table {
  const sorted = [...triggers].sort((one, other) => other.count - one.count);
  return {
    name: "reasons",
    head: ["Reason", "Handoffs"],
    rows: sorted.map(({ trigger, count, labels }) => [triggerWord(trigger, labels), count]),
  };
}

export function articleTable({ articles }: SelfService): Table {
  return {
    name: "articles",
    head: ["Article", "Read", "Helped", "Not yet"],
    rows: articles.map(({ title, reads, helped, not_yet }) => [title, reads, helped, not_yet]),
  };
}

export function searchTable({ searches }: SelfService): Table {
  return {
    name: "searches",
    head: ["Searched for", "Language", "Times"],
    rows: searches.map(({ text, language, count }) => [text, language, count]),
  };
}

/** Every hour from the first to the last with anything in it, the quiet ones between included. */
export function hourTable({ hours, zone }: Report): Table {
  const busy = hours.filter((hour) => hour.conversations > 0 || hour.handoffs > 0).map(({ hour }) => hour);
  const first = Math.min(...busy);
  const length = busy.length ? Math.max(...busy) - first + 1 : 0;
  const rows = Array.from({ length }, (_, at) => {
    const held = hours.find(({ hour }) => hour === first + at);
    return [hourName(first + at), held?.conversations ?? 0, held?.handoffs ?? 0];
  });
  return { name: "hours", head: [`Hour (${zone})`, "Conversations", "Handoffs"], rows };
}

export const hourName = (hour: number): string => `${String(hour).padStart(2, "0")}:00`;

export function toCsv({ head, rows }: Pick<Table, "head" | "rows">): string {
  return [head, ...rows]
    .map((row) => row.map(cell).join(","))
    .join("\r\n")
    .concat("\r\n");
}

/** Quoted where needed; a leading formula sign is defused, since spreadsheets run it. */
function cell(value: string | number): string {
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The top of a chart's axis: the next round number, so that bars never touch the edge of the scale. */
export function axisTop(most: number): number {
  if (most <= 4) return 4;
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [1, 2, 4, 5, 10].find((factor) => factor * power >= most) ?? 10;
  return step * power;
}

export const isEmpty = (report: Report): boolean =>
  report.hours.every((hour) => hour.conversations === 0) &&
  report.figures.every((figure) => !figure.value && !figure.conversations?.length);

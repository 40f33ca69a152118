import { expect, test } from "vitest";
import type { Figure, Report, SelfService } from "../shared/contract";
import { labelOf } from "../shared/desk/words";
import {
  articleTable,
  axisTop,
  duration,
  figureText,
  hourTable,
  isEmpty,
  searchTable,
  shareText,
  toCsv,
  triggerTable,
  valueText,
} from "./figures";

const report = (fields: Partial<Report> = {}): Report => ({
  date: "2026-05-01",
  generated_at: "2026-05-01T12:00:00Z",
  figures: [],
  triggers: [],
  spans: { bot_seconds: 0, queue_seconds: 0, human_seconds: 0 },
  zone: "UTC",
  hours: [],
  ...fields,
});

test("what was not measured is a dash, and zero is a zero", () => {
  expect(figureText(null, "seconds")).toBe("–");
  expect(figureText(0, "count")).toBe("0");
  expect(figureText(71.9, "percent")).toBe("72 %");
});

test("times read as people say them", () => {
  expect([21, 60, 94, 3600, 5220].map(duration)).toEqual([
    "21 s",
    "1 min",
    "1 min 34 s",
    "1 h",
    "1 h 27 min",
  ]);
});

test("the hours run from the first to the last busy one, quiet ones included", () => {
  const hours = [
    { hour: 7, handoffs: 0, conversations: 0 },
    { hour: 8, handoffs: 0, conversations: 2 },
    { hour: 10, handoffs: 1, conversations: 3 },
  ];
  expect(hourTable(report({ hours })).rows).toEqual([
    ["08:00", 2, 0],
    ["09:00", 0, 0],
    ["10:00", 3, 1],
  ]);
  expect(hourTable(report()).rows).toEqual([]);
});

test("reasons stand with the most frequent first", () => {
  const triggers = [
    { trigger: "no_progress" as const, count: 1 },
    { trigger: "customer_request" as const, count: 4 },
  ];
  expect(triggerTable(report({ triggers })).rows).toEqual([
    ["Asked for a person", 4],
    ["No progress", 1],
  ]);
});

test("a reason that the page has never heard of reads by its label, else in words", () => {
  const triggers = [
    { trigger: "flooded_cellar", count: 2, labels: { en: "Flooded cellar", de: "Keller unter Wasser" } },
    { trigger: "lost_dog", count: 1 },
  ];
  expect(triggerTable(report({ triggers })).rows).toEqual([
    ["Flooded cellar", 2],
    ["Lost dog", 1],
  ]);
});

test("a label is chosen by the agent's language", () => {
  const labels = { en: "Flooded cellar", de: "Keller unter Wasser" };
  expect(labelOf(labels, ["de-AT", "en"])).toBe("Keller unter Wasser");
  expect(labelOf(labels, ["fr"])).toBe("Flooded cellar");
  expect(labelOf({ fr: "Cave inondée" }, [])).toBe("Cave inondée");
  expect(labelOf(undefined, ["de"])).toBeUndefined();
});

test("a file quotes what needs it and defuses formulas", () => {
  const table = {
    head: ["A, b", "n"],
    rows: [
      ["=SUM(1)", 2],
      ['say "hi"', 3],
    ],
  };
  expect(toCsv(table)).toBe('"A, b",n\r\n\'=SUM(1),2\r\n"say ""hi""",3\r\n');
});

test("an axis ends on a round number at or above the tallest bar", () => {
  expect([0, 3, 9, 10, 11, 37, 64, 400].map(axisTop)).toEqual([4, 4, 10, 10, 20, 40, 100, 400]);
});

test("a day with nothing in it is empty, one with a conversation is not", () => {
  expect(isEmpty(report())).toBe(true);
  expect(isEmpty(report({ hours: [{ hour: 8, handoffs: 0, conversations: 1 }] }))).toBe(false);
});

test("a wait of which only the least is known says so", () => {
  expect(figureText(90, "seconds", true)).toBe("over 1 min 30 s");
  expect(figureText(null, "seconds", true)).toBe("–");
});

const figure = (fields: Partial<Figure>): Figure => ({
  key: "articles_helped",
  title: "Said to have helped",
  definition: "",
  value: null,
  unit: "percent",
  conversations: [],
  ...fields,
});

test("of few only counts are told, of many a percentage with its interval", () => {
  const few = figure({ share: { part: 2, whole: 7 } });
  expect([valueText(few), shareText(few)]).toEqual(["2 of 7", undefined]);
  expect(valueText(figure({ share: { part: 0, whole: 0 } }))).toBe("–");
  const many = figure({ value: 97, share: { part: 29, whole: 30, low: 83.3, high: 99.4 } });
  expect([valueText(many), shareText(many)]).toEqual(["97 %", "29 of 30; 95 % interval 83 to 99 %"]);
  expect(valueText(figure({ value: 3, unit: "count" }))).toBe("3");
});

test("articles and searches are tables", () => {
  const report: SelfService = {
    since: "2026-05-01T12:00:00Z",
    generated_at: "2026-05-31T12:00:00Z",
    figures: [],
    articles: [{ id: "a", title: "A", reads: 3, helped: 1, not_yet: 1 }],
    searches: [{ text: "zebra", language: "en", count: 2, last_at: "2026-05-31T12:00:00Z" }],
  };
  expect(articleTable(report).rows).toEqual([["A", 3, 1, 1]]);
  expect(searchTable(report).rows).toEqual([["zebra", "en", 2]]);
});

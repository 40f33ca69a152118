import { expect, it } from "vitest";
import { dueAt, localField, tomorrowMorning, whenWords } from "./when";

const NOW = new Date(2026, 10, 30, 16, 20);

it("knows the usual times", () => {
  expect(dueAt("hour", "", NOW)).toEqual({ in_secs: 3600 });
  expect(dueAt("tomorrow", "", NOW)).toEqual({ due_at: new Date(2026, 11, 1, 9).toISOString() });
  expect(dueAt("date", "2026-12-24T08:30", NOW)).toEqual({
    due_at: new Date(2026, 11, 24, 8, 30).toISOString(),
  });
});

it("says what is wrong with a time", () => {
  for (const date of ["", "2026-11-30T16:20", "2020-01-01T09:00", "2036-01-01T09:00"]) {
    expect(dueAt("date", date, NOW)).toHaveProperty("problem");
  }
});

it("says a time as people do", () => {
  expect(whenWords(new Date(2026, 10, 30, 18).toISOString(), NOW)).toMatch(/^today /);
  expect(whenWords(tomorrowMorning(NOW).toISOString(), NOW)).toMatch(/^tomorrow /);
  expect(localField(tomorrowMorning(NOW))).toBe("2026-12-01T09:00");
});

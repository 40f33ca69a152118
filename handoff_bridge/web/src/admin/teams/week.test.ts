import { expect, test } from "vitest";
import type { Hours } from "../../shared/contract";
import { weekOf, weekWords } from "./week";

const hours = (zone: string): Hours => ({
  zone,
  closed: ["2026-12-24"],
  open: { monday: ["09:00-12:00", "13:00-18:00"], saturday: ["22:00-24:00"] },
});

test("today is today in the team's zone", () => {
  const now = new Date("2026-11-28T23:30:00Z"); // a Saturday, and Sunday in Tokyo
  const today = (zone: string) => weekOf(hours(zone), [], now).days.find(({ isToday }) => isToday)?.day;
  expect(today("UTC")).toBe("saturday");
  expect(today("Asia/Tokyo")).toBe("sunday");
  expect(weekOf(hours("Asia/Tokyo"), [], now).minutes).toBe(8 * 60 + 30);
});

test("spans are minutes of the day, up to its end", () => {
  const { days } = weekOf(hours("UTC"), [], new Date("2026-11-28T12:00:00Z"));
  expect(days[0]?.spans).toEqual([
    [540, 720],
    [780, 1080],
  ]);
  expect(days[5]?.spans).toEqual([[1320, 1440]]);
  expect(days[6]?.spans).toEqual([]);
});

test("this week's holidays and closed dates stand at their days", () => {
  const holidays = [{ date: "2026-12-25", name: "Christmas Day" }];
  const { days } = weekOf(hours("UTC"), holidays, new Date("2026-12-22T12:00:00Z"));
  expect(days.map(({ off }) => off)).toEqual([
    undefined,
    undefined,
    undefined,
    "closed",
    "Christmas Day",
    undefined,
    undefined,
  ]);
});

test("a zone that the browser does not know is its own", () => {
  expect(weekOf(hours("Mars/Olympus"), [], new Date()).days).toHaveLength(7);
});

test("the week can be read aloud", () => {
  expect(weekWords(hours("UTC"))).toMatch(/^Monday 09:00-12:00, 13:00-18:00; Tuesday closed;/);
});

import { expect, test } from "vitest";
import { aboutMinutes, dayName, elapsed, localDay, place, sameDay } from "./time";

test("a running wait reads as a clock", () => {
  const now = new Date("2026-05-01T10:00:00Z");
  expect(elapsed("2026-05-01T09:59:19Z", now)).toBe("0:41");
  expect(elapsed("2026-05-01T08:57:51Z", now)).toBe("1:02:09");
  expect(elapsed("2026-05-01T10:00:05Z", now)).toBe("0:00");
});

test("an estimate reads as a phrase", () => {
  expect(aboutMinutes([20, 50])).toBe("about a minute");
  expect(aboutMinutes([20, 110])).toBe("about 1 to 2 minutes");
  expect(aboutMinutes([180, 180])).toBe("about 3 minutes");
  expect(aboutMinutes([190, 350])).toBe("about 3 to 6 minutes");
});

test("a place in line reads as a word", () => {
  expect(place(2)).toBe("second");
  expect(place(14)).toBe("number 14");
});

test("a day is the one on the reader's clock, not UTC's", () => {
  const zone = process.env.TZ;
  process.env.TZ = "Pacific/Auckland";
  const evening = "2026-11-28T12:30:00Z";
  expect(localDay(new Date(evening))).toBe("2026-11-29");
  expect(sameDay(evening, "2026-11-28T09:00:00Z")).toBe(false);
  expect(dayName(evening, new Date("2026-11-29T08:00:00Z"))).toBe("Today");
  process.env.TZ = zone;
});

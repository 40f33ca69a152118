import { expect, test } from "vitest";
import { letters, MOST_LETTERS, portions } from "./letters";

test("a long text goes in parts that lose nothing but the gap between two", () => {
  const words = Array.from({ length: 2_000 }, (_, at) => `word${at}`).join(" ");
  const parts = portions(words);
  expect(parts.every((part) => letters(part) <= MOST_LETTERS)).toBe(true);
  expect(parts.join(" ")).toBe(words);
});

test("a line's end is a better place to cut than a space", () => {
  const first = "one two ".repeat(500).trim();
  const second = "three four ".repeat(400).trim();
  expect(portions(`${first}\n${second}`)).toEqual([first, second]);
});

test("without a gap it is cut between letters, never within one", () => {
  const parts = portions("🫖".repeat(5_001));
  expect(parts.map(letters)).toEqual([5_000, 1]);
});

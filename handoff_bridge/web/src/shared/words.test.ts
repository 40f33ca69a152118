import { expect, test } from "vitest";
import type { PageWords } from "./contract";
import { Words } from "./words";

const texts = (language: string, words: PageWords["words"]): PageWords => ({
  language,
  direction: "ltr",
  words,
  ordinals: ["first", "second"],
  ordinal_beyond: "number {place}",
  starters: [],
});

test("a form is chosen by the language's own plurals", () => {
  const few = { one: "{count} soubor", few: "{count} soubory", other: "{count} souborů" };
  const czech = new Words<"files">(texts("cs", { files: few }));
  expect([1, 3, 5].map((count) => czech.say("files", { count }))).toEqual([
    "1 soubor",
    "3 soubory",
    "5 souborů",
  ]);
});

test("a form that the texts lack is the general one, and figures are written as the language writes them", () => {
  const german = new Words<"left">(texts("de", { left: { other: "noch {count}" } }));
  expect(german.say("left", { count: 1 })).toBe("noch 1");
  expect(german.say("left", { count: 4800 })).toBe("noch 4.800");
});

test("what fills a sentence is not filled in turn, and an unknown name stays as it is", () => {
  const words = new Words<"hello">(texts("en", { hello: "{name}, {place}" }));
  expect(words.say("hello", { name: "{place}" })).toBe("{place}, {place}");
});

test("places beyond the named ones take the figure", () => {
  const words = new Words<never>(texts("en", {}));
  expect([words.ordinal(2), words.ordinal(12)]).toEqual(["second", "number 12"]);
});

import { describe, expect, it } from "vitest";
import type { CannedReplies } from "../../shared/contract";
import { choicesFor, filled, gapIn, hasGap, slashBefore } from "./canned";
import { isSendable } from "./drafts";

const REPLIES: CannedReplies = {
  replies: {
    bye: { title: "Goodbye", text: { en: "Bye {customer_name}", de: "Tschüs {customer_name}" } },
    refund: { title: "Refund is on its way", text: { en: "Your refund for {reference}" } },
    hello: { title: "Greeting", text: { fr: "Bonjour", en: "Hi, goodbye is far" } },
  },
};
const shortcuts = (query: string, language?: string) =>
  choicesFor(REPLIES, query, language).map((one) => one.shortcut);

describe("the slash", () => {
  it("opens at the start and after a blank alone", () => {
    expect(slashBefore("/re", 3)).toEqual({ start: 0, query: "re" });
    expect(slashBefore("Hi /", 4)).toEqual({ start: 3, query: "" });
    expect(slashBefore("a\n/b", 4)).toEqual({ start: 2, query: "b" });
    for (const text of ["and/or", "/re fund", "https://x", "//", "/etc/hosts"]) {
      expect(slashBefore(text, text.length)).toBeUndefined();
    }
  });
});

describe("choices", () => {
  it("are found by shortcut, title and text, in that order", () => {
    expect(shortcuts("")).toEqual(["bye", "refund", "hello"]);
    expect(shortcuts("goodbye")).toEqual(["bye", "hello"]);
    expect(shortcuts("WAY")).toEqual(["refund"]);
    expect(shortcuts("nothing")).toEqual([]);
  });

  it("are in the customer's language, else in English, and say so", () => {
    const [bye, refund] = choicesFor(REPLIES, "", "de-AT");
    expect(bye).toMatchObject({ text: "Tschüs {customer_name}", language: "de", isTheirs: true });
    expect(refund).toMatchObject({ language: "en", isTheirs: false });
  });
});

describe("filling in", () => {
  it("puts in what is known and leaves a gap for what is not", () => {
    const text = "Hi {customer_name}, {reference} {other}";
    expect(filled(text, { customer_name: "Jo" }, "en")).toBe("Hi Jo, [reference?] {other}");
    expect(filled("Hi {customer_name}", { customer_name: " " }, "en")).toBe("Hi [customer name?]");
  });

  it("writes a moment in the text's language, with its zone", () => {
    const told = filled("bis {answer_by}", { answer_by: "2026-11-30T09:00:00Z" }, "de");
    expect(told).toMatch(/^bis Montag, 30\. November .*\d\d:\d\d \S+$/);
  });

  it("is not sent before every gap is filled", () => {
    const text = "Hi [customer name?], about [reference?]";
    expect(hasGap(text)).toBe(true);
    expect(isSendable(text)).toBe(false);
    expect(isSendable("Hi Jo, about [this?]")).toBe(true);
    expect(gapIn(text)).toEqual({ start: 3, end: 19, gap: "[customer name?]" });
    expect(gapIn(text, 19)?.gap).toBe("[reference?]");
    expect(gapIn(text, 39)?.gap).toBe("[customer name?]");
  });
});

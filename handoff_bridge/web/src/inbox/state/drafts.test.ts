import { expect, test } from "vitest";
import { letters, MOST_LETTERS } from "../../shared/letters";
import { draftOf, hasDraft, isSendable, withDraft } from "./drafts";

test("each chat keeps its own reply and its own note", () => {
  const drafts = withDraft(withDraft({}, "c1", "reply", "Dear Jo"), "c1", "note", "angry");
  expect(draftOf(drafts, "c1", "reply")).toBe("Dear Jo");
  expect(draftOf(drafts, "c1", "note")).toBe("angry");
  expect(draftOf(drafts, "c2", "reply")).toBe("");
  expect([hasDraft(drafts, "c1"), hasDraft(drafts, "c2")]).toEqual([true, false]);
});

test("an emptied draft is gone", () => {
  const drafts = withDraft(withDraft({}, "c1", "note", "angry"), "c1", "note", "");
  expect([drafts, hasDraft(drafts, "c1")]).toEqual([{}, false]);
});

test("neither blanks nor more than the server takes may be sent", () => {
  const texts = ["", " \n", "Hello", "x".repeat(MOST_LETTERS), "x".repeat(MOST_LETTERS + 1)];
  expect(texts.map(isSendable)).toEqual([false, false, true, true, false]);
  // Blanks around it are not sent.
  expect(isSendable(`\n${"x".repeat(MOST_LETTERS)} `)).toBe(true);
});

test("letters are counted as the server counts them", () => {
  expect(["a", "ä", "日本", "😀", "👍🏽", "\ud800"].map(letters)).toEqual([1, 1, 2, 1, 2, 1]);
  expect([isSendable("😀".repeat(MOST_LETTERS)), isSendable("😀".repeat(MOST_LETTERS + 1))]).toEqual([
    true,
    false,
  ]);
});

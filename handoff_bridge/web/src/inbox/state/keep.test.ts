import { beforeEach, expect, test } from "vitest";
import { AT } from "./fixtures";
import { Keep } from "./keep";
import type { Entry } from "./outbox";

const entry = (id: string, at = AT): Entry => ({
  client_id: id,
  conversation_id: "c1",
  kind: "reply",
  text: "Hi",
  at,
  state: "waiting",
});

beforeEach(() => localStorage.clear());

test("each chat keeps its own reply and its own note", () => {
  const keep = new Keep(localStorage, "me");
  keep.saveDraft("c1", "reply", "Dear Jo");
  keep.saveDraft("c1", "note", "angry");
  expect([keep.draft("c1", "reply"), keep.draft("c1", "note"), keep.draft("c2", "reply")]).toEqual([
    "Dear Jo",
    "angry",
    "",
  ]);
  keep.saveDraft("c1", "reply", "");
  keep.saveDraft("c1", "note", "");
  expect(keep.hasDraft("c1")).toBe(false);
});

test("another agent on the same computer sees neither drafts nor what waits", () => {
  const keep = new Keep(localStorage, "me");
  keep.saveDraft("c1", "reply", "Dear Jo");
  keep.saveEntry(entry("a"));
  const other = new Keep(localStorage, "other");
  expect(other.hasDraft("c1")).toBe(false);
  expect(other.entries()).toEqual([]);
});

test("unsent messages come back in the order of writing, until dropped", () => {
  const keep = new Keep(localStorage, "me");
  keep.saveEntry(entry("b", "2026-05-01T10:00:02Z"));
  keep.saveEntry(entry("a", "2026-05-01T10:00:01Z"));
  expect(keep.entries().map((each) => each.client_id)).toEqual(["a", "b"]);
  keep.dropEntry("a");
  expect(keep.entries().map((each) => each.client_id)).toEqual(["b"]);
});

test("a damaged entry is skipped", () => {
  localStorage.setItem("tandem.outbox.me.x", "{not json");
  expect(new Keep(localStorage, "me").entries()).toEqual([]);
});

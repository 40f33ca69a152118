import { beforeEach, expect, test } from "vitest";
import { withDraft } from "./drafts";
import { AT } from "./fixtures";
import { Keep } from "./keep";
import type { Entry } from "./outbox";

const entry = (id: string, at = AT): Entry => ({
  id,
  conversation_id: "c1",
  kind: "reply",
  text: "Hi",
  at,
  state: "queued",
});

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

const keepOf = (agent: string) => new Keep(sessionStorage, localStorage, agent);

test("drafts come back after a reload, an emptied one does not", () => {
  const keep = keepOf("me");
  keep.saveDraft("c1", "reply", "Dear Jo");
  keep.saveDraft("c1", "note", "angry");
  keep.saveDraft("c2", "reply", "Dear Ana");
  keep.saveDraft("c1", "reply", "");
  const drafts = keepOf("me").drafts();
  expect(drafts).toEqual(withDraft(withDraft({}, "c1", "note", "angry"), "c2", "reply", "Dear Ana"));
});

test("drafts stay in their window, what waits to be sent is the agent's", () => {
  const keep = keepOf("me");
  keep.saveDraft("c1", "reply", "Dear Jo");
  keep.saveEntry(entry("a"));
  sessionStorage.clear();
  expect([keepOf("me").drafts(), keepOf("me").entries()]).toEqual([{}, [entry("a")]]);
});

test("another agent on the same computer sees neither drafts nor what waits", () => {
  const keep = keepOf("me");
  keep.saveDraft("c1", "reply", "Dear Jo");
  keep.saveEntry(entry("a"));
  expect([keepOf("other").drafts(), keepOf("other").entries()]).toEqual([{}, []]);
});

test("a storage that is full or forbidden costs nothing but the safety net", () => {
  const broken = new Proxy({} as Storage, {
    get: () => {
      throw new Error("forbidden");
    },
  });
  const keep = new Keep(broken, broken, "me");
  keep.saveDraft("c1", "reply", "Dear Jo");
  keep.saveEntry(entry("a"));
  expect([keep.drafts(), keep.entries()]).toEqual([{}, []]);
});

test("unsent messages come back in the order of writing, until dropped", () => {
  const keep = keepOf("me");
  keep.saveEntry(entry("b", "2026-05-01T10:00:02Z"));
  keep.saveEntry(entry("a", "2026-05-01T10:00:01Z"));
  expect(keep.entries().map((each) => each.id)).toEqual(["a", "b"]);
  keep.dropEntry("a");
  expect(keep.entries().map((each) => each.id)).toEqual(["b"]);
});

test("a damaged entry is skipped", () => {
  localStorage.setItem("tandem.outbox.me.x", "{not json");
  expect(keepOf("me").entries()).toEqual([]);
});

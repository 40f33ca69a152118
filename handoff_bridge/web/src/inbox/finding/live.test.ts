import { expect, test } from "vitest";
import type { LiveConversation } from "../../shared/contract";
import { AT } from "../state/fixtures";
import { alarm, concernWords, newlyOfConcern, ofConcern } from "./live";
import { isSearchable } from "./useFinding";

const chat = (id: string, fields: Partial<LiveConversation> = {}): LiveConversation => ({
  conversation_id: id,
  owner: "bot",
  customer: {},
  verified: false,
  channel: "web",
  customer_said: "my kettle leaks",
  started_at: AT,
  last_at: AT,
  last_seq: 3,
  trend: "flat",
  failures: 0,
  concerns: [],
  ...fields,
});

test("a chat alarms once for each concern, and not for what was there at the first look", () => {
  const calm = [chat("a"), chat("b", { concerns: ["mood"] })];
  expect(newlyOfConcern(undefined, calm)).toEqual([]);
  const later = [chat("a", { concerns: ["failures"] }), chat("b", { concerns: ["mood"] })];
  expect(newlyOfConcern(calm, later).map((one) => one.conversation_id)).toEqual(["a"]);
  expect(newlyOfConcern(later, later)).toEqual([]);
  const worse = [chat("a", { concerns: ["failures", "mood"] })];
  expect(newlyOfConcern(later, worse)).toHaveLength(1);
  expect(newlyOfConcern(calm, [chat("new", { concerns: ["mood"] })])).toHaveLength(1);
  expect(ofConcern(later)).toHaveLength(2);
  expect(ofConcern()).toEqual([]);
});

test("concerns are told in words, with who it is about", () => {
  const bad = chat("a", { concerns: ["mood", "failures", "no_progress"], trend: "down", failures: 3 });
  expect(concernWords(bad)).toEqual(["Mood is falling", "3 failures", "No progress"]);
  expect(alarm(bad)).toContain("my kettle leaks: Mood is falling, 3 failures");
});

test("only what has a letter or a digit is searched for", () => {
  expect([" ", "-", "“”", "é", "1", "日"].map(isSearchable)).toEqual([false, false, false, true, true, true]);
});

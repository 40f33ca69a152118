import { expect, test } from "vitest";
import { transcriptItems } from "../../shared/desk/transcript";
import { reasonWords } from "../../shared/desk/words";
import { withDeliveries, withDelivery } from "./deliveries";
import { AT, customerSays, mine } from "./fixtures";
import { NEW_INBOX, onReach, onRow } from "./inbox";
import type { Row } from "./rows";
import { whyEnded } from "./standing";
import { templatePieces, templatesFor, variablesOf } from "./templates";
import { windowOf } from "./window";

const reach = (fields: Partial<NonNullable<Row["reach"]>> = {}): NonNullable<Row["reach"]> => ({
  title: "WhatsApp",
  is_open: true,
  has_templates: true,
  has_typing: false,
  reports: ["sent", "delivered", "read"],
  ...fields,
});
const later = (minutes: number, seconds = 0) =>
  new Date(new Date(AT).getTime() + minutes * 60_000 + seconds * 1000).toISOString();
const body = "Hello {{1}}, order {{ 2 }} is ready, {{1}}.";

test("a pushed state beats an older one that was fetched, and the other way round", () => {
  const pushed = withDelivery("c", { seq: 4, state: "read", at: later(2) })(NEW_INBOX);
  const fetched = withDeliveries("c", [
    { seq: 3, state: "sent", at: AT },
    { seq: 4, state: "sent", at: later(1) },
  ])(pushed);
  expect(fetched.deliveries.c?.[4]?.state).toBe("read");
  expect(fetched.deliveries.c?.[3]?.state).toBe("sent");
  const newer = withDeliveries("c", [{ seq: 4, state: "failed", at: later(3) }])(fetched);
  expect(newer.deliveries.c?.[4]?.state).toBe("failed");
});

test("a window counts down near its end, and ends", () => {
  const at = (minutes: number, seconds = 0) =>
    windowOf({ reach: reach({ window_ends_at: later(minutes, seconds) }) }, new Date(AT));
  expect(at(120)).toMatchObject({ isOpen: true, isNearEnd: false });
  expect(at(59, 30)).toMatchObject({ isOpen: true, isNearEnd: true, left: "59 min" });
  expect(at(9, 5)).toMatchObject({ left: "9:05" });
  expect(at(0)).toMatchObject({ isOpen: false, isNearEnd: false, left: "" });
  expect(windowOf({ reach: reach() }, new Date(AT))).toBeUndefined();
  expect(windowOf({}, new Date(AT))).toBeUndefined();
});

test("what the customer writes moves the window of their row", () => {
  const before = onRow(mine("h1", { reach: reach({ window_ends_at: AT }) }))(NEW_INBOX);
  const after = onReach("c-h1", reach({ window_ends_at: later(60) }))(before);
  expect(after.rows.h1?.reach?.window_ends_at).toBe(later(60));
});

test("nobody has left who writes by a channel of their own", () => {
  const log = [customerSays(1), { ...customerSays(2), type: "customer_left" as const }];
  expect(whyEnded(mine("h1"), log)).toBeDefined();
  expect(whyEnded(mine("h1", { reach: reach() }), log)).toBeUndefined();
});

test("an approved text has its blanks, each once to be filled in", () => {
  expect(variablesOf(body)).toEqual(["1", "2"]);
  expect(templatePieces(body, { 1: " Ann " })).toEqual([
    { text: "Hello " },
    { text: "Ann" },
    { text: ", order " },
    { blank: "2" },
    { text: " is ready, " },
    { text: "Ann" },
    { text: "." },
  ]);
});

test("approved texts are found by words of their names, texts and languages", () => {
  const found = (query: string) =>
    templatesFor([{ name: "order_ready", body, language: "en" }], query).length;
  expect(found("")).toBe(1);
  expect(found("order ready")).toBe(1);
  expect(found("HELLO en")).toBe(1);
  expect(found("hello parcel")).toBe(0);
});

test("every reason has a sentence of its own", () => {
  const reasons = [
    ...(["blocked", "credentials", "expired", "file_refused"] as const),
    ...(["refused", "unknown_address", "unreachable", "window_closed"] as const),
  ];
  expect(new Set(reasons.map((reason) => reasonWords(reason, "SMS"))).size).toBe(reasons.length);
});

test("a failure has a line where nothing stands with its message", () => {
  const said = { ...customerSays(1), actor: { type: "agent" as const, id: "me", name: "Maria" } };
  const failed = { of_seq: 1, channel: "sms", reason: "blocked" as const };
  const log = [said, { ...customerSays(2), type: "delivery_failed" as const, ...failed }];
  const lines = (tellsFailures: boolean) =>
    transcriptItems(log as never, { tellsFailures }).filter(({ kind }) => kind === "line");
  expect(lines(false)).toHaveLength(1);
  expect(lines(true)).toHaveLength(0);
  const ofSystem = [{ ...said, actor: { type: "system" as const } }, log[1]];
  const shown = transcriptItems(ofSystem as never, { tellsFailures: true });
  expect(shown.filter((item) => item.kind === "line" && item.tone === "red")).toHaveLength(1);
});

import { expect, test } from "vitest";
import type { Webhook, WebhookDelivery } from "../../shared/contract";
import { health, healthSentence, isUnderWay, outcome, standing } from "./words";

const AT = "2026-11-28T14:00:00.000Z";
const webhook: Webhook = {
  webhook_id: "wh_1",
  url: "https://crm.example.com/",
  events: ["handoff.ended"],
  status: "active",
  created_at: AT,
};
const delivery: WebhookDelivery = {
  delivery_id: "dlv_1",
  event: "test",
  created_at: AT,
  state: "pending",
  attempts: [],
  payload: {},
};
const failed = { at: AT, duration_ms: 12, status: 500 };

test("a webhook says how it is doing, and why it is disabled", () => {
  expect(health(webhook).word).toBe("Nothing sent yet");
  expect(health({ ...webhook, delivered_at: AT }).word).toBe("Working");
  const failing = { ...webhook, failing_since: AT, last_attempt: failed };
  expect(health(failing).tone).toBe("amber");
  expect(healthSentence(failing)).toContain("Last attempt: answered 500 in 12 ms.");
  const disabled: Webhook = { ...failing, status: "disabled", disabled_reason: "failing" };
  expect(health(disabled).tone).toBe("red");
  expect(healthSentence(disabled)).toContain("three days. Last attempt: answered 500");
  expect(healthSentence({ ...disabled, disabled_reason: "gone" })).toContain("410");
});

test("an attempt says what came of it", () => {
  expect(outcome({ at: AT, duration_ms: 10_000, error: "timeout" })).toBe("No answer within 10 seconds");
  expect(outcome({ at: AT, duration_ms: 5, status: 302 })).toBe("Answered 302, a redirect: not followed");
  expect(outcome({ at: AT, duration_ms: 5, status: 204 })).toBe("Answered 204 in 5 ms");
});

test("a delivery is looked at again while it may change at any moment", () => {
  const now = new Date("2026-11-28T14:00:05Z");
  expect(standing(delivery).word).toBe("On its way");
  expect(isUnderWay(delivery, now)).toBe(true);
  const later = { ...delivery, attempts: [failed], next_attempt_at: "2026-11-28T14:30:00.000Z" };
  expect(standing(later)).toMatchObject({ tone: "amber" });
  expect(isUnderWay(later, now)).toBe(false);
  expect(isUnderWay({ ...delivery, state: "delivered" }, now)).toBe(false);
});

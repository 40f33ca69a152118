import type { Webhook, WebhookAttempt, WebhookDelivery } from "../../shared/contract";
import { fullTime } from "../../shared/time";

const EVENTS: Record<string, string> = {
  "conversation.started": "A chat begins",
  "conversation.reopened": "A customer comes back to a closed chat",
  "conversation.closed": "A chat is closed",
  "message.created": "Every message: by far the most",
  "handoff.queued": "A customer waits for a person",
  "handoff.claimed": "An agent has the chat",
  "handoff.transferred": "The chat is passed on",
  "handoff.released": "The chat is back in line",
  "handoff.ended": "With disposition, summary and times",
  "handoff.wrapped_up": "The work after the chat is done",
  "contact.left": "A customer leaves an address",
  "survey.answered": "A customer answers the survey",
  test: "A test",
};

/** What an event means; nothing where the bridge is newer than this page. */
export const eventWords = (event: string): string => EVENTS[event] ?? "";

/** What a new webhook asks for unless somebody chooses: what a CRM keeps. */
export const SUGGESTED = ["handoff.ended", "handoff.wrapped_up", "contact.left", "survey.answered"];

const ERRORS: Record<NonNullable<WebhookAttempt["error"]>, string> = {
  timeout: "No answer within 10 seconds",
  unreachable: "Not reachable",
  certificate: "Its certificate is not valid",
  private_address: "Inside a private network, where webhooks may not go",
};

/** What came of one request. */
export function outcome({ status, error, duration_ms: ms }: WebhookAttempt): string {
  if (error) return ERRORS[error];
  if (status && status >= 300 && status < 400) return `Answered ${status}, a redirect: not followed`;
  return `Answered ${status} in ${ms} ms`;
}

type Tone = "good" | "amber" | "red";
export type Standing = { word: string; tone: Tone };

/** How a webhook is doing, in a word. */
export function health(webhook: Webhook): Standing {
  // By hand it is as somebody wants it.
  if (webhook.disabled_reason === "by_hand") return { word: "Disabled", tone: "good" };
  if (webhook.status === "disabled") return { word: "Disabled", tone: "red" };
  if (webhook.failing_since) return { word: "Failing", tone: "amber" };
  return { word: webhook.delivered_at ? "Working" : "Nothing sent yet", tone: "good" };
}

/** The same as a sentence: why, and since when. */
export function healthSentence(webhook: Webhook): string {
  const { disabled_reason: reason, failing_since: since, last_attempt: last } = webhook;
  const answer = last ? ` Last attempt: ${lowered(outcome(last))}.` : "";
  if (reason === "by_hand") return "A supervisor has disabled it. Events are not kept for it meanwhile.";
  if (reason === "gone") return "Disabled: it answered 410, so the address is gone for good.";
  if (reason === "failing") return `Disabled: it accepted nothing for three days.${answer}`;
  if (since) return `It has accepted nothing since ${fullTime(since)}.${answer}`;
  return webhook.delivered_at ? `Last delivery: ${fullTime(webhook.delivered_at)}.` : "";
}

const lowered = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

/** What became of a delivery. */
export function standing({ state, attempts, next_attempt_at: next }: WebhookDelivery): Standing {
  if (state === "delivered") return { word: "Delivered", tone: "good" };
  if (state === "failed") return { word: "Failed", tone: "red" };
  if (attempts.length === 0 || !next) return { word: "On its way", tone: "good" };
  return { word: `Again ${fullTime(next)}`, tone: "amber" };
}

// Clocks differ, and the first pauses are short.
const SOON_MS = 15_000;

/** Whether somebody who looks at it may see it change at any moment. */
export const isUnderWay = ({ state, next_attempt_at: next }: WebhookDelivery, now: Date): boolean =>
  state === "pending" && (!next || new Date(next).getTime() <= now.getTime() + SOON_MS);

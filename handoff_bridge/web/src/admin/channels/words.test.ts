import { expect, test } from "vitest";
import type { ChannelFigures, ChannelSample, ChannelState } from "../../shared/contract";
import { abilities, backlogWords, failureWords, sampleSteps, sampleWay, standing } from "./words";

const NOW = new Date("2026-11-28T14:00:00Z");
const none: ChannelFigures = {
  verified: 0,
  refused: 0,
  malformed: 0,
  taken: 0,
  repeated: 0,
  given_up: 0,
  sent: 0,
  delivered: 0,
  read: 0,
  failed: 0,
};
const channel: ChannelState = {
  name: "telegram",
  title: "Telegram",
  address: "https://help.shop.example/channels/telegram/webhook",
  can: { text: 4096, buttons: 100, files: true, typing: true, templates: false, reports: ["sent"] },
  sets_up: true,
  today: none,
  week: none,
  incoming: { count: 0 },
  outgoing: { count: 0 },
};
const sample: ChannelSample = {
  passed: true,
  via: "public",
  address: channel.address,
  verified: true,
  forgery_refused: true,
  secs: 0.12,
  advice: [],
};

test("a channel says how it is doing", () => {
  expect(standing(channel, NOW)).toEqual({ word: "No messages yet", tone: "good" });
  const heard = { ...channel, heard_at: "2026-11-28T13:00:00.000Z", sent_at: "2026-11-28T13:01:00.000Z" };
  expect(standing(heard, NOW).word).toBe("Working");
  const last_failure = { at: "2026-11-28T13:02:00.000Z", conversation_id: "c", seq: 1 };
  expect(standing({ ...heard, last_failure }, NOW).tone).toBe("amber");
  const before = { ...last_failure, at: "2026-11-28T12:00:00.000Z" };
  expect(standing({ ...heard, last_failure: before }, NOW).word).toBe("Working");
  const stuck = { ...heard, outgoing: { count: 3, oldest_at: "2026-11-28T13:40:00.000Z" } };
  expect(standing(stuck, NOW).tone).toBe("red");
  const moment = { ...heard, outgoing: { count: 3, oldest_at: "2026-11-28T13:59:00.000Z" } };
  expect(standing(moment, NOW).word).toBe("Working");
});

test("what it can and cannot do is said in words", () => {
  expect(abilities(channel.can)).toBe("buttons · photos and PDFs · typing");
  const sms = {
    ...channel.can,
    buttons: 0,
    files: false,
    typing: false,
    window_hours: 24,
    reports: ["read"],
  };
  expect(abilities(sms)).toContain(
    "numbered lists instead of buttons · files as links · replies within 24 hours",
  );
});

test("a failure and a backlog say why and since when", () => {
  const failure = { at: "2026-11-20T13:02:00.000Z", conversation_id: "c", seq: 1 };
  expect(failureWords({ ...failure, reason: "blocked", detail: "403" }, NOW)).toMatch(
    /: the customer has blocked us \(403\)\.$/,
  );
  expect(failureWords(failure, NOW)).toContain("did not say why");
  expect(backlogWords({ count: 0 }, NOW)).toBe("None");
  expect(backlogWords({ count: 2, oldest_at: "2026-11-28T13:40:00.000Z" }, NOW)).toMatch(
    /^2, the oldest since /,
  );
});

test("a sample says each step that it went through", () => {
  expect(sampleSteps(sample)).toHaveLength(2);
  expect(sampleSteps({ ...sample, taken: true, repeated: false }).map((step) => step.passed)).toEqual([
    true,
    true,
    true,
    false,
  ]);
  expect(sampleWay(sample)).toContain("worked on in 0.1 s");
  expect(sampleWay({ ...sample, via: "process" })).toContain("inside the bridge");
});

import { expect, test } from "vitest";
import type { ConversationStatus } from "../../shared/contract";
import { englishWords } from "../../shared/englishWords";
import { fullTime } from "../../shared/time";
import * as spoken from "./who";

const waiting = (status: ConversationStatus) => spoken.waiting(status, englishWords);

const QUEUED = { owner: "queue", position: 1 } as const;

test("a place in line goes with an estimate", () => {
  expect(waiting({ ...QUEUED, eta_seconds: 170, eta_range: [130, 290] })).toBe(
    "First in line, about 2 to 5 minutes",
  );
  expect(waiting({ owner: "queue" })).toBe("A colleague will be here soon");
});

test("beside a promise nothing is said that sounds sooner", () => {
  const answer_by = "2026-05-12T12:30:00.000Z";
  const words = waiting({ ...QUEUED, eta_range: [130, 290], promise: { answer_by } });
  expect(words).toBe(`Answer by ${fullTime(answer_by, englishWords.locale)}`);
});

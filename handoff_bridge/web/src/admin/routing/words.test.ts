import { expect, test } from "vitest";
import type { RoutingStep } from "../../shared/contract";
import { beginnings, secsWords, wantedLines, whenLines } from "./words";

const step = (fields: Partial<RoutingStep> = {}): RoutingStep => ({
  name: "a step",
  when: {},
  skills: {},
  speaks_language: false,
  last_agent: false,
  expires_secs: 60,
  ...fields,
});

test("a step says of which chats it is", () => {
  expect(whenLines({})).toEqual(["every chat"]);
  expect(whenLines({ topic: ["a_stay", "breakfast", "spa"], tier: ["gold"], last_agent: false })).toEqual([
    "topic a stay, breakfast or spa",
    "tier gold",
    "the customer has had no agent yet",
  ]);
});

test("a step says whom it wants", () => {
  expect(wantedLines(step())).toEqual(["anyone"]);
  const wanted = step({ team: "desk", skills: { complaints: 3, law: 5 }, speaks_language: true });
  expect(wantedLines(wanted)).toEqual([
    "team desk",
    "complaints, level 3 or more",
    "law, level 5",
    "speaks the customer’s language",
  ]);
  expect(wantedLines(step({ last_agent: true }))).toEqual(["the agent whom the customer had last"]);
});

test("times are short and exact", () => {
  expect([0, 45, 60, 90, 3600].map(secsWords)).toEqual(["0 s", "45 s", "1 min", "1 min 30 s", "60 min"]);
});

test("the last step begins when all others have expired", () => {
  expect(beginnings([step(), step({ expires_secs: 30 })])).toEqual([0, 60, 90]);
});

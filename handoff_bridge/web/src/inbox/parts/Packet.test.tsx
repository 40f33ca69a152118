// @vitest-environment happy-dom
import { render } from "preact";
import { afterEach, expect, test, vi } from "vitest";
import type { Packet as PacketData } from "../../shared/contract";
import { Packet } from "./Packet";
import { foldedSteps, toldBeside, wantedIn } from "./PacketDetails";

const AT = "2026-11-28T14:00:00Z";
const PACKET = {
  conversation_id: "c-1",
  trigger: "customer_request",
  triggers: ["customer_request"],
  reason: "Asked for a person",
  customer: { language: "en", channels: ["web"], earlier_handoffs: [] },
  summary: { request: "I want to return it", request_seq: 3, tried: [], promised: [], text: "" },
  intents: [],
  entities: [],
  slots: {},
  steps: [],
  authentication: { verified: false },
  sentiment: { trend: "flat", points: [] },
  attachments: [],
  cards: [],
  suggestions: { actions: [], replies: [], articles: [] },
} as unknown as PacketData;

afterEach(() => render(null, document.body));

function shown(fields: Partial<PacketData> = {}, onShow = vi.fn()): string {
  const packet = { ...PACKET, ...fields };
  render(<Packet packet={packet} act={undefined} onShow={onShow} onRetry={vi.fn()} />, document.body);
  return document.body.textContent ?? "";
}
const summary = (fields: Partial<PacketData["summary"]>) => ({ summary: { ...PACKET.summary, ...fields } });

test("what the customer wants leads to the message that says it", () => {
  const onShow = vi.fn();
  shown({}, onShow);
  const fact = [...document.querySelectorAll("button")].find((one) => one.textContent?.includes("return it"));
  fact?.click();
  expect(onShow).toHaveBeenCalledWith(3);
});

test("an open question that is the request itself is not read twice", () => {
  const twice = shown(summary({ open_question: "I want to return it" }));
  expect(twice.split("I want to return it")).toHaveLength(2);
  expect(shown(summary({ open_question: "By when?", open_seq: 5 }))).toContain("By when?");
});

test("an outcome that only repeats what was tried is left out", () => {
  const tried = [{ what: "Answered “Returns”", outcome: "answered", at: AT, seq: 3 }];
  expect(shown(summary({ tried }))).not.toContain(": answered");
  const more = [{ what: "Asked for the product", outcome: "no such product", at: AT, seq: 3, times: 2 }];
  expect(shown(summary({ tried: more }))).toContain("Asked for the product: no such product (2 times)");
});

test("steps alike that follow each other are one", () => {
  const ask = { action: "return_form", arguments: {}, label: "Asked what a return needs", ok: true, at: AT };
  const steps = [1, 2, 3].map((seq) => ({ ...ask, seq, result: `utter_ask_${seq}` }));
  const look = { ...ask, action: "action_look", label: "Looked it up", outcome: "late", seq: 4 };
  expect(foldedSteps([...steps, look]).map(({ label, times }) => [label, times])).toEqual([
    ["Asked what a return needs", 3],
    ["Looked it up", 1],
  ]);
});

test("neither an internal name nor a percentage is shown of what was understood", () => {
  const intents = [
    { name: "greet", confidence: 1, at: AT, seq: 1 },
    { name: "nlu_fallback", label: "not understood", confidence: 0.67, at: AT, seq: 2 },
    { name: "return_item", label: "return something", topic: "return", confidence: 0.4, at: AT, seq: 3 },
  ];
  const text = shown({ intents });
  expect(text).toContain("return something (not sure)");
  expect(text).not.toMatch(/greet|fallback|not understood|%/i);
  expect(wantedIn({ intents: [{ name: "old", confidence: 1, at: AT, seq: 1 }] } as PacketData)).toHaveLength(
    1,
  );
});

test("what was mentioned and is a slot by now is shown once", () => {
  const entity = { entity: "order_number", label: "the order number", value: "R-1", at: AT, seq: 1 };
  const packet = { entities: [entity], slots: { order_number: "R-1" } } as unknown as PacketData;
  expect(toldBeside(packet)).toEqual([]);
  expect(toldBeside({ ...packet, slots: {} })).toEqual([entity]);
});

test("earlier chats of the customer stand there, newest first, and another one opens", () => {
  const before = { trigger: "customer_request", label: "Asked for a person", at: AT };
  const earlier_handoffs = [
    { ...before, handoff_id: "h-0", conversation_id: "c-1" },
    { ...before, handoff_id: "h-1", conversation_id: "c-0", about: "R-1", disposition: "resolved" as const },
  ];
  const text = shown({ customer: { ...PACKET.customer, earlier_handoffs } });
  expect(text).toContain("Asked for a person · R-1 · resolved");
  const opens = [...document.querySelectorAll("button")].filter((one) =>
    one.textContent?.startsWith("Read it"),
  );
  expect(opens).toHaveLength(1);
});

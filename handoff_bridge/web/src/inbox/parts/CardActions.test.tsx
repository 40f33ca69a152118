// @vitest-environment happy-dom
import { render } from "preact";
import { act as settle } from "preact/test-utils";
import { afterEach, expect, test, vi } from "vitest";
import type { Card, CardAction } from "../../shared/contract";
import { type Act, filled, problemsOf, sentence } from "../useCardAction";
import { CardActions } from "./CardActions";

const REFUND: CardAction = {
  id: "refund",
  label: "Refund",
  fields: [
    {
      name: "amount",
      label: "Amount",
      type: "money",
      currency: "EUR",
      minimum: "0.01",
      maximum: "20.00",
      value: "20.00",
      required: true,
    },
    { name: "why", label: "Why", type: "text" },
  ],
  confirm: "Sends {amount} back ({why}, {else}).",
};
const STAY: Card = { kind: "stay", id: "S-1", title: "Room 12", rows: [], actions: [REFUND] };

afterEach(() => render(null, document.body));

function opened(act: Act, card = STAY) {
  render(<CardActions card={card} act={act} />, document.body);
  settle(() => button("Refund").click());
}
const button = (name: string) =>
  [...document.querySelectorAll("button")].find((one) => one.textContent === name) as HTMLButtonElement;
const send = () =>
  settle(async () => {
    document.querySelector("form")?.dispatchEvent(new Event("submit", { cancelable: true, bubbles: true }));
    await Promise.resolve();
  });
function type(name: string, value: string) {
  const box = document.getElementById(`card-field-${name}`) as HTMLInputElement;
  settle(() => {
    box.value = value;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

test("a card of a chat that is not mine offers nothing, one of a stranger says why", () => {
  render(<CardActions card={STAY} act={undefined} />, document.body);
  expect(document.body.textContent).toBe("");
  const { actions: _, ...stranger } = STAY;
  render(<CardActions card={{ ...stranger, actions_locked: true }} act={vi.fn()} />, document.body);
  expect(document.body.textContent).toContain("once the customer is verified");
});

test("it says what will happen, with the values as they stand", () => {
  opened(vi.fn());
  const words = () => document.querySelector(".card-action-confirm")?.textContent;
  expect(words()).toBe("Sends EUR 20.00 back (–, {else}).");
  type("amount", "7,5");
  type("why", "dented");
  expect(words()).toBe("Sends EUR 7.5 back (dented, {else}).");
});

test("what is not right is said beside its field, and nothing is sent", async () => {
  const act = vi.fn();
  opened(act);
  for (const [text, problem] of [
    ["", "Amount is needed."],
    ["-1", "At least 0.01."],
    ["20.01", "At most 20.00."],
    ["lots", "Amount has to be a number, such as 12.50."],
  ] as const) {
    type("amount", text);
    await send();
    expect(document.querySelector(".field-problem")?.textContent).toBe(problem);
  }
  expect(act).not.toHaveBeenCalled();
});

test("without an answer the very same is asked for again, and only that", async () => {
  const act = vi
    .fn<Act>()
    .mockResolvedValueOnce({ ok: false, error: "no_answer", message: "" })
    .mockResolvedValueOnce({ ok: true, seq: 9 });
  opened(act);
  await send();
  expect(document.querySelector("[role=alert]")?.textContent).toContain("nothing is done twice");
  expect((document.getElementById("card-field-amount") as HTMLInputElement).disabled).toBe(true);
  expect(button("Try again")).toBeTruthy();
  await send();
  expect(act.mock.calls[1]).toEqual(act.mock.calls[0]);
  expect(document.querySelector("form")).toBeNull();
});

test("after a refusal, in its words, the next try is another one", async () => {
  const refusal = { ok: false, error: "action_refused", message: "Refunded already." } as const;
  const act = vi.fn<Act>().mockResolvedValue(refusal);
  opened(act);
  await send();
  expect(document.querySelector("[role=alert]")?.textContent).toContain("Refunded already.");
  await send();
  const [first, second] = act.mock.calls.map(([call]) => call.client_id);
  expect(first).not.toBe(second);
});

test("fields are sent as they are asked for", () => {
  expect(filled(REFUND.fields, { amount: " 7,50 ", why: "" })).toEqual({ amount: "7.50" });
  expect(problemsOf(REFUND.fields, { amount: "7,50" })).toEqual({});
  expect(sentence({ ...REFUND, confirm: "" }, {})).toBe("");
});

import { expect, test } from "vitest";
import { changedSlots, settableSlots, slotNamed } from "./ending";

test("what the assistant proved or keeps for itself cannot be set by hand", () => {
  const slots = {
    order_number: "A-10428",
    photo: "a1",
    authentication: { method: "x" },
    confirm: true,
  };
  const labels = { photo: { label: "a photo", fixed: true }, order_number: { label: "the order number" } };
  expect(settableSlots(slots, labels)).toEqual({ order_number: "A-10428" });
  expect(settableSlots({ order_number: 3 })).toEqual({ order_number: "3" });
});

test("only what changed is sent, and an emptied field forgets", () => {
  const known = { order_number: "A-1", return_reason: "damaged", new_address: "Quay 1" };
  const edited = { order_number: " A-1 ", return_reason: "", new_address: "Quay 2" };
  expect(changedSlots(known, edited)).toEqual({ slots: { return_reason: null, new_address: "Quay 2" } });
  expect(changedSlots(known, known)).toEqual({});
});

test("a refusal that names a slot leads to its field", () => {
  const known = { order_number: "A-1", order: "x" };
  expect(slotNamed("There is no slot named order_number.", known)).toBe("order_number");
  expect(slotNamed("Something else", known)).toBeUndefined();
});

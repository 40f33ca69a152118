import { expect, test } from "vitest";
import { initials } from "../Avatar";
import { customerName, firstName } from "./words";

test.each([
  ["Jo Marsh", "Jo Marsh"],
  ["  ", "Visitor"],
  [undefined, "Visitor"],
  ["مرحبا", "\u2068مرحبا\u2069"],
  ["\u202eevil\u202c", "evil"],
  ["שלום\u2069 \u202e!", "\u2068שלום !\u2069"],
])("the name %j keeps to itself", (name, shown) => {
  expect(customerName(name)).toBe(shown);
});

test("a first name is isolated by itself", () => {
  expect(firstName(customerName("مرحبا بالعالم"))).toBe("\u2068مرحبا\u2069");
  expect(firstName(customerName("Jo Marsh"))).toBe("Jo");
});

test("initials are letters", () => {
  expect(initials(customerName("مرحبا (Mária)"))).toBe("مM");
  expect(initials("«»")).toBe("?");
});

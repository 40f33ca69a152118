import { expect, test } from "vitest";
import { pieces, safeHref } from "./links";

const links = (text: string) =>
  pieces(text)
    .filter((piece) => piece.href)
    .map((piece) => piece.href);

test("an address becomes a link and the full stop stays outside", () => {
  expect(pieces("See https://shop.example/a. Thanks")).toEqual([
    { text: "See " },
    { text: "https://shop.example/a", href: "https://shop.example/a" },
    { text: ". Thanks" },
  ]);
});

test("a bracket around an address does not belong to it", () => {
  expect(links("(https://shop.example/a)")).toEqual(["https://shop.example/a"]);
});

test("a mail address becomes a mail link", () => {
  expect(links("write to jo@shop.example")).toEqual(["mailto:jo@shop.example"]);
});

test("no scheme but the web's becomes a link", () => {
  expect(links("javascript:alert(1) data:text/html,x file:///etc/passwd")).toEqual([]);
  expect(safeHref("javascript:alert(1)//@x")).toBeUndefined();
});

test("nothing of the text is lost", () => {
  const text = 'a <b>bold</b> http://x.example/?q="1" end';
  expect(
    pieces(text)
      .map((piece) => piece.text)
      .join(""),
  ).toBe(text);
});

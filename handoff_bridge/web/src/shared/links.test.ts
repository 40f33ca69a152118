import { expect, test } from "vitest";
import { partsOf, pieces } from "./links";

const links = (text: string) => pieces(text).filter((piece) => piece.href);
const joined = (text: string) =>
  pieces(text)
    .map((piece) => piece.text)
    .join("");

const A = "https://shop.example/a";

/** What is written, and which part of it is a link. */
const FOUND: [string, string[]][] = [
  [`See ${A}. Thanks`, [A]],
  [`${A}, or ${A}; ${A}: ${A}! ${A}? ${A}...`, [A, A, A, A, A, A]],
  [`(${A})`, [A]],
  [`((${A}))`, [A]],
  [`(see [${A}])`, [A]],
  ["https://en.example/wiki/Kettle_(tea)", ["https://en.example/wiki/Kettle_(tea)"]],
  ["(https://en.example/wiki/Kettle_(tea)).", ["https://en.example/wiki/Kettle_(tea)"]],
  ["https://a.example/x[0](1){2}", ["https://a.example/x[0](1){2}"]],
  [`"${A}" '${A}' “${A}” „${A}“ «${A}» ‘${A}’ ‹${A}›`, [A, A, A, A, A, A, A]],
  [`<${A}>`, [A]],
  [`**${A}** _${A}_ ~${A}~ \`${A}\``, [A, A, A, A]],
  [`请看${A}。谢谢`, [A]],
  [`${A}，${A}、${A}；${A}：${A}！${A}？`, [A, A, A, A, A, A]],
  [`（${A}）「${A}」『${A}』【${A}】《${A}》〈${A}〉［${A}］｛${A}｝`, [A, A, A, A, A, A, A, A]],
  [`${A}…`, [A]],
  [`${A}\n${A}\t${A}\u00a0${A}\u3000${A}`, [A, A, A, A, A]],
  ["https://a.example/?q=1&r=a,b#c", ["https://a.example/?q=1&r=a,b#c"]],
  ["https://a.example:8443/x;y=1/it's/~jo", ["https://a.example:8443/x;y=1/it's/~jo"]],
  ["http://[::1]:8000/x", ["http://[::1]:8000/x"]],
  ["HTTPS://SHOP.EXAMPLE/A", ["HTTPS://SHOP.EXAMPLE/A"]],
  ["www.shop.example/a.", ["www.shop.example/a"]],
  ["https://a.example/größe/日本", ["https://a.example/größe/日本"]],
  ["write to jo@shop.example.", ["jo@shop.example"]],
  ["mailto:jo@shop.example", ["mailto:jo@shop.example"]],
  ["jo+tent@mail.shop.example, sam@shop.example", ["jo+tent@mail.shop.example", "sam@shop.example"]],
  ["shop.example and v1.2.3 and and/or", []],
];
test.each(FOUND)("in %j these are links: %j", (text, found) => {
  expect(links(text).map((piece) => piece.text)).toEqual(found);
  expect(joined(text)).toBe(text);
});

test("links lead where they say", () => {
  expect(links("www.shop.example")[0]?.href).toBe("https://www.shop.example/");
  expect(links("jo@shop.example")[0]?.href).toBe("mailto:jo@shop.example");
  expect(links("mailto:jo@shop.example?bcc=eve@x.example")[0]?.href).toBe("mailto:jo@shop.example");
});

const HOSTILE = [
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)//@x",
  "data:text/html,<script>alert(1)</script>",
  "file:///etc/passwd",
  "vbscript:x",
  "blob:x",
  "https://bank.example@evil.example/",
  "https://bank.example:443@evil.example/",
  "https://bank.example%2f@evil.example/",
  "https://bank.example\\@evil.example/",
  "https://",
  "http://a b",
  "//evil.example",
];
test.each(HOSTILE)("%j is no way to anywhere hostile", (text) => {
  const hrefs = links(text).map((piece) => piece.href);
  expect(hrefs.filter((href) => /evil|script|data:|file:|blob:/.test(href ?? ""))).toEqual([]);
  expect(joined(text)).toBe(text);
});

test.each(["\u202e", "\u2066", "\u200f", "\u200b", "\u2060", "\ufeff", "\u0000"])(
  "an address ends before the unseen %j",
  (sign) => {
    const text = `https://a.example/x${sign}gpj.exe`;
    expect(links(text)).toEqual([{ text: "https://a.example/x", href: "https://a.example/x" }]);
    expect(joined(text)).toBe(text);
  },
);

test("letters that look like others are told apart by where the link leads", () => {
  const [piece] = links("https://\u0430pple.example/");
  expect(piece?.host).toBe("xn--pple-43d.example");
  expect(links("https://apple.example/")[0]?.host).toBeUndefined();
});

test("a number stays in one piece; a word with a hyphen and what is too long for a line do not", () => {
  const long = `A1-${"9".repeat(40)}`;
  for (const [text, numbers] of [
    ["Your order AB-10428, sent", ["AB-10428"]],
    ["2026-11-28 and X1-22-333.", ["2026-11-28", "X1-22-333"]],
    ["well-kept, e-mail, -5, a--1", []],
    [long, []],
  ] as const) {
    const parts = partsOf(text);
    expect(parts.join("")).toBe(text);
    expect(parts.filter((_, at) => at % 2)).toEqual(numbers);
  }
});

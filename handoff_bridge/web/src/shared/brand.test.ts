import { expect, test } from "vitest";
import { brandCss } from "./brand";

const palette = { accent: "#111111" };
const colours = { light: palette, dark: { accent: "#eeeeee" } };

test("a symbol takes the colour of its text, a logo keeps its own", () => {
  const symbol = brandCss({ colours, logo: "/l.png", symbol: "/s.svg" }, "https://desk.example");
  expect(symbol).toContain("--accent: light-dark(#111111, #eeeeee);");
  expect(symbol).toContain('background: currentColor; mask: url("https://desk.example/s.svg")');
  expect(brandCss({ colours, logo: "/l.png" }, "")).toContain('{ background: url("/l.png")');
});

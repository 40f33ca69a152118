// @vitest-environment happy-dom
import { render } from "preact";
import { act as settle } from "preact/test-utils";
import { afterEach, expect, test, vi } from "vitest";
import type { DeliveryState } from "../../shared/contract";
import { mine } from "../state/fixtures";
import type { Row } from "../state/rows";
import { Delivered, useIsOpen, WindowLine } from "./Channel";

afterEach(() => {
  vi.useRealTimers();
  render(null, document.body);
});

const words = () => document.body.textContent?.replace(/\s+/g, " ").trim() ?? "";
const buttons = () => [...document.querySelectorAll("button")].map((one) => one.textContent);
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000 + 500).toISOString();
const whatsApp = (window_ends_at: string, has_templates = true): Row =>
  mine("h1", {
    channel: "whatsapp",
    reach: {
      ...{ title: "WhatsApp", is_open: true, has_templates, has_typing: false },
      ...{ reports: ["sent", "delivered", "read"], window_ends_at },
    },
  });
const line = (row: Row) =>
  render(<WindowLine row={row} customer="Jo" onTemplates={() => {}} onWays={() => {}} />, document.body);
const state = (fields: Partial<DeliveryState>): DeliveryState => ({
  ...{ seq: 4, state: "sent", at: "2026-05-01T10:00:00Z" },
  ...fields,
});

test("the line says until when, counts near the end, and afterwards offers what goes", () => {
  line(whatsApp(inMinutes(120)));
  expect(words()).toContain("WhatsApp: you can write until");
  line(whatsApp(inMinutes(12)));
  expect(words()).toContain("WhatsApp: 12 min left to write, until");
  expect(buttons()).toEqual([]);
  line(whatsApp(inMinutes(-60)));
  expect(words()).toContain("The time to reply is over.");
  expect(words()).toContain("WhatsApp takes only approved texts, until Jo writes again.");
  expect(buttons()).toEqual(["Send an approved text…", "Other ways…"]);
  line(whatsApp(inMinutes(-60), false));
  expect(buttons()).toEqual(["Other ways…"]);
});

test("a chat closes at the moment its window does", () => {
  vi.useFakeTimers();
  const row = whatsApp(inMinutes(1));
  const Shown = () => <p>{useIsOpen(row) ? "open" : "closed"}</p>;
  settle(() => render(<Shown />, document.body));
  expect(words()).toBe("open");
  settle(() => void vi.advanceTimersByTime(62_000));
  expect(words()).toBe("closed");
});

test("what became of a message is quiet, and always told to screen readers", () => {
  render(<Delivered delivery={state({ state: "read" })} title="WhatsApp" isNewest={false} />, document.body);
  expect(words()).toBe("Read");
  expect(document.querySelector(".visually-hidden")?.textContent).toBe("Read");
  render(<Delivered delivery={state({ state: "read" })} title="WhatsApp" isNewest />, document.body);
  expect(document.querySelector(".visually-hidden")).toBeNull();
});

test("a failure says why, and only its agent has a way on", () => {
  const failed = state({ state: "failed", reason: "blocked", detail: "63032" });
  const shown = (fields: object) =>
    render(<Delivered delivery={failed} title="WhatsApp" isNewest {...fields} />, document.body);
  shown({});
  expect(words()).toBe("Not delivered. The customer has blocked us on WhatsApp. WhatsApp: 63032");
  expect(buttons()).toEqual([]);
  const again = vi.fn();
  shown({ onAgain: again, onWays: () => {} });
  expect(buttons()).toEqual(["Send again", "Other ways…"]);
  document.querySelector("button")?.click();
  expect(again).toHaveBeenCalledOnce();
});

// @vitest-environment happy-dom
import { render } from "preact";
import { afterEach, expect, test } from "vitest";
import type { Card, CardRow, Packet } from "../../shared/contract";
import { money } from "../../shared/money";
import { Cards, cardsOf, runsOf, siteOf } from "./Cards";

const JO: Packet["customer"] = { language: "en", channels: ["web"], earlier_handoffs: [] };
const sum = (label: string, amount: string): CardRow => ({
  label,
  value: { amount, currency: "EUR" },
  type: "money",
});
const stay = (rows: CardRow[] = [], fields: Partial<Card> = {}): Card => ({
  kind: "stay",
  id: "S-1",
  title: "Room 12",
  rows,
  ...fields,
});

function shown(cards: Card[], customer = JO): HTMLElement {
  render(<Cards packet={{ cards, customer } as Packet} />, document.body);
  return document.body;
}
afterEach(() => render(null, document.body));

const cells = (body: HTMLElement) =>
  [...body.querySelectorAll("dl > div")].map((row) =>
    [...row.children].map((cell) => cell.textContent?.trim()),
  );

test("a card of a kind nobody has heard of is shown with its title and status", () => {
  const body = shown([stay([], { kind: "boat_trip", status: "Sails at noon" })]);
  expect(body.querySelector("section")?.getAttribute("aria-label")).toBe("Boat trip Room 12");
  expect(body.querySelector("summary")?.textContent).toBe("Boat tripRoom 12Sails at noon");
});

test("several alike show how many, what one costs, the sum, and the total apart", () => {
  const mugs: CardRow = {
    label: "Mug",
    type: "money",
    value: { amount: "25.80", currency: "EUR", quantity: 2, unit_amount: "12.90" },
  };
  const body = shown([stay([mugs, sum("Blanket", "40.00"), { ...sum("Total", "65.80"), emphasis: true }])]);
  const euro = (amount: string) => money(amount, "EUR");
  expect(cells(body)).toEqual([
    [`Mug2 × ${euro("12.90")}`, euro("25.80")],
    ["Blanket", euro("40.00")],
    ["Total", euro("65.80")],
  ]);
  expect(body.querySelector(".emphasis dt")?.textContent).toBe("Total");
});

test("money is exact, and written as in the agent's region", () => {
  expect(money("1234.50", "EUR", "de-DE")).toBe("1.234,50\u00a0€");
  expect(money("1234.50", "GBP", "en-GB")).toBe("£1,234.50");
  expect(money("9007199254740993.01", "USD", "en-US")).toBe("$9,007,199,254,740,993.01");
  expect(money("1200", "JPY", "en-US")).toBe("¥1,200");
});

test("a day is the same day in every zone", () => {
  const zone = process.env.TZ;
  process.env.TZ = "America/Los_Angeles";
  const body = shown([stay([{ label: "Due", value: "2026-03-12", type: "date" }])]);
  process.env.TZ = zone;
  expect(body.querySelector("time")?.textContent).toContain("12");
});

test("only addresses of the web are links", () => {
  const row = (value: string): CardRow => ({ label: "See", value, type: "link" });
  const body = shown([stay([row("https://a.example/b?c=1"), row("javascript:alert(1)")])]);
  const links = [...body.querySelectorAll("a")];
  expect(links.map((link) => link.getAttribute("href"))).toEqual(["https://a.example/b?c=1"]);
  expect(links[0]?.getAttribute("rel")).toBe("noreferrer");
  expect(cells(body)[1]).toEqual(["See", "javascript:alert(1)"]);
  expect(siteOf("data:text/html,x")).toBeUndefined();
  expect(siteOf("/orders")).toBeUndefined();
});

test("a photo is a link, since pages show no pictures from elsewhere", () => {
  const body = shown([stay([], { photo: "https://a.example/1.jpg" })]);
  expect(body.querySelector("img")).toBeNull();
  expect(body.querySelector("a")?.textContent).toContain("a.example");
});

test("a row of a type to come is shown as text, and HTML as typed", () => {
  const row = { label: "Pulse", value: "<b>61</b>", type: "heartbeat" } as unknown as CardRow;
  expect(cells(shown([stay([row])]))).toEqual([["Pulse", "<b>61</b>"]]);
});

test("what is hidden says so", () => {
  const body = shown([stay([{ label: "Lives at", value: "•••", type: "text", masked: true }])]);
  expect(cells(body)[0]?.[1]).toBe("•••, hidden until the customer is verified");
});

test("a code can be copied", async () => {
  const body = shown([stay([{ label: "Parcel", value: "NO12", type: "code" }])]);
  const button = body.querySelector<HTMLButtonElement>("button[aria-label='Copy NO12']");
  button?.click();
  await expect.poll(() => body.querySelector("[aria-live]")?.textContent).toBe("Copied");
  expect(await navigator.clipboard.readText()).toBe("NO12");
});

test("the first card lies open, the others are folded", () => {
  const body = shown([stay(), stay([], { id: "S-2" })]);
  expect([...body.querySelectorAll("details")].map((one) => one.open)).toEqual([true, false]);
});

test("a customer of whom there is no card is told as far as the bridge knows", () => {
  const known = { ...JO, id: "c-1", name: "Ada Byron", email: "ada@example.com" };
  const packet = (cards: Card[], customer: Packet["customer"]) => ({ cards, customer }) as Packet;
  expect(cardsOf(packet([], JO))).toEqual([]);
  const [own] = cardsOf(packet([], known));
  expect([own?.title, own?.rows.map((row) => row.value)]).toEqual(["Ada Byron", ["c-1", "ada@example.com"]]);
  expect(cardsOf(packet([stay([], { id: "c-1" })], known))).toHaveLength(1);
});

test("sums stand together, in the order of the rows", () => {
  const text: CardRow = { label: "Nights", value: "3", type: "text" };
  const rows = [sum("Room", "90"), sum("Total", "90"), text, sum("Deposit", "20")];
  expect(runsOf(rows)).toEqual([rows.slice(0, 2), [text], rows.slice(3)]);
  expect(runsOf([])).toEqual([]);
});

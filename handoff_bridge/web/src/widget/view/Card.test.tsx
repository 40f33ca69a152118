// @vitest-environment happy-dom
import { render } from "preact";
import { afterEach, expect, test } from "vitest";
import type { ShownCard, WidgetWord } from "../../shared/contract";
import { englishWords } from "../../shared/englishWords";
import { Words } from "../../shared/words";
import type { Chat } from "../chat";
import { Card } from "./Card";
import { ChatContext } from "./context";

const STAY: ShownCard = {
  kind: "stay",
  id: "S-1",
  title: "Room 12",
  status: "Booked",
  rows: [
    { label: "From", value: "2026-03-12", type: "date" },
    { label: "Price", value: { amount: "180.50", currency: "EUR" }, type: "money", emphasis: true },
    {
      label: "Breakfast",
      value: { amount: "24.00", currency: "EUR", quantity: 2, unit_amount: "12.00" },
      type: "money",
    },
    { label: "The way", value: "https://hotel.example/way", type: "link" },
    { label: "Write to us", value: "mailto:desk@hotel.example", type: "link" },
    { label: "Odd", value: "javascript:alert(1)", type: "link" },
  ],
};

function shown(card: ShownCard, words = englishWords): HTMLElement {
  const store = { state: { words }, subscribe: () => () => undefined };
  render(
    <ChatContext.Provider value={{ store } as unknown as Chat}>
      <Card card={card} />
    </ChatContext.Provider>,
    document.body,
  );
  return document.body;
}
afterEach(() => render(null, document.body));

const values = (body: HTMLElement) => [...body.querySelectorAll("dd")].map((one) => one.textContent?.trim());

test("a card is a group with a name, and its rows are a list of terms", () => {
  const body = shown(STAY);
  expect(body.querySelector('[role="group"]')?.getAttribute("aria-label")).toBe("Room 12, Booked");
  const terms = [...body.querySelectorAll("dt")].map((one) => one.textContent);
  expect(terms).toEqual(["From", "Price", "Breakfast", "Odd"]);
  expect(values(body)).toEqual(["Mar 12, 2026", "€180.50", "2 × €12.00 €24.00", "javascript:alert(1)"]);
});

test("days and sums are the reader's own", () => {
  const texts = { direction: "ltr", words: {}, ordinal_beyond: "" } as const;
  const german = new Words<WidgetWord>({ ...texts, ordinals: [], starters: [], language: "de" });
  expect(values(shown(STAY, german)).slice(0, 2)).toEqual(["12.03.2026", "180,50\u00a0€"]);
});

test("only the web and mail are links, and say where they open", () => {
  const links = [...shown(STAY).querySelectorAll("a")];
  expect(links.map((one) => one.getAttribute("href"))).toEqual([
    "https://hotel.example/way",
    "mailto:desk@hotel.example",
  ]);
  expect(links.map((one) => one.textContent)).toEqual(["The way, opens in a new tab", "Write to us"]);
  expect(links[0]?.getAttribute("rel")).toBe("noopener noreferrer");
});

test("a picture that does not load leaves no hole", async () => {
  const body = shown({ ...STAY, photo: "https://hotel.example/12.jpg" });
  body.querySelector("img")?.dispatchEvent(new Event("error"));
  await new Promise(requestAnimationFrame);
  expect(body.querySelector("img")).toBeNull();
});

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TitleNews } from "./title";

beforeEach(() => {
  vi.useFakeTimers();
  document.head.innerHTML = "<title>  The shop\n</title>";
});
afterEach(() => vi.useRealTimers());

const now = () => document.querySelector("title")?.textContent;

test("it takes turns with the page's own, which comes back exactly", () => {
  const news = new TitleNews();
  news.show("2 new");
  expect(now()).toBe("2 new");
  vi.advanceTimersByTime(1_500);
  expect(now()).toBe("  The shop\n");
  vi.advanceTimersByTime(1_500);
  news.show("3 new");
  expect(now()).toBe("3 new");
  news.show("");
  vi.advanceTimersByTime(9_000);
  expect(now()).toBe("  The shop\n");
});

test("a title that the page changes meanwhile stays, whenever that happens", () => {
  const news = new TitleNews();
  news.show("2 new");
  document.title = "The cart";
  vi.advanceTimersByTime(1_500);
  expect(now()).toBe("2 new");
  vi.advanceTimersByTime(1_500);
  expect(now()).toBe("The cart");
  document.title = "The till";
  vi.advanceTimersByTime(1_500);
  document.title = "Paid";
  news.show("");
  expect(now()).toBe("Paid");
});

test("a page without a title has none afterwards", () => {
  document.head.innerHTML = "";
  const news = new TitleNews();
  news.show("2 new");
  expect(now()).toBe("2 new");
  news.show("");
  expect(document.querySelector("title")).toBeNull();
});

import { render } from "preact";
import type { Socket } from "socket.io-client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { App } from "./App";
import { Desk } from "./net/desk";
import { mine, self, snapshot } from "./state/fixtures";
import { onSnapshot, withLink } from "./state/inbox";
import { Keep } from "./state/keep";

/** The page with one chat of a customer who has a language and no name. */

const DOCUMENT = {
  replies: {
    hello: {
      title: "Greeting",
      text: { en: "Hi {customer_name}", de: "Hallo {customer_name}, {agent_name} hier" },
    },
    later: { title: "Later", text: { en: "Later today" } },
  },
};

let sent: { event: string; payload: { text?: string } }[];
let root: HTMLElement;
let desk: Desk;

function fakeSocket(): Socket {
  const emitWithAck = (event: string, payload: { text?: string }) => {
    sent.push({ event, payload });
    return Promise.resolve({ ok: true, seq: 100 });
  };
  const socket = {
    connected: true,
    on: () => socket,
    io: { on: () => undefined },
    timeout: () => ({ emitWithAck }),
    volatile: { emit: () => undefined },
  };
  return socket as unknown as Socket;
}

const answering = async (path: string) => {
  if (!path.includes("canned-replies")) return new Promise(() => undefined);
  return { ok: true, json: async () => ({ version: 1, document: DOCUMENT }) };
};

beforeEach(async () => {
  sessionStorage.clear();
  sent = [];
  vi.stubGlobal("fetch", answering);
  desk = new Desk(fakeSocket(), new Keep(sessionStorage, localStorage, "me"), () => undefined);
  root = document.body.appendChild(document.createElement("div"));
  const me = { ...self, role: "agent", second_factor: false, must_enrol: false } as const;
  render(<App desk={desk} me={me} onLeave={() => undefined} />, root);
  await new Promise((done) => setTimeout(done, 100));
  desk.store.update(withLink({ state: "online", tries: 0 }));
  const chat = mine("a", { customer: { language: "de" } });
  const sam = { agent_id: "sam", name: "Sam Lee", status: "away", capacity: 3, load: 0 } as const;
  desk.store.update(onSnapshot(snapshot({ mine: [chat], agents: [self, sam] })));
  await vi.waitFor(() => expect(document.querySelector("[data-handoff]")).not.toBeNull());
  document.querySelector<HTMLElement>("[data-handoff]")?.click();
});

afterEach(() => {
  render(null, root);
  root.remove();
  vi.unstubAllGlobals();
});

const box = () => document.querySelector("textarea") as HTMLTextAreaElement;
const options = () => [...document.querySelectorAll('[role="option"]')];
const drawn = () => new Promise((done) => setTimeout(done, 20));

async function key(name: string): Promise<void> {
  const press = new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true });
  (document.activeElement ?? document.body).dispatchEvent(press);
  await drawn();
}

async function type(text: string): Promise<void> {
  const area = box();
  area.focus();
  area.setRangeText(text, area.selectionEnd, area.selectionEnd, "end");
  area.dispatchEvent(new InputEvent("input", { bubbles: true }));
  await drawn();
}

test("a slash lists replies in the customer's language, and marks others", async () => {
  await type("/");
  await vi.waitFor(() => expect(options()).toHaveLength(2));
  expect(options()[0]?.textContent).toContain("Hallo");
  expect(options()[1]?.querySelector(".choice-language")?.textContent).toBe("English");
  expect(box().getAttribute("aria-controls")).toBe(document.querySelector('[role="listbox"]')?.id);
  expect(box().getAttribute("aria-activedescendant")).toBe(options()[0]?.id);
  await key("ArrowDown");
  expect(box().getAttribute("aria-activedescendant")).toBe(options()[1]?.id);
  expect(options().map((one) => one.getAttribute("aria-selected"))).toEqual(["false", "true"]);
  await key("Escape");
  expect(options()).toEqual([]);
  expect(box().hasAttribute("aria-controls")).toBe(false);
  expect(document.activeElement).toBe(box());
});

test("Enter takes a reply, and sends nothing before its gap is filled", async () => {
  await type("/hel");
  await vi.waitFor(() => expect(options()).toHaveLength(1));
  await key("Enter");
  expect(box().value).toBe("Hallo [customer name?], Maria Costa hier");
  expect(box().value.slice(box().selectionStart, box().selectionEnd)).toBe("[customer name?]");
  expect(document.querySelector(".gap-hint")?.textContent).toContain("[customer name?]");
  await key("Enter");
  expect(sent.filter(({ event }) => event === "message_send")).toEqual([]);
  box().setRangeText("Jo", box().selectionStart, box().selectionEnd, "end");
  await type("");
  await key("Enter");
  const said = sent.filter(({ event }) => event === "message_send");
  expect(said.map(({ payload }) => payload.text)).toEqual(["Hallo Jo, Maria Costa hier"]);
});

test("an @ in a note completes a colleague's name", async () => {
  box().blur();
  await key("n");
  await type("ask @le");
  await vi.waitFor(() => expect(options()).toHaveLength(1));
  await key("Tab");
  expect(box().value).toBe("ask @Sam Lee ");
});

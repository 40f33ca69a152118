import { render } from "preact";
import type { Socket } from "socket.io-client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { App } from "./App";
import { Desk } from "./net/desk";
import { mine, self, snapshot } from "./state/fixtures";
import { onSnapshot, withLink } from "./state/inbox";
import { Keep } from "./state/keep";

/** The page with two chats of one agent; nothing is drawn between two keys but what they themselves draw. */

type Sent = { event: string; conversation_id: string; text: string };

let sent: Sent[];
let desk: Desk;
let root: HTMLElement;

function fakeSocket(): Socket {
  const emitWithAck = (event: string, payload: Omit<Sent, "event">) => {
    sent.push({ event, conversation_id: payload.conversation_id, text: payload.text });
    return Promise.resolve({ ok: true, seq: 100 + sent.length });
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

beforeEach(async () => {
  sessionStorage.clear();
  sent = [];
  vi.stubGlobal("fetch", () => new Promise(() => undefined));
  desk = new Desk(fakeSocket(), new Keep(sessionStorage, localStorage, "me"), () => undefined);
  root = document.body.appendChild(document.createElement("div"));
  render(
    <App
      desk={desk}
      me={{ ...self, role: "agent", second_factor: false, must_enrol: false }}
      onLeave={() => undefined}
    />,
    root,
  );
  // Effects come a frame after the first drawing; from then on the page hears of changes.
  await new Promise((done) => setTimeout(done, 100));
  desk.store.update(withLink({ state: "online", tries: 0 }));
  desk.store.update(onSnapshot(snapshot({ mine: [mine("a"), mine("b")] })));
  await vi.waitFor(() => expect(rowOf("a")).not.toBeNull());
});

afterEach(() => {
  render(null, root);
  root.remove();
  vi.unstubAllGlobals();
});

const rowOf = (id: string) => document.querySelector<HTMLElement>(`[data-handoff="${id}"]`);
const box = () => document.querySelector("textarea") as HTMLTextAreaElement;

function key(name: string): void {
  const target = document.activeElement ?? document.body;
  target.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));
}

function type(text: string): void {
  for (const letter of text) {
    const at = document.activeElement as HTMLTextAreaElement;
    key(letter);
    if (at.tagName !== "TEXTAREA") continue;
    at.value += letter;
    at.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
}

// On a machine that has much else to do it takes long.
const PATIENCE = { timeout: 30_000 };

test(
  "keys and clicks of one instant reach the chat and kind that they were meant for",
  PATIENCE,
  async () => {
    for (let round = 0; round < 25; round++) {
      const [one, other] = round % 2 ? ["b", "a"] : ["a", "b"];
      rowOf(one)?.click();
      key("n");
      type(`note ${round}`);
      rowOf(other)?.click();
      expect(box().value).toBe("");
      key("r");
      type(`reply ${round}`);
      key("Enter");
      expect(box().value).toBe("");
      rowOf(one)?.click();
      key("n");
      expect(box().value).toBe(`note ${round}`);
      key("Enter");
    }
    const wanted = Array.from({ length: 25 }, (_, round) => {
      const [one, other] = round % 2 ? ["b", "a"] : ["a", "b"];
      return [
        { event: "message_send", conversation_id: `c-${other}`, text: `reply ${round}` },
        { event: "note_add", conversation_id: `c-${one}`, text: `note ${round}` },
      ];
    }).flat();
    await vi.waitFor(() => expect(sent.filter((each) => each.text)).toHaveLength(50), PATIENCE);
    const inOrder = (all: Sent[]) => all.map((each) => JSON.stringify(each)).sort();
    expect(inOrder(sent.filter((each) => each.text))).toEqual(inOrder(wanted));
  },
);

test("what is typed in one chat waits there while others are read", () => {
  rowOf("a")?.click();
  key("r");
  type("Dear A");
  rowOf("b")?.click();
  rowOf("a")?.click();
  expect(box().value).toBe("Dear A");
  expect(rowOf("a")?.textContent).toContain("Draft");
  expect(rowOf("b")?.textContent).not.toContain("Draft");
});

test("focus moves with the key that moves it, not a frame later", async () => {
  rowOf("a")?.click();
  key("j");
  expect(document.activeElement).toBe(rowOf("b"));
  key("r");
  type("Hello");
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
  expect([document.activeElement, box().value]).toEqual([box(), "Hello"]);
});

import { expect, test } from "vitest";
import { Store } from "../shared/client/store";
import { announce } from "./announce";
import type { ChatEvents } from "./shell";
import { emptyLog, merge } from "./state/messages";
import type { Message } from "./state/protocol";
import type { State } from "./state/store";

const said = (seq: number, sender: Message["sender"], agent?: string): Message => ({
  seq,
  message_id: `m${seq}`,
  at: "2026-05-01T10:00:00Z",
  sender,
  text: `secret ${seq}`,
  ...(agent ? { agent: { name: agent } } : {}),
});

function listening() {
  const store = new Store({
    open: false,
    phase: "idle",
    loaded: false,
    log: emptyLog,
    status: { owner: "bot" },
    unread: 0,
  } as unknown as State);
  const heard: [keyof ChatEvents, unknown][] = [];
  announce(store, (event, detail) => heard.push([event, detail]));
  return { store, heard };
}

const at = "2026-05-01T10:00:00Z";

test("what was said before the page is no news, what comes later is told without its text", () => {
  const { store, heard } = listening();
  const log = merge(emptyLog, [said(1, "bot"), said(2, "customer")]);
  store.set({ log, loaded: true });
  store.set({ log: merge(log, [said(3, "customer"), said(4, "agent", "Maria"), said(5, "system")]) });
  expect(heard).toEqual([
    ["message", { who: "agent", at, agent: "Maria" }],
    ["message", { who: "system", at }],
  ]);
  expect(JSON.stringify(heard)).not.toContain("secret");
});

test("a message that had been missed is told once it comes, an earlier part of the history is not", () => {
  const { store, heard } = listening();
  const log = merge(emptyLog, [said(9, "bot")]);
  store.set({ log, loaded: true });
  const later = merge(log, [said(12, "bot")]);
  store.set({ log: later });
  store.set({ log: merge(later, [said(2, "bot"), said(11, "agent", "Sam")]) });
  expect(heard.map(([, detail]) => (detail as ChatEvents["message"]).agent)).toEqual([undefined, "Sam"]);
});

test("each change of owner, of the panel and of the number of unread messages is told once", () => {
  const { store, heard } = listening();
  store.set({ open: true });
  store.set({ status: { owner: "queue" } });
  store.set({ status: { owner: "queue", position: 2 } });
  store.set({ status: { owner: "agent", agent: { name: "Maria" } } });
  store.set({ open: false, unread: 2 });
  expect(heard).toEqual([
    ["opened", {}],
    ["handoff", { owner: "queue" }],
    ["handoff", { owner: "agent", agent: "Maria" }],
    ["closed", {}],
    ["unread", { count: 2 }],
  ]);
});

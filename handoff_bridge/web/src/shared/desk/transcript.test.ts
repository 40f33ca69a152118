import { expect, test } from "vitest";
import type { LogEntry } from "../contract";
import { type Item, notePieces, pieces, transcriptItems } from "./transcript";

const event = (seq: number, fields: object = {}): LogEntry =>
  ({
    seq,
    type: "message",
    at: `2026-05-01T10:0${seq}:00Z`,
    actor: { type: "customer", name: "Jo" },
    text: "Hello",
    ...fields,
  }) as LogEntry;
const kinds = (items: Item[]) => items.map((item) => item.kind);

test("each day opens with a divider and a new group", () => {
  const items = transcriptItems([event(1), event(2), event(3, { at: "2026-05-02T10:00:00Z" })]);
  expect(kinds(items)).toEqual(["day", "message", "message", "day", "message"]);
  const starts = items.flatMap((item) => (item.kind === "message" ? [item.starts] : []));
  expect(starts).toEqual([true, false, true]);
});

test("my own words and a colleague's are told apart", () => {
  const agent = (seq: number, id: string) => event(seq, { actor: { type: "agent", id, name: id } });
  const items = transcriptItems([agent(1, "me"), agent(2, "sam")], { myId: "me" });
  expect(items.flatMap((item) => (item.kind === "message" ? [item.voice] : []))).toEqual(["me", "agent"]);
});

test("a customer whose name the log does not know is called by the packet's", () => {
  const nameless = event(1, { actor: { type: "customer" } });
  const names = (customer?: string) =>
    transcriptItems([nameless], { customer }).flatMap((item) => (item.kind === "message" ? [item.name] : []));
  expect([names("Jo Marsh"), names()]).toEqual([["Jo Marsh"], ["Visitor"]]);
});

test("what only machines need is not shown", () => {
  const turn = event(1, { type: "turn", actor: { type: "bot" } });
  const queued = event(2, { type: "owner_changed", from: "bot", to: "queue" });
  expect(transcriptItems([turn, queued])).toEqual([]);
});

test("a reply that was not sent shows its words and what it did", () => {
  const held = event(1, {
    type: "reply_suppressed",
    actor: { type: "bot" },
    replies: [{ text: "Cancelled." }],
    turn: {
      actions: [
        { name: "action_note", internal: true },
        { name: "utter_done" },
        { name: "action_freeze", attempt: "Froze card 7", outcome: { kind: "done", label: "for good" } },
        { name: "action_open_ticket", result: "utter_ticket_opened" },
      ],
    },
  });
  expect(transcriptItems([held])[1]).toMatchObject({
    kind: "suppressed",
    texts: ["Cancelled."],
    did: ["Froze card 7: for good", "Open ticket: ticket opened"],
  });
});

test("a redacted part becomes a piece of its own, and brackets that somebody typed do not", () => {
  expect(pieces("Paid with [card number removed], ok", ["card"])).toEqual([
    { text: "Paid with " },
    { redacted: "card" },
    { text: ", ok" },
  ]);
  expect(pieces("[code] and [card number removed]", ["code"])).toEqual([
    { redacted: "code" },
    { text: " and " },
    { text: "[card number removed]" },
  ]);
  expect(
    pieces("[card number removed, ends in 1881], [security code removed]", ["card", "security_code"]),
  ).toEqual([{ redacted: "card", lastFour: "1881" }, { text: ", " }, { redacted: "security_code" }]);
  expect(pieces("[password removed]")).toEqual([{ text: "[password removed]" }]);
});

test("a chat that came back to the line says whose doing that was", () => {
  const agent = { type: "agent", id: "maria", name: "Maria" };
  const back = (fields: object) =>
    transcriptItems([
      event(1, { type: "handoff_updated", state: "queued", requeued_from: { name: "Maria" }, ...fields }),
    ]).flatMap((item) => (item.kind === "line" ? [item.text] : []));
  expect(back({ actor: { type: "system" } })).toEqual([
    "Maria was gone too long: back at the head of the line",
  ]);
  expect(back({ actor: agent })).toEqual(["Maria put this chat back: at the head of the line"]);
  const until = { waits_until: "2026-05-01T10:05:00Z" };
  expect(back({ actor: agent, ...until, for_agent: { name: "Sam" } })).toEqual([
    "Maria passed this chat on to Sam",
  ]);
  expect(back({ actor: agent, ...until, for_team: "orders" })).toEqual([
    "Maria passed this chat on to the orders team",
  ]);
});

test("what an agent has done about a card is one line, with what came of it", () => {
  const action = (seq: number, state: string, id: string, result?: string) =>
    event(seq, {
      type: "card_action",
      actor: { type: "agent", id: "maria", name: "Maria" },
      message_id: id,
      label: "Refund",
      title: "R-1",
      fields: [{ name: "amount", label: "Amount", value: "5", shown: "EUR 5" }],
      state,
      result,
    });
  const events = [
    action(1, "begun", "a"),
    action(2, "done", "a", "It goes back."),
    action(3, "begun", "b"),
    action(4, "refused", "c", "Too much."),
  ];
  const lines = transcriptItems(events, { myId: "maria" }).flatMap((item) =>
    item.kind === "line" ? [item.text] : [],
  );
  expect(lines).toEqual([
    "You: Refund, R-1 (EUR 5). It goes back.",
    "You: Refund, R-1 (EUR 5). The back office has not answered yet.",
    "You: Refund, R-1 (EUR 5). Refused: Too much.",
  ]);
});

test("a note is cut at the colleagues whom it names, and nowhere else", () => {
  const cut = (text: string, names?: string[]) =>
    notePieces(text, names).map((piece) => ("name" in piece ? `<${piece.name}>` : piece.text));
  expect(cut("ask @sam lee, @Sam or x@Sam, @Samuel", ["Sam", "Sam Lee"]).join("")).toBe(
    "ask <@sam lee>, <@Sam> or x@Sam, @Samuel",
  );
  expect(cut("@Ghost")).toEqual(["@Ghost"]);
  expect(cut("@A.B and @AxB", ["A.B"]).join("")).toBe("<@A.B> and @AxB");
});

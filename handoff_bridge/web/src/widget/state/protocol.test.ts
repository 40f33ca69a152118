import { expect, test } from "vitest";
import { readMessage, readStatus } from "./protocol";

test("null counts as absent", () => {
  const message = readMessage({
    seq: 4,
    prev: null,
    message_id: "m",
    at: "t",
    sender: "bot",
    text: "Hi",
    quick_replies: null,
  });
  expect(message).toEqual({ seq: 4, message_id: "m", at: "t", sender: "bot", text: "Hi" });
});

test("a message without a number is not part of the conversation", () => {
  expect(readMessage({ text: "Hi" })).toBeUndefined();
  expect(readMessage(null)).toBeUndefined();
});

test("an echo is the customer's own", () => {
  expect(readMessage({ seq: 3, text: "Hi" }, "customer")?.sender).toBe("customer");
});

test("a button without a payload says its title", () => {
  const message = readMessage({ seq: 1, quick_replies: [{ title: "Never mind" }, { payload: "/x" }, "odd"] });
  expect(message?.quick_replies).toEqual([{ title: "Never mind", payload: "Never mind" }]);
});

test("a promise is read with its ticket, and one without a date is none", () => {
  const answer_by = "2026-05-12T12:30:00.000Z";
  const promise = { answer_by, ticket: "T-1" };
  expect(readStatus({ owner: "queue", position: 1, promise })).toEqual({
    owner: "queue",
    position: 1,
    promise,
  });
  expect(readStatus({ owner: "queue", promise: { answer_by, ticket: null } }).promise).toEqual({ answer_by });
  expect(readStatus({ owner: "queue", promise: { ticket: "T-1" } }).promise).toBeUndefined();
});

test("an unknown owner is read as the bot", () => {
  expect(readStatus({ owner: "dragon", position: null })).toEqual({ owner: "bot" });
  expect(readStatus({ owner: "agent", agent: { name: "Maria", team: null } }).agent).toEqual({
    name: "Maria",
  });
});

test("cards are read; what is none is left out", () => {
  const card = { kind: "stay", id: "S-1", title: "Room 12", rows: [] };
  expect(readMessage({ seq: 1, cards: [card, null, "odd", { title: "Room 13" }] })?.cards).toEqual([card]);
  expect(readMessage({ seq: 1, cards: "odd" })?.cards).toBeUndefined();
});

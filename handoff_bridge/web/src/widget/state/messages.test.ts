import { expect, test } from "vitest";
import { emptyLog, linkedSeq, merge, mergeHistory, mergeOwn, revealsGap } from "./messages";
import type { Message } from "./protocol";

function said(seq: number, prev?: number, more: Partial<Message> = {}): Message {
  return {
    seq,
    message_id: `m${seq}`,
    at: "2026-05-01T10:00:00Z",
    sender: "bot",
    text: `text ${seq}`,
    ...(prev ? { prev } : {}),
    ...more,
  };
}
const seqs = (log: { messages: Message[] }) => log.messages.map((message) => message.seq);

test("messages stand in the order of the log, however they arrive", () => {
  const log = merge(merge(emptyLog, [said(6, 4)]), [said(2), said(4, 2)]);
  expect(seqs(log)).toEqual([2, 4, 6]);
});

test("a message that comes twice is shown once", () => {
  const log = mergeHistory(merge(emptyLog, [said(2), said(4, 2)]), [said(2), said(4, 2), said(6, 4)], 6);
  expect(seqs(log)).toEqual([2, 4, 6]);
});

test("a message whose predecessor was never seen reveals a gap", () => {
  const log = mergeHistory(emptyLog, [said(2), said(4, 2)], 4);
  expect(revealsGap(log, said(9, 4))).toBe(false);
  expect(revealsGap(log, said(9, 7))).toBe(true);
});

test("numbers taken by notes are no gap", () => {
  const log = mergeHistory(emptyLog, [said(2)], 8);
  expect(revealsGap(log, said(11, 2))).toBe(false);
});

test("the first message of a conversation reveals no gap", () => {
  expect(revealsGap(emptyLog, said(3))).toBe(false);
});

test("behind a gap the next history is asked from before it", () => {
  const log = merge(mergeHistory(emptyLog, [said(2), said(4, 2)], 4), [said(9, 7)]);
  expect(linkedSeq(log)).toBe(4);
  const healed = mergeHistory(log, [said(7, 4), said(9, 7)], 9);
  expect(seqs(healed)).toEqual([2, 4, 7, 9]);
  expect(linkedSeq(healed)).toBe(9);
});

test("an acknowledgement does not overwrite what the server has told", () => {
  const told = merge(emptyLog, [said(5, 4, { sender: "customer", text: "full" })]);
  const log = mergeOwn(told, said(5, 4, { sender: "customer", text: "ack" }));
  expect(log.messages[0]?.text).toBe("full");
  expect(log.messages[0]?.prev).toBe(4);
});

test("an acknowledged message that says what came before it reveals a gap there", () => {
  const log = mergeHistory(emptyLog, [said(2)], 2);
  expect(revealsGap(log, said(5, 2, { sender: "customer" }))).toBe(false);
  expect(revealsGap(log, said(5, 4, { sender: "customer" }))).toBe(true);
});

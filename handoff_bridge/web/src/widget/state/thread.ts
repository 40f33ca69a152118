/** Turns the log and the outbox into what the panel draws: days, groups, system lines, buttons. Pure. */

import type { Owner, Sender } from "../../shared/contract";
import { sameDay } from "../../shared/time";
import type { Outgoing } from "./outbox";
import type { Button, Message } from "./protocol";
import { startsAnew } from "./survey";

export interface Line {
  id: string;
  message: Omit<Message, "seq"> & { seq?: number };
  outgoing?: Outgoing;
}

export type Block =
  | { kind: "day"; id: string; at: string }
  /** What comes before is an earlier chat, which was closed. */
  | { kind: "anew"; id: string }
  | { kind: "system"; id: string; line: Line }
  | {
      kind: "group";
      id: string;
      sender: Exclude<Sender, "system">;
      name?: string;
      at: string;
      lines: Line[];
    };

function lines(messages: Message[], outbox: readonly Outgoing[]): Line[] {
  const known = new Set(messages.map((message) => message.message_id));
  const sent: Line[] = messages.map((message) => ({ id: message.message_id, message }));
  const unsent: Line[] = outbox
    .filter((entry) => !known.has(entry.id))
    .map((outgoing) => ({
      id: outgoing.id,
      outgoing,
      message: {
        message_id: outgoing.id,
        at: outgoing.at,
        sender: "customer",
        text: outgoing.text,
        ...(outgoing.attachments ? { attachments: outgoing.attachments } : {}),
      },
    }));
  return [...sent, ...unsent];
}

/** Days, then groups of one sender within one minute. */
export function thread(messages: Message[], outbox: readonly Outgoing[]): Block[] {
  const blocks: Block[] = [];
  let before: Line | undefined;
  const all = lines(messages, outbox);
  const said = all.map(({ message }) => message);
  for (const [index, line] of all.entries()) {
    if (startsAnew(said, index)) blocks.push({ kind: "anew", id: `anew-${line.id}` });
    if (!before || !sameDay(before.message.at, line.message.at)) {
      blocks.push({ kind: "day", id: `day-${line.id}`, at: line.message.at });
    }
    place(blocks, line);
    before = line;
  }
  return blocks;
}

function place(blocks: Block[], line: Line): void {
  const { sender, at, agent } = line.message;
  if (sender === "system") {
    blocks.push({ kind: "system", id: line.id, line });
    return;
  }
  const last = blocks[blocks.length - 1];
  if (
    last?.kind === "group" &&
    last.sender === sender &&
    last.name === agent?.name &&
    sameMinute(last.at, at)
  ) {
    last.lines.push(line);
    return;
  }
  blocks.push({
    kind: "group",
    id: `group-${line.id}`,
    sender,
    at,
    lines: [line],
    ...(agent?.name ? { name: agent.name } : {}),
  });
}

function sameMinute(one: string, other: string): boolean {
  const minute = (at: string) => Math.floor(new Date(at).getTime() / 60_000);
  return minute(one) === minute(other);
}

/**
 * The buttons on offer: those of the bot's latest turn, until the customer says anything, here or in
 * another tab, or somebody else takes over. Joining the line ends what was offered before it.
 */
export function openReplies(messages: Message[], outbox: readonly Outgoing[], owner: Owner): Button[] {
  if ((owner !== "bot" && owner !== "queue") || outbox.some((entry) => !entry.refused)) return [];
  for (let index = messages.length - 1; index >= 0; index -= 1) {
    const message = messages[index] as Message;
    if (message.sender === "customer" || message.sender === "agent") return [];
    if (message.sender === "system" && owner === "queue") return [];
    if (message.quick_replies?.length) return message.quick_replies;
  }
  return [];
}

/** True while the customer has said nothing yet, so that a first step may be suggested. */
export function isUntouched(messages: Message[], outbox: readonly Outgoing[]): boolean {
  return outbox.length === 0 && messages.length > 0 && messages.every((message) => message.sender === "bot");
}

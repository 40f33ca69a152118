/** Whether the customer is asked if somebody settled it, and where the question stands. Pure. */

import type { Message } from "./protocol";

export interface Question {
  /** Of the line that it belongs to: an agent's last; 0 once the customer has ended the chat. */
  seq: number;
  agent?: string;
  answered?: true;
}

/** The question that the log asks; `done` is the last that was answered or skipped. */
export function openQuestion(messages: Message[], done: number): Question | undefined {
  for (let index = messages.length - 1; index >= 0; index -= 1) {
    const { sender, survey, seq } = messages[index] as Message;
    if (survey) return seq > done ? { seq, agent: survey.name } : undefined;
    // Another conversation has begun since.
    if (sender === "agent" || startsAnew(messages, index)) return undefined;
  }
  return undefined;
}

/** True for what the customer writes first after an agent has closed the chat. */
export function startsAnew(messages: Pick<Message, "sender" | "key">[], index: number): boolean {
  if (messages[index]?.sender !== "customer") return false;
  for (let before = index - 1; before >= 0; before -= 1) {
    const message = messages[before];
    if (message?.key === "closed") return true;
    if (message?.sender !== "system") return false;
  }
  return false;
}

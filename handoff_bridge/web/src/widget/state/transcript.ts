/** The chat as a text file that the customer can keep. Pure. */

import { fullTime } from "../../shared/time";
import type { Message } from "./protocol";

interface Names {
  title: string;
  assistant: string;
}

export function transcript(messages: Message[], names: Names, now: Date): string {
  const head = `Chat with ${names.title}\nSaved ${fullTime(now.toISOString())}\n`;
  return `${[head, ...messages.map((message) => entry(message, names))].join("\n")}\n`;
}

function entry(message: Message, names: Names): string {
  const photos = (message.attachments ?? []).map(({ name }) => `[${name ?? "photo"}]`);
  const words = [message.text, ...photos].filter(Boolean).join(" ");
  const when = fullTime(message.at);
  return message.sender === "system"
    ? `[${when}] -- ${words} --`
    : `[${when}] ${speaker(message, names)}: ${words}`;
}

export function speaker(message: Pick<Message, "sender" | "agent">, names: Names): string {
  if (message.sender === "customer") return "You";
  if (message.sender === "agent") return message.agent?.name ?? names.title;
  return `${names.assistant} (automated assistant)`;
}

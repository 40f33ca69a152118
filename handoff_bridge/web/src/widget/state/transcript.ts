/** The chat as a text file that the customer can keep. Pure. */

import type { WidgetWord } from "../../shared/contract";
import { fullTime } from "../../shared/time";
import type { Words } from "../../shared/words";
import { cardWords } from "./cards";
import type { Message } from "./protocol";

interface Names {
  company: string;
  assistant: string;
}

export function transcript(messages: Message[], names: Names, words: Words<WidgetWord>, now: Date): string {
  const when = fullTime(now.toISOString(), words.locale);
  const head = `${words.say("chat_with")}\n${words.say("saved", { when })}\n`;
  return `${[head, ...messages.map((message) => entry(message, names, words))].join("\n")}\n`;
}

function entry(message: Message, names: Names, words: Words<WidgetWord>): string {
  const photos = (message.attachments ?? []).map(({ name }) => `[${name ?? words.say("photo")}]`);
  const cards = (message.cards ?? []).map((card) => `[${cardWords(card)}]`);
  const said = [message.text, ...cards, ...photos].filter(Boolean).join(" ");
  const when = fullTime(message.at, words.locale);
  return message.sender === "system"
    ? `[${when}] -- ${said} --`
    : `[${when}] ${speaker(message, names, words)}: ${said}`;
}

export function speaker(
  message: Pick<Message, "sender" | "agent">,
  names: Names,
  words: Words<WidgetWord>,
): string {
  if (message.sender === "customer") return words.say("you");
  if (message.sender === "agent") return message.agent?.name ?? names.company;
  return words.say("speaker_assistant", { name: names.assistant });
}

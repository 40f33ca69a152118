import { useEffect, useRef, useState } from "preact/hooks";
import { brand } from "../../shared/brand";
import type { WidgetWord } from "../../shared/contract";
import type { Words } from "../../shared/words";
import { cardWords } from "../state/cards";
import type { Message } from "../state/protocol";
import { useChatState } from "./context";

/** Once read out, it would only be met a second time by whoever reads on with the arrow keys. */
const KEPT_MS = 4_000;

/** Reads out, to whoever does not see it, each message that comes from now on, once. */
export function Announcer() {
  const { heard, words } = useChatState();
  const known = useRef(new Set(heard));
  const [lines, setLines] = useState<Message[]>([]);
  useEffect(() => {
    const news = heard.filter((message) => !known.current.has(message));
    known.current = new Set(heard);
    if (!news.length) return;
    setLines((all) => [...all, ...news]);
    setTimeout(() => setLines((all) => all.filter((line) => !news.includes(line))), KEPT_MS);
  }, [heard]);
  return (
    <div class="visually-hidden" role="status" aria-atomic="false" aria-relevant="additions">
      {lines.map((line) => (
        <p key={line.message_id}>{spoken(line, words)}</p>
      ))}
    </div>
  );
}

function spoken(message: Message, words: Words<WidgetWord>): string {
  const text = gist(message, words);
  return message.sender === "system" ? text : `${speakerOf(message, words)}: ${text}`;
}

/** Bots are called so. */
export function speakerOf({ sender, agent }: Message, words: Words<WidgetWord>): string {
  if (sender === "agent") return agent?.name ?? brand.company;
  return words.say("speaker_automated", { name: brand.assistant });
}

/** Its words, or else what it is. */
export function gist({ text, cards, attachments }: Message, words: Words<WidgetWord>): string {
  const things = cards?.map(cardWords) ?? attachments?.map(({ name }) => name ?? words.say("photo"));
  return text ?? things?.join(", ") ?? words.say("photo");
}

import { brand } from "../shared/brand";
import type { WidgetWord } from "../shared/contract";
import { localDay } from "../shared/time";
import type { Words } from "../shared/words";
import type { Message } from "./state/protocol";
import { transcript } from "./state/transcript";

/** Hands the customer the chat as a text file, made here from what this tab knows. */
export function saveChat(messages: Message[], words: Words<WidgetWord>): void {
  const now = new Date();
  const text = transcript(messages, brand, words, now);
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `chat-${localDay(now)}.txt`;
  link.click();
  // The browser reads the address after the click has returned.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

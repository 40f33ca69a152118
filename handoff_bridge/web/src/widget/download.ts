import { localDay } from "../shared/time";
import type { Config } from "./config";
import type { Message } from "./state/protocol";
import { transcript } from "./state/transcript";

/** Hands the customer the chat as a text file, made here from what this tab knows. */
export function saveChat(messages: Message[], config: Config): void {
  const now = new Date();
  const text = transcript(messages, config, now);
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `chat-${localDay(now)}.txt`;
  link.click();
  // The browser reads the address after the click has returned.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

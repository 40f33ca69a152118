import { brand } from "../../shared/brand";
import type { LiveConversation } from "../../shared/contract";
import { rowOf, titleOf } from "../state/rows";

/** What supervisors are told of the assistant's running chats. Pure. */

type Chat = LiveConversation;

export function concernWords({ concerns, trend, failures }: Chat): string[] {
  const words = {
    mood: trend === "down" ? "Mood is falling" : "Unhappy",
    failures: `${failures} failures`,
    no_progress: "No progress",
  };
  return concerns.map((concern) => words[concern]);
}

/** Those that have more on them than when they were looked at last. The first look alarms nobody. */
export function newlyOfConcern(known: Chat[] | undefined, found: Chat[]): Chat[] {
  if (!known) return [];
  const before = new Map(known.map((chat) => [chat.conversation_id, chat.concerns]));
  return found.filter(({ conversation_id, concerns }) =>
    concerns.some((concern) => !before.get(conversation_id)?.includes(concern)),
  );
}

export const ofConcern = (chats: Chat[] = []) => chats.filter(({ concerns }) => concerns.length > 0);

export function alarm(chat: Chat): string {
  return `${brand.assistant} may need help with ${titleOf(rowOf(chat)).text}: ${concernWords(chat).join(", ")}.`;
}

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { useStore } from "../../shared/client/store";
import type { WidgetWord } from "../../shared/contract";
import type { Values, Words } from "../../shared/words";
import type { Chat } from "../chat";
import type { State } from "../state/store";

export const ChatContext = createContext<Chat | null>(null);

export function useChat(): Chat {
  const chat = useContext(ChatContext);
  if (!chat) throw new Error("ChatContext is missing");
  return chat;
}

export function useChatState(): State {
  return useStore(useChat().store);
}

export function useWords(): Words<WidgetWord> {
  return useChatState().words;
}

/** Says a sentence in the customer's language: `say("key", {name})`. */
export function useSay(): (key: WidgetWord, values?: Values) => string {
  const words = useWords();
  return (key, values) => words.say(key, values);
}

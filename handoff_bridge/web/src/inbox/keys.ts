import { useEffect, useRef } from "preact/hooks";
import { brand } from "../shared/brand";
import { isTyping } from "../shared/keyboard";
import { saveSetting, setting } from "../shared/storage";

/** Every key of the inbox, as the keys dialog shows them. */
export const KEYS: { keys: string[]; does: string }[] = [
  { keys: ["j", "k"], does: "Next and previous chat" },
  { keys: ["q"], does: "Claim the next chat in line" },
  { keys: ["s"], does: "Search all chats" },
  { keys: ["1", "2", "3", "4", "5"], does: "Your desk, your team, all, closed, and live for supervisors" },
  { keys: ["c"], does: "Claim the chat on screen" },
  { keys: ["a"], does: "Accept the chat that you are offered" },
  { keys: ["r"], does: "Write a reply" },
  { keys: ["n"], does: "Write a note" },
  { keys: ["Enter"], does: "Send" },
  { keys: ["Shift+Enter"], does: "New line" },
  { keys: ["Esc"], does: "Leave the text box, a dialog or the chat" },
  { keys: ["b"], does: `Return the chat to ${brand.assistant}` },
  { keys: ["e"], does: "Close the chat" },
  { keys: ["l"], does: "Put the chat back in line" },
  { keys: ["t"], does: "Transfer the chat" },
  { keys: ["o"], does: "Take over a chat from a colleague or the assistant, as a supervisor" },
  { keys: ["/"], does: "In a reply: canned replies" },
  { keys: ["@"], does: "In a note: tell a colleague" },
  { keys: ["m"], does: "Set a reminder of the chat" },
  { keys: ["p"], does: `Show what ${brand.assistant} knows` },
  { keys: ["?"], does: "This list" },
];

const SETTING = "tandem.single_keys";

export const singleKeysOn = (): boolean => setting(SETTING) !== "off";
export const setSingleKeys = (on: boolean): void => saveSetting(SETTING, on ? "on" : "off");

export type KeyMap = Record<string, (() => void) | undefined>;

/** Listens for single keys, except while the reader types, holds a modifier, or a dialog is open. */
export function useKeys(map: KeyMap, on: boolean): void {
  const latest = useRef(map);
  latest.current = map;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event)) return;
      if (document.querySelector("dialog[open]")) return;
      if (!on && event.key.length === 1) return;
      const act = latest.current[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [on]);
}

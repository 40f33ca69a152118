import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Token } from "./state/canned";

type Props<C> = {
  box: RefObject<HTMLTextAreaElement | null>;
  listId: string;
  /** What is being typed that a list could complete, if anything. */
  tokenAt: (text: string, caret: number) => Token | undefined;
  choicesFor: (query: string) => readonly C[];
  onPick: (choice: C, token: Token) => void;
  /** A key that no list wants; true if it is dealt with all the same. */
  onKey?: (event: KeyboardEvent) => boolean;
};

/**
 * A list that completes what is typed in a text box, which is somebody else's component: it is
 * followed, and given its keys and attributes, from outside. A text area may have no role, so it is
 * no combobox by name; it says which list it controls and which option is meant, as one does.
 */
export function useCompletion<C>({ box, listId, tokenAt, choicesFor, onPick, onKey }: Props<C>) {
  const [token, setToken] = useState<Token>();
  const [shut, setShut] = useState<number>();
  const [at, setAt] = useState(0);
  const choices = token && token.start !== shut ? choicesFor(token.query) : [];
  const chosen = Math.min(at, choices.length - 1);
  const isOpen = choices.length > 0;
  const pick = (index: number) => {
    const choice = choices[index];
    if (choice === undefined || !token) return;
    setToken(undefined);
    onPick(choice, token);
  };

  const follow = () => {
    const area = box.current;
    const isHere = area !== null && document.activeElement === area;
    const next = isHere ? tokenAt(area.value, area.selectionStart) : undefined;
    if (next?.start === token?.start && next?.query === token?.query) return;
    if (next === undefined || next.start !== shut) setShut(undefined);
    setToken(next);
    setAt(0);
  };
  const keys: Record<string, () => void> = {
    ArrowDown: () => setAt((chosen + 1) % choices.length),
    ArrowUp: () => setAt((chosen + choices.length - 1) % choices.length),
    Enter: () => pick(chosen),
    Tab: () => pick(chosen),
    Escape: () => setShut(token?.start),
  };
  const press = (event: KeyboardEvent) => {
    if (event.target !== box.current || event.isComposing) return;
    const isPlain = !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey;
    const act = isOpen && isPlain ? keys[event.key] : undefined;
    if (act) act();
    else if (!onKey?.(event)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };

  const latest = useRef({ follow, press });
  latest.current = { follow, press };
  useLayoutEffect(() => {
    const changed = () => latest.current.follow();
    const pressed = (event: KeyboardEvent) => latest.current.press(event);
    const events = ["input", "selectionchange", "focusin", "focusout", "click"];
    for (const event of events) document.addEventListener(event, changed);
    // Before the text box itself hears of it: Enter takes a choice, and sends nothing.
    document.addEventListener("keydown", pressed, true);
    return () => {
      for (const event of events) document.removeEventListener(event, changed);
      document.removeEventListener("keydown", pressed, true);
    };
  }, []);

  useLayoutEffect(() => {
    const area = box.current;
    if (!area) return;
    area.setAttribute("aria-autocomplete", "list");
    area.setAttribute("aria-haspopup", "listbox");
    if (isOpen) {
      area.setAttribute("aria-controls", listId);
      area.setAttribute("aria-activedescendant", `${listId}-${chosen}`);
    } else {
      area.removeAttribute("aria-controls");
      area.removeAttribute("aria-activedescendant");
    }
  });
  return { choices, chosen, isOpen, pick, query: token?.query ?? "" };
}

/** Types into a text box, so that it can be undone; what is between `start` and `end` is replaced. */
export function typeInto(area: HTMLTextAreaElement, start: number, end: number, text: string): void {
  area.focus();
  area.setSelectionRange(start, end);
  // The only way that keeps the browser's own history; where it is missing, the text alone counts.
  if (document.execCommand?.("insertText", false, text)) return;
  area.setRangeText(text, start, end, "end");
  area.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

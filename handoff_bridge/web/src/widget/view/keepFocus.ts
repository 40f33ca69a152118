import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

/**
 * Much of what can be pressed here goes away when pressed (buttons of the bot, of the line, of a file).
 * Focus would fall out of the panel, and with it Escape and the way back; it goes to the field where it was
 * beside that, else to the messages.
 */
export function useKeepFocus(panel: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = panel.current;
    if (!element) return;
    const root = element.getRootNode() as ShadowRoot;
    let last = root.activeElement;
    let next = ".messages";
    const note = (event: FocusEvent) => {
      last = event.target as Element;
      next = last.closest(".composer") ? ".composer-input" : ".messages";
    };
    const left = () => {
      const before = last;
      // Once it has gone, if it goes: else the customer went, and keeps the focus where they took it.
      queueMicrotask(() => {
        if (last === before && before?.isConnected && !before.matches(":disabled")) last = null;
      });
    };
    const check = () => {
      if (!last || last.isConnected || root.activeElement) return;
      element.querySelector<HTMLElement>(next)?.focus({ preventScroll: true });
    };
    const gone = new MutationObserver(check);
    gone.observe(element, { childList: true, subtree: true });
    element.addEventListener("focusin", note);
    element.addEventListener("focusout", left);
    return () => {
      gone.disconnect();
      element.removeEventListener("focusin", note);
      element.removeEventListener("focusout", left);
    };
  }, [panel]);
}

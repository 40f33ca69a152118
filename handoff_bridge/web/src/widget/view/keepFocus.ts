import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import type { ChatStore } from "../state/store";

/**
 * Much of what can be pressed here goes away when pressed (buttons of the bot, of the line, of the survey).
 * Focus would fall out of the panel, and with it Escape and the way back; it goes to the messages instead.
 */
export function useKeepFocus(panel: RefObject<HTMLElement | null>, store: ChatStore): void {
  useEffect(() => {
    const root = panel.current?.getRootNode() as ShadowRoot | undefined;
    let last = root?.activeElement;
    const note = (event: FocusEvent) => {
      last = event.target as Element;
    };
    const check = () => {
      if (!last || last.isConnected || root?.activeElement) return;
      panel.current?.querySelector<HTMLElement>(".messages")?.focus({ preventScroll: true });
    };
    const element = panel.current;
    const unsubscribe = store.subscribe(() => requestAnimationFrame(check));
    element?.addEventListener("focusin", note);
    return () => {
      unsubscribe();
      element?.removeEventListener("focusin", note);
    };
  }, [panel, store]);
}

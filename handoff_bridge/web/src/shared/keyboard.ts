/** Small helpers for the keyboard. */

/** Enter sends, Shift+Enter breaks the line, and Enter that ends an input method's composition does neither. */
export function isSendKey(event: KeyboardEvent): boolean {
  return event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229;
}

/** True while the reader types, when single-letter shortcuts must stay silent. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
}

/** Moves focus through a list with the arrow keys, Home and End. Returns true if it took the key. */
export function moveFocus(event: KeyboardEvent, items: HTMLElement[]): boolean {
  const root = items[0]?.getRootNode() as Document | ShadowRoot | undefined;
  const at = items.indexOf(root?.activeElement as HTMLElement);
  const next = nextIndex(event.key, at, items.length);
  if (next === undefined) return false;
  event.preventDefault();
  items[next]?.focus();
  return true;
}

export function nextIndex(key: string, at: number, length: number): number | undefined {
  if (length === 0) return undefined;
  if (key === "ArrowDown") return (at + 1) % length;
  if (key === "ArrowUp") return at <= 0 ? length - 1 : at - 1;
  if (key === "Home") return 0;
  if (key === "End") return length - 1;
  return undefined;
}

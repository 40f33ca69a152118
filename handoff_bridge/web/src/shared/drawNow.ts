import { options } from "preact";

/**
 * Makes a change and draws it before returning, instead of after the event that is being handled.
 * For what the next key or click must already find on screen: which chat, which text box.
 */
export function drawNow(change: () => void): void {
  const before = options.debounceRendering;
  let draw: (() => void) | undefined;
  options.debounceRendering = (process) => {
    draw = process;
  };
  try {
    change();
    draw?.();
  } finally {
    if (before) options.debounceRendering = before;
    else delete options.debounceRendering;
  }
}

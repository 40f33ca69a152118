import type { Chat } from "../chat";
import { isPhone } from "./fullScreen";

/**
 * On a phone the panel covers the page, and Back has to close it instead of leaving: an entry of our own in
 * the history stands for the open panel. It carries the page's own state and address, and the page's router
 * hears only of moves that are its own.
 */

const MARK = "tandemChat";
/** The browser's own: routers put theirs in front of these. */
const { pushState, replaceState } = History.prototype;

export class BackEntry {
  /** The customer is closing the panel, so the next move of the history is ours. */
  private closing = false;
  /** Our entry is the one after this, where Forward leads. */
  private isAhead = false;
  private href = "";

  constructor(private readonly chat: Pick<Chat, "open" | "close" | "store">) {}

  push(): void {
    this.isAhead = false;
    this.closing = false;
    if (!isOurs()) pushState.call(history, { ...history.state, [MARK]: true }, "");
    this.href = location.href;
  }

  /** Before the panel closes because the customer wants it. */
  customerCloses(): void {
    this.closing = isOurs();
  }

  /** The panel has closed. Where the page closed it, it may be about to navigate, which going back would undo. */
  leave(): void {
    if (!isOurs()) return;
    if (this.closing) history.back();
    else unmark();
  }

  moved(event: PopStateEvent): void {
    const open = this.chat.store.state.open && isPhone();
    if (isOurs() && !open) this.arrivedClosed(event);
    else if (!isOurs() && (open || this.closing)) {
      if (location.href === this.href) event.stopImmediatePropagation();
      this.isAhead = true;
      this.closing = false;
      if (open) this.chat.close();
    }
  }

  private arrivedClosed(event: PopStateEvent): void {
    if (!this.isAhead) {
      // Left behind by the page's own navigation.
      unmark();
      return;
    }
    event.stopImmediatePropagation();
    this.chat.open();
  }
}

const isOurs = (): boolean => history.state?.[MARK] === true;

function unmark(): void {
  const { [MARK]: _, ...state } = history.state;
  replaceState.call(history, Object.keys(state).length ? state : null, "");
}

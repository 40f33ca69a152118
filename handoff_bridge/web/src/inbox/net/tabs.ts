/** What the inbox's tabs of one browser tell each other, so that they alert as one. */

const ONCE_MS = 1500;
/** A tab that somebody looks at comes first. */
const YIELD_MS = 250;

export class Tabs {
  private readonly channel =
    typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel("tandem.inbox");

  constructor(onLooked: () => void) {
    if (this.channel) this.channel.onmessage = onLooked;
  }

  /** Somebody looks at the lists here. */
  looked(): void {
    this.channel?.postMessage("looked");
  }

  close(): void {
    this.channel?.close();
  }
}

/** Does something in one of this browser's tabs only; in each where it cannot tell others, as by plain HTTP. */
export function inOneTab(what: string, does: () => void, yields = false): void {
  if (!navigator.locks) {
    does();
    return;
  }
  const take = () =>
    navigator.locks.request(`tandem.${what}`, { ifAvailable: true }, async (lock) => {
      if (!lock) return;
      does();
      await new Promise((resolve) => setTimeout(resolve, ONCE_MS));
    });
  setTimeout(() => void take(), yields ? YIELD_MS : 0);
}

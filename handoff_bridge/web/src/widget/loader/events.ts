import type { ChatEvents } from "../shell";

export type Handler = (detail: never) => void;

/** Whom the page has told to listen. A handler that throws is the page's own affair. */
export class Listeners {
  private readonly handlers = new Map<string, Set<Handler>>();
  private wasReady = false;

  on(event: string, handler: Handler): void {
    const of = this.handlers.get(event) ?? new Set();
    this.handlers.set(event, of.add(handler));
    // Whoever comes late must not wait for ever.
    if (event === "ready" && this.wasReady) queueMicrotask(() => call(handler, {}));
  }

  off(event: string, handler: Handler): void {
    this.handlers.get(event)?.delete(handler);
  }

  emit<E extends keyof ChatEvents>(event: E, detail: ChatEvents[E]): void {
    if (event === "ready") this.wasReady = true;
    for (const handler of [...(this.handlers.get(event) ?? [])]) call(handler, detail);
  }
}

function call(handler: Handler, detail: object): void {
  try {
    handler(detail as never);
  } catch (error) {
    reportError(error);
  }
}

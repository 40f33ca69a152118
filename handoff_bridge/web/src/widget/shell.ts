/** What the loader, which is on every page, and the chat's module, which is loaded when needed, know of each other. */

import type { Owner } from "../shared/contract";
import type { Config } from "./config";

/** What a page may listen for with `TandemChat.on`, and what its handlers are given. */
export interface ChatEvents {
  /** The button is on the page. */
  ready: Record<string, never>;
  opened: Record<string, never>;
  closed: Record<string, never>;
  /** Something was said to the customer; not what. */
  message: { who: "bot" | "agent" | "system"; at: string; agent?: string };
  /** Somebody else has the chat now. */
  handoff: { owner: Owner; agent?: string };
  unread: { count: number };
  "identity-expired": Record<string, never>;
}

export type Emit = <E extends keyof ChatEvents>(event: E, detail: ChatEvents[E]) => void;

export interface Shell {
  config: Config;
  /** Where the chat draws, beside the launcher. */
  place: HTMLElement;
  root: ShadowRoot;
  emit: Emit;
}

export interface RunningChat {
  open(takeFocus: boolean): void;
  close(): void;
  signIn(identity: string): void;
  signOut(): void;
  /** The browser's history has moved. */
  moved(event: PopStateEvent): void;
}

export interface ChatModule {
  /** Rejects where the bridge cannot be reached. */
  start(shell: Shell): Promise<RunningChat>;
}

/** `window.TandemChat`, for the shop's pages. */

import type { Handler } from "./events";
import type { Loader } from "./loader";

type Command = [name: string, ...values: unknown[]];

export interface TandemChatApi {
  open(): void;
  close(): void;
  toggle(): void;
  /** Who is signed in now, where that changes without loading the page, or a fresh identity of theirs. */
  identify(identity: string): void;
  /** They have signed out: their chat ends, in every tab. */
  logout(): void;
  on(event: string, handler: Handler): void;
  off(event: string, handler: Handler): void;
  /** A call as a list, `push(["open"])`: it works before the script has come, on a plain array. */
  push(...commands: Command[]): void;
  readonly unread: number;
  readonly isOpen: boolean;
  /** The same as `identify`. */
  signIn(identity: string): void;
  /** The same as `logout`. */
  signOut(): void;
}

declare global {
  interface Window {
    TandemChat?: TandemChatApi | Command[];
  }
}

export function createApi(loader: Loader): TandemChatApi {
  const api: TandemChatApi = {
    open: () => loader.open(),
    close: () => loader.close(),
    toggle: () => loader.toggle(),
    identify: (identity) => loader.identify(identity),
    logout: () => loader.logout(),
    on: (event, handler) => loader.listeners.on(event, handler),
    off: (event, handler) => loader.listeners.off(event, handler),
    push: (...commands) => {
      for (const [name, ...values] of commands) run(api, name, values);
    },
    get unread() {
      return loader.unread;
    },
    get isOpen() {
      return loader.isOpen;
    },
    signIn: (identity) => loader.identify(identity),
    signOut: () => loader.logout(),
  };
  return api;
}

function run(api: TandemChatApi, name: string, values: unknown[]): void {
  const call = Object.hasOwn(api, name) ? api[name as keyof TandemChatApi] : undefined;
  if (typeof call === "function") (call as (...values: unknown[]) => void)(...values);
  else console.warn(`TandemChat has no ${name}.`);
}

/** What the page says: `data-…` on the script tag, or in `window.TandemChatSettings`, which goes first. */

/** Their names there, and what each is. */
export interface Settings {
  /** The bridge, where the script comes from somewhere else. */
  server?: string;
  /** A signed identity (JWT) of the signed-in customer. */
  identity?: string;
  theme?: string;
  /** First steps offered to a customer who has said nothing yet: a list, or a text divided by "|". */
  starters?: string | string[];
  /** `off`: without what has come while the panel is closed, beside the launcher. */
  preview?: string;
  /** What the page is written in, such as `de`. */
  language?: string;
}

export interface Config {
  /** Origin of the bridge. */
  server: string;
  identity?: string;
  theme?: "light" | "dark";
  /** The page's own, if it has some. */
  starters?: string[];
  /** Without what has come while the panel is closed, beside the launcher. */
  noPreview?: boolean;
  /** The page's, else the browser's. */
  language: string;
}

declare global {
  interface Window {
    TandemChatSettings?: Settings;
  }
}

export function readConfig(): Config {
  const { address, attributes } = findSource();
  const settings: Settings = { ...attributes, ...window.TandemChatSettings };
  const { starters, theme, identity, preview } = settings;
  const config: Config = {
    server: new URL(settings.server || address, address).origin,
    language: settings.language || navigator.language,
  };
  if (starters !== undefined) config.starters = listed(starters);
  if (preview === "off") config.noPreview = true;
  if (identity) config.identity = identity;
  if (theme === "light" || theme === "dark") config.theme = theme;
  return config;
}

function listed(starters: string | string[]): string[] {
  const list = Array.isArray(starters) ? starters : starters.split("|");
  return list.filter((text) => text.trim());
}

/**
 * Where this script is from, and what its tag says. Run as text or imported it has no `currentScript`: then the
 * running code tells its own address, and the tag is found by that or by the script's name.
 */
function findSource(): { address: string; attributes: DOMStringMap } {
  const running = /https?:\/\/[^\s()]*\/widget\.js/.exec(new Error().stack ?? "")?.[0];
  const named = [...document.querySelectorAll<HTMLScriptElement>('script[src*="/widget.js"]')];
  const current = document.currentScript as HTMLScriptElement | null;
  const tag = current ?? named.find(({ src }) => running && src.startsWith(running)) ?? named[0];
  return { address: tag?.src || running || location.href, attributes: tag?.dataset ?? {} };
}

/** Whom the identity names, unchecked: only to notice that somebody else has signed in. */
export function customerOf(identity: string | undefined): string | undefined {
  const payload = identity?.split(".")[1];
  if (!payload) return undefined;
  try {
    const claims = JSON.parse(atob(payload.replace(/-/g, "+").replace(/_/g, "/"))) as {
      customer_id?: unknown;
    };
    return typeof claims.customer_id === "string" ? claims.customer_id : undefined;
  } catch {
    return undefined;
  }
}

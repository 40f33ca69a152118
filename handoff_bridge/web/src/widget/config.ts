/** What the page's script tag says: `<script src=".../widget.js" defer data-theme="..." ...></script>`. */

export interface Config {
  /** Origin of the bridge. */
  server: string;
  /** A signed identity (JWT) of the signed-in customer. */
  identity?: string;
  theme?: "light" | "dark";
  /** First steps offered to a customer who has said nothing yet, if the page has its own, separated by "|". */
  starters?: string[];
  /** What the page is written in, if it says so; else the browser's language counts. */
  language: string;
}

export function readConfig(script: HTMLScriptElement | null): Config {
  const data = script?.dataset ?? {};
  const server = data.server ?? (script?.src ? new URL(script.src).origin : location.origin);
  const config: Config = {
    server: server.replace(/\/+$/, ""),
    language: data.language || navigator.language,
  };
  const starters = data.starters?.split("|").filter((text) => text.trim());
  if (starters) config.starters = starters;
  if (data.identity) config.identity = data.identity;
  if (data.theme === "light" || data.theme === "dark") config.theme = data.theme;
  return config;
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

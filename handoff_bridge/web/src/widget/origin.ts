import type { Embedding } from "../shared/contract";

/**
 * Browsers hide from a page why it could not connect. The bridge tells whether it is because of the page's
 * origin: then its name, else nothing. Throws while the bridge cannot be reached.
 */
export async function refusedOrigin(server: string): Promise<string | undefined> {
  const answer = await fetch(`${server}/api/v1/embedding`, { credentials: "omit" });
  const { allowed, origin = "null" }: Embedding = await answer.json();
  return allowed ? undefined : origin;
}

/** For whoever builds the page: what has to be changed, and where. */
export function reportRefusal(origin: string): void {
  const cure =
    origin === "null"
      ? "It is a file or a sandboxed frame: serve it from a web address, or give the frame allow-same-origin."
      : `Add it to the bridge's settings and start the bridge again: ALLOWED_ORIGINS=${origin} (commas between several).`;
  console.error(`Tandem chat: pages of the origin ${origin} may not use the chat. ${cure}`);
}

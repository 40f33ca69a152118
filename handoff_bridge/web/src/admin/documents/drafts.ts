/** A text that is being edited, kept in this tab until it is saved or given up. */
export type Draft = { version: number; text: string };

const key = (name: string) => `document ${name}`;

export function keepDraft(name: string, draft: Draft | undefined) {
  try {
    if (draft) sessionStorage.setItem(key(name), JSON.stringify(draft));
    else sessionStorage.removeItem(key(name));
  } catch {
    // Without storage it lasts as long as the page.
  }
}

export function keptDraft(name: string): Draft | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key(name)) ?? "null");
    return typeof kept?.text === "string" && typeof kept.version === "number" ? kept : undefined;
  } catch {
    return undefined;
  }
}

import type { Entry, Kind } from "./outbox";

/**
 * What must survive a reload: drafts, and what has not reached the server. Every draft and every
 * entry has a key of its own, so that two tabs of one agent do not overwrite each other.
 */
export class Keep {
  constructor(
    private readonly storage: Storage,
    private readonly agentId: string,
  ) {}

  draft(conversationId: string, kind: Kind): string {
    return this.read(this.draftKey(conversationId, kind)) ?? "";
  }

  saveDraft(conversationId: string, kind: Kind, text: string): void {
    if (text) this.write(this.draftKey(conversationId, kind), text);
    else this.remove(this.draftKey(conversationId, kind));
  }

  hasDraft(conversationId: string): boolean {
    return Boolean(this.draft(conversationId, "reply") || this.draft(conversationId, "note"));
  }

  saveEntry(entry: Entry): void {
    this.write(this.entryKey(entry.client_id), JSON.stringify(entry));
  }

  dropEntry(clientId: string): void {
    this.remove(this.entryKey(clientId));
  }

  entries(): Entry[] {
    const prefix = this.entryKey("");
    const keys = Array.from({ length: this.storage.length }, (_, at) => this.storage.key(at) ?? "");
    return keys
      .filter((key) => key.startsWith(prefix))
      .flatMap((key) => parsed(this.read(key)))
      .sort((one, other) => one.at.localeCompare(other.at));
  }

  private draftKey = (conversationId: string, kind: Kind) =>
    `tandem.draft.${this.agentId}.${conversationId}.${kind}`;
  private entryKey = (clientId: string) => `tandem.outbox.${this.agentId}.${clientId}`;

  private read(key: string): string | null {
    try {
      return this.storage.getItem(key);
    } catch {
      return null;
    }
  }
  private write(key: string, value: string): void {
    try {
      this.storage.setItem(key, value);
    } catch {
      // A full or forbidden storage costs the safety net, not the message.
    }
  }
  private remove(key: string): void {
    try {
      this.storage.removeItem(key);
    } catch {
      // As above.
    }
  }
}

function parsed(text: string | null): Entry[] {
  try {
    const entry = JSON.parse(text ?? "null") as Entry | null;
    return entry?.client_id && entry.conversation_id ? [entry] : [];
  } catch {
    return [];
  }
}

import { type DraftKind, type Drafts, draftKey } from "./drafts";
import type { FileDraft, FileDrafts } from "./fileDrafts";
import type { Entry } from "./outbox";

/**
 * What must survive a reload. Drafts belong to the window in which they are typed (`sessionStorage`),
 * so that two windows of one agent never show or send each other's. What was sent and has not reached
 * the server belongs to the agent (`localStorage`), each entry under a key of its own.
 */
export class Keep {
  private readonly drafting: Shelf;
  private readonly filing: Shelf;
  private readonly forms: Shelf;
  private readonly outbox: Shelf;

  constructor(ofWindow: Storage, ofAgent: Storage, agentId: string) {
    this.drafting = new Shelf(ofWindow, `tandem.draft.${agentId}.`);
    this.filing = new Shelf(ofWindow, `tandem.files.${agentId}.`);
    this.forms = new Shelf(ofWindow, `tandem.form.${agentId}.`);
    this.outbox = new Shelf(ofAgent, `tandem.outbox.${agentId}.`);
  }

  drafts(): Drafts {
    return Object.fromEntries(this.drafting.all());
  }

  saveDraft(conversationId: string, kind: DraftKind, text: string): void {
    this.drafting.put(draftKey(conversationId, kind), text);
  }

  /** Those that are up; a file itself is gone with the page. */
  files(restored: (draft: FileDraft) => FileDraft): FileDrafts {
    const held = this.filing.all().map(([id, text]) => [id, (parse<FileDraft[]>(text) ?? []).map(restored)]);
    return Object.fromEntries(held);
  }

  saveFiles(conversationId: string, drafts: readonly FileDraft[]): void {
    const up = drafts.filter(({ attachment }) => attachment);
    this.filing.put(conversationId, up.length ? JSON.stringify(up) : "");
  }

  /** What is filled in of a dialog, by its name; nothing once that is done. */
  form<T>(name: string): T | undefined {
    return parse<T>(this.forms.get(name));
  }

  saveForm(name: string, value: object | undefined): void {
    this.forms.put(name, value ? JSON.stringify(value) : "");
  }

  saveEntry(entry: Entry): void {
    this.outbox.put(entry.id, JSON.stringify(entry));
  }

  dropEntry(clientId: string): void {
    this.outbox.put(clientId, "");
  }

  entries(): Entry[] {
    const entries = this.outbox.all().flatMap(([, text]) => parsed(text));
    return entries.sort((one, other) => one.at.localeCompare(other.at));
  }
}

/** Texts under one prefix of a storage. Full or forbidden, it costs the safety net, not the message. */
class Shelf {
  constructor(
    private readonly storage: Storage,
    private readonly prefix: string,
  ) {}

  all(): [string, string][] {
    try {
      return Array.from({ length: this.storage.length }, (_, at) => this.storage.key(at) ?? "")
        .filter((key) => key.startsWith(this.prefix))
        .map((key) => [key.slice(this.prefix.length), this.storage.getItem(key) ?? ""]);
    } catch {
      return [];
    }
  }

  get(key: string): string | null {
    try {
      return this.storage.getItem(this.prefix + key);
    } catch {
      return null;
    }
  }

  /** An empty text is as good as none. */
  put(key: string, text: string): void {
    try {
      if (text) this.storage.setItem(this.prefix + key, text);
      else this.storage.removeItem(this.prefix + key);
    } catch {
      // As above.
    }
  }
}

function parse<T>(text: string | null): T | undefined {
  try {
    return (JSON.parse(text ?? "null") as T | null) ?? undefined;
  } catch {
    return undefined;
  }
}

function parsed(text: string | null): Entry[] {
  const entry = parse<Entry & { client_id?: string }>(text);
  // Earlier pages kept it under `client_id`.
  const id = entry?.id ?? entry?.client_id;
  return id && entry?.conversation_id ? [{ ...entry, id }] : [];
}

import { brand } from "../../shared/brand";
import { newId } from "../../shared/client/ids";
import { Store } from "../../shared/client/store";
import type { Attachment } from "../../shared/contract";
import { photoUrl } from "../../shared/desk/api";
import { MOST_FILES, type Upload, UploadRefused, upload } from "../../shared/files";
import type { FileDraft, FileDrafts } from "../state/fileDrafts";
import type { Keep } from "../state/keep";

export const TOO_MANY = `A message takes ${MOST_FILES} files at most.`;

/**
 * Files chosen for each chat: they go up at once, and stay whatever happens to the line. What is up
 * survives a reload; the bridge keeps it for a day.
 */
export class Files {
  readonly store: Store<FileDrafts>;
  private readonly sources = new Map<string, File>();
  private readonly going = new Map<string, Upload>();

  constructor(
    private readonly keep: Keep,
    private readonly send: typeof upload = upload,
  ) {
    this.store = new Store(keep.files(restored));
  }

  of(conversationId: string): readonly FileDraft[] {
    return this.store.state[conversationId] ?? [];
  }

  /** The sentence for the agent if not all of them can go with one message. */
  add(conversationId: string, files: readonly File[]): string | undefined {
    const room = Math.max(0, MOST_FILES - this.of(conversationId).length);
    for (const file of files.slice(0, room)) {
      const { name, size, type } = file;
      const draft = { id: newId(), name, size, type, address: URL.createObjectURL(file), progress: 0 };
      this.sources.set(draft.id, file);
      this.set(conversationId, [...this.of(conversationId), draft]);
      this.go(conversationId, draft.id);
    }
    return files.length > room ? TOO_MANY : undefined;
  }

  again(conversationId: string, id: string): void {
    this.go(conversationId, id);
  }

  /** The line is back: what it cut off goes up again by itself. */
  reconnected(): void {
    for (const [conversationId, drafts] of Object.entries(this.store.state)) {
      for (const draft of drafts) if (draft.mayPass) this.go(conversationId, draft.id);
    }
  }

  remove(conversationId: string, id: string): void {
    this.going.get(id)?.cancel();
    this.forget(conversationId, [id]);
  }

  /** All of them if all are up, which then belong to the message; nothing while one is not. */
  take(conversationId: string): Attachment[] | undefined {
    const drafts = this.of(conversationId);
    const ready = drafts.flatMap(({ attachment }) => attachment ?? []);
    if (ready.length < drafts.length) return undefined;
    this.forget(
      conversationId,
      drafts.map(({ id }) => id),
    );
    return ready;
  }

  stop(): void {
    for (const each of this.going.values()) each.cancel();
  }

  private go(conversationId: string, id: string): void {
    const file = this.sources.get(id);
    if (!file) return;
    const change = (patch: Partial<FileDraft>) =>
      this.set(
        conversationId,
        this.of(conversationId).map((draft) => (draft.id === id ? { ...draft, ...patch } : draft)),
      );
    change({ progress: 0, problem: undefined, mayPass: false } as Partial<FileDraft>);
    const address = `/api/v1/uploads?conversation_id=${encodeURIComponent(conversationId)}`;
    const most = brand.max_upload_bytes ?? Infinity;
    const current = this.send(file, address, {}, most, (progress) => change({ progress }));
    this.going.set(id, current);
    current.done
      .then((attachment) => change({ attachment, progress: 1 }))
      .catch((error: Error) =>
        change({ problem: error.message, mayPass: error instanceof UploadRefused && error.mayPass }),
      )
      .finally(() => this.going.delete(id));
  }

  private forget(conversationId: string, ids: readonly string[]): void {
    for (const draft of this.of(conversationId)) {
      if (!ids.includes(draft.id)) continue;
      if (draft.address.startsWith("blob:")) URL.revokeObjectURL(draft.address);
      this.sources.delete(draft.id);
    }
    this.set(
      conversationId,
      this.of(conversationId).filter(({ id }) => !ids.includes(id)),
    );
  }

  private set(conversationId: string, drafts: readonly FileDraft[]): void {
    this.store.update((held) => ({ ...held, [conversationId]: drafts }));
    this.keep.saveFiles(conversationId, drafts);
  }
}

/** After a reload a photo is the bridge's alone. */
function restored(draft: FileDraft): FileDraft {
  return { ...draft, address: photoUrl(draft.attachment?.attachment_id ?? "") };
}

/** Files on their way: chosen, shown, going up, whether the panel is open or not. They go with a message, or off. */

import { newId } from "../shared/client/ids";
import { Store } from "../shared/client/store";
import type { Attachment } from "../shared/contract";
import type { Upload } from "../shared/files";
import type { UploadRefused } from "../shared/uploadRefused";
import type { Photos } from "./photos";
import type { ChatStore } from "./state/store";

/** What the bridge takes with one message. */
const MOST_FILES = 5;
/** A line that looks alive gets so many tries, each after a longer pause. */
const TRIES = 3;
const PAUSE_MS = 1_500;

export interface FileDraft {
  id: string;
  file: File;
  address: string;
  /** 0 to 1. */
  progress: number;
  /** For the connection, after which it goes on by itself. */
  waits?: boolean;
  attachment?: Attachment;
  /** Why it does not go, and whether another try may help. */
  error?: string;
  mayPass?: boolean;
}

export class FileDrafts {
  readonly store = new Store<readonly FileDraft[]>([]);
  /** Those that are still wanted, and what carries them up. */
  private readonly uploads = new Map<string, Upload | undefined>();

  constructor(
    private readonly photos: Photos,
    private readonly chat: ChatStore,
  ) {}

  add(files: File[]): void {
    const room = MOST_FILES - this.store.state.length;
    if (files.length > room)
      this.chat.set({ notice: this.chat.state.words.say("too_many_files", { count: MOST_FILES }) });
    for (const file of files.slice(0, room)) {
      const draft = { id: newId(), file, address: URL.createObjectURL(file), progress: 0 };
      this.store.update((all) => [...all, draft]);
      void this.begin(draft);
    }
  }

  remove(gone: FileDraft): void {
    this.uploads.get(gone.id)?.cancel();
    this.uploads.delete(gone.id);
    URL.revokeObjectURL(gone.address);
    this.store.update((all) => all.filter(({ id }) => id !== gone.id));
  }

  retry({ error: _, ...draft }: FileDraft): void {
    this.store.update((all) => all.map((one) => (one.id === draft.id ? draft : one)));
    void this.begin(draft);
  }

  clear(): void {
    for (const draft of this.store.state) this.remove(draft);
  }

  private async begin(draft: FileDraft, tries = 1): Promise<void> {
    const { id } = draft;
    this.uploads.set(id, undefined);
    try {
      await this.upload(draft);
    } catch (error) {
      if (!this.uploads.has(id)) return;
      const refused = error as Partial<UploadRefused>;
      const { mayPass = true } = refused;
      if (!mayPass || tries > TRIES) return this.change(id, { error: this.reason(refused), mayPass });
      this.change(id, { waits: true });
      await new Promise((resume) => setTimeout(resume, tries * PAUSE_MS));
      // What is lost while there is no connection costs no try.
      const next = this.chat.state.phase === "online" ? tries + 1 : tries;
      if (this.uploads.has(id)) await this.begin(draft, next);
    }
  }

  private async upload({ id, file }: FileDraft): Promise<void> {
    if (this.chat.state.phase !== "online") this.change(id, { waits: true });
    await this.isOnline();
    if (!this.uploads.has(id)) return;
    this.change(id, { waits: false, progress: 0 });
    const going = await this.photos.upload(file, (progress) => this.change(id, { progress }));
    if (this.uploads.has(id)) this.uploads.set(id, going);
    else going.cancel();
    this.change(id, { attachment: await going.done });
  }

  private isOnline(): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (this.chat.state.phase !== "online") return;
        stop();
        resolve();
      };
      const stop = this.chat.subscribe(look);
      look();
    });
  }

  private change(id: string, patch: Partial<FileDraft>): void {
    this.store.update((all) => all.map((draft) => (draft.id === id ? { ...draft, ...patch } : draft)));
  }

  private reason({ error, about }: Partial<UploadRefused>): string {
    const { words } = this.chat.state;
    if (about?.limit) return words.say("file_too_large", { size: about.size ?? "", limit: about.limit });
    if (error === "too_many_pixels")
      return words.say("file_too_many_pixels", { count: about?.megapixels ?? 0 });
    const key = error === "heic" ? "file_heic" : `refused_${error}`;
    return words.say(words.has(key) ? key : "file_lost");
  }
}

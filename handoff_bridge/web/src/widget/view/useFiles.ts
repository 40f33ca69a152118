import { useEffect, useRef, useState } from "preact/hooks";
import { newId } from "../../shared/client/ids";
import type { Attachment } from "../../shared/contract";
import type { Upload } from "../../shared/files";
import type { UploadRefused } from "../../shared/uploadRefused";
import type { ChatStore } from "../state/store";
import { useChat, useWords } from "./context";

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

/** Files on their way: chosen, shown, going up. They are sent with the message, or taken off again. */
export function useFiles() {
  const { photos, store } = useChat();
  const words = useWords();
  const [drafts, setDrafts] = useState<FileDraft[]>([]);
  /** Those that are still wanted, and what carries them up. */
  const uploads = useRef(new Map<string, Upload | undefined>());
  useEffect(
    () => () => {
      for (const upload of uploads.current.values()) upload?.cancel();
      uploads.current.clear();
    },
    [],
  );

  const change = (id: string, patch: Partial<FileDraft>) =>
    setDrafts((all) => all.map((draft) => (draft.id === id ? { ...draft, ...patch } : draft)));
  const reason = ({ error, about }: Partial<UploadRefused>): string => {
    if (about?.limit) return words.say("file_too_large", { size: about.size ?? "", limit: about.limit });
    if (error === "too_many_pixels")
      return words.say("file_too_many_pixels", { count: about?.megapixels ?? 0 });
    const key = error === "heic" ? "file_heic" : `refused_${error}`;
    return words.say(words.has(key) ? key : "file_lost");
  };
  const upload = async ({ id, file }: FileDraft) => {
    if (store.state.phase !== "online") change(id, { waits: true });
    await isOnline(store);
    if (!uploads.current.has(id)) return;
    change(id, { waits: false, progress: 0 });
    const going = await photos.upload(file, (progress) => change(id, { progress }));
    if (uploads.current.has(id)) uploads.current.set(id, going);
    else going.cancel();
    change(id, { attachment: await going.done });
  };
  const begin = async (draft: FileDraft, tries = 1): Promise<void> => {
    uploads.current.set(draft.id, undefined);
    try {
      await upload(draft);
    } catch (error) {
      if (!uploads.current.has(draft.id)) return;
      const { mayPass = true } = error as Partial<UploadRefused>;
      if (!mayPass || tries > TRIES)
        return change(draft.id, { error: reason(error as Partial<UploadRefused>), mayPass });
      change(draft.id, { waits: true });
      await new Promise((resume) => setTimeout(resume, tries * PAUSE_MS));
      // What is lost while there is no connection costs no try.
      if (uploads.current.has(draft.id))
        await begin(draft, store.state.phase === "online" ? tries + 1 : tries);
    }
  };
  const add = (files: File[]) => {
    const room = MOST_FILES - drafts.length;
    if (files.length > room) store.set({ notice: words.say("too_many_files", { count: MOST_FILES }) });
    for (const file of files.slice(0, room)) {
      const draft = { id: newId(), file, address: URL.createObjectURL(file), progress: 0 };
      setDrafts((all) => [...all, draft]);
      void begin(draft);
    }
  };
  const remove = (gone: FileDraft) => {
    uploads.current.get(gone.id)?.cancel();
    uploads.current.delete(gone.id);
    URL.revokeObjectURL(gone.address);
    setDrafts((all) => all.filter(({ id }) => id !== gone.id));
  };
  const retry = ({ error: _, ...draft }: FileDraft) => {
    setDrafts((all) => all.map((one) => (one.id === draft.id ? draft : one)));
    void begin(draft);
  };
  return { drafts, add, remove, retry };
}

function isOnline(store: ChatStore): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (store.state.phase !== "online") return;
      stop();
      resolve();
    };
    const stop = store.subscribe(look);
    look();
  });
}

import { useEffect, useRef, useState } from "preact/hooks";
import { newId } from "../../shared/client/ids";
import type { Attachment } from "../../shared/contract";
import type { Upload } from "../../shared/files";
import { useChat, useSay } from "./context";

/** What the bridge takes with one message. */
const MOST_FILES = 5;

export interface FileDraft {
  id: string;
  file: File;
  address: string;
  /** 0 to 1. */
  progress: number;
  attachment?: Attachment;
  error?: string;
}

/** Files on their way: chosen, shown, going up. They are sent with the message, or taken off again. */
export function useFiles() {
  const { photos, store } = useChat();
  const say = useSay();
  const [drafts, setDrafts] = useState<FileDraft[]>([]);
  const uploads = useRef(new Map<string, Upload>());
  useEffect(
    () => () => {
      for (const upload of uploads.current.values()) upload.cancel();
    },
    [],
  );

  const change = (id: string, patch: Partial<FileDraft>) =>
    setDrafts((all) => all.map((draft) => (draft.id === id ? { ...draft, ...patch } : draft)));
  const begin = async ({ id, file }: FileDraft) => {
    try {
      const upload = await photos.upload(file, (progress) => change(id, { progress }));
      uploads.current.set(id, upload);
      change(id, { attachment: await upload.done });
    } catch (error) {
      const { message } = error as Error;
      // What could not even begin has no sentence of ours.
      change(id, { error: uploads.current.has(id) ? message : say("file_lost") });
    }
  };
  const add = (files: File[]) => {
    const room = MOST_FILES - drafts.length;
    if (files.length > room) store.set({ notice: say("too_many_files", { count: MOST_FILES }) });
    for (const file of files.slice(0, room)) {
      const draft = { id: newId(), file, address: URL.createObjectURL(file), progress: 0 };
      setDrafts((all) => [...all, draft]);
      void begin(draft);
    }
  };
  const remove = (gone: FileDraft) => {
    uploads.current.get(gone.id)?.cancel();
    URL.revokeObjectURL(gone.address);
    setDrafts((all) => all.filter(({ id }) => id !== gone.id));
  };
  const retry = ({ error: _, ...draft }: FileDraft) => {
    setDrafts((all) => all.map((one) => (one.id === draft.id ? draft : one)));
    void begin(draft);
  };
  return { drafts, add, remove, retry };
}

import { useEffect, useRef, useState } from "preact/hooks";
import type { Attachment } from "../../shared/contract";
import type { Upload } from "../photos";
import { useChat } from "./context";

export interface PhotoDraft {
  file: File;
  address: string;
  /** 0 to 1. */
  progress: number;
  attachment?: Attachment;
  error?: string;
}

/** One photo on its way: chosen, shown, going up. It is sent with the message, or taken off again. */
export function usePhoto() {
  const { photos } = useChat();
  const [draft, setDraft] = useState<PhotoDraft>();
  const upload = useRef<Upload | undefined>(undefined);
  useEffect(() => () => upload.current?.cancel(), []);

  const begin = (file: File, address: string) => {
    setDraft({ file, address, progress: 0 });
    const current = photos.upload(file, (progress) => setDraft((last) => last && { ...last, progress }));
    upload.current = current;
    const ifCurrent = (patch: Partial<PhotoDraft>) => {
      if (upload.current === current) setDraft((last) => last && { ...last, ...patch });
    };
    current.done.then(
      (attachment) => ifCurrent({ attachment, progress: 1 }),
      (error: Error) => ifCurrent({ error: error.message }),
    );
  };
  const remove = () => {
    upload.current?.cancel();
    upload.current = undefined;
    if (draft) URL.revokeObjectURL(draft.address);
    setDraft(undefined);
  };
  const choose = (file: File) => {
    remove();
    begin(file, URL.createObjectURL(file));
  };
  const retry = () => draft && begin(draft.file, draft.address);
  return { draft, choose, remove, retry };
}

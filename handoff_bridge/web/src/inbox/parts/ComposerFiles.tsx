import { useRef, useState } from "preact/hooks";
import { Button, IconButton } from "../../shared/Button";
import { brand } from "../../shared/brand";
import { useStore } from "../../shared/client/store";
import { FileIcon } from "../../shared/desk/icons";
import { ACCEPTED, MOST_FILES } from "../../shared/files";
import { PDF, sizeWords } from "../../shared/fileWords";
import { CloseIcon, WarningIcon } from "../../shared/icons";
import type { Files } from "../net/files";
import type { FileDraft } from "../state/fileDrafts";

/** The files that go with a chat's next reply, and what can be done with them. */
export function useFileDrafts(files: Files, conversationId: string) {
  const drafts = useStore(files.store)[conversationId] ?? [];
  const [told, setTold] = useState<{ of: string; problem: string | undefined }>();
  const setProblem = (problem: string | undefined) => setTold({ of: conversationId, problem });
  return {
    drafts,
    problem: told?.of === conversationId ? told.problem : undefined,
    isUp: drafts.every(({ attachment }) => attachment),
    add: (chosen: readonly File[]) => setProblem(files.add(conversationId, chosen)),
    refuse: setProblem,
    again: (id: string) => files.again(conversationId, id),
    remove: (id: string) => {
      setProblem(undefined);
      files.remove(conversationId, id);
    },
  };
}

export type FilesOfReply = ReturnType<typeof useFileDrafts>;

const LIMIT = brand.max_upload_bytes ? ` of up to ${sizeWords(brand.max_upload_bytes)}` : "";
export const WHAT_GOES = `Photos and PDFs${LIMIT}, ${MOST_FILES} at most`;

export function AttachButton({ onChoose }: { onChoose: (files: File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton
        label={`Attach files: ${WHAT_GOES.toLowerCase()}`}
        size="small"
        onClick={() => input.current?.click()}
      >
        <FileIcon />
      </IconButton>
      <input
        ref={input}
        type="file"
        multiple
        accept={ACCEPTED}
        hidden
        onChange={({ currentTarget }) => {
          onChoose([...(currentTarget.files ?? [])]);
          currentTarget.value = "";
        }}
      />
    </>
  );
}

export function FileList({ files }: { files: FilesOfReply }) {
  const { drafts, problem } = files;
  return (
    <>
      {drafts.length > 0 && (
        <ul class="composer-files" aria-label="Files with this reply">
          {drafts.map((draft) => (
            <Draft key={draft.id} draft={draft} files={files} />
          ))}
        </ul>
      )}
      {problem && (
        <p class="composer-problem" role="alert">
          <WarningIcon small /> {problem}
        </p>
      )}
    </>
  );
}

function Draft({ draft, files }: { draft: FileDraft; files: FilesOfReply }) {
  const { id, name, type, address, progress, problem, mayPass, attachment } = draft;
  return (
    <li class={problem ? "composer-file failed" : "composer-file"}>
      {type === PDF || problem ? <FileIcon /> : <img src={address} alt="" />}
      <div class="composer-file-about">
        <p class="composer-file-name" dir="auto">
          {name}
        </p>
        {problem ? (
          <p class="composer-file-problem" role="alert">
            {problem}
          </p>
        ) : attachment ? (
          <p class="soft" role="status">
            {sizeWords(attachment.size ?? draft.size)}
          </p>
        ) : (
          <progress max={1} value={progress} aria-label={`Uploading ${name}`} />
        )}
      </div>
      {mayPass && (
        <Button size="small" onClick={() => files.again(id)}>
          Try again
        </Button>
      )}
      <IconButton label={`Remove ${name}`} size="small" onClick={() => files.remove(id)}>
        <CloseIcon small />
      </IconButton>
    </li>
  );
}

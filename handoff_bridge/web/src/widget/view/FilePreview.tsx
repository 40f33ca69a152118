import { useState } from "preact/hooks";
import { Button, IconButton } from "../../shared/Button";
import { sizeWords } from "../../shared/fileWords";
import { CloseIcon } from "../../shared/icons";
import { useWords } from "./context";
import type { FileDraft } from "./useFiles";

type Props = { draft: FileDraft; onRemove: () => void; onRetry: () => void };

export function FilePreview({ draft, onRemove, onRetry }: Props) {
  const { file, address, progress, waits, attachment, error } = draft;
  const words = useWords();
  const { name } = file;
  const [shows, setShows] = useState(file.type.startsWith("image/"));
  return (
    <div class={`preview ${error ? "preview-failed" : ""}`}>
      {shows && <img class="preview-picture" src={address} alt="" onError={() => setShows(false)} />}
      <div class="preview-about">
        <p class="preview-name" dir="auto">
          {name}
        </p>
        {error ? (
          <p class="preview-error" role="alert">
            {error}
          </p>
        ) : attachment ? (
          <p class="preview-state" role="status">
            {words.say("ready_to_send", { size: sizeWords(file.size, words.locale) })}
          </p>
        ) : waits ? (
          <p class="preview-state" role="status">
            {words.say("file_waits")}
          </p>
        ) : (
          <progress max={1} value={progress} aria-label={words.say("uploading", { name })} />
        )}
      </div>
      {error && draft.mayPass && (
        <Button size="small" onClick={onRetry}>
          {words.say("try_again")}
        </Button>
      )}
      <IconButton label={words.say("remove_file", { name })} size="small" onClick={onRemove}>
        <CloseIcon small />
      </IconButton>
    </div>
  );
}

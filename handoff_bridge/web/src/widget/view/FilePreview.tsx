import { Button, IconButton } from "../../shared/Button";
import { sizeWords } from "../../shared/fileWords";
import { CloseIcon } from "../../shared/icons";
import type { FileDraft } from "./useFiles";

type Props = { draft: FileDraft; onRemove: () => void; onRetry: () => void };

export function FilePreview({ draft, onRemove, onRetry }: Props) {
  const { file, address, progress, attachment, error } = draft;
  return (
    <div class={`preview ${error ? "preview-failed" : ""}`}>
      {file.type.startsWith("image/") && <img class="preview-picture" src={address} alt="" />}
      <div class="preview-about">
        <p class="preview-name">{file.name}</p>
        {error ? (
          <p class="preview-error" role="alert">
            {error}
          </p>
        ) : attachment ? (
          <p class="preview-state" role="status">
            Ready to send · {sizeWords(file.size)}
          </p>
        ) : (
          <progress max={1} value={progress} aria-label={`Uploading ${file.name}`} />
        )}
      </div>
      {error && (
        <Button size="small" onClick={onRetry}>
          Try again
        </Button>
      )}
      <IconButton label={`Remove ${file.name}`} size="small" onClick={onRemove}>
        <CloseIcon small />
      </IconButton>
    </div>
  );
}

import { Button, IconButton } from "../../shared/Button";
import { CloseIcon } from "../../shared/icons";
import type { PhotoDraft } from "./usePhoto";

type Props = { draft: PhotoDraft; onRemove: () => void; onRetry: () => void };

export function PhotoPreview({ draft, onRemove, onRetry }: Props) {
  const { file, address, progress, attachment, error } = draft;
  return (
    <div class={`preview ${error ? "preview-failed" : ""}`}>
      <img class="preview-picture" src={address} alt="" />
      <div class="preview-about">
        <p class="preview-name">{file.name}</p>
        {error ? (
          <p class="preview-error" role="alert">
            {error}
          </p>
        ) : attachment ? (
          <p class="preview-state" role="status">
            Ready to send · {size(file.size)}
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
      <IconButton label="Remove the photo" size="small" onClick={onRemove}>
        <CloseIcon small />
      </IconButton>
    </div>
  );
}

function size(bytes: number): string {
  if (bytes < 1_000_000) return `${Math.max(1, Math.round(bytes / 1000))} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

import { useEffect, useState } from "preact/hooks";
import type { Attachment } from "../../shared/contract";
import { PhotoIcon } from "../../shared/icons";
import { useChat } from "./context";

export function Photo({ photo }: { photo: Attachment }) {
  const { photos } = useChat();
  const [address, setAddress] = useState<string>();
  const [failed, setFailed] = useState(false);
  const load = () => {
    setFailed(false);
    photos.address(photo.attachment_id).then(setAddress, () => setFailed(true));
  };
  useEffect(load, [photo.attachment_id]);
  if (failed) {
    return (
      <p class="photo photo-missing">
        <PhotoIcon /> The photo did not load.
        <button type="button" class="link-button" onClick={load}>
          Try again
        </button>
      </p>
    );
  }
  if (!address) return <span class="photo photo-loading" role="img" aria-label="Photo, loading" />;
  return (
    <a class="photo" href={address} target="_blank" rel="noopener" aria-label="Open the photo in a new tab">
      <img src={address} alt="Sent in this chat" width={photo.width} height={photo.height} />
    </a>
  );
}

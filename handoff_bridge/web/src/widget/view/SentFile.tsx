import { useEffect, useState } from "preact/hooks";
import type { Attachment } from "../../shared/contract";
import { isPicture, sizeWords } from "../../shared/fileWords";
import { PhotoIcon } from "../../shared/icons";
import { useChat } from "./context";

/** A photo that was sent, or a file to download; `by` whom. */
export function SentFile({ file, by }: { file: Attachment; by: string }) {
  const { photos } = useChat();
  const [address, setAddress] = useState<string>();
  const [failed, setFailed] = useState(false);
  const { attachment_id: id, name = "PDF", size, width, height } = file;
  const load = () => {
    setFailed(false);
    photos.address(id).then(setAddress, () => setFailed(true));
  };
  useEffect(load, [id]);
  if (failed) {
    return (
      <p class="photo photo-missing">
        <PhotoIcon /> {isPicture(file) ? "The photo" : name} did not load.
        <button type="button" class="link-button" onClick={load}>
          Try again
        </button>
      </p>
    );
  }
  if (!isPicture(file)) {
    return (
      <a class="bubble file" {...(address && { href: address })} download={name}>
        <b dir="auto">{name}</b> PDF{size && `, ${sizeWords(size)}`}
      </a>
    );
  }
  if (!address) return <span class="photo photo-loading" role="img" aria-label="Photo, loading" />;
  return (
    <a class="photo" href={address} target="_blank" rel="noopener" aria-label="Open the photo in a new tab">
      <img src={address} alt={`${file.name ?? "Photo"}, sent by ${by}`} width={width} height={height} />
    </a>
  );
}

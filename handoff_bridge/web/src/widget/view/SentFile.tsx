import { useEffect, useState } from "preact/hooks";
import type { Attachment } from "../../shared/contract";
import { isPicture, sizeWords } from "../../shared/fileWords";
import { PhotoIcon } from "../../shared/icons";
import { useChat, useWords } from "./context";

/** A photo that was sent, or a file to download; `by` whom. */
export function SentFile({ file, by }: { file: Attachment; by: string }) {
  const { photos } = useChat();
  const words = useWords();
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
        <PhotoIcon /> {isPicture(file) ? words.say("photo_failed") : words.say("file_failed", { name })}
        <button type="button" class="link-button" onClick={load}>
          {words.say("try_again")}
        </button>
      </p>
    );
  }
  if (!isPicture(file)) {
    return (
      <a class="bubble file" {...(address && { href: address })} download={name}>
        <b dir="auto">{name}</b> PDF{size && `, ${sizeWords(size, words.locale)}`}
      </a>
    );
  }
  const alt = words.say("photo_by", { name: file.name ?? words.say("photo"), sender: by });
  if (!address)
    return <span class="photo photo-loading" role="img" aria-label={words.say("photo_loading")} />;
  return (
    <a class="photo" href={address} target="_blank" rel="noopener" aria-label={words.say("open_photo")}>
      <img src={address} alt={alt} width={width} height={height} />
    </a>
  );
}

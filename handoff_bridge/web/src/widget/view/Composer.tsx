import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Button, IconButton } from "../../shared/Button";
import { PersonIcon, PhotoIcon, SendIcon } from "../../shared/icons";
import { isSendKey } from "../../shared/keyboard";
import { useChat, useChatState } from "./context";
import { PhotoPreview } from "./PhotoPreview";
import { usePhoto } from "./usePhoto";

/** The server's limit. */
const MAX_LENGTH = 5_000;
const WARN_LENGTH = 4_500;

type Props = { inputRef: RefObject<HTMLTextAreaElement | null>; hidden: boolean };

export function Composer({ inputRef, hidden }: Props) {
  const chat = useChat();
  const { status } = useChatState();
  const [text, setText] = useState(() => chat.draft);
  const photo = usePhoto();
  const uploading = photo.draft !== undefined && !photo.draft.attachment;
  const ready = photo.draft ? !uploading : text.trim() !== "";

  useEffect(() => chat.saveDraft(text), [text]);
  useGrowth(inputRef, text);

  const send = () => {
    if (!ready) return;
    if (photo.draft?.attachment) chat.sendPhoto(photo.draft.attachment);
    if (text.trim()) chat.send(text.trim());
    photo.remove();
    setText("");
    inputRef.current?.focus();
  };
  const onInput = (value: string) => {
    setText(value);
    chat.typed();
  };
  const onPaste = (event: ClipboardEvent) => {
    const file = [...(event.clipboardData?.files ?? [])].find((item) => item.type.startsWith("image/"));
    if (!file) return;
    event.preventDefault();
    photo.choose(file);
  };
  return (
    <form
      class="composer"
      hidden={hidden}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {photo.draft && <PhotoPreview draft={photo.draft} onRemove={photo.remove} onRetry={photo.retry} />}
      <div class="composer-box">
        <textarea
          ref={inputRef}
          class="composer-input"
          rows={1}
          maxLength={MAX_LENGTH}
          aria-label="Your message"
          placeholder={placeholder(status.owner, status.agent?.name ?? "us", chat.config.assistant)}
          value={text}
          onInput={(event) => onInput(event.currentTarget.value)}
          onPaste={onPaste}
          onKeyDown={(event) => {
            if (!isSendKey(event)) return;
            event.preventDefault();
            send();
          }}
        />
        <div class="composer-tools">
          <PhotoButton onChoose={photo.choose} />
          <PersonButton />
          <IconButton type="submit" kind="primary" label="Send" class="composer-send" aria-disabled={!ready}>
            <SendIcon />
          </IconButton>
        </div>
      </div>
      {text.length > WARN_LENGTH && (
        <p class="composer-count" role="status">
          {MAX_LENGTH - text.length} characters left
        </p>
      )}
    </form>
  );
}

function placeholder(owner: string, agent: string, assistant: string): string {
  if (owner === "agent") return `Write to ${agent}`;
  return owner === "queue" ? "Add anything that helps" : `Write to ${assistant}`;
}

/** The way to a human: always in sight while the assistant talks, and no matter what it understands. */
function PersonButton() {
  const chat = useChat();
  const { status, wantsPerson } = useChatState();
  if (status.owner === "queue" || status.owner === "agent") return null;
  return (
    <Button size="small" class="composer-person" disabled={wantsPerson} onClick={() => chat.requestHuman()}>
      <PersonIcon small />
      {wantsPerson ? "Asking for a person…" : "Talk to a person"}
    </Button>
  );
}

function PhotoButton({ onChoose }: { onChoose: (file: File) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton label="Add a photo" class="composer-photo" onClick={() => input.current?.click()}>
        <PhotoIcon />
      </IconButton>
      <input
        ref={input}
        type="file"
        accept="image/*"
        hidden
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file) onChoose(file);
          event.currentTarget.value = "";
        }}
      />
    </>
  );
}

/** The field grows with its text up to the height that the stylesheet allows. */
function useGrowth(input: { current: HTMLTextAreaElement | null }, text: string): void {
  useEffect(() => {
    const field = input.current;
    if (!field) return;
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`;
  }, [text]);
}

import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Button, IconButton } from "../../shared/Button";
import { brand } from "../../shared/brand";
import type { ConversationStatus } from "../../shared/contract";
import { sizeWords } from "../../shared/fileWords";
import { PersonIcon, PhotoIcon, SendIcon } from "../../shared/icons";
import { isSendKey } from "../../shared/keyboard";
import { letters, MOST_LETTERS } from "../../shared/letters";
import { useChat, useChatState, useSay, useWords } from "./context";
import { FilePreview } from "./FilePreview";
import { useFiles } from "./useFiles";

const WARN_LETTERS = MOST_LETTERS * 0.9;
/** Written out, since what sends them is loaded only then. */
const ACCEPTED = "image/*,application/pdf";

type Props = { inputRef: RefObject<HTMLTextAreaElement | null>; hidden: boolean };

export function Composer({ inputRef, hidden }: Props) {
  const chat = useChat();
  const { status } = useChatState();
  const say = useSay();
  const [text, setText] = useState(() => chat.draft);
  const files = useFiles();
  const { drafts } = files;
  const left = MOST_LETTERS - letters(text.trim());
  const sent = drafts.flatMap(({ attachment }) => attachment ?? []);
  const ready = left >= 0 && sent.length === drafts.length && (drafts.length > 0 || text.trim() !== "");

  useEffect(() => chat.saveDraft(text), [text]);
  useGrowth(inputRef, text);

  const send = () => {
    if (!ready) return;
    if (sent.length) chat.sendFiles(sent);
    if (text.trim()) chat.send(text.trim());
    drafts.forEach(files.remove);
    setText("");
    inputRef.current?.focus();
  };
  const onInput = (value: string) => {
    setText(value);
    chat.typed();
  };
  const take = (event: Event, data: DataTransfer | null) => {
    // Office programs bring a picture of their text along: it is the text that is meant.
    if (!data?.files.length || data.getData("text/plain")) return;
    event.preventDefault();
    files.add([...data.files]);
  };
  return (
    <form
      class="composer"
      hidden={hidden}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => take(event, event.dataTransfer)}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {drafts.map((draft) => (
        <FilePreview
          key={draft.id}
          draft={draft}
          onRemove={() => files.remove(draft)}
          onRetry={() => files.retry(draft)}
        />
      ))}
      <div class="composer-box">
        <textarea
          ref={inputRef}
          class="composer-input"
          rows={1}
          aria-label={say("your_message")}
          placeholder={placeholder(status, say)}
          value={text}
          onInput={(event) => onInput(event.currentTarget.value)}
          onPaste={(event) => take(event, event.clipboardData)}
          onKeyDown={(event) => {
            if (!isSendKey(event)) return;
            event.preventDefault();
            send();
          }}
        />
        <div class="composer-tools">
          <PhotoButton onChoose={files.add} />
          <PersonButton />
          <IconButton
            type="submit"
            kind="primary"
            label={say("send")}
            class="composer-send"
            aria-disabled={!ready}
          >
            <SendIcon />
          </IconButton>
        </div>
      </div>
      {left < MOST_LETTERS - WARN_LETTERS && (
        <p class="composer-count" role="status">
          {left < 0 ? say("characters_over", { count: -left }) : say("characters_left", { count: left })}
        </p>
      )}
    </form>
  );
}

function placeholder({ owner, agent }: ConversationStatus, say: ReturnType<typeof useSay>): string {
  if (owner === "queue") return say("write_in_line");
  const name = owner === "agent" ? agent?.name : brand.assistant;
  return name ? say("write_to", { name }) : say("write_to_us");
}

/** The way to a human: always in sight while the assistant talks, and no matter what it understands. */
function PersonButton() {
  const chat = useChat();
  const { status, wantsPerson } = useChatState();
  const say = useSay();
  if (status.owner === "queue" || status.owner === "agent") return null;
  return (
    <Button size="small" class="composer-person" disabled={wantsPerson} onClick={() => chat.requestHuman()}>
      <PersonIcon small />
      {say(wantsPerson ? "asking_person" : "ask_person")}
    </Button>
  );
}

function PhotoButton({ onChoose }: { onChoose: (files: File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const words = useWords();
  const most = brand.max_upload_bytes;
  const label = most
    ? words.say("add_file_up_to", { size: sizeWords(most, words.locale) })
    : words.say("add_file");
  return (
    <>
      <IconButton label={label} class="composer-photo" onClick={() => input.current?.click()}>
        <PhotoIcon />
      </IconButton>
      <input
        ref={input}
        type="file"
        accept={ACCEPTED}
        multiple
        hidden
        onChange={(event) => {
          onChoose([...(event.currentTarget.files ?? [])]);
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

import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Button, IconButton } from "../../shared/Button";
import { brand } from "../../shared/brand";
import type { ConversationStatus } from "../../shared/contract";
import { sizeWords } from "../../shared/fileWords";
import { PersonIcon, PhotoIcon, SendIcon } from "../../shared/icons";
import { isSendKey } from "../../shared/keyboard";
import { letters, MOST_LETTERS, portions } from "../../shared/letters";
import { useChat, useChatState, useSay, useWords } from "./context";
import { FilePreview } from "./FilePreview";
import { useFiles } from "./useFiles";

const WARN_LETTERS = MOST_LETTERS * 0.9;
/** Longer texts are better shortened, or sent as a file. */
const MOST_PARTS = 5;
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
  const [sendsSoon, setSendsSoon] = useState(false);
  const said = text.trim();
  const left = MOST_LETTERS - letters(said);
  const sent = drafts.flatMap(({ attachment }) => attachment ?? []);
  const failed = drafts.filter(({ error }) => error);
  const goingUp = sent.length + failed.length < drafts.length;
  const ready = left >= 0 && (said !== "" || failed.length < drafts.length);

  useEffect(() => chat.saveDraft(text), [text]);
  useGrowth(inputRef, text);

  /** What cannot go stays, with its reason, and holds up nothing. */
  const sendAs = (messages: string[]) => {
    messages.forEach((message, index) => {
      chat.send(message, index ? [] : sent);
    });
    for (const draft of drafts) if (draft.attachment) files.remove(draft);
    setText("");
  };
  const send = () => {
    inputRef.current?.focus();
    if (!ready) return;
    if (goingUp) setSendsSoon(true);
    else sendAs([said]);
  };
  useEffect(() => {
    if (!sendsSoon || goingUp) return;
    setSendsSoon(false);
    // Without a file of theirs they may want to say something else.
    if (ready && !failed.length) sendAs([said]);
  }, [sendsSoon, goingUp]);
  const add = (chosen: File[]) => {
    files.add(chosen);
    // Enter then sends, instead of opening the chooser again.
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
    add([...data.files]);
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
      {sendsSoon && (
        <p class="composer-count" role="status">
          {say("sends_soon")}
        </p>
      )}
      <div class="composer-box">
        <textarea
          ref={inputRef}
          class="composer-input"
          rows={1}
          dir="auto"
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
          <PhotoButton onChoose={add} />
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
        <div class="composer-count">
          <p role="status">
            {left < 0 ? say("characters_over", { count: -left }) : say("characters_left", { count: left })}
          </p>
          {left < 0 && !goingUp && <SendInParts text={said} onSend={sendAs} />}
        </div>
      )}
    </form>
  );
}

function SendInParts({ text, onSend }: { text: string; onSend: (parts: string[]) => void }) {
  const say = useSay();
  const parts = portions(text);
  if (parts.length > MOST_PARTS) return null;
  return (
    <Button size="small" onClick={() => onSend(parts)}>
      {say("send_in_parts", { count: parts.length })}
    </Button>
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

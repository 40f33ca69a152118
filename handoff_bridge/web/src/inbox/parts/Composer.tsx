import type { Ref } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Button } from "../../shared/Button";
import { LockIcon } from "../../shared/desk/icons";
import { SendIcon, WarningIcon } from "../../shared/icons";
import { isSendKey } from "../../shared/keyboard";
import { letters, MOST_LETTERS } from "../../shared/letters";
import { isSendable, mayGo } from "../state/drafts";
import type { Kind } from "../state/outbox";
import { AttachButton, FileList, type FilesOfReply, WHAT_GOES } from "./ComposerFiles";
import { Letters } from "./Letters";

const TYPING_EVERY_MS = 3000;

type Props = {
  customer: string;
  kind: Kind;
  text: string;
  offline: boolean;
  /** Why no reply reaches the customer any more, if so; notes still reach the team. */
  ended: string | undefined;
  /** No reply goes for now, and what stands above says why. */
  notesOnly: boolean;
  files: FilesOfReply;
  boxRef: Ref<HTMLTextAreaElement>;
  onKind: (kind: Kind) => void;
  onText: (kind: Kind, text: string) => void;
  onSend: (kind: Kind) => void;
  onTyping: (active: boolean) => void;
};

/**
 * Where the agent writes: to the customer, or a note for the team. It holds no text of its own. Each
 * chat and kind has a box of its own too, so that neither a key nor "undo" meets another one's text.
 */
export function Composer(props: Props) {
  const { customer, kind, text, offline, ended, notesOnly, files, boxRef, onKind, onText, onSend } = props;
  const tellTyping = useTyping(props.onTyping);
  const isNote = kind === "note";
  const bringsFiles = !isNote && files.drafts.length > 0;
  const ready = bringsFiles ? files.isUp && mayGo(text) : isSendable(text);
  const take = useTaking(isNote, files);
  const submit = (event: Event) => {
    event.preventDefault();
    onSend(kind);
    tellTyping(false);
  };
  return (
    <form
      class={`composer ${isNote ? "composer-note" : ""} ${take.isOver ? "composer-over" : ""}`}
      onSubmit={submit}
      {...take.handlers}
    >
      {ended && (
        <p class="composer-ended" role="status">
          {ended}
        </p>
      )}
      <fieldset class="composer-tabs" aria-label="Write a">
        {!ended && !notesOnly && (
          <Tab on={!isNote} keys="r" onPick={() => onKind("reply")}>
            Reply
          </Tab>
        )}
        <Tab on={isNote} keys="n" onPick={() => onKind("note")}>
          <LockIcon small /> Note
        </Tab>
        <span class="composer-hint soft">
          {isNote ? "Only your team sees notes" : offline ? "Kept here, sent once you are back online" : ""}
        </span>
      </fieldset>
      <textarea
        key={kind}
        ref={boxRef}
        rows={2}
        value={text}
        aria-label={isNote ? "Note for your team" : `Reply to ${customer}`}
        placeholder={isNote ? "A note for your team" : `Write to ${customer}`}
        onInput={({ currentTarget: { value } }) => {
          onText(kind, value);
          if (!isNote) tellTyping(value.trim() !== "");
        }}
        onBlur={() => tellTyping(false)}
        onKeyDown={(event) => {
          if (event.key === "Escape") event.currentTarget.blur();
          if (isSendKey(event)) submit(event);
        }}
      />
      {!isNote && <FileList files={files} />}
      {isNote && files.problem && (
        <p class="composer-problem" role="alert">
          <WarningIcon small /> {files.problem}
        </p>
      )}
      <div class="composer-foot">
        {!isNote && <AttachButton onChoose={files.add} />}
        <Hint text={text} files={bringsFiles ? files : undefined} />
        <Button kind="primary" type="submit" aria-disabled={!ready}>
          {isNote ? "Add note" : "Send"} <SendIcon small />
        </Button>
      </div>
    </form>
  );
}

function Hint({ text, files }: { text: string; files: FilesOfReply | undefined }) {
  if (letters(text.trim()) > MOST_LETTERS * 0.9) {
    return (
      <span class="composer-keys shown">
        <Letters text={text} />
      </span>
    );
  }
  const waits = files?.drafts.some(({ problem }) => problem)
    ? "A reply goes with all its files: remove those that cannot"
    : "The reply can go once its files are up";
  const words = !files ? "Enter sends, Shift+Enter starts a new line" : files.isUp ? WHAT_GOES : waits;
  return <span class={`composer-keys soft ${files ? "shown" : ""}`}>{words}</span>;
}

/** Files that are dropped or pasted. A note has none: what is meant for the team must not go out. */
function useTaking(isNote: boolean, files: FilesOfReply) {
  const [isOver, setOver] = useState(false);
  const take = (event: Event, data: DataTransfer | null) => {
    const chosen = [...(data?.files ?? [])];
    if (chosen.length === 0) return;
    event.preventDefault();
    if (isNote) files.refuse("Files go to the customer: attach them to a reply. A note takes words alone.");
    else files.add(chosen);
  };
  const over = (event: DragEvent) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    setOver(true);
  };
  const handlers = {
    // Office programs bring a picture of their text along: it is the text that is meant.
    onPaste: (event: ClipboardEvent) => {
      if (!event.clipboardData?.getData("text/plain")) take(event, event.clipboardData);
    },
    onDragOver: over,
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      setOver(false);
      take(event, event.dataTransfer);
    },
  };
  return { isOver, handlers };
}

/** Tells the customer now and then that somebody types, and once when that ends. */
function useTyping(onTyping: (active: boolean) => void): (active: boolean) => void {
  const toldAt = useRef(0);
  const tell = (active: boolean) => {
    const now = Date.now();
    if (active ? now - toldAt.current < TYPING_EVERY_MS : toldAt.current === 0) return;
    toldAt.current = active ? now : 0;
    onTyping(active);
  };
  const latest = useRef(tell);
  latest.current = tell;
  useEffect(() => () => latest.current(false), []);
  return tell;
}

type TabProps = { on: boolean; keys: string; onPick: () => void; children: preact.ComponentChildren };

function Tab({ on, keys, onPick, children }: TabProps) {
  return (
    <button type="button" class="tab" aria-pressed={on} aria-keyshortcuts={keys} onClick={onPick}>
      {children}
    </button>
  );
}

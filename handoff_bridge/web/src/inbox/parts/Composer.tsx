import type { Ref } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Button } from "../../shared/Button";
import { LockIcon } from "../../shared/desk/icons";
import { SendIcon } from "../../shared/icons";
import { isSendKey } from "../../shared/keyboard";
import type { Keep } from "../state/keep";
import type { Kind } from "../state/outbox";

const MOST_LETTERS = 5000;
const TYPING_EVERY_MS = 3000;

type Props = {
  conversationId: string;
  customer: string;
  keep: Keep;
  kind: Kind;
  offline: boolean;
  boxRef: Ref<HTMLTextAreaElement>;
  onKind: (kind: Kind) => void;
  onSend: (kind: Kind, text: string) => void;
  onTyping: (active: boolean) => void;
};

/** Where the agent writes: to the customer, or a note for the team. Each chat keeps its own drafts of both. */
export function Composer(props: Props) {
  const { customer, kind, offline, boxRef, onKind } = props;
  const { text, change, send, ready, tellTyping } = useDraft(props);
  const isNote = kind === "note";
  const submit = (event: Event) => {
    event.preventDefault();
    send();
  };
  return (
    <form class={`composer ${isNote ? "composer-note" : ""}`} onSubmit={submit}>
      <fieldset class="composer-tabs" aria-label="Write a">
        <Tab on={!isNote} keys="r" onPick={() => onKind("reply")}>
          Reply
        </Tab>
        <Tab on={isNote} keys="n" onPick={() => onKind("note")}>
          <LockIcon small /> Note
        </Tab>
        <span class="composer-hint soft">
          {isNote ? "Only your team sees notes" : offline ? "Kept here, sent once you are back online" : ""}
        </span>
      </fieldset>
      <textarea
        ref={boxRef}
        rows={2}
        value={text}
        aria-label={isNote ? "Note for your team" : `Reply to ${customer}`}
        placeholder={isNote ? "A note for your team" : `Write to ${customer}`}
        onInput={(event) => change(event.currentTarget.value)}
        onBlur={() => tellTyping(false)}
        onKeyDown={(event) => {
          if (event.key === "Escape") event.currentTarget.blur();
          if (isSendKey(event)) submit(event);
        }}
      />
      <div class="composer-foot">
        <Hint length={text.length} />
        <Button kind="primary" type="submit" aria-disabled={!ready}>
          {isNote ? "Add note" : "Send"} <SendIcon small />
        </Button>
      </div>
    </form>
  );
}

function Hint({ length }: { length: number }) {
  const tooLong = length > MOST_LETTERS;
  return (
    <span class={`composer-keys ${tooLong ? "too-long" : "soft"}`} role={tooLong ? "alert" : undefined}>
      {length > MOST_LETTERS * 0.9
        ? `${length} of ${MOST_LETTERS} letters`
        : "Enter sends, Shift+Enter starts a new line"}
    </span>
  );
}

function useDraft({ conversationId, keep, kind, onSend, onTyping }: Props) {
  const [text, setText] = useState(() => keep.draft(conversationId, kind));
  const toldAt = useRef(0);
  useEffect(() => setText(keep.draft(conversationId, kind)), [conversationId, kind, keep]);
  const tellTyping = (active: boolean) => {
    const now = Date.now();
    if (active ? now - toldAt.current < TYPING_EVERY_MS : toldAt.current === 0) return;
    toldAt.current = active ? now : 0;
    onTyping(active);
  };
  const change = (value: string) => {
    setText(value);
    keep.saveDraft(conversationId, kind, value);
    if (kind === "reply") tellTyping(value.trim() !== "");
  };
  const ready = text.trim() !== "" && text.length <= MOST_LETTERS;
  const send = () => {
    if (!ready) return;
    onSend(kind, text.trim());
    change("");
  };
  return { text, change, send, ready, tellTyping };
}

type TabProps = { on: boolean; keys: string; onPick: () => void; children: preact.ComponentChildren };

function Tab({ on, keys, onPick, children }: TabProps) {
  return (
    <button type="button" class="tab" aria-pressed={on} aria-keyshortcuts={keys} onClick={onPick}>
      {children}
    </button>
  );
}

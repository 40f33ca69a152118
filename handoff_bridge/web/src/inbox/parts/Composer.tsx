import type { Ref } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Button } from "../../shared/Button";
import { LockIcon } from "../../shared/desk/icons";
import { SendIcon } from "../../shared/icons";
import { isSendKey } from "../../shared/keyboard";
import { isSendable, MOST_LETTERS } from "../state/drafts";
import type { Kind } from "../state/outbox";

const TYPING_EVERY_MS = 3000;

type Props = {
  customer: string;
  kind: Kind;
  text: string;
  offline: boolean;
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
  const { customer, kind, text, offline, boxRef, onKind, onText, onSend } = props;
  const tellTyping = useTyping(props.onTyping);
  const isNote = kind === "note";
  const submit = (event: Event) => {
    event.preventDefault();
    onSend(kind);
    tellTyping(false);
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
      <div class="composer-foot">
        <Hint length={text.length} />
        <Button kind="primary" type="submit" aria-disabled={!isSendable(text)}>
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

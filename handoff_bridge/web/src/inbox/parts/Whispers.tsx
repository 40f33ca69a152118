import { useState } from "preact/hooks";
import { Button } from "../../shared/Button";
import type { LogEntry, Note } from "../../shared/contract";
import { LockIcon } from "../../shared/desk/icons";

/** The newest whisper that the agent has not answered with a message of theirs. */
export function whisperFor(events: readonly LogEntry[], myId: string): Note | undefined {
  for (const event of [...events].reverse()) {
    if (event.type === "message" && event.actor.id === myId) return undefined;
    if (event.type === "note" && event.whisper && event.actor.id !== myId) return event;
  }
  return undefined;
}

/** What a supervisor whispers, above what the agent writes. It is never sent. */
export function Whisper({ note }: { note: Note }) {
  return (
    <p class="whisper" role="status">
      <LockIcon small />
      <span>
        <strong>{note.actor.name ?? "A supervisor"} whispers:</strong> {note.text}
      </span>
    </p>
  );
}

type Props = { agent: string; offline: boolean; onWhisper: (text: string) => Promise<boolean> };

/** One line from a supervisor to the agent of the chat on screen. */
export function WhisperForm({ agent, offline, onWhisper }: Props) {
  const [text, setText] = useState("");
  const ready = text.trim() !== "" && !offline;
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (ready && (await onWhisper(text.trim()))) setText("");
  };
  return (
    <form class="whisper-form" onSubmit={submit}>
      <input
        type="text"
        value={text}
        maxLength={5000}
        aria-label={`Whisper to ${agent}`}
        placeholder={`Whisper to ${agent}; the customer never sees it`}
        onInput={({ currentTarget: { value } }) => setText(value)}
      />
      <Button type="submit" aria-disabled={!ready}>
        Whisper
      </Button>
    </form>
  );
}

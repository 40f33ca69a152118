import { Button } from "../../shared/Button";
import type { LogEntry, Note } from "../../shared/contract";
import { LockIcon } from "../../shared/desk/icons";
import { useTask } from "../../shared/useTask";
import { isSendable } from "../state/drafts";
import { Letters } from "./Letters";

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

type Props = {
  agent: string;
  text: string;
  offline: boolean;
  complain: (sentence: string) => void;
  onText: (text: string) => void;
  onWhisper: (text: string) => Promise<boolean>;
};

/** One line from a supervisor to the agent of the chat on screen. */
export function WhisperForm({ agent, text, offline, complain, onText, onWhisper }: Props) {
  const { busy, run } = useTask(complain);
  const ready = isSendable(text) && !offline && !busy;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!ready) return;
    void run(async () => {
      if (await onWhisper(text.trim())) onText("");
    });
  };
  return (
    <form class="whisper-form" onSubmit={submit}>
      <input
        type="text"
        value={text}
        aria-label={`Whisper to ${agent}`}
        placeholder={`Whisper to ${agent}; the customer never sees it`}
        onInput={({ currentTarget: { value } }) => onText(value)}
      />
      <Letters text={text} />
      <Button type="submit" aria-disabled={!ready}>
        Whisper
      </Button>
    </form>
  );
}

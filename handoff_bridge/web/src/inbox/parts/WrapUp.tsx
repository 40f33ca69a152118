import { useState } from "preact/hooks";
import { Button } from "../../shared/Button";
import type { Disposition } from "../../shared/contract";
import { useNow } from "../../shared/desk/hooks";
import { DISPOSITIONS } from "../../shared/desk/words";
import { ClockIcon } from "../../shared/icons";
import type { Desk } from "../net/desk";
import type { Drafts } from "../state/drafts";
import { draftOf } from "../state/drafts";
import type { Row } from "../state/rows";

type Props = { row: Row; drafts: Drafts; desk: Desk; offline: boolean };

/** What is left after a chat: it takes a place until it is done. The note is a draft like any other. */
export function WrapUp({ row, drafts, desk, offline }: Props) {
  const { conversation_id: id, handoff_id } = row;
  const [disposition, setDisposition] = useState<Disposition | undefined>(row.disposition);
  const [busy, setBusy] = useState(false);
  const note = draftOf(drafts, id, "note");
  const off = busy || offline;
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (off) return;
    setBusy(true);
    const done = await desk.work.wrapUp({
      handoff_id,
      ...(disposition && { disposition }),
      ...(note.trim() && { note: note.trim() }),
    });
    setBusy(false);
    if (!done) return;
    desk.draft(id, "note", "");
    // Nobody is told of entries in a chat that nobody has.
    void desk.catchUp(id);
  };
  return (
    <form class="wrap-up" aria-label="Wrap-up" onSubmit={submit}>
      <p>
        <ClockIcon small /> <strong>Wrap-up</strong>{" "}
        <span class="soft">
          This chat takes a place for <Left until={row.wrap_up_until} /> more.
        </span>
      </p>
      <label class="field">
        <span>How did it end?</span>
        <select
          value={disposition}
          onChange={(event) => setDisposition(event.currentTarget.value as Disposition)}
        >
          {DISPOSITIONS.map(({ value, word }) => (
            <option key={value} value={value}>
              {word}
            </option>
          ))}
        </select>
      </label>
      <label class="field wrap-up-note">
        <span>
          Note for your team <span class="soft">optional</span>
        </span>
        <input
          type="text"
          maxLength={5000}
          value={note}
          onInput={(event) => desk.draft(id, "note", event.currentTarget.value)}
        />
      </label>
      <Button kind="primary" type="submit" aria-disabled={off}>
        {busy ? "Saving…" : "Done"}
      </Button>
    </form>
  );
}

function Left({ until }: { until: string | undefined }) {
  const secs = Math.max(0, Math.ceil((new Date(until ?? 0).getTime() - useNow().getTime()) / 1000));
  return (
    <span class="tries" role="timer">
      {Math.floor(secs / 60)}:{String(secs % 60).padStart(2, "0")}
    </span>
  );
}

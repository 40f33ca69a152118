import { useState } from "preact/hooks";
import type { LogEntry } from "../shared/contract";
import { useTask } from "../shared/useTask";
import type { Ack, Change, Refused } from "./net/caller";
import { fits } from "./state/drafts";
import type { Keep } from "./state/keep";
import { customerMessagesAfter, lastSeq } from "./state/log";
import type { Row } from "./state/rows";
import { useKept } from "./useKept";

export type PassKind = "release" | "transfer";
/** Whom a chat is passed on to. */
export type Recipient = { agent_id: string } | { team: string };
export type PassingProps = {
  kind: PassKind;
  row: Row;
  keep: Keep;
  events: readonly LogEntry[];
  onPass: <C extends "handoff_release" | "handoff_transfer">(event: C, payload: Change<C>) => Promise<Ack<C>>;
  onRefresh: () => void;
  onDone: () => void;
};

type Filled = { to?: Recipient; note: string };

/** The form that leaves a chat to others. What the customer adds meanwhile is read before it is put back. */
export function usePassing({ kind, row, keep, events, onPass, onRefresh, onDone }: PassingProps) {
  const form = useKept<Filled>(keep, `${row.handoff_id}.${kind}`, { note: "" });
  const { to, note } = form.value;
  const [seen, setSeen] = useState(() => lastSeq(events));
  const [refusal, setRefusal] = useState<Refused>();
  const [asked, setAsked] = useState(false);
  const { busy, run } = useTask((message) => setRefusal({ ok: false, error: "internal", message }));
  const unread = kind === "release" ? customerMessagesAfter(events, seen) : [];
  const ready = unread.length === 0 && !busy && fits(note);

  const pass = async () => {
    setRefusal(undefined);
    const common = { handoff_id: row.handoff_id, ...(note.trim() ? { note: note.trim() } : {}) };
    const ack =
      kind === "transfer" && to
        ? await onPass("handoff_transfer", { ...common, ...to })
        : await onPass("handoff_release", { ...common, seen_seq: seen });
    if (ack.ok) {
      form.forget();
      onDone();
    } else if (ack.error === "new_messages") onRefresh();
    else setRefusal(ack);
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setAsked(true);
    if (ready && (kind === "release" || to)) void run(pass);
  };
  const setTo = (chosen: Recipient) => form.change({ to: chosen });
  const setNote = (text: string) => form.change({ note: text });
  const markRead = () => setSeen(lastSeq(events));
  const missing = asked && kind === "transfer" && !to;
  return { to, setTo, note, setNote, submit, ready, busy, unread, refusal, missing, markRead };
}

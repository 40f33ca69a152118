import { useState } from "preact/hooks";
import type { LogEntry } from "../shared/contract";
import type { Ack, Change, Refused } from "./net/caller";
import { customerMessagesAfter, lastSeq } from "./state/log";
import type { Row } from "./state/rows";

export type PassKind = "release" | "transfer";
/** Whom a chat is passed on to. */
export type Recipient = { agent_id: string } | { team: string };
export type PassingProps = {
  kind: PassKind;
  row: Row;
  events: readonly LogEntry[];
  onPass: <C extends "handoff_release" | "handoff_transfer">(event: C, payload: Change<C>) => Promise<Ack<C>>;
  onRefresh: () => void;
  onDone: () => void;
};

/** The form that leaves a chat to others. What the customer adds meanwhile is read before it is put back. */
export function usePassing({ kind, row, events, onPass, onRefresh, onDone }: PassingProps) {
  const [to, setTo] = useState<Recipient>();
  const [note, setNote] = useState("");
  const [seen, setSeen] = useState(() => lastSeq(events));
  const [refusal, setRefusal] = useState<Refused>();
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const unread = kind === "release" ? customerMessagesAfter(events, seen) : [];
  const ready = unread.length === 0 && !busy;

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setAsked(true);
    if (!ready || (kind === "transfer" && !to)) return;
    setBusy(true);
    setRefusal(undefined);
    const common = { handoff_id: row.handoff_id, ...(note.trim() ? { note: note.trim() } : {}) };
    const ack =
      kind === "transfer"
        ? await onPass("handoff_transfer", { ...common, ...to })
        : await onPass("handoff_release", { ...common, seen_seq: seen });
    setBusy(false);
    if (ack.ok) onDone();
    else if (ack.error === "new_messages") onRefresh();
    else setRefusal(ack);
  };
  const markRead = () => setSeen(lastSeq(events));
  const missing = asked && kind === "transfer" && !to;
  return { to, setTo, note, setNote, submit, ready, busy, unread, refusal, missing, markRead };
}

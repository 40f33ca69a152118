import { useMemo, useState } from "preact/hooks";
import type { Disposition, HandoffClose, HandoffReturn, LogEntry, Me, Packet } from "../shared/contract";
import type { Ack, Change, Refused } from "./net/caller";
import { useRemind } from "./parts/RemindFields";
import { changedSlots, settableSlots, slotNamed } from "./state/ending";
import { customerMessagesAfter, lastSeq } from "./state/log";
import type { Row } from "./state/rows";
import type { Due } from "./state/when";

export type EndKind = "return" | "close";
export type EndingProps = {
  kind: EndKind;
  row: Row;
  me: Me;
  packet: Packet | undefined;
  events: readonly LogEntry[];
  onEnd: <C extends "handoff_return" | "handoff_close">(event: C, payload: Change<C>) => Promise<Ack<C>>;
  onRemind: (due: Due & { text: string }) => void;
  onRefresh: () => void;
  onDone: () => void;
};

/** The form that ends a chat. It sends what was seen, so that nothing the customer adds meanwhile is missed. */
export function useEnding({ kind, row, packet, events, onEnd, onRemind, onRefresh, onDone }: EndingProps) {
  const form = useForm(packet);
  const [seen, setSeen] = useState(() => lastSeq(events));
  const [refusal, setRefusal] = useState<Refused>();
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const unread = customerMessagesAfter(events, seen);
  const ready = unread.length === 0 && !busy;

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setAsked(true);
    const { disposition } = form;
    if (!disposition || !ready) return;
    const due = form.wantsReminder ? form.remind.check() : undefined;
    if (form.wantsReminder && !due) return;
    setBusy(true);
    setRefusal(undefined);
    const common = { handoff_id: row.handoff_id, seen_seq: seen, disposition };
    const ack =
      kind === "return"
        ? await onEnd("handoff_return", { ...common, ...form.forClosing, ...form.forReturning })
        : await onEnd("handoff_close", { ...common, ...form.forClosing });
    setBusy(false);
    if (ack.ok && due) onRemind(due);
    if (ack.ok) onDone();
    else if (ack.error === "new_messages") onRefresh();
    else setRefusal(ack);
  };
  return {
    ...form,
    submit,
    ready,
    busy,
    unread,
    refusal,
    missing: asked && !form.disposition,
    wrongSlot: refusal && slotNamed(refusal.message, form.known),
    markRead: () => setSeen(lastSeq(events)),
  };
}

export type Ending = ReturnType<typeof useEnding>;

function useForm(packet: Packet | undefined) {
  const [disposition, setDisposition] = useState<Disposition>();
  const [outcome, setOutcome] = useState("");
  const [note, setNote] = useState("");
  const known = useMemo(() => settableSlots(packet?.slots ?? {}, packet?.slot_labels), [packet]);
  const [isReminded, setReminded] = useState(true);
  const remind = useRemind();
  const [edited, setEdited] = useState<Record<string, string>>({});
  const slots = { ...known, ...edited };
  return {
    disposition,
    setDisposition,
    outcome,
    setOutcome,
    note,
    setNote,
    remind,
    isReminded,
    setReminded,
    wantsReminder: disposition === "follow_up" && isReminded,
    known,
    slots,
    labels: packet?.slot_labels ?? {},
    setSlot: (name: string, value: string) => setEdited({ ...edited, [name]: value }),
    forClosing: (note.trim() ? { note: note.trim() } : {}) satisfies Pick<HandoffClose, "note">,
    forReturning: {
      ...((outcome.trim() ? { outcome: outcome.trim() } : {}) satisfies Pick<HandoffReturn, "outcome">),
      ...(changedSlots(known, slots) satisfies Pick<HandoffReturn, "slots">),
    },
  };
}

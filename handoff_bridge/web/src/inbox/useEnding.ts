import { useMemo, useState } from "preact/hooks";
import type { Disposition, HandoffClose, HandoffReturn, LogEntry, Packet } from "../shared/contract";
import { MOST_LETTERS, MOST_OF_OUTCOME } from "../shared/letters";
import { useTask } from "../shared/useTask";
import type { Ack, Change, Refused } from "./net/caller";
import { useRemind } from "./parts/RemindFields";
import { fits } from "./state/drafts";
import { changedSlots, settableSlots, slotNamed } from "./state/ending";
import type { Keep } from "./state/keep";
import { customerMessagesAfter, lastSeq } from "./state/log";
import type { Row } from "./state/rows";
import type { Due } from "./state/when";
import { useKept } from "./useKept";

export type EndKind = "return" | "close";
export type EndingProps = {
  kind: EndKind;
  row: Row;
  keep: Keep;
  packet: Packet | undefined;
  events: readonly LogEntry[];
  onEnd: <C extends "handoff_return" | "handoff_close">(event: C, payload: Change<C>) => Promise<Ack<C>>;
  onRemind: (due: Due & { text: string }) => void;
  onRefresh: () => void;
  onDone: () => void;
};

/** The form that ends a chat. It sends what was seen, so that nothing the customer adds meanwhile is missed. */
export function useEnding(props: EndingProps) {
  const { kind, row, keep, packet, events, onEnd, onRemind, onRefresh, onDone } = props;
  const form = useForm(keep, `${row.handoff_id}.${kind}`, packet);
  const [seen, setSeen] = useState(() => lastSeq(events));
  const [refusal, setRefusal] = useState<Refused>();
  const [asked, setAsked] = useState(false);
  const { busy, run } = useTask((message) => setRefusal({ ok: false, error: "internal", message }));
  const unread = customerMessagesAfter(events, seen);
  const ready = unread.length === 0 && !busy && form.fits;

  const end = async (disposition: Disposition, due: ReturnType<typeof form.remind.check>) => {
    setRefusal(undefined);
    const common = { handoff_id: row.handoff_id, seen_seq: seen, disposition };
    const ack =
      kind === "return"
        ? await onEnd("handoff_return", { ...common, ...form.forClosing, ...form.forReturning })
        : await onEnd("handoff_close", { ...common, ...form.forClosing });
    if (ack.ok) {
      if (due) onRemind(due);
      form.forget();
      onDone();
    } else if (ack.error === "new_messages") onRefresh();
    else setRefusal(ack);
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setAsked(true);
    const { disposition } = form;
    if (!disposition || !ready) return;
    const due = form.wantsReminder ? form.remind.check() : undefined;
    if (form.wantsReminder && !due) return;
    void run(() => end(disposition, due));
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

type Filled = { disposition?: Disposition; outcome: string; note: string; edited: Record<string, string> };
const EMPTY: Filled = { outcome: "", note: "", edited: {} };

function useForm(keep: Keep, name: string, packet: Packet | undefined) {
  const { value, change, forget } = useKept(keep, name, EMPTY);
  const { disposition, outcome, note, edited } = value;
  const known = useMemo(() => settableSlots(packet?.slots ?? {}, packet?.slot_labels), [packet]);
  const slots = { ...known, ...edited };
  const remind = useRemind();
  const [isReminded, setReminded] = useState(true);
  return {
    disposition,
    setDisposition: (chosen: Disposition) => change({ disposition: chosen }),
    outcome,
    setOutcome: (text: string) => change({ outcome: text }),
    note,
    setNote: (text: string) => change({ note: text }),
    fits: fits(outcome, MOST_OF_OUTCOME) && fits(note, MOST_LETTERS),
    forget,
    remind,
    isReminded,
    setReminded,
    wantsReminder: disposition === "follow_up" && isReminded,
    known,
    slots,
    labels: packet?.slot_labels ?? {},
    setSlot: (slot: string, text: string) => change({ edited: { ...edited, [slot]: text } }),
    forClosing: (note.trim() ? { note: note.trim() } : {}) satisfies Pick<HandoffClose, "note">,
    forReturning: {
      ...((outcome.trim() ? { outcome: outcome.trim() } : {}) satisfies Pick<HandoffReturn, "outcome">),
      ...(changedSlots(known, slots) satisfies Pick<HandoffReturn, "slots">),
    },
  };
}

import { useMemo, useState } from "preact/hooks";
import { Banner } from "../../shared/Banner";
import { Button } from "../../shared/Button";
import { Dialog } from "../../shared/desk/Dialog";
import type { Disposition, LogEvent, Me, Packet, Row } from "../../shared/desk/types";
import { customerName, DISPOSITIONS, firstName, plainWords } from "../../shared/desk/words";
import { WarningIcon } from "../../shared/icons";
import type { Ack } from "../net/caller";
import { changedSlots, settableSlots, slotNamed } from "../state/ending";
import { customerMessagesAfter, lastSeq } from "../state/log";
import { EndPreview } from "./EndPreview";

export type EndKind = "return" | "close";
type Props = {
  kind: EndKind;
  row: Row;
  me: Me;
  packet: Packet | undefined;
  events: readonly LogEvent[];
  onEnd: (event: "handoff_return" | "handoff_close", payload: object) => Promise<Ack>;
  onRefresh: () => void;
  onDone: () => void;
  onCancel: () => void;
};

/** Ends the agent's part: back to Pine, or closed. Sends what was seen, so that nothing the customer adds is missed. */
export function EndDialog({ kind, row, me, packet, events, onEnd, onRefresh, onDone, onCancel }: Props) {
  const [disposition, setDisposition] = useState<Disposition>();
  const [outcome, setOutcome] = useState("");
  const [note, setNote] = useState("");
  const known = useMemo(() => settableSlots(packet?.slots ?? {}), [packet]);
  const [slots, setSlots] = useState<Record<string, string>>(known);
  const [seen, setSeen] = useState(() => lastSeq(events));
  const [refusal, setRefusal] = useState<Extract<Ack, { ok: false }>>();
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const unread = customerMessagesAfter(events, seen);
  const returning = kind === "return";
  const who = customerName(row.customer.name);

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setAsked(true);
    if (!disposition || unread.length > 0 || busy) return;
    setBusy(true);
    setRefusal(undefined);
    const ack = await onEnd(returning ? "handoff_return" : "handoff_close", {
      handoff_id: row.handoff_id,
      disposition,
      seen_seq: seen,
      ...(note.trim() && { note: note.trim() }),
      ...(returning && outcome.trim() && { outcome: outcome.trim() }),
      ...(returning && changedSlots(known, slots)),
    });
    setBusy(false);
    if (ack.ok) return onDone();
    if (ack.error === "new_messages") onRefresh();
    else setRefusal(ack);
  };

  return (
    <Dialog
      title={returning ? `Return ${who} to Pine` : `Close the chat with ${who}`}
      kind="wide"
      onClose={onCancel}
      footer={
        <>
          <Button onClick={onCancel}>Keep the chat</Button>
          <Button kind="primary" type="submit" form="end-form" aria-disabled={busy || unread.length > 0}>
            {busy ? (returning ? "Returning…" : "Closing…") : returning ? "Return to Pine" : "Close chat"}
          </Button>
        </>
      }
    >
      <form id="end-form" class="end-form" onSubmit={submit}>
        <div class="end-fields">
          {unread.length > 0 && (
            <WroteAgain who={who} unread={unread} onRead={() => setSeen(lastSeq(events))} />
          )}
          {refusal && <Refused refusal={refusal} slot={slotNamed(refusal.message, known)} />}
          <Dispositions chosen={disposition} missing={asked && !disposition} onPick={setDisposition} />
          {returning && (
            <label class="field">
              <span>What came of it</span>
              <span class="field-hint" id="outcome-hint">
                A full sentence. Pine passes it on to {firstName(who)}.
              </span>
              <textarea
                rows={2}
                maxLength={500}
                value={outcome}
                aria-describedby="outcome-hint"
                onInput={(event) => setOutcome(event.currentTarget.value)}
              />
            </label>
          )}
          <label class="field">
            <span>
              Note for your team <span class="soft">optional</span>
            </span>
            <textarea rows={2} value={note} onInput={(event) => setNote(event.currentTarget.value)} />
          </label>
          {returning && Object.keys(known).length > 0 && (
            <Slots slots={slots} wrong={refusal && slotNamed(refusal.message, known)} onChange={setSlots} />
          )}
        </div>
        <EndPreview kind={kind} row={row} me={me} outcome={outcome.trim()} disposition={disposition} />
      </form>
    </Dialog>
  );
}

function WroteAgain({ who, unread, onRead }: { who: string; unread: LogEvent[]; onRead: () => void }) {
  return (
    <div class="wrote-again">
      <Banner
        tone="amber"
        icon={<WarningIcon small />}
        actions={
          <Button size="small" onClick={onRead}>
            I have read it
          </Button>
        }
      >
        {firstName(who)} wrote again: read it first.
      </Banner>
      {unread.map((event) => (
        <blockquote key={event.seq}>{event.text || "A photo"}</blockquote>
      ))}
    </div>
  );
}

function Refused({ refusal, slot }: { refusal: Extract<Ack, { ok: false }>; slot: string | undefined }) {
  const said: Record<string, string> = {
    bot_unavailable:
      "Pine does not answer right now, so the chat stays with you. Try again in a moment, or close it.",
    unknown_slot: slot
      ? `Pine does not keep “${plainWords(slot)}”. Set it back, or leave it out.`
      : "Pine does not keep one of these facts. Set them back, or leave them out.",
    unreachable: "The server does not answer. Your chat and this form stay as they are.",
    not_owner: "This chat is no longer yours.",
  };
  return (
    <div role="alert">
      <Banner tone="red" icon={<WarningIcon small />}>
        {said[refusal.error] ?? (refusal.message || "That did not work. Try again in a moment.")}
      </Banner>
    </div>
  );
}

type DispositionsProps = {
  chosen: Disposition | undefined;
  missing: boolean;
  onPick: (value: Disposition) => void;
};

function Dispositions({ chosen, missing, onPick }: DispositionsProps) {
  return (
    <fieldset class="choices" aria-describedby={missing ? "disposition-missing" : undefined}>
      <legend>How did it end?</legend>
      {missing && (
        <p id="disposition-missing" class="field-problem" role="alert">
          <WarningIcon small /> Choose one first.
        </p>
      )}
      {DISPOSITIONS.map(({ value, word, hint }, at) => (
        <label key={value} class="choice">
          <input
            type="radio"
            data-first={at === 0 ? "" : undefined}
            name="disposition"
            value={value}
            checked={chosen === value}
            onChange={() => onPick(value)}
          />
          <span>
            <strong>{word}</strong>
            <span class="soft">{hint}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

type SlotsProps = {
  slots: Record<string, string>;
  wrong: string | undefined;
  onChange: (slots: Record<string, string>) => void;
};

function Slots({ slots, wrong, onChange }: SlotsProps) {
  return (
    <details class="folded" open={wrong !== undefined}>
      <summary>
        What Pine will remember <span class="count">{Object.keys(slots).length}</span>
      </summary>
      <div class="slots">
        {Object.entries(slots).map(([name, value]) => (
          <label key={name} class="field">
            <span>{plainWords(name)}</span>
            <input
              value={value}
              aria-invalid={wrong === name}
              onInput={(event) => onChange({ ...slots, [name]: event.currentTarget.value })}
            />
          </label>
        ))}
      </div>
    </details>
  );
}

import { useState } from "preact/hooks";
import { Button } from "../../shared/Button";
import type { Me, OfferDecline } from "../../shared/contract";
import { useNow } from "../../shared/desk/hooks";
import { TriggerIcon } from "../../shared/desk/TriggerIcon";
import { customerName, triggerWord } from "../../shared/desk/words";
import { elapsed } from "../../shared/time";
import { useTask } from "../../shared/useTask";
import { offersOf, type Row, type Rows } from "../state/rows";

export type DeclineReason = NonNullable<OfferDecline["reason"]>;

const REASONS: [DeclineReason, string][] = [
  ["busy", "Busy"],
  ["not_mine", "Not for me"],
  ["break", "On a break"],
  ["other", "Another reason"],
];

type Props = {
  rows: Rows;
  me: Me;
  offline: boolean;
  complain: (sentence: string) => void;
  onAccept: (row: Row) => Promise<void>;
  onDecline: (row: Row, reason: DeclineReason) => Promise<void>;
};

/** Chats that wait for my answer; each goes to a colleague once its time is up. */
export function Offers({ rows, me, ...act }: Props) {
  const offers = offersOf(rows, me.agent_id);
  if (offers.length === 0) return null;
  return (
    <section class="offers" aria-label="Offered to you">
      {offers.map((row) => (
        <Offer key={row.handoff_id} row={row} {...act} />
      ))}
    </section>
  );
}

type OfferProps = Omit<Props, "rows" | "me"> & { row: Row };

function Offer({ row, offline, complain, onAccept, onDecline }: OfferProps) {
  const { busy, run } = useTask(complain);
  const [declines, setDeclines] = useState(false);
  const now = useNow();
  const off = busy || offline;
  const { name, tier } = row.customer;
  return (
    <div class="offer">
      <TriggerIcon trigger={row.trigger} />
      <p class="offer-what">
        <strong>{customerName(name)}</strong>
        {tier && ` · ${tier}`} · {triggerWord(row.trigger, row.labels?.[row.trigger])}
        <span class="soft"> · waiting {elapsed(row.queued_at, now)}</span>
      </p>
      <span class="offer-left" role="timer">
        {left(row.offer?.expires_at, now)}
      </span>
      {declines ? (
        <fieldset class="offer-actions" aria-label="Why not?">
          {REASONS.map(([reason, word]) => (
            <Button
              key={reason}
              size="small"
              aria-disabled={off}
              onClick={() => !off && run(() => onDecline(row, reason))}
            >
              {word}
            </Button>
          ))}
          <Button kind="quiet" size="small" onClick={() => setDeclines(false)}>
            Back
          </Button>
        </fieldset>
      ) : (
        <span class="offer-actions">
          <Button
            kind="primary"
            size="small"
            aria-keyshortcuts="a"
            aria-disabled={off}
            onClick={() => !off && run(() => onAccept(row))}
          >
            Accept <kbd>a</kbd>
          </Button>
          <Button size="small" onClick={() => setDeclines(true)}>
            Decline
          </Button>
        </span>
      )}
    </div>
  );
}

function left(expiresAt: string | undefined, now: Date): string {
  const secs = Math.ceil((new Date(expiresAt ?? now).getTime() - now.getTime()) / 1000);
  return `${Math.max(0, secs)} s`;
}

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { IconButton } from "../../shared/Button";
import type { Card, CardRow, Money, Packet } from "../../shared/contract";
import { CopyIcon, LockIcon } from "../../shared/desk/icons";
import { plainWords } from "../../shared/desk/words";
import { CheckIcon } from "../../shared/icons";
import { money } from "../../shared/money";
import { dayOf, fullTime } from "../../shared/time";
import type { Act } from "../useCardAction";
import { CardActions } from "./CardActions";

/** What the back office knows, of whatever kind: the first card lies open, the others are folded. */
export function Cards({ packet, act }: { packet: Packet; act?: Act | undefined }) {
  return (
    <>
      {cardsOf(packet).map((card, at) => (
        <section
          class="card"
          key={`${card.kind} ${card.id}`}
          aria-label={`${plainWords(card.kind)} ${card.title}`}
        >
          <details open={at === 0}>
            <summary>
              <h3>
                <span class="card-kind">{plainWords(card.kind)}</span>
                {card.title}
              </h3>
              {card.status && <span class="chip">{card.status}</span>}
            </summary>
            {runsOf(card.rows).map((rows, run) => (
              <Rows key={run} rows={rows} />
            ))}
            {card.photo && <Rows rows={[{ label: "Photo", value: card.photo, type: "link" }]} />}
            <CardActions card={card} act={act} />
          </details>
        </section>
      ))}
    </>
  );
}

/** The back office's cards; where none is of the customer, what the bridge knows of them. */
export function cardsOf({ cards, customer }: Packet): Card[] {
  const { id, name, email } = customer;
  if (!id || cards.some((card) => card.id === id)) return cards;
  const rows: CardRow[] = [{ label: "Number", value: id, type: "code" }];
  if (email) rows.push({ label: "Email", value: email, type: "text" });
  return [...cards, { kind: "customer", id, title: name ?? id, rows }];
}

/** The rows in their order, sums apart from all else: they are laid out as a bill. */
export function runsOf(rows: CardRow[]): CardRow[][] {
  const runs: CardRow[][] = [];
  for (const row of rows) {
    const last = runs.at(-1);
    if (last?.[0] && isSum(last[0]) === isSum(row)) last.push(row);
    else runs.push([row]);
  }
  return runs;
}

const isSum = (row: CardRow): boolean => typeof row.value !== "string";

function Rows({ rows }: { rows: CardRow[] }) {
  return (
    <dl class={rows.some(isSum) ? "sums" : "facts card-facts"}>
      {rows.map((row, at) => (
        <div key={`${at} ${row.label}`} class={row.emphasis ? "emphasis" : undefined}>
          <dt>
            {row.label}
            {typeof row.value !== "string" && <Each of={row.value} />}
          </dt>
          <dd>
            <Value row={row} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** How many, and what one costs. */
function Each({ of: { quantity, unit_amount, currency } }: { of: Money }) {
  if (!quantity || !unit_amount) return null;
  return (
    <span class="each">
      {quantity} × {money(unit_amount, currency)}
    </span>
  );
}

function Value({ row: { value, type, masked } }: { row: CardRow }): ComponentChildren {
  if (typeof value !== "string") return money(value.amount, value.currency);
  if (masked) return <Masked text={value} />;
  if (type === "date") return <time dateTime={value}>{dayOf(value)}</time>;
  if (type === "datetime") return <time dateTime={value}>{fullTime(value)}</time>;
  if (type === "code") return <Code text={value} />;
  const site = type === "link" && siteOf(value);
  if (!site) return value;
  return (
    <a href={value} target="_blank" rel="noreferrer">
      {site}
      <span class="visually-hidden">, opens in a new tab</span>
    </a>
  );
}

function Masked({ text }: { text: string }) {
  return (
    <span class="with-icon soft" title="Hidden until the customer is verified">
      {text}
      <LockIcon small />
      <span class="visually-hidden">, hidden until the customer is verified</span>
    </span>
  );
}

function Code({ text }: { text: string }) {
  const [word, setWord] = useState("");
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setWord("Copied"),
      () => setWord("Not copied"),
    );
  return (
    <span class="code">
      <code>{text}</code>
      <IconButton label={`Copy ${text}`} size="small" onClick={copy}>
        {word === "Copied" ? <CheckIcon small /> : <CopyIcon small />}
      </IconButton>
      <span class="visually-hidden" aria-live="polite">
        {word}
      </span>
    </span>
  );
}

/** Where an address leads, if a browser may be sent there. */
export function siteOf(address: string): string | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return url && /^https?:$/.test(url.protocol) ? url.host : undefined;
}

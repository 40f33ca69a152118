import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { CardRow, Money, ShownCard } from "../../shared/contract";
import { money } from "../../shared/money";
import { dayOf, fullTime } from "../../shared/time";
import { cardWords } from "../state/cards";
import { useSay, useWords } from "./context";

/** Something that the shop knows, an order say: its rows, and its addresses as buttons. */
export function Card({ card }: { card: ShownCard }) {
  const links = card.rows.filter(isLink);
  const rows = card.rows.filter((row) => !isLink(row));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is of a form, and its legend cannot be laid out.
    <div class="card" role="group" aria-label={cardWords(card)}>
      {card.photo && <Photo key={card.photo} address={card.photo} />}
      <p class="card-head">
        <strong class="card-title">
          <bdi>{card.title}</bdi>
        </strong>
        {card.status && (
          <span class="card-status">
            <bdi>{card.status}</bdi>
          </span>
        )}
      </p>
      {rows.length > 0 && (
        <dl class="card-rows">
          {rows.map((row, at) => (
            <div key={`${at} ${row.label}`} class={row.emphasis ? "card-row card-emphasis" : "card-row"}>
              <dt>
                <bdi>{row.label}</bdi>
              </dt>
              <dd>
                <bdi>
                  <Value row={row} />
                </bdi>
              </dd>
            </div>
          ))}
        </dl>
      )}
      {links.length > 0 && (
        <p class="card-links">
          {links.map((row, at) => (
            <Link key={`${at} ${row.label}`} label={row.label} address={row.value as string} />
          ))}
        </p>
      )}
    </div>
  );
}

const isLink = ({ type, value }: CardRow): boolean =>
  type === "link" && typeof value === "string" && /^(https?|mailto):/i.test(value);

function Value({ row: { value, type } }: { row: CardRow }): ComponentChildren {
  const { locale } = useWords();
  if (typeof value !== "string") return <Sum of={value} />;
  if (type === "date") return <time dateTime={value}>{dayOf(value, locale)}</time>;
  if (type === "datetime") return <time dateTime={value}>{fullTime(value, locale)}</time>;
  return type === "code" ? <code dir="ltr">{value}</code> : value;
}

function Sum({ of: { amount, currency, quantity, unit_amount } }: { of: Money }) {
  const { locale } = useWords();
  return (
    <>
      {quantity && unit_amount && (
        <span class="card-each">
          {quantity.toLocaleString(locale)} × {money(unit_amount, currency, locale)}{" "}
        </span>
      )}
      {money(amount, currency, locale)}
    </>
  );
}

function Link({ label, address }: { label: string; address: string }) {
  const say = useSay();
  const isMail = /^mailto:/i.test(address);
  return (
    <a
      class="button card-link"
      href={address}
      {...(isMail ? {} : { target: "_blank", rel: "noopener noreferrer" })}
    >
      <bdi>{label}</bdi>
      {!isMail && <span class="visually-hidden">, {say("opens_new_tab")}</span>}
    </a>
  );
}

/** Only decoration beside the title; one that does not load leaves no hole. */
function Photo({ address }: { address: string }) {
  const [failed, setFailed] = useState(false);
  if (failed) return null;
  return (
    <img
      class="card-photo"
      src={address}
      alt=""
      loading="lazy"
      referrerpolicy="no-referrer"
      onError={() => setFailed(true)}
    />
  );
}

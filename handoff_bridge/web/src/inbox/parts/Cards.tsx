import type { OrderCard as Order, Packet } from "../../shared/contract";
import { languageWord, plainValue, plainWords } from "../../shared/desk/words";
import { BagIcon, PersonIcon, TruckIcon } from "../../shared/icons";
import { Tier } from "./Lists";

/** The shop's own facts: an order, a customer. */
export function OrderCard({ order }: { order: Order }) {
  const dates: [string, string | undefined][] = [
    ["Placed", order.placed_at],
    ["Shipped", order.shipped_at],
    ["Expected", order.delivered_at ? undefined : order.expected_at],
    ["Delivered", order.delivered_at],
    ["Return by", order.returnable_until],
  ];
  return (
    <section class="card" aria-label={`Order ${order.number}`}>
      <h3>
        <BagIcon small /> {order.number}
        <span class="chip">{plainWords(order.status)}</span>
      </h3>
      <ul class="order-items">
        {(order.items ?? []).map((item) => (
          <li key={item.sku ?? item.name}>
            <span>
              {(item.quantity ?? 1) > 1 && `${item.quantity} × `}
              {item.name}
              {item.variant && ` (${item.variant})`}
            </span>
            {item.price !== undefined && <span class="soft">{money(item.price, order.currency)}</span>}
          </li>
        ))}
      </ul>
      <dl class="facts">
        {order.total !== undefined && <Line name="Total">{money(order.total, order.currency)}</Line>}
        {order.payment_method && <Line name="Paid by">{plainWords(order.payment_method)}</Line>}
        {dates.map(
          ([name, at]) =>
            at && (
              <Line key={name} name={name}>
                {shortDate(at)}
              </Line>
            ),
        )}
        {plainValue(order.shipping_address) && <Line name="To">{plainValue(order.shipping_address)}</Line>}
      </dl>
      {order.carrier && (
        <p class="with-icon">
          <TruckIcon small />
          {order.tracking_url && /^https?:\/\//.test(order.tracking_url) ? (
            <a href={order.tracking_url} target="_blank" rel="noreferrer">
              {order.carrier}
              <span class="visually-hidden"> tracking, opens in a new tab</span>
            </a>
          ) : (
            order.carrier
          )}
        </p>
      )}
    </section>
  );
}

export function ProfileCard({ customer }: { customer: Packet["customer"] }) {
  const { name, email, tier, language, channels, id } = customer;
  return (
    <section class="card" aria-label="Customer">
      <h3>
        <PersonIcon small /> {name ?? "Unknown visitor"}
        {tier && <Tier tier={tier} />}
      </h3>
      <dl class="facts">
        {email && <Line name="Email">{email}</Line>}
        {language && <Line name="Speaks">{languageWord(language)}</Line>}
        {channels && channels.length > 0 && (
          <Line name="Writes by">{channels.map(plainWords).join(", ")}</Line>
        )}
        {id && <Line name="Number">{id}</Line>}
      </dl>
    </section>
  );
}

function Line({ name, children }: { name: string; children: preact.ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

export function shortDate(at: string): string {
  return new Date(at).toLocaleDateString(undefined, { day: "numeric", month: "short", year: "numeric" });
}

export function money(amount: string | number, currency = "EUR"): string {
  const value = Number(amount);
  if (Number.isNaN(value)) return String(amount);
  try {
    return new Intl.NumberFormat(undefined, { style: "currency", currency }).format(value);
  } catch {
    return `${amount} ${currency}`;
  }
}

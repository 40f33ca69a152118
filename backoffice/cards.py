"""Cards: what the shop knows of a customer or a number, for people to read.

The one form that does not depend on what is sold. `private` marks what an agent may
see only once the customer has proved who they are.
"""

from datetime import date, datetime
from itertools import chain
from typing import Any

from fastapi import APIRouter
from sqlalchemy.orm import Session

from backoffice.errors import BadRequest
from backoffice.offers import customer_offers, order_offers
from backoffice.orders import TRACKING, returnable_until
from backoffice.payments import overpaid_cents, payment_state
from backoffice.returns import return_number
from backoffice.shapes import CURRENCY, decimal, shown
from backoffice.tables import (
    Customer,
    Discount,
    Order,
    OrderItem,
    Refund,
    Replacement,
    Return,
)
from backoffice.views import View

# An agent reads them: the newest will do beside the one that was asked for.
MOST_ORDERS = 5

Row = dict[str, Any]

router = APIRouter()


@router.get("/cards")
def get_cards(
    view: View, customer_id: str | None = None, reference: str | None = None
) -> dict[str, Any]:
    """The customer's cards, the one that `reference` names first; or that one alone.

    Whatever is not known is no card.

    Raises:
        BadRequest: neither is given.
    """
    if customer_id is None and reference is None:
        raise BadRequest("A customer_id or a reference is needed.")
    named = _order(view.session, reference)
    if customer_id is None:
        return {"cards": [order_card(named, view.now)] if named else []}
    customer = view.session.get(Customer, customer_id.strip().upper())
    if customer is None:
        return {"cards": []}
    first = [named] if named is not None and named.customer == customer else []
    others = [order for order in customer.orders if order not in first]
    orders = [*first, *others][:MOST_ORDERS]
    return {
        "customer": shown(
            customer_id=customer.customer_id,
            name=customer.name,
            email=customer.email,
            tier=customer.tier,
            language=customer.language,
        ),
        "cards": [
            *(order_card(order, view.now) for order in orders),
            customer_card(customer),
        ],
    }


def _order(session: Session, reference: str | None) -> Order | None:
    return session.get(Order, reference.strip().upper()) if reference else None


def customer_card(customer: Customer) -> dict[str, Any]:
    """The account."""
    return shown(
        kind="customer",
        id=customer.customer_id,
        title=customer.name,
        status=_words(customer.state) if customer.state != "active" else None,
        rows=_rows(
            row("Number", customer.customer_id, "code"),
            row("Email", customer.email, private=True),
            row("Phone", customer.phone, private=True),
            row("Tier", customer.tier.capitalize()),
            row("Customer since", customer.since),
            row("Closes", customer.closes_at, emphasis=True),
            *chain.from_iterable(map(_discount, customer.discounts)),
        ),
        actions=customer_offers(customer) or None,
    )


def order_card(order: Order, now: datetime) -> dict[str, Any]:
    """The order: what it costs, where it is, what goes back, what can be done."""
    code = order.tracking_code
    is_there = order.delivered_at is not None
    return shown(
        kind="order",
        id=order.number,
        title=order.number,
        status=_words(order.status),
        rows=_rows(
            *map(_item, order.items),
            row("Total", sum_of(order.total_cents), "money", emphasis=True),
            row("Paid by", order.payment_method),
            *_payment(order),
            row("Placed", order.placed_at),
            row("Shipped", order.shipped_at),
            row("Expected", None if is_there else _day(order.expected_at)),
            row("Delivered", order.delivered_at),
            row("Return by", _day(returnable_until(order))),
            row("Carrier", order.carrier),
            row("Tracking", TRACKING + code if code else None, "link"),
            row("Parcel", code, "code"),
            row("Send to", order.shipping_address, private=True),
            row("Email", order.customer.email, private=True),
            *chain.from_iterable(map(_return, order.returns)),
            *chain.from_iterable(map(_refund, order.refunds)),
            *chain.from_iterable(map(_replacement, order.replacements)),
        ),
        actions=order_offers(order, now) or None,
    )


def row(
    label: str,
    value: Any,
    form: str | None = None,
    *,
    private: bool = False,
    emphasis: bool = False,
) -> Row:
    """A row of a card; `form` is its type where the value's own does not tell it.

    One without a value is left out by `_rows`.
    """
    own = {datetime: "datetime", date: "date"}.get(type(value), "text")
    flags = {"private": private or None, "emphasis": emphasis or None}
    return shown(label=label, value=value, type=form or own, **flags)


def _rows(*rows: Row) -> list[Row]:
    return [one for one in rows if "value" in one]


def sum_of(cents: int, quantity: int = 1) -> dict[str, Any]:
    """Money for `quantity` alike that cost `cents` each: the sum, and each."""
    total = {"amount": decimal(cents * quantity), "currency": CURRENCY}
    if quantity == 1:
        return total
    return {**total, "quantity": quantity, "unit_amount": decimal(cents)}


def _item(item: OrderItem) -> Row:
    name = f"{item.name} ({item.variant})" if item.variant else item.name
    return row(name, sum_of(item.price_cents, item.quantity), "money")


def _payment(order: Order) -> list[Row]:
    """What is to be said of the payment, if anything."""
    state = payment_state(order)
    if state == "charged_twice":
        twice = sum_of(overpaid_cents(order))
        return [row("Paid too much", twice, "money", emphasis=True)]
    if state in ("pending", "declined"):
        return [row("Payment", _words(state), emphasis=True)]
    return []


def _return(back: Return) -> list[Row]:
    return [
        row("Coming back", back.item.name),
        row("Return", return_number(back), "code"),
        row("Hand in by", back.send_back_by),
    ]


def _replacement(again: Replacement) -> list[Row]:
    return [
        row("Sent again", again.item.name),
        row("New one arrives", again.arrives_on),
    ]


def _discount(discount: Discount) -> list[Row]:
    return [
        row(f"Discount, {discount.percent} %", discount.code, "code"),
        row("Valid until", discount.valid_until),
    ]


def _refund(refund: Refund) -> list[Row]:
    amount = sum_of(refund.amount_cents)
    return [
        row(f"Refund, {_words(refund.status).lower()}", amount, "money"),
        row("Refund due", _day(None if refund.paid_at else refund.expected_at)),
        row("Refund paid", _day(refund.paid_at)),
    ]


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _words(state: str) -> str:
    return state.replace("_", " ").capitalize()

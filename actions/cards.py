"""What customers are shown beside an answer: cards, as docs/protocol.md has them.

The answer's words say the essential as well: not every channel draws cards.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from actions.shop import Order, OrderItem, Refund, Return, Transaction
from actions.wording import paid_by, short_day, titled, word

Card = dict[str, Any]
Row = dict[str, Any]


def beside(*cards: Card, brief: str | None = None) -> dict[str, Any]:
    """Returns the `json_message` that shows cards beside a response.

    `brief` is said instead of the response where they are drawn.
    """
    return {"cards": [*cards], **({"brief": brief} if brief else {})}


def order_card(order: Order, *, is_theirs: bool) -> Card:
    """Shows where an order is; to its own customer also what is in it."""
    is_there = order.delivered_at is not None
    whose = [
        *(_item(item, order.currency) for item in order.items),
        _sum("total", order.total, order.currency),
        _row("placed_at", order.placed_at),
    ]
    return _card(
        "order",
        order.number,
        word("order_status", order.status),
        *(whose if is_theirs else ()),
        None if is_there else _row("expected_at", _date(order.expected_at)),
        _row("delivered_at", order.delivered_at),
        _row("carrier", order.carrier),
        _row("tracking_url", order.tracking_url, "link"),
    )


def refund_card(refund: Refund) -> Card:
    """Shows how far a refund is."""
    is_paid = refund.paid_at is not None
    return _card(
        "refund",
        refund.order_number,
        word("refund_status", refund.status),
        _sum("amount", refund.amount, refund.currency),
        _row("goes_to", paid_by(refund.method)),
        None if is_paid else _row("arrives_at", _date(refund.expected_at)),
        _row("paid_at", refund.paid_at),
    )


def return_card(started: Return) -> Card:
    """Shows a return that has just been set up."""
    return _card(
        "return",
        started.return_number,
        word("return_status", "started"),
        _row("item", started.item),
        _row("send_back_by", started.send_back_by),
        _sum("refund", started.refund_amount, started.currency),
    )


def payments_card(moves: tuple[Transaction, ...]) -> Card:
    """Lists payments and refunds, newest first."""
    return _card("payments", "latest", None, *map(_move, moves))


def _move(one: Transaction) -> Row:
    label = word(
        "payment_line",
        f"{one.kind}_{one.state}",
        day=short_day(one.at),
        number=one.order_number,
    )
    return {"label": label, **_money(one.amount, one.currency)}


def _item(item: OrderItem, currency: str) -> Row:
    money = _money(item.price * item.quantity, currency)
    if item.quantity > 1:
        alike = {"quantity": item.quantity, "unit_amount": str(item.price)}
        money["value"].update(alike)
    return {"label": titled(item), **money}


def _card(kind: str, number: str, status: str | None, *rows: Row | None) -> Card:
    title = word("card_title", kind, number=number)
    card = {"kind": kind, "id": number, "title": title, "status": status}
    return {**card, "rows": [row for row in rows if row is not None]}


def _row(name: str, value: date | str | None, form: str | None = None) -> Row | None:
    """Returns a row of a type that follows from its value; None without one."""
    if value is None:
        return None
    kinds: dict[type, str] = {datetime: "datetime", date: "date"}
    kind = kinds.get(type(value), "text")
    text = value if isinstance(value, str) else value.isoformat()
    return {"label": word("card_row", name), "value": text, "type": form or kind}


def _sum(name: str, amount: Decimal, currency: str) -> Row:
    """Returns the row that stands out."""
    row = {"label": word("card_row", name), **_money(amount, currency)}
    return {**row, "emphasis": True}


def _money(amount: Decimal, currency: str) -> Row:
    return {"value": {"amount": str(amount), "currency": currency}, "type": "money"}


def _date(moment: datetime | None) -> date | None:
    """A day that is meant as one: the same everywhere."""
    return None if moment is None else moment.date()

"""Does what a card offers, for the agent who asked, once for each idempotency key."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, StringConstraints
from sqlalchemy.orm import Session

from backoffice.cards import customer_card, order_card
from backoffice.errors import (
    ActionNotOffered,
    AlreadyReplaced,
    BadRequest,
    CardNotFound,
    ItemNotFound,
    NotRefundable,
)
from backoffice.idempotency import WriteOnce
from backoffice.offers import MAX_REASON, MOST_PERCENT, items_to_replace
from backoffice.orders import REFUND_TIME
from backoffice.outbox import send_mail
from backoffice.payments import refundable_cents
from backoffice.returns import begin_return, check_return, return_number
from backoffice.shapes import CURRENCY, decimal
from backoffice.tables import Customer, Discount, Order, OrderItem, Refund, Replacement

EXPRESS = timedelta(days=1)
DISCOUNT_TIME = timedelta(days=30)
# Without those that are easily mistaken for each other.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"

router = APIRouter()

Line = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Fields = dict[str, str]


class Asked(BaseModel):
    """Whose card it is, what its fields hold, who asks and in which conversation."""

    customer_id: Line
    fields: Fields = {}
    agent: Line | None = None
    conversation_id: Line | None = None


@router.post("/cards/{kind}/{card_id}/actions/{action}")
def act(
    kind: str, card_id: str, action: str, asked: Asked, once: WriteOnce
) -> JSONResponse:
    """Does it; answers the card as it is by now and one sentence for the agent."""
    return once(lambda session, now: run(session, kind, card_id, action, asked, now))


def run(
    session: Session, kind: str, card_id: str, action: str, asked: Asked, now: datetime
) -> dict[str, Any]:
    """Answers `{card, result}`.

    Raises:
        CardNotFound: the customer has no such card.
        ActionNotOffered: there is no such action.
        BadRequest: a field is missing or not what it should be.
        And what the action itself refuses.
    """
    customer = session.get(Customer, asked.customer_id.strip().upper())
    if customer is None:
        raise CardNotFound("There is no such customer.")
    if kind == "customer" and card_id == customer.customer_id:
        if action != "discount":
            raise ActionNotOffered("That cannot be done about an account.")
        result = _discount(customer, asked.fields, now)
        session.flush()
        return {"card": customer_card(customer), "result": result}
    order = session.get(Order, card_id) if kind == "order" else None
    if order is None or order.customer != customer:
        raise CardNotFound("The customer has no such card.")
    if (do := _OF_ORDERS.get(action)) is None:
        raise ActionNotOffered("That cannot be done about an order.")
    result = do(session, order, asked.fields, now)
    order.changed_at = now
    session.flush()
    return {"card": order_card(order, now), "result": result}


def _refund(session: Session, order: Order, fields: Fields, now: datetime) -> str:
    cents = _cents(fields.get("amount", ""))
    most = refundable_cents(order)
    if not most:
        raise NotRefundable("All that was paid has gone back already.")
    if cents > most:
        raise NotRefundable(f"At most {CURRENCY} {decimal(most)} can go back.")
    due = now + REFUND_TIME
    order.refunds.append(
        Refund(
            status="processing", amount_cents=cents, requested_at=now, expected_at=due
        )
    )
    send_mail(
        session,
        now,
        to=order.customer,
        kind="refund",
        subject=f"Your refund for {order.number}",
        body=f"{CURRENCY} {decimal(cents)} goes back to you by {order.payment_method}. "
        f"It is there by {due:%d %B}.",
        order_number=order.number,
    )
    return f"{CURRENCY} {decimal(cents)} goes back, there by {due:%d %B}."


def _return_label(session: Session, order: Order, fields: Fields, now: datetime) -> str:
    check_return(order, now)
    item = _item(order, fields)
    started = begin_return(session, order, item, _reason(fields), now)
    return (
        f"Return {return_number(started)} is open and its label mailed; to be handed "
        f"in by {started.send_back_by:%d %B}."
    )


def _replacement(session: Session, order: Order, fields: Fields, now: datetime) -> str:
    item = _item(order, fields)
    if item not in items_to_replace(order):
        raise AlreadyReplaced("This item was sent again before, or has not arrived.")
    arrives_on = (now + EXPRESS).date()
    order.replacements.append(
        Replacement(item=item, reason=_reason(fields), arrives_on=arrives_on)
    )
    send_mail(
        session,
        now,
        to=order.customer,
        kind="replacement",
        subject=f"A new one for {order.number}",
        body=f"A new “{item.name}” is on its way to you, express. It is there on "
        f"{arrives_on:%d %B}.",
        order_number=order.number,
    )
    return f"A new “{item.name}” is on its way, there on {arrives_on:%d %B}."


def _discount(customer: Customer, fields: Fields, now: datetime) -> str:
    percent = fields.get("percent", "")
    is_number = percent.isascii() and percent.isdecimal() and len(percent) < 4
    if not is_number or not 1 <= int(percent) <= MOST_PERCENT:
        raise BadRequest(f"percent: a whole number from 1 to {MOST_PERCENT}.")
    discount = Discount(
        code="THANKS-" + "".join(secrets.choice(LETTERS) for _ in range(6)),
        percent=int(percent),
        reason=fields.get("reason"),
        valid_until=(now + DISCOUNT_TIME).date(),
    )
    customer.discounts.append(discount)
    return (
        f"{discount.code} takes {discount.percent} % off one order, until "
        f"{discount.valid_until:%d %B}."
    )


def _item(order: Order, fields: Fields) -> OrderItem:
    wanted = fields.get("item")
    for item in order.items:
        if str(item.item_id) == wanted:
            return item
    raise ItemNotFound("This order holds no such item.")


def _reason(fields: Fields) -> str:
    reason = fields.get("reason", "").strip()
    if not 1 <= len(reason) <= MAX_REASON:
        raise BadRequest(f"reason: 1 to {MAX_REASON} characters.")
    return reason


def _cents(amount: str) -> int:
    """An amount such as 12, 12.5 or 12.50, in cents."""
    whole, _, part = amount.partition(".")
    digits = whole + part
    if not (digits.isascii() and digits.isdecimal() and whole) or len(part) > 2:
        raise BadRequest("amount: a sum of money such as 12.50.")
    if len(whole) > 9 or not int(digits):
        raise BadRequest("amount: more than nothing, and less than a fortune.")
    return int(whole) * 100 + int(part.ljust(2, "0") or 0)


Do = Callable[[Session, Order, Fields, datetime], str]
_OF_ORDERS: dict[str, Do] = {
    "refund": _refund,
    "return_label": _return_label,
    "replacement": _replacement,
}

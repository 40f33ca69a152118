"""Returns and the refunds that come of them.

A delivered item may come back within the return window, once. The refund waits for
the goods.
"""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, StringConstraints
from sqlalchemy.orm import Session

from backoffice.errors import (
    ItemNotFound,
    ItemRequired,
    NotReturnable,
    RefundNotFound,
    ReturnAlreadyStarted,
    ReturnWindowOver,
)
from backoffice.idempotency import WriteOnce
from backoffice.orders import find_order, returnable_until
from backoffice.outbox import masked, send_mail
from backoffice.refunds import refund_shape
from backoffice.shapes import CURRENCY, money, shown
from backoffice.tables import Order, OrderItem, Refund, Return
from backoffice.views import View

SEND_BACK_TIME = timedelta(days=14)
RETURNABLE = frozenset({"delivered", "return_started"})

router = APIRouter()

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)
]


class NewReturn(BaseModel):
    """What comes back and why; `photo` is the id of an attachment."""

    item: Line | None = None
    reason: Reason
    photo: Line | None = None


@router.post("/orders/{number}/returns")
def start(number: str, new: NewReturn, once: WriteOnce) -> JSONResponse:
    """Starts a return and mails its label."""
    return once(lambda session, now: start_return(session, number, new, now))


@router.get("/orders/{number}/refund")
def get_refund(number: str, view: View) -> dict[str, Any]:
    """The newest refund of the order."""
    order = find_order(view.session, number)
    if not order.refunds:
        raise RefundNotFound("No refund was asked for this order.")
    return refund_shape(order, order.refunds[-1])


def start_return(
    session: Session, number: str, new: NewReturn, now: datetime
) -> dict[str, Any]:
    """Notes the return, opens the refund and mails the label.

    Raises:
        OrderNotFound: no order has this number.
        NotReturnable, ReturnWindowOver, ReturnAlreadyStarted: see `check_return`.
        ItemNotFound, ItemRequired: see `pick_item`.
    """
    order = find_order(session, number)
    check_return(order, now)
    item = pick_item(order, new.item)
    started = begin_return(session, order, item, new.reason, now, photo=new.photo)
    return _shape(order, item, started)


def begin_return(
    session: Session,
    order: Order,
    item: OrderItem,
    reason: str,
    now: datetime,
    photo: str | None = None,
) -> Return:
    """Notes the return of an item, opens its refund and mails the label.

    Raises:
        ReturnAlreadyStarted: this item is on its way back.
    """
    if item.item_id in {one.item_id for one in order.returns}:
        raise ReturnAlreadyStarted("This item is on its way back already.")
    started = Return(
        item_id=item.item_id,
        reason=reason,
        photo=photo,
        started_at=now,
        send_back_by=(now + SEND_BACK_TIME).date(),
    )
    order.returns.append(started)
    order.status = "return_started"
    order.changed_at = now
    _open_refund(order, item, now)
    session.flush()  # numbers the return
    _mail_label(session, order, started, now)
    return started


def check_return(order: Order, now: datetime) -> None:
    """Whether anything of this order may come back now.

    Raises:
        NotReturnable: it was not delivered (yet).
        ReturnAlreadyStarted: all of it is on its way back, or was refunded.
        ReturnWindowOver: delivered too long ago.
    """
    if order.status == "refunded" or len(order.returns) == len(order.items):
        raise ReturnAlreadyStarted("This order is on its way back already.")
    until = returnable_until(order)
    if order.status not in RETURNABLE or until is None:
        raise NotReturnable("Only what was delivered can be returned.")
    if now > until:
        raise ReturnWindowOver(f"Returns were open until {until:%d %B %Y}.")


def pick_item(order: Order, wanted: str | None) -> OrderItem:
    """The item whose name shares most words with what the customer said.

    Raises:
        ItemNotFound: nothing fits.
        ItemRequired: nothing was said, or several fit equally well.
    """
    if not wanted:
        fitting = order.items
    else:
        words = _words(wanted)
        fits = {
            item.item_id: len(words & (_words(item.name) | _words(item.sku)))
            for item in order.items
        }
        best = max(fits.values())
        fitting = [item for item in order.items if best and fits[item.item_id] == best]
    if not fitting:
        raise ItemNotFound("This order holds no such item.")
    if len(fitting) > 1:
        raise ItemRequired("Several items fit; which one is it?")
    return fitting[0]


def _words(text: str) -> set[str]:
    letters = "".join(char if char.isalnum() else " " for char in text.lower())
    return {word.removesuffix("s") for word in letters.split() if len(word) > 2}


def _open_refund(order: Order, item: OrderItem, now: datetime) -> None:
    amount = item.price_cents * item.quantity
    waiting = [one for one in order.refunds if one.status == "awaiting_return"]
    if waiting:
        waiting[-1].amount_cents += amount
    else:
        order.refunds.append(
            Refund(status="awaiting_return", amount_cents=amount, requested_at=now)
        )


def _mail_label(session: Session, order: Order, started: Return, now: datetime) -> None:
    send_mail(
        session,
        now,
        to=order.customer,
        kind="return_label",
        subject=f"Your return label for {order.number}",
        body=f"Return {return_number(started)} is ready. Print the attached label and "
        f"hand the parcel in by {started.send_back_by:%d %B}. The refund "
        "follows when it is back with us.",
        order_number=order.number,
    )


def return_number(started: Return) -> str:
    """What stands on the label."""
    return f"RT-{5000 + started.return_id}"


def _shape(order: Order, item: OrderItem, started: Return) -> dict[str, Any]:
    return shown(
        return_number=return_number(started),
        order_number=order.number,
        item=item.name,
        reason=started.reason,
        has_photo=started.photo is not None,
        label_sent_to=masked(order.customer.email),
        send_back_by=started.send_back_by,
        refund_amount=money(item.price_cents * item.quantity),
        currency=CURRENCY,
    )

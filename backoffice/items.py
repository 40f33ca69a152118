"""Changing what is in an order that nobody has packed yet.

What it then costs more is paid the same way, what it costs less goes back the same
way. The shelf is minded: nothing is promised that is not there.
"""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.errors import (
    AlreadySo,
    BadRequest,
    LastItem,
    OrderLocked,
    OutOfStock,
    VariantNotFound,
)
from backoffice.idempotency import WriteOnce
from backoffice.orders import ITEMS_CHANGEABLE, find_order, order_shape, refund_of
from backoffice.outbox import send_mail
from backoffice.refunds import refund_shape
from backoffice.returns import pick_item
from backoffice.shapes import money, shown
from backoffice.tables import Order, OrderItem, Payment, Refund, Stock

MOST = 20
# Nobody can take money by bank transfer: the customer has to send it.
SENT_BY_CUSTOMER = "bank transfer"

router = APIRouter()

Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)
]


class ItemChange(BaseModel):
    """Which item, and how many or which size and colour it shall be."""

    item: Line
    quantity: Annotated[int, Field(ge=0, le=MOST)] | None = None
    variant: Line | None = None


@router.put("/orders/{number}/items")
def change(number: str, new: ItemChange, once: WriteOnce) -> JSONResponse:
    """Changes one item."""
    return once(lambda session, now: change_item(session, number, new, now))


def change_item(
    session: Session, number: str, new: ItemChange, now: datetime
) -> dict[str, Any]:
    """Changes one item, settles the difference and confirms by mail.

    Raises:
        OrderNotFound: no order has this number.
        OrderLocked: it is packed already, or closed.
        ItemNotFound, ItemRequired: see `pick_item`.
        BadRequest: neither a quantity nor a variant is named.
        AlreadySo, LastItem, VariantNotFound, OutOfStock: see their classes.
    """
    order = find_order(session, number)
    if order.status not in ITEMS_CHANGEABLE:
        raise OrderLocked("The items of this order can no longer be changed.")
    if new.quantity is None and new.variant is None:
        raise BadRequest("A quantity or a variant is needed.")
    item = pick_item(order, new.item)
    before = order.total_cents
    _put_in(session, order, item, _wanted(item, new))
    session.flush()
    session.refresh(order, ["items"])
    order.changed_at = now
    difference = order.total_cents - before
    refund = _settle(order, difference, now)
    _mail(session, order, now)
    return shown(
        order=order_shape(order),
        difference=money(difference),
        refund=refund_shape(order, refund) if refund else None,
    )


def _wanted(item: OrderItem, new: ItemChange) -> tuple[int, str | None]:
    quantity = item.quantity if new.quantity is None else new.quantity
    wanted = (quantity, new.variant or item.variant)
    if wanted == (item.quantity, item.variant):
        raise AlreadySo("The order holds just that already.")
    return wanted


def _put_in(
    session: Session, order: Order, item: OrderItem, wanted: tuple[int, str | None]
) -> None:
    quantity, variant = wanted
    if quantity == 0 and len(order.items) == 1:
        raise LastItem("This is the order's last item; cancel the order instead.")
    shelf, new_shelf = (
        _shelf(session, item.sku, item.variant),
        _shelf(session, item.sku, variant),
    )
    shelf.left += item.quantity
    if new_shelf.left < quantity:
        shelf.left -= item.quantity
        raise OutOfStock(f"Only {max(new_shelf.left, 0)} are left.")
    new_shelf.left -= quantity
    if quantity == 0:
        session.delete(item)
    else:
        item.quantity, item.variant = quantity, variant


def _shelf(session: Session, sku: str, variant: str | None) -> Stock:
    found = session.scalars(
        select(Stock).where(Stock.sku == sku, Stock.variant.is_(None))
        if variant is None
        else select(Stock).where(Stock.sku == sku, Stock.variant == variant)
    ).one_or_none()
    if found is None:
        raise VariantNotFound("This product does not come in that size or colour.")
    return found


def _settle(order: Order, difference: int, now: datetime) -> Refund | None:
    pending = [one for one in order.payments if one.state == "pending"]
    if pending:
        pending[-1].amount_cents += difference
    elif difference > 0:
        is_sent = order.payment_method == SENT_BY_CUSTOMER
        order.payments.append(
            Payment(
                state="pending" if is_sent else "paid",
                amount_cents=difference,
                method=order.payment_method,
                made_at=now,
            )
        )
    elif difference < 0:
        return refund_of(order, -difference, now)
    return None


def _mail(session: Session, order: Order, now: datetime) -> None:
    lines = "\n".join(
        f"{item.quantity} x {item.name}" + (f" ({item.variant})" * bool(item.variant))
        for item in order.items
    )
    send_mail(
        session,
        now,
        to=order.customer,
        kind="order_changed",
        subject=f"Your order {order.number} has changed",
        body=f"We will send you:\n{lines}\n\nTogether: "
        f"EUR {money(order.total_cents):.2f}",
        order_number=order.number,
    )

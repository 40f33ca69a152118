"""Orders: reading, cancelling, changing the address.

An order can be cancelled until the carrier has it; its address can be changed only
until it is packed, when the label is printed.
"""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, StringConstraints
from sqlalchemy.orm import Session

from backoffice.catalogue import also_called
from backoffice.errors import (
    AddressInvalid,
    AddressLocked,
    AlreadyCancelled,
    NotCancellable,
    OrderNotFound,
)
from backoffice.idempotency import WriteOnce
from backoffice.outbox import send_mail
from backoffice.refunds import refund_shape
from backoffice.shapes import CURRENCY, money, shown
from backoffice.tables import Order, OrderItem, Refund
from backoffice.views import View

RETURN_WINDOW = timedelta(days=30)
# what the shop's bank needs to send money back
REFUND_TIME = timedelta(days=5)
CANCELLABLE = frozenset({"placed", "packed", "payment_failed"})
ADDRESS_CHANGEABLE = frozenset({"placed", "payment_failed"})
ITEMS_CHANGEABLE = frozenset({"placed"})
TRACKING = "https://tracking.example/"

router = APIRouter()

Address = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)
]


class NewAddress(BaseModel):
    """A postal address in one text."""

    address: Address


def find_order(session: Session, number: str) -> Order:
    """The order, however its letters were typed.

    Raises:
        OrderNotFound: no order has this number.
    """
    order = session.get(Order, number.strip().upper())
    if order is None:
        raise OrderNotFound("There is no order with this number.")
    return order


def returnable_until(order: Order) -> datetime | None:
    """The end of the return window, None before delivery and without the goods."""
    if order.delivered_at is None or order.status == "refunded":
        return None
    return order.delivered_at + RETURN_WINDOW


def order_shape(order: Order) -> dict[str, Any]:
    """The order as callers see it."""
    code = order.tracking_code
    return shown(
        number=order.number,
        status=order.status,
        customer_id=order.customer_id,
        placed_at=order.placed_at,
        shipped_at=order.shipped_at,
        expected_at=order.expected_at,
        delivered_at=order.delivered_at,
        carrier=order.carrier,
        tracking_url=TRACKING + code if code else None,
        total=money(order.total_cents),
        currency=CURRENCY,
        items=[item_shape(item) for item in order.items],
        shipping_address=order.shipping_address,
        payment_method=order.payment_method,
        cancellable=order.status in CANCELLABLE,
        address_changeable=order.status in ADDRESS_CHANGEABLE,
        items_changeable=order.status in ITEMS_CHANGEABLE,
        returnable_until=returnable_until(order),
    )


def item_shape(item: OrderItem) -> dict[str, Any]:
    """One line of an order as callers see it."""
    return shown(
        sku=item.sku,
        name=item.name,
        also_called=also_called(item.sku),
        variant=item.variant,
        quantity=item.quantity,
        price=money(item.price_cents),
    )


@router.get("/orders/{number}")
def get_order(number: str, view: View) -> dict[str, Any]:
    """One order."""
    return order_shape(find_order(view.session, number))


@router.post("/orders/{number}/cancel")
def cancel(number: str, once: WriteOnce) -> JSONResponse:
    """Cancels and, if it was paid, starts the refund."""
    return once(lambda session, now: cancel_order(session, number, now))


@router.put("/orders/{number}/address")
def change_address(number: str, new: NewAddress, once: WriteOnce) -> JSONResponse:
    """Sends the parcel elsewhere."""
    return once(lambda session, now: replace_address(session, number, new.address, now))


def cancel_order(session: Session, number: str, now: datetime) -> dict[str, Any]:
    """Cancels, refunds and confirms by mail.

    Raises:
        OrderNotFound: no order has this number.
        AlreadyCancelled: it was cancelled before.
        NotCancellable: the carrier has it, or it is closed.
    """
    order = find_order(session, number)
    if order.status == "cancelled":
        raise AlreadyCancelled("This order is cancelled already.")
    if order.status not in CANCELLABLE:
        raise NotCancellable(
            "This order has left the warehouse and cannot be cancelled."
        )
    order.status = "cancelled"
    order.expected_at = None
    order.changed_at = now
    for payment in order.payments:
        if payment.state == "pending":
            payment.state = "cancelled"
    refund = refund_of(order, order.total_cents, now) if order.paid_cents else None
    send_mail(
        session,
        now,
        to=order.customer,
        kind="order_cancelled",
        subject=f"Your order {order.number} is cancelled",
        body="We have cancelled your order."
        + (" The money is on its way back to you." if refund else ""),
        order_number=order.number,
    )
    return shown(
        order=order_shape(order),
        refund=refund_shape(order, refund) if refund else None,
    )


def refund_of(order: Order, cents: int, now: datetime) -> Refund:
    """Sends money back the way it came."""
    refund = Refund(
        status="processing",
        amount_cents=cents,
        requested_at=now,
        expected_at=now + REFUND_TIME,
    )
    order.refunds.append(refund)
    return refund


def replace_address(
    session: Session, number: str, address: str, now: datetime
) -> dict[str, Any]:
    """Changes the address and confirms by mail.

    Raises:
        OrderNotFound: no order has this number.
        AddressLocked: it is packed already, or closed.
        AddressInvalid: the text cannot be an address.
    """
    order = find_order(session, number)
    if order.status not in ADDRESS_CHANGEABLE:
        raise AddressLocked("The address of this order can no longer be changed.")
    order.shipping_address = check_address(address)
    order.changed_at = now
    send_mail(
        session,
        now,
        to=order.customer,
        kind="address_changed",
        subject=f"New address for your order {order.number}",
        body=f"We will send it to:\n{order.shipping_address}",
        order_number=order.number,
    )
    return order_shape(order)


def check_address(text: str) -> str:
    """The address on one line.

    Raises:
        AddressInvalid: too short, or a single word or phrase.
    """
    address = ", ".join(" ".join(line.split()) for line in text.splitlines() if line)
    # some houses have a name and no number, but then there is a comma
    has_parts = any(char.isdigit() or char == "," for char in address)
    has_letters = sum(char.isalpha() for char in address) >= 4
    if len(address) < 8 or not has_parts or not has_letters:
        raise AddressInvalid("Street, house number, postcode and town are needed.")
    return address

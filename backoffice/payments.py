"""Payments: what became of them, a link to pay again, and money taken twice."""

import secrets
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, StringConstraints
from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.customers import find_customer
from backoffice.errors import NotChargedTwice, NothingToPay
from backoffice.idempotency import WriteOnce
from backoffice.orders import find_order
from backoffice.outbox import masked, send_mail
from backoffice.shapes import CURRENCY, money, shown
from backoffice.tables import Order, Payment, Refund, Ticket
from backoffice.tickets import NewTicket, open_ticket, ticket_shape
from backoffice.views import View

LINK_LIFETIME = timedelta(days=1)
LINK = "https://shop.example/pay/"
MOST_TRANSACTIONS = 50

router = APIRouter()

Line = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Dispute(BaseModel):
    """Where the customer said so."""

    conversation_id: Line | None = None


@router.get("/orders/{number}/payments")
def get_payments(number: str, view: View) -> dict[str, Any]:
    """The payments of an order, and what is to be said of them together."""
    order = find_order(view.session, number)
    extra = overpaid_cents(order)
    return shown(
        order_number=order.number,
        state=payment_state(order),
        method=order.payment_method,
        total=money(order.total_cents),
        overpaid=money(extra) if extra else None,
        currency=CURRENCY,
        payments=[_payment_shape(one) for one in order.payments],
    )


@router.post("/orders/{number}/pay_link")
def pay_link(number: str, once: WriteOnce) -> JSONResponse:
    """Mails a link to pay by."""
    return once(lambda session, now: mail_pay_link(session, number, now))


@router.post("/orders/{number}/charge_dispute")
def charge_dispute(number: str, new: Dispute, once: WriteOnce) -> JSONResponse:
    """Has the team look at money that was taken twice."""
    return once(lambda session, now: dispute_charge(session, number, new, now))


@router.get("/customers/{customer_id}/transactions")
def get_transactions(
    customer_id: str,
    view: View,
    limit: Annotated[int, Query(ge=1, le=MOST_TRANSACTIONS)] = 5,
) -> dict[str, Any]:
    """Payments and refunds of all orders of a customer, newest first."""
    orders = find_customer(view.session, customer_id).orders
    moves = [_payment_shape(one) for order in orders for one in order.payments]
    moves += [_refund_move(order, one) for order in orders for one in order.refunds]
    moves.sort(key=lambda move: str(move["at"]), reverse=True)
    return {"transactions": moves[:limit]}


def overpaid_cents(order: Order) -> int:
    """What was paid beyond the order's price and has not gone back."""
    back = sum(one.amount_cents for one in order.refunds)
    return max(0, order.paid_cents - order.total_cents - back)


def refundable_cents(order: Order) -> int:
    """What was paid and is not on its way back."""
    return max(0, order.paid_cents - sum(one.amount_cents for one in order.refunds))


def payment_state(order: Order) -> str:
    """Is one of paid, pending, declined, charged_twice, cancelled."""
    if overpaid_cents(order):
        return "charged_twice"
    if order.status == "payment_failed":
        return "declined"
    if any(one.state == "pending" for one in order.payments):
        return "pending"
    return "cancelled" if order.status == "cancelled" else "paid"


def mail_pay_link(session: Session, number: str, now: datetime) -> dict[str, Any]:
    """Mails a link; nothing is paid until it is used.

    Raises:
        OrderNotFound: no order has this number.
        NothingToPay: nothing of it was declined.
    """
    order = find_order(session, number)
    if payment_state(order) != "declined":
        raise NothingToPay("Nothing of this order is unpaid.")
    send_mail(
        session,
        now,
        to=order.customer,
        kind="pay_link",
        subject=f"Pay for your order {order.number}",
        body=f"Pay within 24 hours, any way you like:\n"
        f"{LINK}{secrets.token_urlsafe(16)}\n\n"
        "We keep your order for you until then.",
        order_number=order.number,
    )
    return shown(sent_to=masked(order.customer.email), expires_at=now + LINK_LIFETIME)


def dispute_charge(
    session: Session, number: str, new: Dispute, now: datetime
) -> dict[str, Any]:
    """Opens a ticket, or answers the one that is open for this already.

    Raises:
        OrderNotFound: no order has this number.
        NotChargedTwice: no more was paid than the order costs.
    """
    order = find_order(session, number)
    extra = overpaid_cents(order)
    if not extra:
        raise NotChargedTwice("No more was paid than the order costs.")
    subject = f"Charged twice for {order.number}"
    known = session.scalars(
        select(Ticket).where(
            Ticket.order_number == order.number, Ticket.subject == subject
        )
    ).first()
    if known is not None:
        return ticket_shape(known)
    body = f"Paid {CURRENCY} {money(extra):.2f} too much, by {order.payment_method}."
    ticket = NewTicket(
        subject=subject,
        body=body,
        order_number=order.number,
        conversation_id=new.conversation_id,
    )
    return open_ticket(session, ticket, now)


def _payment_shape(payment: Payment) -> dict[str, Any]:
    return shown(
        kind="payment",
        order_number=payment.order_number,
        amount=money(payment.amount_cents),
        currency=CURRENCY,
        method=payment.method,
        state=payment.state,
        at=payment.made_at,
    )


def _refund_move(order: Order, refund: Refund) -> dict[str, Any]:
    return shown(
        kind="refund",
        order_number=order.number,
        amount=money(refund.amount_cents),
        currency=CURRENCY,
        method=order.payment_method,
        state=refund.status,
        at=refund.paid_at or refund.requested_at,
    )

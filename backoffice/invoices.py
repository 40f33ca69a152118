"""Invoices and credit notes, written by themselves as an order goes its way.

The invoice is written when the parcel leaves, so it never has to be corrected; each
refund that was paid out adds a credit note.
"""

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from sqlalchemy.orm import Session

from backoffice.errors import NoInvoiceYet
from backoffice.idempotency import WriteOnce
from backoffice.orders import find_order
from backoffice.outbox import masked, send_mail
from backoffice.shapes import CURRENCY, money, shown
from backoffice.tables import Order
from backoffice.views import View

router = APIRouter()


@router.get("/orders/{number}/invoices")
def list_invoices(number: str, view: View) -> dict[str, Any]:
    """All papers of an order, oldest first; none before it was sent."""
    return {"invoices": invoices_of(find_order(view.session, number))}


@router.post("/orders/{number}/invoices/mail")
def mail(number: str, once: WriteOnce) -> JSONResponse:
    """Mails them to the address on file."""
    return once(lambda session, now: mail_invoices(session, number, now))


def invoices_of(order: Order) -> list[dict[str, Any]]:
    """All papers of an order as callers see them."""
    if order.shipped_at is None:
        return []
    digits = order.number.removeprefix("HP-")
    papers = [
        _shape(order, "invoice", f"IN-{digits}", order.total_cents, order.shipped_at)
    ]
    for refund in order.refunds:
        if refund.paid_at is not None:
            name = f"CN-{digits}-{refund.refund_id}"
            papers.append(
                _shape(order, "credit_note", name, refund.amount_cents, refund.paid_at)
            )
    return papers


def _shape(
    order: Order, kind: str, number: str, cents: int, at: datetime
) -> dict[str, Any]:
    return shown(
        number=number,
        kind=kind,
        order_number=order.number,
        issued_at=at,
        total=money(cents),
        currency=CURRENCY,
    )


def mail_invoices(session: Session, number: str, now: datetime) -> dict[str, Any]:
    """Mails all papers of an order.

    Raises:
        OrderNotFound: no order has this number.
        NoInvoiceYet: the parcel has not left.
    """
    order = find_order(session, number)
    papers = invoices_of(order)
    if not papers:
        raise NoInvoiceYet("The invoice is written when the parcel leaves.")
    lines = "\n".join(
        f"{one['number']}: {one['currency']} {one['total']:.2f}" for one in papers
    )
    send_mail(
        session,
        now,
        to=order.customer,
        kind="invoice",
        subject=f"The invoice of your order {order.number}",
        body=f"Attached you find:\n{lines}",
        order_number=order.number,
    )
    return shown(sent_to=masked(order.customer.email), invoices=papers)

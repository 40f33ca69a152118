"""Customers: their profile, and a link for a new password."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from sqlalchemy.orm import Session

from backoffice.errors import CustomerNotFound
from backoffice.idempotency import WriteOnce
from backoffice.outbox import masked, send_mail
from backoffice.shapes import shown
from backoffice.tables import Customer
from backoffice.views import View

LINK_LIFETIME = timedelta(hours=1)
LINK = "https://shop.example/new-password/"

router = APIRouter(prefix="/customers")


def find_customer(session: Session, customer_id: str) -> Customer:
    """The customer.

    Raises:
        CustomerNotFound: no customer has this id.
    """
    customer = session.get(Customer, customer_id.strip().upper())
    if customer is None:
        raise CustomerNotFound("There is no customer with this id.")
    return customer


@router.get("/{customer_id}")
def get_customer(customer_id: str, view: View) -> dict[str, Any]:
    """One profile, orders newest first."""
    customer = find_customer(view.session, customer_id)
    return shown(
        customer_id=customer.customer_id,
        name=customer.name,
        email=customer.email,
        tier=customer.tier,
        language=customer.language,
        since=customer.since,
        orders=[order.number for order in customer.orders],
    )


@router.post("/{customer_id}/password_reset")
def reset_password(customer_id: str, once: WriteOnce) -> JSONResponse:
    """Mails a link for a new password."""
    return once(lambda session, now: mail_reset_link(session, customer_id, now))


def mail_reset_link(
    session: Session, customer_id: str, now: datetime
) -> dict[str, Any]:
    """Mails the link; the password stays as it is until it is used.

    Raises:
        CustomerNotFound: no customer has this id.
    """
    customer = find_customer(session, customer_id)
    send_mail(
        session,
        now,
        to=customer,
        kind="password_reset",
        subject="Choose a new password",
        body=f"Choose a new password within the hour:\n"
        f"{LINK}{secrets.token_urlsafe(16)}\n\n"
        "If it wasn't you who asked, there is nothing to do.",
    )
    return shown(sent_to=masked(customer.email), expires_at=now + LINK_LIFETIME)

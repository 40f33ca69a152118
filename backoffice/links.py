"""Links sent by mail, and what opening one does.

The shop's own site would call `POST /links/{token}` when a customer opens a link. A
link works once; a new one of its kind, for the same account and address, ends the one
before it.
"""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backoffice.account_tables import Link, Subscription
from backoffice.errors import LinkExpired
from backoffice.idempotency import WriteOnce
from backoffice.shapes import shown
from backoffice.tables import Customer

SITE = "https://shop.example/"
ACTIVATION = "activate"
EMAIL_CHANGE = "confirm-mail"
EMAIL_CHANGE_STOP = "keep-mail"
NEWSLETTER = "newsletter"
KEEP_ACCOUNT = "keep-account"

router = APIRouter(prefix="/links")


@router.post("/{token}")
def open_(token: str, once: WriteOnce) -> JSONResponse:
    """Does what the link was sent for."""
    return once(lambda session, now: open_link(session, token, now))


def new_link(
    session: Session,
    kind: str,
    *,
    email: str,
    customer_id: str | None = None,
    now: datetime,
    lifetime: timedelta,
) -> str:
    """Makes a link for a mail to `email` and returns its address."""
    end_links(session, kind, email=email, customer_id=customer_id)
    token = secrets.token_urlsafe(16)
    session.add(
        Link(
            hash=_hash(token),
            kind=kind,
            customer_id=customer_id,
            email=email,
            state="live",
            expires_at=now + lifetime,
        )
    )
    return f"{SITE}{kind}/{token}"


def end_links(
    session: Session,
    kind: str,
    *,
    email: str | None = None,
    customer_id: str | None = None,
) -> None:
    """Ends the live links of a kind: of an account, of an address, or of both."""
    ended = update(Link).where(Link.kind == kind, Link.state == "live")
    if email is not None:
        ended = ended.where(Link.email == email)
    if customer_id is not None:
        ended = ended.where(Link.customer_id == customer_id)
    session.execute(ended.values(state="replaced"))


def open_link(session: Session, token: str, now: datetime) -> dict[str, Any]:
    """Uses the link up.

    Raises:
        LinkExpired: too old, used, replaced, or never sent.
    """
    link = session.scalars(
        select(Link).where(Link.hash == _hash(token), Link.state == "live")
    ).one_or_none()
    if link is None or now >= link.expires_at:
        raise LinkExpired("This link no longer works; a new one can be sent.")
    link.state = "used"
    _EFFECTS[link.kind](session, link)
    return shown(kind=link.kind)


def _activate(session: Session, link: Link) -> None:
    customer = _customer_of(session, link)
    if customer.state == "awaiting_activation":
        customer.state = "active"


def _change_email(session: Session, link: Link) -> None:
    customer = _customer_of(session, link)
    taken = select(Customer).where(Customer.email == link.email)
    if session.scalars(taken).first() is not None:
        raise LinkExpired("Another account has this address by now.")
    customer.email = link.email


def _keep_email(session: Session, link: Link) -> None:
    end_links(session, EMAIL_CHANGE, customer_id=link.customer_id)


def _subscribe(session: Session, link: Link) -> None:
    session.merge(Subscription(email=link.email, state="subscribed"))


def _keep_account(session: Session, link: Link) -> None:
    customer = _customer_of(session, link)
    customer.state, customer.closes_at = "active", None


def _customer_of(session: Session, link: Link) -> Customer:
    customer = session.get(Customer, link.customer_id)
    if customer is None:
        raise LinkExpired("The account is gone.")
    return customer


_EFFECTS: dict[str, Callable[[Session, Link], None]] = {
    ACTIVATION: _activate,
    EMAIL_CHANGE: _change_email,
    EMAIL_CHANGE_STOP: _keep_email,
    NEWSLETTER: _subscribe,
    KEEP_ACCOUNT: _keep_account,
}


def _hash(token: str) -> str:
    # 128 random bits: nothing to guess, so no salt
    return hashlib.sha256(token.encode()).hexdigest()

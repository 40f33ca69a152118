"""The newsletter: on after a link in a mail is opened, off at once.

Anybody may name any address, so what is said to a caller that names one does not tell
whether it was on the list; of a known customer's own address it does.
"""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, StringConstraints
from sqlalchemy.orm import Session

from backoffice.account_tables import Subscription
from backoffice.accounts import Email, check_pace
from backoffice.customers import find_customer
from backoffice.errors import BadRequest
from backoffice.idempotency import WriteOnce
from backoffice.links import NEWSLETTER, end_links, new_link
from backoffice.outbox import Recipient, masked, send_mail
from backoffice.shapes import shown

LINK_LIFETIME = timedelta(days=7)

router = APIRouter(prefix="/newsletter")


class Wish(BaseModel):
    """On or off, for a customer's own address or one that was typed."""

    subscribed: bool
    customer_id: Annotated[str, StringConstraints(max_length=40)] | None = None
    email: Email | None = None


@router.put("")
def put(wish: Wish, once: WriteOnce) -> JSONResponse:
    """Subscribes or unsubscribes."""
    return once(lambda session, now: change_newsletter(session, wish, now))


def change_newsletter(session: Session, wish: Wish, now: datetime) -> dict[str, Any]:
    """Does it; `was` tells of a customer's own address that nothing had to change.

    Raises:
        BadRequest: neither or both of customer and address were named.
        CustomerNotFound: no customer has this id.
        TooManyMails: too many to this address in a short time.
    """
    if (wish.customer_id is None) == (wish.email is None):
        raise BadRequest("Name either a customer or an address.")
    to = _recipient(session, wish)
    subscription = session.get(Subscription, to.email)
    was = subscription is not None and subscription.state == "subscribed"
    if wish.subscribed:
        _subscribe(session, to, was, now)
    else:
        _unsubscribe(session, to, subscription, now)
    nothing_to_do = was == wish.subscribed if wish.customer_id else None
    return shown(sent_to=masked(to.email), nothing_to_do=nothing_to_do)


def _recipient(session: Session, wish: Wish) -> Recipient:
    if wish.customer_id is None:
        return Recipient(None, wish.email or "")
    customer = find_customer(session, wish.customer_id)
    return Recipient(customer.name, customer.email)


def _subscribe(session: Session, to: Recipient, was: bool, now: datetime) -> None:
    check_pace(session, to.email, now)
    if was:
        body = "You are on our list already, so there is nothing to do."
    else:
        session.merge(Subscription(email=to.email, state="awaiting"))
        link = new_link(
            session, NEWSLETTER, email=to.email, now=now, lifetime=LINK_LIFETIME
        )
        body = (
            f"Open this link and our newsletter is yours:\n{link}\n\n"
            "If it wasn't you who asked, there is nothing to do."
        )
    send_mail(
        session,
        now,
        to=to,
        kind="newsletter",
        subject="Our newsletter",
        body=body,
    )


def _unsubscribe(
    session: Session, to: Recipient, subscription: Subscription | None, now: datetime
) -> None:
    end_links(session, NEWSLETTER, email=to.email)
    if subscription is None:
        return
    session.delete(subscription)
    if subscription.state == "subscribed":
        send_mail(
            session,
            now,
            to=to,
            kind="newsletter",
            subject="You are off our list",
            body="You get no more newsletters from us.",
        )

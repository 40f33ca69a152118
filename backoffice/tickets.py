"""Tickets: something left for the team, and the time by which it is answered."""

from datetime import datetime, time, timedelta
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, StringConstraints
from sqlalchemy.orm import Session

from backoffice.customers import find_customer
from backoffice.errors import BadRequest
from backoffice.idempotency import WriteOnce
from backoffice.orders import find_order
from backoffice.shapes import shown
from backoffice.tables import Ticket

# Monday to Saturday, UTC: the sandbox shop stands at no particular place.
OPENS, CLOSES = time(9), time(18)
CLOSED_WEEKDAYS = frozenset({6})
ANSWER_TIME = timedelta(hours=2)

router = APIRouter(prefix="/tickets")

Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)
]
LongText = Annotated[str, StringConstraints(max_length=5000)]


class NewTicket(BaseModel):
    """What the team shall look at."""

    subject: Text
    body: LongText | None = None
    customer_id: Text | None = None
    order_number: Text | None = None
    conversation_id: Text | None = None


@router.post("")
def open_(new: NewTicket, once: WriteOnce) -> JSONResponse:
    """Opens a ticket."""
    return once(lambda session, now: open_ticket(session, new, now))


def open_ticket(session: Session, new: NewTicket, now: datetime) -> dict[str, Any]:
    """Opens a ticket and promises an answer.

    Raises:
        CustomerNotFound, OrderNotFound: named, but not there.
        BadRequest: the order is another customer's.
    """
    order = find_order(session, new.order_number) if new.order_number else None
    customer_id = order.customer_id if order else None
    if new.customer_id:
        customer = find_customer(session, new.customer_id)
        if order and order.customer_id != customer.customer_id:
            raise BadRequest("The order is another customer's.")
        customer_id = customer.customer_id
    ticket = Ticket(
        subject=new.subject,
        body=new.body,
        customer_id=customer_id,
        order_number=order.number if order else None,
        conversation_id=new.conversation_id,
        opened_at=now,
        answer_by=answer_by(now),
    )
    session.add(ticket)
    session.flush()  # numbers the ticket
    return ticket_shape(ticket)


def ticket_shape(ticket: Ticket) -> dict[str, Any]:
    """The ticket as callers see it."""
    return shown(
        ticket_number=f"TK-{1000 + ticket.ticket_id}",
        opened_at=ticket.opened_at,
        answer_by=ticket.answer_by,
    )


def answer_by(now: datetime) -> datetime:
    """Two opening hours from now."""
    start = next_open(now)
    left_today = start.replace(hour=CLOSES.hour, minute=0, second=0) - start
    if ANSWER_TIME <= left_today:
        return start + ANSWER_TIME
    tomorrow = start.replace(hour=0, minute=0, second=0) + timedelta(days=1)
    return next_open(tomorrow) + ANSWER_TIME - left_today


def next_open(now: datetime) -> datetime:
    """The first time from `now` on at which the team is there."""
    moment = now.replace(microsecond=0)
    if moment.time() >= CLOSES:
        moment = moment.replace(hour=0, minute=0, second=0) + timedelta(days=1)
    while moment.weekday() in CLOSED_WEEKDAYS:
        moment = moment.replace(hour=0, minute=0, second=0) + timedelta(days=1)
    if moment.time() < OPENS:
        moment = moment.replace(hour=OPENS.hour, minute=0, second=0)
    return moment

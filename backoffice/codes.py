"""One-time codes: six digits by mail, to prove that the customer is the customer.

Only a salted hash is kept. A code lives ten minutes and five attempts; a new one ends
the one before it; a right answer uses it up.
"""

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta
from typing import Annotated, Any, Self

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, StringConstraints, model_validator
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from backoffice.database import erase_overwritten
from backoffice.errors import CodeExpired, CodeWrong, TooManyAttempts, TooManyCodes
from backoffice.idempotency import WriteOnce
from backoffice.orders import find_order
from backoffice.outbox import masked, send_mail
from backoffice.shapes import shown
from backoffice.tables import Code, Customer, Mail, Order

LIFETIME = timedelta(minutes=10)
MAX_ATTEMPTS = 5
# With five attempts each that is one chance in 20,000 to guess, per order and window.
MAX_CODES = 10
CODES_WINDOW = timedelta(minutes=10)

router = APIRouter(prefix="/codes")

Number = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Email = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=3, max_length=200)
]
Digits = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)
]


class CodeRequest(BaseModel):
    """Whom to send a code: the customer of this order, or with this mail address."""

    order_number: Number | None = None
    email: Email | None = None

    @model_validator(mode="after")
    def is_about_one(self) -> Self:
        """Refuses both and neither."""
        if (self.order_number is None) == (self.email is None):
            raise ValueError("an order_number or an email")
        return self


class CodeCheck(CodeRequest):
    """A code as the customer typed it."""

    code: Digits


@router.post("")
def send(new: CodeRequest, once: WriteOnce) -> JSONResponse:
    """Sends a code."""
    if new.email:
        email = new.email.lower()
        return once(lambda session, now: send_to_address(session, email, now))
    number = new.order_number or ""
    return once(lambda session, now: send_code(session, number, now))


@router.post("/verify")
def verify(check: CodeCheck, once: WriteOnce) -> JSONResponse:
    """Checks a code."""
    answer = once(lambda session, now: verify_code(session, check, now))
    erase_overwritten(once.engine)
    return answer


def send_to_address(session: Session, email: str, now: datetime) -> dict[str, Any]:
    """Sends a code to a customer's address; who asks does not learn whether it is one.

    Raises:
        TooManyCodes: too many for this customer in a short time.
    """
    order = _latest_order(session, email)
    if order is not None:
        return send_code(session, order.number, now)
    return shown(sent_to=masked(email), expires_at=now + LIFETIME)


def _latest_order(session: Session, email: str) -> Order | None:
    """Returns the order that stands for all of a customer's."""
    customer = session.scalars(
        select(Customer).where(Customer.email == email)
    ).one_or_none()
    return customer.orders[0] if customer and customer.orders else None


def send_code(session: Session, number: str, now: datetime) -> dict[str, Any]:
    """Ends the code before, sends a new one.

    Raises:
        OrderNotFound: no order has this number.
        TooManyCodes: too many for this order in a short time.
    """
    order = find_order(session, number)
    _check_pace(session, order, now)
    _end_live_codes(session, order)
    digits = f"{secrets.randbelow(10**6):06d}"
    salt = secrets.token_bytes(16)
    code = Code(
        order_number=order.number,
        salt=salt,
        hash=_hash(salt, digits),
        state="live",
        attempts=0,
        sent_at=now,
        expires_at=now + LIFETIME,
    )
    session.add(code)
    _mail_code(session, order, digits, now)
    return shown(sent_to=masked(order.customer.email), expires_at=code.expires_at)


def verify_code(session: Session, check: CodeCheck, now: datetime) -> dict[str, Any]:
    """Uses the code up and says whose order it is. Counts wrong attempts.

    Raises:
        OrderNotFound: no order has this number.
        CodeExpired: too old, used, or none was sent.
        CodeWrong: not the code; attempts are left.
        TooManyAttempts: not the code, and this was the last attempt (or later).
    """
    order = _order_of(session, check)
    code = session.scalars(
        select(Code).where(Code.order_number == order.number, Code.state == "live")
    ).one_or_none()
    if code is None or now >= code.expires_at:
        raise CodeExpired("This code has expired; a new one can be sent.")
    if code.attempts >= MAX_ATTEMPTS:
        raise TooManyAttempts("Too many wrong codes; a new one can be sent.")
    if not hmac.compare_digest(_hash(code.salt, check.code), code.hash):
        code.attempts += 1
        raise _wrong(MAX_ATTEMPTS - code.attempts)
    code.state = "used"
    _hide_mailed_codes(session, order)
    return shown(
        customer_id=order.customer_id,
        name=order.customer.name,
        order_number=order.number,
        verified_at=now,
    )


def _order_of(session: Session, check: CodeCheck) -> Order:
    if check.email is None:
        return find_order(session, check.order_number or "")
    order = _latest_order(session, check.email.lower())
    if order is None:
        raise CodeWrong("That is not the code.")
    return order


def _wrong(left: int) -> CodeWrong | TooManyAttempts:
    if left == 0:
        return TooManyAttempts("Too many wrong codes; a new one can be sent.")
    return CodeWrong(f"That is not the code; attempts left: {left}.")


def _check_pace(session: Session, order: Order, now: datetime) -> None:
    recent = session.scalar(
        select(func.count())
        .select_from(Code)
        .where(Code.order_number == order.number, Code.sent_at > now - CODES_WINDOW)
    )
    if (recent or 0) >= MAX_CODES:
        raise TooManyCodes("Too many codes were sent; please wait ten minutes.")


def _end_live_codes(session: Session, order: Order) -> None:
    session.execute(
        update(Code)
        .where(Code.order_number == order.number, Code.state == "live")
        .values(state="replaced")
    )


def _hide_mailed_codes(session: Session, order: Order) -> None:
    """A code that did its work is in no file, the demo's outbox included."""
    mails = select(Mail).where(
        Mail.order_number == order.number, Mail.kind == "one_time_code"
    )
    for mail in session.scalars(mails):
        mail.body = re.sub(r"\b\d{6}\b", "••••••", mail.body)


def _hash(salt: bytes, digits: str) -> bytes:
    return hashlib.scrypt(digits.encode(), salt=salt, n=2**12, r=8, p=1)


def _mail_code(session: Session, order: Order, digits: str, now: datetime) -> None:
    send_mail(
        session,
        now,
        to=order.customer,
        kind="one_time_code",
        subject=f"Your code for order {order.number}",
        body=f"Your one-time code is {digits}. It works for ten minutes. Our team "
        "never asks for it on the phone.",
        order_number=order.number,
    )

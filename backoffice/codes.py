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
# With five attempts each that is one chance in 20,000 to guess, per order or address
# and window.
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
    """Sends a code to a customer's address.

    An address of nobody gets one that is never mailed: limits, answers and the time
    they take tell no customer's address from another.

    Raises:
        TooManyCodes: too many for this address in a short time.
    """
    code, digits = _new_code(session, email, now)
    order = _latest_order(session, email)
    if order is not None:
        subject = "Your code to find your orders"
        _mail_code(session, order.customer, subject, digits, now)
    return shown(sent_to=masked(email), expires_at=code.expires_at)


def send_code(session: Session, number: str, now: datetime) -> dict[str, Any]:
    """Ends the code before, sends a new one.

    Raises:
        OrderNotFound: no order has this number.
        TooManyCodes: too many for this order in a short time.
    """
    order = find_order(session, number)
    code, digits = _new_code(session, order.number, now)
    subject = f"Your code for order {order.number}"
    _mail_code(session, order.customer, subject, digits, now, order.number)
    return shown(sent_to=masked(order.customer.email), expires_at=code.expires_at)


def verify_code(session: Session, check: CodeCheck, now: datetime) -> dict[str, Any]:
    """Uses the code up and says whose order it is. Counts wrong attempts.

    Raises:
        OrderNotFound: no order has this number.
        CodeExpired: too old, used, or none was sent.
        CodeWrong: not the code; attempts are left.
        TooManyAttempts: not the code, and this was the last attempt (or later).
    """
    if check.email:
        about = check.email.lower()
        order = _latest_order(session, about)
    else:
        order = find_order(session, check.order_number or "")
        about = order.number
    code = session.scalars(
        select(Code).where(Code.about == about, Code.state == "live")
    ).one_or_none()
    if code is None or now >= code.expires_at:
        raise CodeExpired("This code has expired; a new one can be sent.")
    if code.attempts >= MAX_ATTEMPTS:
        raise TooManyAttempts("Too many wrong codes; a new one can be sent.")
    is_right = hmac.compare_digest(_hash(code.salt, check.code), code.hash)
    if not is_right or order is None:
        code.attempts += 1
        raise _wrong(MAX_ATTEMPTS - code.attempts)
    code.state = "used"
    _hide_mailed_codes(session, about)
    return shown(
        customer_id=order.customer_id,
        name=order.customer.name,
        order_number=order.number,
        verified_at=now,
    )


def _latest_order(session: Session, email: str) -> Order | None:
    """Returns the order that stands for all of a customer's."""
    customer = session.scalars(
        select(Customer).where(Customer.email == email)
    ).one_or_none()
    return customer.orders[0] if customer and customer.orders else None


def _new_code(session: Session, about: str, now: datetime) -> tuple[Code, str]:
    """Ends the code before; returns the new one and its digits.

    Raises:
        TooManyCodes: too many in a short time.
    """
    _check_pace(session, about, now)
    session.execute(
        update(Code)
        .where(Code.about == about, Code.state == "live")
        .values(state="replaced")
    )
    digits = f"{secrets.randbelow(10**6):06d}"
    salt = secrets.token_bytes(16)
    code = Code(
        about=about,
        salt=salt,
        hash=_hash(salt, digits),
        state="live",
        attempts=0,
        sent_at=now,
        expires_at=now + LIFETIME,
    )
    session.add(code)
    return code, digits


def _wrong(left: int) -> CodeWrong | TooManyAttempts:
    if left == 0:
        return TooManyAttempts("Too many wrong codes; a new one can be sent.")
    return CodeWrong(f"That is not the code; attempts left: {left}.")


def _check_pace(session: Session, about: str, now: datetime) -> None:
    recent = session.scalar(
        select(func.count())
        .select_from(Code)
        .where(Code.about == about, Code.sent_at > now - CODES_WINDOW)
    )
    if (recent or 0) >= MAX_CODES:
        raise TooManyCodes("Too many codes were sent; please wait ten minutes.")


def _hide_mailed_codes(session: Session, about: str) -> None:
    """A code that did its work is in no file, the demo's outbox included."""
    mails = select(Mail).where(
        func.coalesce(Mail.order_number, Mail.recipient) == about,
        Mail.kind == "one_time_code",
    )
    for mail in session.scalars(mails):
        mail.body = re.sub(r"\b\d{6}\b", "••••••", mail.body)


def _hash(salt: bytes, digits: str) -> bytes:
    return hashlib.scrypt(digits.encode(), salt=salt, n=2**12, r=8, p=1)


def _mail_code(
    session: Session,
    to: Customer,
    subject: str,
    digits: str,
    now: datetime,
    order_number: str | None = None,
) -> None:
    send_mail(
        session,
        now,
        to=to,
        kind="one_time_code",
        subject=subject,
        body=f"Your one-time code is {digits}. It works for ten minutes. Our team "
        "never asks for it on the phone.",
        order_number=order_number,
    )

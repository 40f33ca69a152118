"""Accounts: making, changing and closing one, and help with a registration.

Whoever calls has checked who the customer is. Answers go into a chat, so they hold
names, mail addresses and telephone numbers only masked.
"""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel, StringConstraints
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backoffice.account_tables import Address, Subscription
from backoffice.customers import find_customer, mail_reset_link
from backoffice.errors import (
    AccountBlocked,
    AccountClosing,
    AccountHasOpenOrders,
    EmailTaken,
    TooManyMails,
)
from backoffice.idempotency import WriteOnce
from backoffice.links import (
    ACTIVATION,
    EMAIL_CHANGE,
    EMAIL_CHANGE_STOP,
    KEEP_ACCOUNT,
    end_links,
    new_link,
)
from backoffice.orders import NewAddress, check_address
from backoffice.outbox import Recipient, masked, send_mail
from backoffice.shapes import shown
from backoffice.tables import Customer, Mail
from backoffice.views import View

ACTIVATION_LIFETIME = timedelta(days=1)
EMAIL_CHANGE_LIFETIME = timedelta(days=1)
# how long a closing account can be kept after all
CLOSING_TIME = timedelta(days=14)
UNDER_WAY = frozenset(
    {
        "placed",
        "packed",
        "shipped",
        "out_for_delivery",
        "payment_failed",
        "return_started",
    }
)
MONEY_UNDER_WAY = frozenset({"awaiting_return", "processing"})
# Anybody may have mail sent to an address that they only type.
MAX_MAILS = 5
MAILS_WINDOW = timedelta(minutes=10)

router = APIRouter()

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=2, max_length=80)
]
Email = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        to_lower=True,
        max_length=254,
        pattern=r"^[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+$",
    ),
]
Phone = Annotated[str, StringConstraints(pattern=r"^\+\d{7,15}$")]


class NewAccount(BaseModel):
    """Who registers; the password is chosen on the page that the link opens."""

    name: Name
    email: Email


class NewName(BaseModel):
    """What the customer wants to be called."""

    name: Name


class NewEmail(BaseModel):
    """A mail address."""

    email: Email


class NewPhone(BaseModel):
    """A telephone number as `+441174960123`."""

    phone: Phone


class AccountAddress(NewAddress):
    """An address for the account, as the usual one or beside it."""

    is_default: bool = False


@router.get("/accounts/{customer_id}")
def get_account(customer_id: str, view: View) -> dict[str, Any]:
    """The account as it may be spoken of in a chat."""
    return account_shape(view.session, find_customer(view.session, customer_id))


@router.post("/accounts")
def create(new: NewAccount, once: WriteOnce) -> JSONResponse:
    """Makes an account and mails the link that activates it."""
    return once(lambda session, now: create_account(session, new, now))


@router.put("/accounts/{customer_id}/name")
def rename(customer_id: str, new: NewName, once: WriteOnce) -> JSONResponse:
    """Changes the name at once."""
    return once(lambda session, now: change(session, customer_id, now, name=new.name))


@router.put("/accounts/{customer_id}/phone")
def change_phone(customer_id: str, new: NewPhone, once: WriteOnce) -> JSONResponse:
    """Changes the telephone number at once."""
    return once(lambda session, now: change(session, customer_id, now, phone=new.phone))


@router.put("/accounts/{customer_id}/email")
def change_email(customer_id: str, new: NewEmail, once: WriteOnce) -> JSONResponse:
    """Mails both addresses; the new one counts once its link is opened."""
    return once(
        lambda session, now: ask_new_email(session, customer_id, new.email, now)
    )


@router.post("/accounts/{customer_id}/close")
def close(customer_id: str, once: WriteOnce) -> JSONResponse:
    """Closes the account in two weeks, unless the link in the mail is opened."""
    return once(lambda session, now: close_account(session, customer_id, now))


@router.put("/accounts/{customer_id}/addresses")
def put_address(customer_id: str, new: AccountAddress, once: WriteOnce) -> JSONResponse:
    """Adds an address, or makes one the usual address."""
    return once(lambda session, now: add_address(session, customer_id, new, now))


@router.post("/registrations/help")
def registration_help(who: NewEmail, once: WriteOnce) -> JSONResponse:
    """Mails how the registration stands; the answer is the same for everybody."""
    return once(lambda session, now: mail_registration(session, who.email, now))


def account_shape(session: Session, customer: Customer) -> dict[str, Any]:
    """The account with its personal data masked; addresses with the usual one first."""
    subscription = session.get(Subscription, customer.email)
    return shown(
        customer_id=customer.customer_id,
        name=masked_name(customer.name),
        email=masked(customer.email),
        phone=masked_phone(customer.phone) if customer.phone else None,
        state=customer.state,
        closes_at=customer.closes_at,
        is_subscribed=subscription is not None and subscription.state == "subscribed",
        addresses=[one.text for one in addresses_of(session, customer)],
        open_orders=open_orders(customer),
    )


def masked_name(name: str) -> str:
    """`Jo Marsh` becomes `J••• M•••`."""
    return " ".join(f"{part[0]}•••" for part in name.split())


def masked_phone(phone: str) -> str:
    """`+441174960123` becomes `•••123`."""
    return f"•••{phone[-3:]}"


def addresses_of(session: Session, customer: Customer) -> list[Address]:
    """The usual one first."""
    return list(
        session.scalars(
            select(Address)
            .where(Address.customer_id == customer.customer_id)
            .order_by(Address.is_default.desc(), Address.address_id)
        )
    )


def open_orders(customer: Customer) -> list[str]:
    """The numbers of orders on their way, or whose money is."""
    return [
        order.number
        for order in customer.orders
        if order.status in UNDER_WAY
        or any(refund.status in MONEY_UNDER_WAY for refund in order.refunds)
    ]


def find_by_email(session: Session, email: str) -> Customer | None:
    """Whose address it is, None if nobody's."""
    return session.scalars(select(Customer).where(Customer.email == email)).first()


def usable_account(session: Session, customer_id: str) -> Customer:
    """The account, if anything about it may be changed.

    Raises:
        CustomerNotFound: no customer has this id.
        AccountBlocked, AccountClosing: nothing can be changed.
    """
    customer = find_customer(session, customer_id)
    if customer.state == "blocked":
        raise AccountBlocked("This account is blocked.")
    if customer.state == "closing":
        raise AccountClosing("This account is being closed.")
    return customer


def create_account(session: Session, new: NewAccount, now: datetime) -> dict[str, Any]:
    """Makes the account; one that still awaits its link just gets another link.

    Raises:
        EmailTaken: an account in use has this address.
        TooManyMails: too many to this address in a short time.
    """
    check_pace(session, new.email, now)
    customer = find_by_email(session, new.email)
    if customer is None:
        customer = _add_customer(session, new, now)
    elif customer.state != "awaiting_activation":
        raise EmailTaken("There is an account with this address.")
    _mail_activation(session, customer, now)
    return shown(sent_to=masked(customer.email), expires_at=now + ACTIVATION_LIFETIME)


def change(
    session: Session, customer_id: str, now: datetime, **fields: str
) -> dict[str, Any]:
    """Changes fields of the account and tells its owner by mail.

    Raises:
        CustomerNotFound, AccountBlocked, AccountClosing.
    """
    customer = usable_account(session, customer_id)
    for name, value in fields.items():
        setattr(customer, name, value)
    send_mail(
        session,
        now,
        to=customer,
        kind="account_changed",
        subject="Your account has changed",
        body=f"Changed just now: {', '.join(fields)}. If it wasn't you, please tell us "
        "at once.",
    )
    return account_shape(session, customer)


def ask_new_email(
    session: Session, customer_id: str, email: str, now: datetime
) -> dict[str, Any]:
    """Mails a link to the new address and one that stops it to the old.

    Raises:
        CustomerNotFound, AccountBlocked, AccountClosing.
        EmailTaken: another account, or this one, has the address already.
        TooManyMails: too many to this address in a short time.
    """
    customer = usable_account(session, customer_id)
    check_pace(session, email, now)
    if find_by_email(session, email) is not None:
        raise EmailTaken("There is an account with this address.")
    # a mistyped address must not stay open beside the corrected one
    end_links(session, EMAIL_CHANGE, customer_id=customer.customer_id)
    _mail_both(session, customer, email, now)
    return shown(
        sent_to=masked(email),
        old_email=masked(customer.email),
        expires_at=now + EMAIL_CHANGE_LIFETIME,
    )


def close_account(session: Session, customer_id: str, now: datetime) -> dict[str, Any]:
    """Starts the two weeks after which the account is gone.

    Raises:
        CustomerNotFound, AccountBlocked, AccountClosing.
        AccountHasOpenOrders: goods or money are still under way.
    """
    customer = usable_account(session, customer_id)
    if open_orders(customer):
        raise AccountHasOpenOrders("Orders or refunds are still under way.")
    customer.state, customer.closes_at = "closing", now + CLOSING_TIME
    link = new_link(
        session,
        KEEP_ACCOUNT,
        email=customer.email,
        customer_id=customer.customer_id,
        now=now,
        lifetime=CLOSING_TIME,
    )
    send_mail(
        session,
        now,
        to=customer,
        kind="account_closing",
        subject="Your account is being closed",
        body=f"It will be gone on {customer.closes_at:%d %B %Y}. Until then you can "
        f"keep it after all:\n{link}",
    )
    return shown(sent_to=masked(customer.email), closes_at=customer.closes_at)


def add_address(
    session: Session, customer_id: str, new: AccountAddress, now: datetime
) -> dict[str, Any]:
    """Adds the address unless it is there; the first one is the usual one.

    Raises:
        CustomerNotFound, AccountBlocked, AccountClosing.
        AddressInvalid: the text cannot be an address.
    """
    customer = usable_account(session, customer_id)
    text = check_address(new.address)
    known = addresses_of(session, customer)
    address = next((one for one in known if one.text == text), None)
    if address is None:
        address = Address(
            customer_id=customer.customer_id, text=text, is_default=not known
        )
        session.add(address)
        _mail_address(session, customer, text, now)
    if new.is_default:
        for one in known:
            one.is_default = False
        address.is_default = True
    session.flush()
    return shown(address=address.text, is_default=address.is_default)


def mail_registration(session: Session, email: str, now: datetime) -> dict[str, Any]:
    """Mails how the registration stands, with a new link where one helps.

    Raises:
        TooManyMails: too many to this address in a short time.
    """
    check_pace(session, email, now)
    customer = find_by_email(session, email)
    if customer is None:
        _mail_no_registration(session, email, now)
    elif customer.state == "awaiting_activation":
        _mail_activation(session, customer, now)
    elif customer.state == "active":
        mail_reset_link(session, customer.customer_id, now)
    else:
        _mail_unusable(session, customer, now)
    return shown(sent_to=masked(email))


def check_pace(session: Session, email: str, now: datetime) -> None:
    """Keeps a stranger from flooding somebody's mailbox.

    Raises:
        TooManyMails: too many to this address in a short time.
    """
    recent = session.scalar(
        select(func.count())
        .select_from(Mail)
        .where(Mail.recipient == email, Mail.sent_at > now - MAILS_WINDOW)
    )
    if (recent or 0) >= MAX_MAILS:
        raise TooManyMails("Too many mails to this address; please wait ten minutes.")


def _add_customer(session: Session, new: NewAccount, now: datetime) -> Customer:
    # ids are C- and a number: as text C-999 would come after C-2040
    taken = session.scalars(select(Customer.customer_id))
    number = 1 + max(int(one.removeprefix("C-")) for one in taken)
    customer = Customer(
        customer_id=f"C-{number}",
        name=new.name,
        email=new.email,
        tier="standard",
        language="en",
        since=now.date(),
        state="awaiting_activation",
    )
    session.add(customer)
    session.flush()  # links refer to it
    return customer


def _mail_activation(session: Session, customer: Customer, now: datetime) -> None:
    link = new_link(
        session,
        ACTIVATION,
        email=customer.email,
        customer_id=customer.customer_id,
        now=now,
        lifetime=ACTIVATION_LIFETIME,
    )
    send_mail(
        session,
        now,
        to=customer,
        kind="account_activation",
        subject="Activate your account",
        body=f"Open this link within 24 hours and choose a password:\n{link}\n\n"
        "If it wasn't you who asked, there is nothing to do.",
    )


def _mail_both(session: Session, customer: Customer, email: str, now: datetime) -> None:
    confirm, stop = (
        new_link(
            session,
            kind,
            email=to,
            customer_id=customer.customer_id,
            now=now,
            lifetime=EMAIL_CHANGE_LIFETIME,
        )
        for kind, to in ((EMAIL_CHANGE, email), (EMAIL_CHANGE_STOP, customer.email))
    )
    send_mail(
        session,
        now,
        to=Recipient(customer.name, email),
        kind="email_change",
        subject="Confirm your new mail address",
        body=f"Open this link within a day to use this address from now on:\n{confirm}",
    )
    send_mail(
        session,
        now,
        to=customer,
        kind="email_change_stop",
        subject="Your mail address is about to change",
        body=f"Somebody asked to change it to {masked(email)}. If it wasn't you, stop "
        f"it here:\n{stop}",
    )


def _mail_address(
    session: Session, customer: Customer, text: str, now: datetime
) -> None:
    send_mail(
        session,
        now,
        to=customer,
        kind="account_changed",
        subject="A new address in your account",
        body=f"Added just now:\n{text}\n\nIf it wasn't you, please tell us at once.",
    )


def _mail_no_registration(session: Session, email: str, now: datetime) -> None:
    send_mail(
        session,
        now,
        to=Recipient(None, email),
        kind="registration_none",
        subject="No account with this address",
        body="Somebody asked about an account with this address. There is none: you "
        "may have used another one, or a letter was mistyped. You can register anew "
        "at any time.",
    )


def _mail_unusable(session: Session, customer: Customer, now: datetime) -> None:
    is_closing = customer.state == "closing"
    send_mail(
        session,
        now,
        to=customer,
        kind="registration_closed",
        subject="Your account can't be used just now",
        body="Your account is being closed. The mail about that holds a link to keep "
        "it."
        if is_closing
        else "Your account is blocked. Please write to us in the chat: a person will "
        "look at it with you.",
    )

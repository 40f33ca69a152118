"""What the shop answers, as frozen values; reading raises on any other shape.

Times are aware UTC, money is `Decimal` with two places.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any

Answer = dict[str, Any]


def _moment(text: str) -> datetime:
    # datetime.fromisoformat reads a final Z only from Python 3.11 on
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    if moment.tzinfo is None:
        raise ValueError(f"a time without its zone: {text}")
    return moment.astimezone(timezone.utc)


def _moment_or_none(text: str | None) -> datetime | None:
    return None if text is None else _moment(text)


def _money(value: float | int | str) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.01"))


@dataclass(frozen=True)
class OrderItem:
    sku: str
    name: str
    quantity: int
    price: Decimal  # of one piece
    variant: str | None = None  # size, colour or both, where there is a choice
    # other words for it, also of other languages; of no account for what it is
    also_called: str = field(default="", compare=False)

    @classmethod
    def read(cls, answer: Answer) -> OrderItem:
        return cls(
            sku=answer["sku"],
            name=answer["name"],
            quantity=int(answer["quantity"]),
            price=_money(answer["price"]),
            variant=answer.get("variant"),
            also_called=answer.get("also_called", ""),
        )


@dataclass(frozen=True)
class Order:
    """`status` is one of placed, packed, shipped, out_for_delivery, delivered,
    cancelled, return_started, refunded, payment_failed."""

    number: str
    status: str
    customer_id: str
    placed_at: datetime
    total: Decimal
    currency: str
    items: tuple[OrderItem, ...]
    shipping_address: str
    payment_method: str
    cancellable: bool
    address_changeable: bool
    items_changeable: bool
    shipped_at: datetime | None = None
    expected_at: datetime | None = None
    delivered_at: datetime | None = None
    carrier: str | None = None
    tracking_url: str | None = None
    returnable_until: datetime | None = None  # may be past

    @classmethod
    def read(cls, answer: Answer) -> Order:
        return cls(
            number=answer["number"],
            status=answer["status"],
            customer_id=answer["customer_id"],
            placed_at=_moment(answer["placed_at"]),
            total=_money(answer["total"]),
            currency=answer["currency"],
            items=tuple(OrderItem.read(item) for item in answer["items"]),
            shipping_address=answer["shipping_address"],
            payment_method=answer["payment_method"],
            cancellable=bool(answer["cancellable"]),
            address_changeable=bool(answer["address_changeable"]),
            items_changeable=bool(answer["items_changeable"]),
            shipped_at=_moment_or_none(answer.get("shipped_at")),
            expected_at=_moment_or_none(answer.get("expected_at")),
            delivered_at=_moment_or_none(answer.get("delivered_at")),
            carrier=answer.get("carrier"),
            tracking_url=answer.get("tracking_url"),
            returnable_until=_moment_or_none(answer.get("returnable_until")),
        )


@dataclass(frozen=True)
class Refund:
    """`status` is awaiting_return (goods not back yet), processing or paid."""

    order_number: str
    status: str
    amount: Decimal
    currency: str
    method: str
    requested_at: datetime
    expected_at: datetime | None = None
    paid_at: datetime | None = None

    @classmethod
    def read(cls, answer: Answer) -> Refund:
        return cls(
            order_number=answer["order_number"],
            status=answer["status"],
            amount=_money(answer["amount"]),
            currency=answer["currency"],
            method=answer["method"],
            requested_at=_moment(answer["requested_at"]),
            expected_at=_moment_or_none(answer.get("expected_at")),
            paid_at=_moment_or_none(answer.get("paid_at")),
        )


@dataclass(frozen=True)
class Cancellation:
    order: Order
    refund: Refund | None = None  # absent when nothing had been paid

    @classmethod
    def read(cls, answer: Answer) -> Cancellation:
        refund = answer.get("refund")
        return cls(
            order=Order.read(answer["order"]),
            refund=None if refund is None else Refund.read(refund),
        )


@dataclass(frozen=True)
class Return:
    return_number: str
    order_number: str
    item: str  # the item's full name
    reason: str
    has_photo: bool
    label_sent_to: str  # masked email
    send_back_by: date
    refund_amount: Decimal
    currency: str

    @classmethod
    def read(cls, answer: Answer) -> Return:
        return cls(
            return_number=answer["return_number"],
            order_number=answer["order_number"],
            item=answer["item"],
            reason=answer["reason"],
            has_photo=bool(answer["has_photo"]),
            label_sent_to=answer["label_sent_to"],
            send_back_by=date.fromisoformat(answer["send_back_by"]),
            refund_amount=_money(answer["refund_amount"]),
            currency=answer["currency"],
        )


@dataclass(frozen=True)
class SentCode:
    sent_to: str  # masked email
    expires_at: datetime

    @classmethod
    def read(cls, answer: Answer) -> SentCode:
        return cls(answer["sent_to"], _moment(answer["expires_at"]))


@dataclass(frozen=True)
class Verification:
    customer_id: str
    name: str
    order_number: str
    verified_at: datetime

    @classmethod
    def read(cls, answer: Answer) -> Verification:
        return cls(
            customer_id=answer["customer_id"],
            name=answer["name"],
            order_number=answer["order_number"],
            verified_at=_moment(answer["verified_at"]),
        )


@dataclass(frozen=True)
class Customer:
    customer_id: str
    name: str
    email: str
    tier: str  # standard, silver, gold
    language: str
    since: date
    orders: tuple[str, ...]  # numbers, newest first

    @classmethod
    def read(cls, answer: Answer) -> Customer:
        return cls(
            customer_id=answer["customer_id"],
            name=answer["name"],
            email=answer["email"],
            tier=answer["tier"],
            language=answer["language"],
            since=date.fromisoformat(answer["since"]),
            orders=tuple(answer["orders"]),
        )


@dataclass(frozen=True)
class PasswordReset:
    sent_to: str  # masked email
    expires_at: datetime

    @classmethod
    def read(cls, answer: Answer) -> PasswordReset:
        return cls(answer["sent_to"], _moment(answer["expires_at"]))


@dataclass(frozen=True)
class Ticket:
    ticket_number: str
    opened_at: datetime
    answer_by: datetime

    @classmethod
    def read(cls, answer: Answer) -> Ticket:
        return cls(
            ticket_number=answer["ticket_number"],
            opened_at=_moment(answer["opened_at"]),
            answer_by=_moment(answer["answer_by"]),
        )


@dataclass(frozen=True)
class Account:
    """What a chat may say of an account: name, email and phone are masked.

    `state` is active, awaiting_activation, closing or blocked.
    """

    customer_id: str
    name: str
    email: str
    state: str
    is_subscribed: bool
    addresses: tuple[str, ...]  # the usual one first
    open_orders: tuple[str, ...]  # numbers
    phone: str | None = None
    closes_at: datetime | None = None

    @classmethod
    def read(cls, answer: Answer) -> Account:
        return cls(
            customer_id=answer["customer_id"],
            name=answer["name"],
            email=answer["email"],
            state=answer["state"],
            is_subscribed=bool(answer["is_subscribed"]),
            addresses=tuple(answer["addresses"]),
            open_orders=tuple(answer["open_orders"]),
            phone=answer.get("phone"),
            closes_at=_moment_or_none(answer.get("closes_at")),
        )


@dataclass(frozen=True)
class SentLink:
    sent_to: str  # masked email
    expires_at: datetime

    @classmethod
    def read(cls, answer: Answer) -> SentLink:
        return cls(answer["sent_to"], _moment(answer["expires_at"]))


@dataclass(frozen=True)
class EmailChange:
    """Both addresses have a mail; the new one counts once its link is opened."""

    sent_to: str  # the new one, masked
    old_email: str  # masked
    expires_at: datetime

    @classmethod
    def read(cls, answer: Answer) -> EmailChange:
        return cls(
            sent_to=answer["sent_to"],
            old_email=answer["old_email"],
            expires_at=_moment(answer["expires_at"]),
        )


@dataclass(frozen=True)
class Closing:
    sent_to: str  # masked email
    closes_at: datetime

    @classmethod
    def read(cls, answer: Answer) -> Closing:
        return cls(answer["sent_to"], _moment(answer["closes_at"]))


@dataclass(frozen=True)
class AccountAddress:
    address: str
    is_default: bool

    @classmethod
    def read(cls, answer: Answer) -> AccountAddress:
        return cls(answer["address"], bool(answer["is_default"]))


@dataclass(frozen=True)
class RegistrationHelp:
    sent_to: str  # masked email

    @classmethod
    def read(cls, answer: Answer) -> RegistrationHelp:
        return cls(answer["sent_to"])


@dataclass(frozen=True)
class NewsletterChange:
    """`nothing_to_do` is told of a customer's own address only."""

    sent_to: str  # masked email
    nothing_to_do: bool | None = None

    @classmethod
    def read(cls, answer: Answer) -> NewsletterChange:
        return cls(answer["sent_to"], answer.get("nothing_to_do"))


@dataclass(frozen=True)
class ItemChange:
    order: Order
    difference: Decimal  # more than before if positive
    refund: Refund | None = None  # absent when nothing goes back

    @classmethod
    def read(cls, answer: Answer) -> ItemChange:
        refund = answer.get("refund")
        return cls(
            order=Order.read(answer["order"]),
            difference=_money(answer["difference"]),
            refund=None if refund is None else Refund.read(refund),
        )


@dataclass(frozen=True)
class Invoice:
    """`kind` is invoice or credit_note."""

    number: str
    kind: str
    order_number: str
    issued_at: datetime
    total: Decimal
    currency: str

    @classmethod
    def read(cls, answer: Answer) -> Invoice:
        return cls(
            number=answer["number"],
            kind=answer["kind"],
            order_number=answer["order_number"],
            issued_at=_moment(answer["issued_at"]),
            total=_money(answer["total"]),
            currency=answer["currency"],
        )

    @classmethod
    def read_all(cls, answer: Answer) -> tuple[Invoice, ...]:
        return tuple(cls.read(one) for one in answer["invoices"])


@dataclass(frozen=True)
class SentInvoices:
    sent_to: str  # masked email
    invoices: tuple[Invoice, ...]

    @classmethod
    def read(cls, answer: Answer) -> SentInvoices:
        return cls(answer["sent_to"], Invoice.read_all(answer))


@dataclass(frozen=True)
class Transaction:
    """`kind` is payment or refund; `state` is paid, pending, declined or cancelled of
    a payment, awaiting_return, processing or paid of a refund."""

    kind: str
    order_number: str
    amount: Decimal
    currency: str
    method: str
    state: str
    at: datetime

    @classmethod
    def read(cls, answer: Answer) -> Transaction:
        return cls(
            kind=answer["kind"],
            order_number=answer["order_number"],
            amount=_money(answer["amount"]),
            currency=answer["currency"],
            method=answer["method"],
            state=answer["state"],
            at=_moment(answer["at"]),
        )

    @classmethod
    def read_all(cls, answer: Answer) -> tuple[Transaction, ...]:
        return tuple(cls.read(one) for one in answer["transactions"])


@dataclass(frozen=True)
class Payments:
    """What became of an order's payments together: `state` is one of paid, pending,
    declined, charged_twice, cancelled."""

    order_number: str
    state: str
    method: str
    total: Decimal
    currency: str
    overpaid: Decimal | None = None

    @classmethod
    def read(cls, answer: Answer) -> Payments:
        overpaid = answer.get("overpaid")
        return cls(
            order_number=answer["order_number"],
            state=answer["state"],
            method=answer["method"],
            total=_money(answer["total"]),
            currency=answer["currency"],
            overpaid=None if overpaid is None else _money(overpaid),
        )


@dataclass(frozen=True)
class PayLink:
    sent_to: str  # masked email
    expires_at: datetime

    @classmethod
    def read(cls, answer: Answer) -> PayLink:
        return cls(answer["sent_to"], _moment(answer["expires_at"]))


@dataclass(frozen=True)
class Shelf:
    """How many are left of one size and colour; `variant` is None without a choice."""

    variant: str | None
    left: int
    back_on: date | None = None

    @classmethod
    def read(cls, answer: Answer) -> Shelf:
        back_on = answer.get("back_on")
        return cls(
            variant=answer.get("variant"),
            left=int(answer["left"]),
            back_on=None if back_on is None else date.fromisoformat(back_on),
        )


@dataclass(frozen=True)
class Product:
    sku: str
    name: str
    price: Decimal
    currency: str
    shelves: tuple[Shelf, ...]

    @classmethod
    def read(cls, answer: Answer) -> Product:
        return cls(
            sku=answer["sku"],
            name=answer["name"],
            price=_money(answer["price"]),
            currency=answer["currency"],
            shelves=tuple(Shelf.read(one) for one in answer["variants"]),
        )


@dataclass(frozen=True)
class FoundProducts:
    """`named` tells whether the words named anything at all; `nearest` are names to
    offer where nothing was found."""

    named: bool
    products: tuple[Product, ...]
    nearest: tuple[str, ...]

    @classmethod
    def read(cls, answer: Answer) -> FoundProducts:
        return cls(
            named=bool(answer["asked"]),
            products=tuple(Product.read(one) for one in answer["products"]),
            nearest=tuple(answer["nearest"]),
        )


@dataclass(frozen=True)
class Review:
    review_number: str
    replaced: bool
    shown_as: str | None = None  # the buyer's first name

    @classmethod
    def read(cls, answer: Answer) -> Review:
        return cls(
            review_number=answer["review_number"],
            replaced=bool(answer["replaced"]),
            shown_as=answer.get("shown_as"),
        )

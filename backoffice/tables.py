"""The tables of the sandbox shop. Money is in cents, times are aware UTC."""

from datetime import UTC, date, datetime

from sqlalchemy import DateTime, Dialect, ForeignKey, String, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

# Raise it with every change below: older sandboxes are then made anew at start.
SCHEMA_VERSION = 5


class Moment(TypeDecorator[datetime]):
    """An aware time, kept as naive UTC, since SQLite knows no zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """Refuses naive times."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without its zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """Puts the zone back."""
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """All tables."""

    type_annotation_map = {datetime: Moment}


class Meta(Base):
    """What the sandbox knows of itself; one row."""

    __tablename__ = "meta"

    id: Mapped[int] = mapped_column(primary_key=True)
    seeded_at: Mapped[datetime]


class Customer(Base):
    """A person with an account: active, awaiting_activation, closing or blocked."""

    __tablename__ = "customers"

    customer_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(String, unique=True)
    tier: Mapped[str]
    language: Mapped[str]
    since: Mapped[date]
    phone: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="active")
    closes_at: Mapped[datetime | None]
    orders: Mapped[list["Order"]] = relationship(
        back_populates="customer", order_by="Order.placed_at.desc()"
    )
    discounts: Mapped[list["Discount"]] = relationship(order_by="Discount.valid_until")


class Order(Base):
    """An order and its parcel. `changed_at` is None as long as it is as seeded."""

    __tablename__ = "orders"

    number: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(ForeignKey("customers.customer_id"))
    status: Mapped[str]
    placed_at: Mapped[datetime]
    shipped_at: Mapped[datetime | None]
    expected_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    carrier: Mapped[str | None]
    tracking_code: Mapped[str | None]
    shipping_address: Mapped[str]
    payment_method: Mapped[str]
    changed_at: Mapped[datetime | None]
    customer: Mapped[Customer] = relationship(back_populates="orders")
    items: Mapped[list["OrderItem"]] = relationship(order_by="OrderItem.item_id")
    returns: Mapped[list["Return"]] = relationship(order_by="Return.return_id")
    refunds: Mapped[list["Refund"]] = relationship(order_by="Refund.refund_id")
    replacements: Mapped[list["Replacement"]] = relationship(
        order_by="Replacement.replacement_id"
    )
    payments: Mapped[list["Payment"]] = relationship(order_by="Payment.payment_id")

    @property
    def total_cents(self) -> int:
        """Of all items."""
        return sum(item.price_cents * item.quantity for item in self.items)

    @property
    def paid_cents(self) -> int:
        """What has arrived, whatever went back since."""
        return sum(one.amount_cents for one in self.payments if one.state == "paid")


class OrderItem(Base):
    """One line of an order; the price is that of one piece."""

    __tablename__ = "order_items"

    item_id: Mapped[int] = mapped_column(primary_key=True)
    order_number: Mapped[str] = mapped_column(ForeignKey("orders.number"), index=True)
    sku: Mapped[str]
    name: Mapped[str]
    variant: Mapped[str | None]  # size, colour or both, where there is a choice
    quantity: Mapped[int]
    price_cents: Mapped[int]


class Stock(Base):
    """How many of a product, in one size and colour, are left to sell."""

    __tablename__ = "stock"

    stock_id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(index=True)
    variant: Mapped[str | None]
    left: Mapped[int]
    back_on: Mapped[date | None]


class Payment(Base):
    """Money of the customer: paid, pending, declined or cancelled."""

    __tablename__ = "payments"

    payment_id: Mapped[int] = mapped_column(primary_key=True)
    order_number: Mapped[str] = mapped_column(ForeignKey("orders.number"), index=True)
    state: Mapped[str]
    amount_cents: Mapped[int]
    method: Mapped[str]
    made_at: Mapped[datetime]


class Review(Base):
    """What a customer thinks: of an order, as its buyer, or of the shop at large."""

    __tablename__ = "reviews"

    review_id: Mapped[int] = mapped_column(primary_key=True)
    order_number: Mapped[str | None] = mapped_column(
        ForeignKey("orders.number"), unique=True
    )
    rating: Mapped[int]
    text: Mapped[str]
    written_at: Mapped[datetime]


class Return(Base):
    """One line of an order on its way back; a line comes back once."""

    __tablename__ = "returns"

    return_id: Mapped[int] = mapped_column(primary_key=True)
    order_number: Mapped[str] = mapped_column(ForeignKey("orders.number"), index=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("order_items.item_id"), unique=True)
    reason: Mapped[str]
    photo: Mapped[str | None]
    started_at: Mapped[datetime]
    send_back_by: Mapped[date]
    item: Mapped[OrderItem] = relationship()


class Refund(Base):
    """Money going back: awaiting_return, processing or paid."""

    __tablename__ = "refunds"

    refund_id: Mapped[int] = mapped_column(primary_key=True)
    order_number: Mapped[str] = mapped_column(ForeignKey("orders.number"), index=True)
    status: Mapped[str]
    amount_cents: Mapped[int]
    requested_at: Mapped[datetime]
    expected_at: Mapped[datetime | None]
    paid_at: Mapped[datetime | None]


class Replacement(Base):
    """One line of an order that is sent again, express; a line is sent again once."""

    __tablename__ = "replacements"

    replacement_id: Mapped[int] = mapped_column(primary_key=True)
    order_number: Mapped[str] = mapped_column(ForeignKey("orders.number"), index=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("order_items.item_id"), unique=True)
    reason: Mapped[str]
    arrives_on: Mapped[date]
    item: Mapped[OrderItem] = relationship()


class Discount(Base):
    """A code that takes so many percent off one order of a customer's."""

    __tablename__ = "discounts"

    code: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(
        ForeignKey("customers.customer_id"), index=True
    )
    percent: Mapped[int]
    reason: Mapped[str | None]
    valid_until: Mapped[date]


class Code(Base):
    """A one-time code, as a salted hash: live, replaced or used.

    `about` is an order's number, or a mail address, a customer's or not.
    """

    __tablename__ = "codes"

    code_id: Mapped[int] = mapped_column(primary_key=True)
    about: Mapped[str] = mapped_column(index=True)
    salt: Mapped[bytes]
    hash: Mapped[bytes]
    state: Mapped[str]
    attempts: Mapped[int]
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Mail(Base):
    """A mail that a real shop would have sent."""

    __tablename__ = "mails"

    mail_id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    recipient: Mapped[str] = mapped_column(index=True)
    order_number: Mapped[str | None] = mapped_column(index=True)
    subject: Mapped[str]
    body: Mapped[str]
    sent_at: Mapped[datetime]


class Ticket(Base):
    """Something left for the team, with the time it is promised to be answered."""

    __tablename__ = "tickets"

    ticket_id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str]
    body: Mapped[str | None]
    customer_id: Mapped[str | None] = mapped_column(ForeignKey("customers.customer_id"))
    order_number: Mapped[str | None] = mapped_column(ForeignKey("orders.number"))
    conversation_id: Mapped[str | None]
    opened_at: Mapped[datetime]
    answer_by: Mapped[datetime]


class StoredAnswer(Base):
    """The answer that an idempotency key got."""

    __tablename__ = "stored_answers"

    key: Mapped[str] = mapped_column(primary_key=True)
    salt: Mapped[bytes]
    fingerprint: Mapped[bytes]  # of method, path and body
    status: Mapped[int]
    body: Mapped[str]
    answered_at: Mapped[datetime]

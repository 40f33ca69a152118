"""The tables of accounts: addresses, the newsletter, links sent by mail."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from backoffice.tables import Base


class Address(Base):
    """An address of an account; one of them is where parcels usually go."""

    __tablename__ = "addresses"

    address_id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(
        ForeignKey("customers.customer_id"), index=True
    )
    text: Mapped[str]
    is_default: Mapped[bool]


class Subscription(Base):
    """Somebody on the newsletter's list: awaiting (the mail's link) or subscribed."""

    __tablename__ = "subscriptions"

    email: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]


class Link(Base):
    """A link sent by mail: live, replaced or used. Only a hash of it is kept."""

    __tablename__ = "links"

    link_id: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    customer_id: Mapped[str | None] = mapped_column(
        ForeignKey("customers.customer_id"), index=True
    )
    email: Mapped[str]
    state: Mapped[str]
    expires_at: Mapped[datetime]

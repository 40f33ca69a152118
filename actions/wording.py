"""Values as customers read them; the sentences around them are in domain.yml."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from actions.shop import OrderItem

SIGNS = {"GBP": "£", "EUR": "€", "USD": "$"}


def money(amount: Decimal, currency: str) -> str:
    """£84.00, or the code after the amount where no sign is known."""
    sign = SIGNS.get(currency)
    return f"{sign}{amount:.2f}" if sign else f"{amount:.2f} {currency}"


def day(moment: date | datetime | None) -> str | None:
    """Tuesday 24 November; absent stays absent."""
    return None if moment is None else f"{moment:%A} {moment.day} {moment:%B}"


def goods(items: tuple[OrderItem, ...]) -> str:
    """Names with their numbers: 2 x Tin mug, Storm lantern."""
    return ", ".join(
        titled(item) if item.quantity == 1 else f"{item.quantity} x {titled(item)}"
        for item in items
    )


def titled(item: OrderItem) -> str:
    """The name with size and colour, where there is a choice."""
    return f"{item.name} ({item.variant})" if item.variant else item.name


def clock(moment: datetime) -> str:
    """16:00, in UTC as everything that the shop says."""
    return f"{moment:%H:%M}"

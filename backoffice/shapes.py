"""How values look in answers: no absent fields, RFC 3339 UTC, money with two places."""

from datetime import UTC, date, datetime
from typing import Any

CURRENCY = "EUR"


def timestamp(moment: datetime) -> str:
    """RFC 3339 in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def money(cents: int) -> float:
    """Two places survive JSON: the shortest form of a float is printed."""
    return round(cents / 100, 2)


def decimal(cents: int) -> str:
    """An exact amount as text: 1290 reads "12.90"."""
    return f"{cents / 100:.2f}"


def shown(**fields: Any) -> dict[str, Any]:
    """A JSON object of those fields that are there."""
    return {name: _value(value) for name, value in fields.items() if value is not None}


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return timestamp(value)
    return value.isoformat() if isinstance(value, date) else value

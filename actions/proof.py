"""How long it counts that a customer has shown who they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from rasa_sdk import Tracker

FRESH_FOR = timedelta(minutes=30)


def now_utc() -> datetime:
    """Returns the present moment."""
    return datetime.now(timezone.utc)


def fresh_customer(authentication: Any, now: datetime) -> str | None:
    """Returns whom a verification is about, or None when there is none or it is old."""
    if not isinstance(authentication, Mapping):
        return None
    if authentication.get("level") != "verified":
        return None
    at = moment_in(authentication.get("at"))
    if at is None or not now - FRESH_FOR <= at <= now + timedelta(minutes=1):
        return None
    return authentication.get("customer_id")


def moment_in(text: Any) -> datetime | None:
    """Returns the moment in ISO form, None for anything else."""
    try:
        moment = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def is_verified(tracker: Tracker, customer_id: str | None, now: datetime) -> bool:
    """Whether the customer in the chat has shown to be this customer."""
    customer = fresh_customer(tracker.get_slot("authentication"), now)
    return customer is not None and customer == customer_id

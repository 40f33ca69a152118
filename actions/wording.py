"""Values as customers read them, in the conversation's language.

The sentences around them are responses. What words a value has in a language stands in
translations/values.yml; figures are Babel's business.
"""

from __future__ import annotations

import re
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency
from rasa_sdk import Tracker
from ruamel.yaml import YAML

from actions.shop import OrderItem

VALUES = Path(__file__).resolve().parents[1] / "translations" / "values.yml"
ENGLISH = "en"

# Of the action that runs: the language would else go through every function that
# chooses a response.
_language: ContextVar[str] = ContextVar("language", default=ENGLISH)


def speak_to(tracker: Tracker) -> None:
    """Words values from now on in the language of this conversation."""
    language = tracker.get_slot("language")
    # A language without translations hears English, and its dates are English too.
    _language.set(language if language in _values()["day"] else ENGLISH)


def money(amount: Decimal, currency: str) -> str:
    """£84.00, 84,00 £: as the language writes it."""
    return str(format_currency(amount, currency, locale=_language.get()))


def day(moment: date | datetime | None) -> str | None:
    """Tuesday 24 November; absent stays absent."""
    if moment is None:
        return None
    language = _language.get()
    return str(format_date(moment, _values()["day"][language], locale=language))


def short_day(moment: date | datetime) -> str:
    """12 Nov, 12. Nov.: where there is little room."""
    language = _language.get()
    pattern = _values()["short_day"][language]
    return str(format_date(moment, pattern, locale=language))


def word(section: str, key: str, **values: Any) -> str:
    """What translations/values.yml calls a thing; the key where it has no word."""
    words = _values()[section].get(key)
    return str(words[_language.get()]).format(**values) if words else key


def paid_by(method: str) -> str:
    """The shop's words for a way of paying in the words of the language."""
    for known, words in _values()["payment_method"].items():
        parts = re.escape(known).replace(r"\{digits\}", r"(?P<digits>\d+)")
        found = re.fullmatch(parts, method, re.IGNORECASE)
        if found and _language.get() in words:
            return str(words[_language.get()]).format(**found.groupdict())
    return method


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


def hours(said: str) -> str:
    """Day and night, or the hours as they are written."""
    return str(_values()["always"][_language.get()]) if said == "always" else said


def country_name(code: str) -> str:
    """United Kingdom for GB."""
    return str(Locale.parse(_language.get()).territories.get(code, code))


@lru_cache(maxsize=1)
def _values() -> dict[str, Any]:
    return dict(YAML(typ="safe").load(VALUES.read_text("utf-8")))

"""What an agent fills in before a card's action runs, checked against what it asks for.

The card says what that is; nothing is known here of what the action does.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from pydantic import JsonValue

from handoff_bridge.packet.schema import CardField

MAX_CHARS = 2_000


class WrongField(Exception):
    """A field does not hold what it should; the sentence says which and why."""


def checked_fields(
    asked: Sequence[CardField], given: Mapping[str, JsonValue]
) -> dict[str, str]:
    """The given values as text, those left empty left out.

    Raises WrongField for the first that is missing, unknown, or of another kind or
    size than the action asks for.
    """
    named = {field.name for field in asked}
    for name in given:
        if name not in named:
            raise WrongField(f"There is no field “{name[:100]}”.")
    texts = {field.name: _text(field, given.get(field.name)) for field in asked}
    for field in asked:
        _check(field, texts[field.name])
    return {name: text for name, text in texts.items() if text}


def _text(field: CardField, value: JsonValue) -> str:
    if value is None:
        return ""
    is_text = isinstance(value, str | int | float) and not isinstance(value, bool)
    if not is_text:
        raise WrongField(f"{field.label}: a text or a number is needed.")
    return str(value).strip()


def _check(field: CardField, text: str) -> None:
    if not text:
        if field.required:
            raise WrongField(f"{field.label} is needed.")
        return
    most = min(field.max_length or MAX_CHARS, MAX_CHARS)
    if len(text) > most:
        raise WrongField(f"{field.label} has at most {most:,} characters.")
    if field.type in ("number", "money"):
        _check_number(field, text)
    if field.options is not None or field.type == "choice":
        if text not in {option.value for option in field.options or []}:
            raise WrongField(f"{field.label}: choose one of those that are offered.")


def _check_number(field: CardField, text: str) -> None:
    number = _number(text)
    if number is None:
        raise WrongField(f"{field.label} has to be a number, such as 12.50.")
    low, high = (_number(bound or "") for bound in (field.minimum, field.maximum))
    if low is not None and number < low:
        raise WrongField(f"{field.label} is at least {field.minimum}.")
    if high is not None and number > high:
        raise WrongField(f"{field.label} is at most {field.maximum}.")


def _number(text: str) -> Decimal | None:
    """Plain decimals only: no exponent, no grouping, no other script's digits."""
    is_plain = text.isascii() and text.lstrip("-").replace(".", "", 1).isdecimal()
    try:
        return Decimal(text) if is_plain and len(text) <= 20 else None
    except InvalidOperation:
        return None

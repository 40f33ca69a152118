"""What the back office tells, as agents get it: cards and who the customer is.

Cards come from other people's systems: one that cannot be read is left out alone, and
a value that is not what its type says is shown as plain text.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from pydantic import JsonValue, ValidationError

from handoff_bridge.conversation.cards import CardHeading, CardRow, Money
from handoff_bridge.models import JsonObject, Sent, iso
from handoff_bridge.packet.customer import Person
from handoff_bridge.packet.redaction import clean_text
from handoff_bridge.packet.schema import (
    Card,
    CardAction,
    CardField,
    CardOption,
)

MAX_CARDS = 20
MAX_ROWS = 60
MAX_CHARS = 500
MAX_REFERENCES = 5
MAX_ACTIONS = 10
MAX_FIELDS = 10
HIDDEN = "•••"
_MAIL = re.compile(r"([^\s@<>]?)[^\s@<>]*@([^\s@<>]+)")
_ADDRESS = re.compile(r"https?://[^\s/?#@]+([/?#]\S*)?", re.IGNORECASE)
_MAIL_ADDRESS = re.compile(r"mailto:[^\s@?]+@[^\s@?]+", re.IGNORECASE)


@dataclass(frozen=True)
class Acted:
    """What came of a card's action: the card by now, and a sentence for agents."""

    card: Card
    result: str | None = None


@dataclass(frozen=True)
class Told:
    """An answer of the back office: who the customer is, and cards."""

    cards: list[Card]
    customer: Person | None = None


def read_acted(body: JsonObject) -> Acted | None:
    """The answer to an action; None where it holds no card."""
    cards, _ = read_cards([body.get("card")], masked=False)
    return Acted(cards[0], _text(body.get("result")) or None) if cards else None


def read_cards(told: JsonValue, *, masked: bool) -> tuple[list[Card], list[str]]:
    """The cards of an answer, and where something could not be read.

    With `masked`, rows marked `private` and mail addresses are hidden.
    """
    found: list[Card] = []
    left_out: list[str] = []
    for at, one in enumerate(_list(told)[:MAX_CARDS]):
        card, bad_rows = _card(one, masked)
        if card is None:
            left_out.append(f"cards[{at}]")
            continue
        found.append(card)
        left_out += [f"cards[{at}].rows[{row}]" for row in bad_rows]
    return found, left_out


def references_of(turn: JsonObject) -> list[str]:
    """What the chat is about as the assistant reports it, most telling first."""
    told = turn.get("references")
    found = [str(one) for one in told] if isinstance(told, list) else []
    return [one for one in found if one][:MAX_REFERENCES]


def _card(told: JsonValue, masked: bool) -> tuple[Card | None, list[int]]:
    """The card, and which of its rows could not be read."""
    if not isinstance(told, dict) or not isinstance(told.get("rows"), list):
        return None, []
    rows = [_row(row, masked) for row in _list(told["rows"])[:MAX_ROWS]]
    texts = {name: _text(told.get(name)) for name in CardHeading.model_fields}
    if masked:
        texts = {name: _without_mail(text) for name, text in texts.items()}
    actions = [_action(action) for action in _list(told.get("actions"))[:MAX_ACTIONS]]
    offered = [action for action in actions if action]
    card = {
        **{name: text or None for name, text in texts.items()},
        "rows": [row for row in rows if row],
        "photo": _page(told.get("photo")),
        # Nothing is done for somebody who has proved nothing.
        "actions": None if masked else offered or None,
        "actions_locked": True if masked and offered else None,
    }
    return _fitting(Card, card), [at for at, row in enumerate(rows) if row is None]


def _action(told: JsonValue) -> CardAction | None:
    """One whose fields can all be read: half a form would ask for half."""
    told = _clean(told)
    if not isinstance(told, dict):
        return None
    fields = [_field(one) for one in _list(told.get("fields"))[:MAX_FIELDS]]
    return _fitting(CardAction, {**told, "fields": fields}) if all(fields) else None


def _field(told: JsonValue) -> CardField | None:
    if not isinstance(told, dict):
        return None
    options = [_fitting(CardOption, one) for one in _list(told.get("options"))]
    known = [option for option in options if option]
    return _fitting(CardField, {**told, "options": known or None})


def _row(told: JsonValue, masked: bool) -> CardRow | None:
    if not isinstance(told, dict):
        return None
    label, (kind, value) = _text(told.get("label")), _value(told)
    row: dict[str, object] = {"label": label, "type": kind, "value": value}
    if told.get("emphasis") is True:
        row["emphasis"] = True
    if masked:
        row["label"] = _without_mail(label)
        hidden = _hidden(value, is_private=bool(told.get("private")))
        if hidden != value:
            row |= {"type": "text", "value": hidden, "masked": True}
    return _fitting(CardRow, row)


def _value(row: JsonObject) -> tuple[str, str | Money]:
    """The type and value to show: as plain text where the value is not of the type."""
    kind, value = row.get("type"), row.get("value")
    read = _TYPES.get(kind) if isinstance(kind, str) else None
    found = read(value) if read else None
    return (str(kind), found) if found else ("text", _plain(value))


def _hidden(value: str | Money, *, is_private: bool) -> str | Money:
    """What may be shown of a value to an agent of somebody who has proved nothing."""
    is_mail = isinstance(value, str) and _MAIL.fullmatch(value)
    if is_private and value and not is_mail:
        return HIDDEN
    return _without_mail(value) if isinstance(value, str) else value


def _without_mail(text: str) -> str:
    """`jo.marsh@example.com` becomes `j***@example.com`."""
    return _MAIL.sub(r"\1***@\2", text)


def _fitting[M: Sent](model: type[M], told: object) -> M | None:
    """What the model names of an object; None where that does not fit it."""
    given = told if isinstance(told, dict) else {}
    named = {name: given.get(name) for name in model.model_fields}
    try:
        return model.model_validate({k: v for k, v in named.items() if v is not None})
    except ValidationError:
        return None


def _clean(told: JsonValue) -> JsonValue:
    """The same, as every database can hold it."""
    if isinstance(told, dict):
        return {clean_text(name): _clean(value) for name, value in told.items()}
    if isinstance(told, list):
        return [_clean(value) for value in told]
    return clean_text(told) if isinstance(told, str) else told


def _list(told: JsonValue) -> list[JsonValue]:
    return told if isinstance(told, list) else []


def _text(told: JsonValue) -> str:
    is_text = isinstance(told, str | int | float) and not isinstance(told, bool)
    return clean_text(str(told)).strip()[:MAX_CHARS] if is_text else ""


def _plain(told: JsonValue) -> str:
    """Anything in words, as far as that goes."""
    if isinstance(told, bool):
        return "yes" if told else "no"
    if isinstance(told, dict):
        told = list(told.values())
    texts = map(_text, told if isinstance(told, list) else [told])
    return ", ".join(text for text in texts if text)[:MAX_CHARS]


def _date(told: JsonValue) -> str | None:
    try:
        return date.fromisoformat(_text(told)).isoformat()
    except ValueError:
        return None


def _moment(told: JsonValue) -> str | None:
    try:
        at = datetime.fromisoformat(_text(told))
    except ValueError:
        return None
    return iso(at) if at.tzinfo else None


def _page(told: JsonValue) -> str | None:
    text = _text(told)
    return text if _ADDRESS.fullmatch(text) else None


def _link(told: JsonValue) -> str | None:
    text = _text(told)
    return text if _MAIL_ADDRESS.fullmatch(text) else _page(text)


_TYPES: dict[str, Callable[[JsonValue], str | Money | None]] = {
    "text": _plain,
    "money": partial(_fitting, Money),
    "date": _date,
    "datetime": _moment,
    "link": _link,
    "code": _text,
}

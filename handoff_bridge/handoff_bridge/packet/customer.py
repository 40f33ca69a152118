"""The packet's customer: who they are, where they write, what happened before."""

from collections.abc import Iterable

from pydantic import JsonValue

from handoff_bridge.conversation.events import TriggerLabels
from handoff_bridge.conversation.states import Disposition
from handoff_bridge.conversation.triggers import Trigger, label_of
from handoff_bridge.models import JsonObject
from handoff_bridge.packet.events import Maybe, Read
from handoff_bridge.packet.reading import Reading, timestamp
from handoff_bridge.packet.schema import Customer, EarlierHandoff

DEFAULT_LANGUAGE = "en"


class Person(Read):
    """What a row of the customers, or the back office, says of somebody."""

    customer_id: Maybe[str] = None
    name: Maybe[str] = None
    email: Maybe[str] = None
    tier: Maybe[str] = None
    language: Maybe[str] = None


def customer_part(
    channel: str | None,
    language: str | None,
    people: Iterable[Person],
    earlier: list[EarlierHandoff],
) -> Customer:
    """Put together what is known; of `people` the first who says something counts."""
    known = list(people)

    def first(name: str) -> str | None:
        return next((getattr(p, name) for p in known if getattr(p, name)), None)

    return Customer(
        id=first("customer_id"),
        name=first("name"),
        email=first("email"),
        tier=first("tier"),
        language=language or first("language") or DEFAULT_LANGUAGE,
        channels=[channel or "web"],
        earlier_handoffs=earlier,
    )


class Known(Read):
    """What a row or an event says of a handoff."""

    handoff_id: Maybe[str] = None
    conversation_id: Maybe[str] = None
    about: Maybe[str] = None
    trigger: Maybe[str] = None
    at: JsonValue = None
    queued_at: JsonValue = None
    disposition: Maybe[Disposition] = None
    outcome: Maybe[str] = None
    labels: Maybe[TriggerLabels] = None


def earlier_handoffs(
    handoff_id: str,
    reading: Reading,
    rows: Iterable[JsonObject],
    language: str | None = None,
) -> list[EarlierHandoff]:
    """Join the handoffs found in the log with the rows given, oldest first.

    Labels are in the agent's `language` where they were sent in it.
    """
    found = _in_log(reading)
    for row in map(Known.model_validate, rows):
        if row.handoff_id:
            known = found.get(row.handoff_id, row)
            found[row.handoff_id] = Known(
                handoff_id=row.handoff_id,
                trigger=row.trigger or known.trigger,
                at=row.at or row.queued_at or known.at,
                disposition=row.disposition or known.disposition,
                outcome=row.outcome or known.outcome,
                labels=row.labels,
                conversation_id=row.conversation_id,
                about=row.about,
            )
    found.pop(handoff_id, None)
    items = [
        EarlierHandoff(
            handoff_id=handoff_id,
            trigger=known.trigger or Trigger.CUSTOMER_REQUEST,
            conversation_id=known.conversation_id or None,
            label=_label(known, language),
            about=known.about or None,
            at=at,
            disposition=known.disposition,
            outcome=known.outcome or None,
        )
        for handoff_id, known in found.items()
        if (at := timestamp(known.at))
    ]
    return sorted(items, key=lambda item: item.at)


def _label(known: Known, language: str | None) -> str | None:
    """None where nobody has sent one."""
    name = known.trigger or ""
    labels = (known.labels or {}).get(name)
    return label_of(name, labels, language) if labels else None


def _in_log(reading: Reading) -> dict[str, Known]:
    found: dict[str, Known] = {}
    for event in reading.events:
        if not event.handoff_id:
            continue
        known = found.get(event.handoff_id)
        if event.type == "handoff_requested" and event.seq < reading.asked:
            found[event.handoff_id] = Known(trigger=_name(event.trigger), at=event.at)
        elif event.type == "handoff_updated" and known is not None:
            ended = {"disposition": event.disposition, "outcome": event.outcome}
            told = {key: value for key, value in ended.items() if value}
            found[event.handoff_id] = known.model_copy(update=told)
    return found


def _name(trigger: JsonValue) -> str | None:
    """Of a turn it is an object; of a handoff a name."""
    return trigger if isinstance(trigger, str) else None

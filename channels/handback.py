"""What a hand-back writes into the tracker, in order. No I/O.

The open form goes first: it would swallow the rest as answers, and act on them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from rasa.shared.core.constants import (
    DEFAULT_SLOT_NAMES,
    REQUESTED_SLOT,
)
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActiveLoop,
    BotUttered,
    ConversationResumed,
    Event,
    SlotSet,
    UserUttered,
)

from channels.bridge_requests import CaughtUpMessage, HandbackRequest
from channels.rasa_compat import CHANNEL_NAME
from channels.turn_report import HANDOFF_ID, JOINED
from components.escalation_policy import REQUEST_SLOT
from components.escalation_turns import CATCH_UP, ENDED_BY, HANDBACK_INTENT

HANDBACK_SLOT = "handback"
MESSAGE_ID = "message_id"


class UnknownSlot(Exception):
    """An agent filled a slot that the domain does not have."""


def known_slots(request: HandbackRequest, domain: Domain) -> list[SlotSet]:
    """Returns the slots to set, with the one that tells about the handoff.

    Raises:
        UnknownSlot: one is not in the domain, or belongs to Rasa or the policy.
    """
    offered = {slot.name for slot in domain.slots}
    allowed = offered - DEFAULT_SLOT_NAMES - {REQUEST_SLOT, HANDBACK_SLOT}
    unknown = sorted(set(request.slots) - allowed)
    if unknown:
        raise UnknownSlot(f"The assistant has no slot {', '.join(unknown)}.")
    slots = [SlotSet(name, value) for name, value in request.slots.items()]
    if HANDBACK_SLOT in offered:
        slots.append(SlotSet(HANDBACK_SLOT, _story(request)))
    return slots


def without_heard(
    request: HandbackRequest, tracker_events: Iterable[Event]
) -> HandbackRequest:
    """Leaves out what the assistant has heard: in a turn, or in an earlier hand-back.

    The bridge may have died before it wrote down that it had told it.
    """
    heard: set[str] = set()
    for event in tracker_events:
        if isinstance(event, UserUttered):
            heard |= {str(event.message_id), *(event.metadata.get(JOINED) or ())}
        if isinstance(event, UserUttered | BotUttered):
            heard.add(str(event.metadata.get(MESSAGE_ID)))
    messages = tuple(m for m in request.messages if m.message_id not in heard)
    return replace(request, messages=messages)


def closing_events(
    request: HandbackRequest,
) -> tuple[list[Event], list[Event], ConversationResumed]:
    """Returns what closes the form, what was said, and the end of the pause."""
    metadata = {CATCH_UP: True, HANDOFF_ID: request.handoff_id}
    closing: list[Event] = [
        ActiveLoop(None, metadata=dict(metadata)),
        SlotSet(REQUESTED_SLOT, None, metadata=dict(metadata)),
    ]
    said = [_said(message, metadata) for message in request.messages]
    ended = {**metadata, **({ENDED_BY: request.agent} if request.agent else {})}
    return closing, said, ConversationResumed(metadata=ended)


def returning_message(request: HandbackRequest) -> UserUttered:
    """Returns the event that makes the assistant greet the customer again."""
    event = UserUttered.create_external(HANDBACK_INTENT, [], CHANNEL_NAME)
    event.message_id = request.handoff_id
    return event


def _story(request: HandbackRequest) -> dict[str, Any]:
    told = {
        HANDOFF_ID: request.handoff_id,
        "agent": request.agent,
        "outcome": request.outcome,
        "disposition": request.disposition,
    }
    return {name: value for name, value in told.items() if value is not None}


def _said(message: CaughtUpMessage, metadata: dict[str, Any]) -> Event:
    """Returns a message as an event of now, with its true time in the metadata.

    The tracker store reads a session from its start's time on: an older event
    would vanish from a session that begins with this hand-back.
    """
    told = {**metadata, "at": message.at, "agent": message.agent}
    # Not as the event's own id, under which a turn would be looked for.
    told[MESSAGE_ID] = message.message_id
    told = {name: value for name, value in told.items() if value is not None}
    if message.sender == "agent":
        return BotUttered(message.text, metadata=told)
    return UserUttered(
        message.text,
        parse_data={
            "text": message.text,
            "intent": {"name": None, "confidence": 0.0},
            "entities": [],
        },
        input_channel=CHANNEL_NAME,
        metadata=told,
    )

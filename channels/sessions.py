"""Starts a new Rasa session without what Rasa's own action drags along."""

from __future__ import annotations

from rasa.shared.core.constants import (
    ACTION_LISTEN_NAME,
    ACTION_SESSION_START_NAME,
    REQUESTED_SLOT,
    SESSION_START_METADATA_SLOT,
)
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from components.escalation_policy import REQUEST_SLOT

NOT_CARRIED_OVER = {REQUESTED_SLOT, SESSION_START_METADATA_SLOT, REQUEST_SLOT}


def start_session(tracker: DialogueStateTracker, domain: Domain) -> None:
    """Appends a session start that carries over each slot's present value.

    `action_session_start` repeats every slot event that there ever was, so that
    each session would begin longer than the one before.
    """
    # First, as the tracker store reads a session from this event's time on.
    started = SessionStarted()
    carried: list[Event] = [
        SlotSet(slot.name, slot.value)
        for slot in tracker.slots.values()
        if slot.value != slot.initial_value and slot.name not in NOT_CARRIED_OVER
    ]
    tracker.update_with_events(
        [
            ActionExecuted(ACTION_SESSION_START_NAME, timestamp=started.timestamp),
            started,
            *carried,
            ActionExecuted(ACTION_LISTEN_NAME),
        ],
        domain,
    )

"""Starts a new Rasa session without what Rasa's own action drags along."""

from __future__ import annotations

from collections.abc import Container

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


def start_session(
    tracker: DialogueStateTracker,
    domain: Domain,
    carried: Container[str] | None = None,
) -> None:
    """Appends a session start that carries over the slots' present values.

    With `carried`, only of the slots named there; an open form ends either way.

    `action_session_start` repeats every slot event that there ever was, so that
    each session would begin longer than the one before.
    """
    # First, as the tracker store reads a session from this event's time on.
    started = SessionStarted()
    slots: list[Event] = [
        SlotSet(slot.name, slot.value)
        for slot in tracker.slots.values()
        if slot.value != slot.initial_value
        and slot.name not in NOT_CARRIED_OVER
        and (carried is None or slot.name in carried)
    ]
    tracker.update_with_events(
        [
            ActionExecuted(ACTION_SESSION_START_NAME, timestamp=started.timestamp),
            started,
            *slots,
            ActionExecuted(ACTION_LISTEN_NAME),
        ],
        domain,
    )

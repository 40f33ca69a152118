"""What the customer's latest message says, and which question it answers.

Reads the tracker as the action server gets it; changes it only where that is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

REQUESTED = "requested_slot"


def asked_slot(tracker: Tracker) -> str | None:
    """Returns the slot of the open question."""
    return tracker.get_slot(REQUESTED)


def was_asked(tracker: Tracker, slot: str) -> bool:
    """Whether the customer's message answers the question for this slot."""
    return asked_slot(tracker) == slot


def is_first_look(tracker: Tracker) -> bool:
    """Whether the form sees the message first, not after another action's answer."""
    actions = {
        event.get("name")
        for event in tracker.events[latest_user(tracker) :]
        if event.get("event") == "action"
    }
    return actions <= {tracker.active_loop_name}


def forget_extracted(tracker: Tracker, slot: str | None) -> list[EventType]:
    """Takes back what Rasa found for a slot in the latest message."""
    latest = latest_user(tracker)
    found = [
        event
        for event in tracker.events[latest:]
        if event.get("event") == "slot" and event.get("name") == slot
    ]
    if slot is None or not found:
        return []
    before = value_when_asked(tracker, slot)
    tracker.slots[slot] = before
    # Rasa appends the values that it wants validated as slot events
    tracker.events[latest:] = [
        event for event in tracker.events[latest:] if event not in found
    ]
    return [SlotSet(slot, before)]


def latest_user(tracker: Tracker) -> int:
    """Returns where the latest message stands among the events, 0 without one."""
    return max(
        (n for n, event in enumerate(tracker.events) if event.get("event") == "user"),
        default=0,
    )


def opens(events: Sequence[EventType], at: int, form: str) -> bool:
    """Whether the event there starts the form, and does not only go on with it."""
    event = events[at]
    return (
        event.get("event") == "active_loop"
        and event.get("name") == form
        and not (at > 0 and events[at - 1].get("event") == "followup")
    )


def slots_asked_for(tracker: Tracker, form: str) -> set[str]:
    """Returns the slots that the form has asked for since it was opened."""
    asked: set[str] = set()
    for at, event in reversed([*enumerate(tracker.events)]):
        if opens(tracker.events, at, form):
            break
        if event.get("event") == "slot" and event.get("name") == REQUESTED:
            asked.add(str(event.get("value")))
    return asked


def intent_of(tracker: Tracker) -> str | None:
    """Returns what the customer's latest message was understood as."""
    return (tracker.latest_message.get("intent") or {}).get("name")


def confidence_of(tracker: Tracker) -> float:
    """Returns how sure that is, from 0 to 1."""
    return float((tracker.latest_message.get("intent") or {}).get("confidence") or 0)


def is_doubtful(tracker: Tracker) -> bool:
    """Whether it only asks, or doubts: "should I return it?"."""
    return bool((tracker.latest_message.get("polarity") or {}).get("doubtful"))


def value_when_asked(tracker: Tracker, slot: str) -> Any:
    """Returns what the slot held before the customer's latest message."""
    before_message = False
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            before_message = True
        elif before_message and event.get("event") == "slot":
            if event.get("name") == slot:
                return event.get("value")
    return None


def typed_text(tracker: Tracker) -> str:
    """Returns what the customer's latest message says."""
    return str(tracker.latest_message.get("text") or "")


def opening_words(tracker: Tracker, form: str) -> str:
    """Returns the message that opened the form, "" if a button did."""
    opened = False
    for at, event in reversed([*enumerate(tracker.events)]):
        if opens(tracker.events, at, form):
            opened = True
        elif opened and event.get("event") == "user":
            text = str(event.get("text") or "")
            return "" if is_button(text) else text
    return ""


def is_button(value: Any) -> bool:
    """Whether a text is the payload of a button, tapped late: no words to use."""
    return str(value).startswith("/")


def has_seen_question(tracker: Tracker) -> bool:
    """Whether the customer had the question before answering, as far as is known."""
    event = tracker.events[latest_user(tracker)] if tracker.events else {}
    return (event.get("metadata") or {}).get("saw_last_question") is not False

"""Coming back to an open question after a look at something else.

"Where is my parcel?" in the middle of a review is answered, and then the review's
question comes again, with all that was told for it. What changes something is another
topic: it ends the form that was open.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet

from actions.latest_message import REQUESTED

# The forms of the topics that only tell something.
LOOK_UPS = frozenset(
    {
        "order_status_form",
        "refund_status_form",
        "availability_form",
        "transactions_form",
    }
)
# Of whichever topic they were set, they are what the open question is about.
ORDER = ("order_number", "order_customer_id")


def resumed(tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
    """Returns what opens the form again that a finished look-up has interrupted."""
    events = _of_this_session(tracker.events)
    loops = [at for at, event in enumerate(events) if event["event"] == "active_loop"]
    while loops and events[loops[-1]]["name"] is None:
        loops.pop()
    if len(loops) < 2 or events[loops[-1]]["name"] not in LOOK_UPS:
        return []
    form = events[loops[-2]]["name"]
    before = _before_message(events[: loops[-1]])
    asked = _values(before).get(REQUESTED)
    if form is None or form in LOOK_UPS or asked is None:
        return []
    known = _values(before)
    told = dict.fromkeys((*ORDER, *domain["forms"][form]["required_slots"]))
    return [
        *(
            SlotSet(name, known.get(name))
            for name in told
            if tracker.get_slot(name) != known.get(name)
        ),
        SlotSet(REQUESTED, asked),
        FollowupAction(form),
        ActiveLoop(form),
    ]


def _of_this_session(events: Sequence[EventType]) -> list[EventType]:
    latest = takewhile(
        lambda event: event.get("event") != "session_started", reversed(events)
    )
    return [*latest][::-1]


def _before_message(events: Sequence[EventType]) -> Sequence[EventType]:
    """Returns what came before the last message of the customer."""
    messages = [at for at, one in enumerate(events) if one.get("event") == "user"]
    return events[: messages[-1]] if messages else ()


def _values(events: Sequence[EventType]) -> dict[str, Any]:
    return {one["name"]: one["value"] for one in events if one.get("event") == "slot"}

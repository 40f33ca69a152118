"""Forgetting who the customer is, at once and without a question: nothing is deleted.

Whom the shop's own site has signed in is for that site to sign out; the answer says so.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.account import is_signed_in

# What the next person in this chat may still profit from.
KEPT = frozenset({"language"})


class ActionSignOut(Action):
    """Ends the proof by code, and forgets what was told in this chat."""

    def name(self) -> str:
        return "action_sign_out"

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[EventType]:
        """Empties every slot that could tell who the customer is."""
        signed_in = is_signed_in(tracker.get_slot("authentication"))
        # The site says it with every message, whatever else was proved by a code.
        signed_in = signed_in or tracker.get_slot("customer_id") is not None
        outcome = "signed_in" if signed_in else "done"
        dispatcher.utter_message(response=f"utter_sign_out_{outcome}")
        # Every action of ours returns an event, so that a dead server shows.
        return [
            SlotSet("authentication", None),
            *(
                SlotSet(name, None)
                for name, value in tracker.slots.items()
                if value is not None and name not in KEPT
            ),
        ]

"""Forgetting who the customer is: at once if that is surely meant, else asked first.

Nothing is deleted. Whom the shop's own site has signed in is for that site to sign out;
the answer says so.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.account import is_signed_in
from actions.confirmed_form import ConfirmedForm
from actions.forms import start_of
from actions.latest_message import (
    confidence_of,
    intent_of,
    is_doubtful,
    was_asked,
)

# What the next person in this chat may still profit from.
KEPT = frozenset({"language"})
INTENT = "sign_out"
# "I'm off" resembles it, and a computer that others use may only be told of.
SURELY = 0.9


def is_surely_meant(tracker: Tracker) -> bool:
    """Whether the message plainly asks for it: no guess, and no "should I?"."""
    is_sure = intent_of(tracker) == INTENT and confidence_of(tracker) >= SURELY
    return is_sure and not is_doubtful(tracker)


class ValidateSignOutForm(ConfirmedForm):
    intent = INTENT
    answers = ("confirm",)

    def name(self) -> str:
        return "validate_sign_out_form"

    async def required_slots(
        self,
        domain_slots: list[str],
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[str]:
        """Asks only where it may not be meant."""
        starts = start_of(tracker, self.form_name()) is not None
        return [] if starts and is_surely_meant(tracker) else domain_slots

    def extract_confirm(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Takes the plain wish for a yes, too."""
        if was_asked(tracker, "confirm") and is_surely_meant(tracker):
            return {"confirm": True}
        return super().extract_confirm(dispatcher, tracker, domain)


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
        if tracker.get_slot("confirm") is not True and not is_surely_meant(tracker):
            dispatcher.utter_message(response="utter_sign_out_kept")
            return [SlotSet("confirm", None)]
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

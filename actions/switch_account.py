"""Another account in the same chat: what is possible, and forgetting the present one.

Who is signed in is the shop's own site to say, so that cannot change here. A customer
who passed a one-time code can have that forgotten, and pass one for another account.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.account import is_signed_in
from actions.confirmed_form import ConfirmedForm
from actions.proof import fresh_customer, now_utc
from actions.topic import TopicAction

IDENTITY = (
    "authentication",
    "customer_id",
    "order_number",
    "order_customer_id",
    "code_sent",
)


def can_forget(tracker: Tracker) -> bool:
    """Whether there is a verification that this chat itself can drop."""
    authentication = tracker.get_slot("authentication")
    return (
        not is_signed_in(authentication)
        and fresh_customer(authentication, now_utc()) is not None
    )


class ValidateSwitchAccountForm(ConfirmedForm):
    intent = "switch_account"

    def name(self) -> str:
        return "validate_switch_account_form"

    async def required_slots(
        self,
        domain_slots: list[str],
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[str]:
        """Asks only where a yes would change something."""
        return domain_slots if can_forget(tracker) else []


class ActionSwitchAccount(TopicAction):
    intent = "switch_account"
    forgets = ("confirm",)

    def name(self) -> str:
        return "action_switch_account"

    async def settle(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        dispatcher.utter_message(response=switch_response(tracker))

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[EventType]:
        """Forgets who the customer was, if that is what they want."""
        events = await super().run(dispatcher, tracker, domain)
        if switch_response(tracker) != "utter_switch_account_done":
            return events
        return [*events, *(SlotSet(name, None) for name in IDENTITY)]


def switch_response(tracker: Tracker) -> str:
    """Says what becomes of the wish."""
    if is_signed_in(tracker.get_slot("authentication")):
        return "utter_switch_account_signed_in"
    if not can_forget(tracker):
        return "utter_switch_account_unknown"
    if tracker.get_slot("confirm") is True:
        return "utter_switch_account_done"
    return "utter_switch_account_kept"

"""Mailing a link for a new password to the verified customer's own address."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.topic import NotVerified, TopicAction, change, idempotency_key, shop
from actions.verification import VerifiedForm, fresh_customer, now_utc


class ValidatePasswordResetForm(VerifiedForm):
    intent = "reset_password"

    def name(self) -> str:
        return "validate_password_reset_form"

    async def required_slots(
        self,
        domain_slots: list[str],
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[str]:
        """Asks nothing when it is clear whose account it is."""
        if account_of(tracker) is not None:
            return []
        return await super().required_slots(domain_slots, dispatcher, tracker, domain)


def account_of(tracker: Tracker) -> str | None:
    """Returns the verified customer, unless the chat is about somebody else's order."""
    customer_id = fresh_customer(tracker.get_slot("authentication"), now_utc())
    owner = tracker.get_slot("order_customer_id")
    return customer_id if owner in (None, customer_id) else None


class ActionResetPassword(TopicAction):
    intent = "reset_password"
    forgets = ("one_time_code",)

    def name(self) -> str:
        return "action_reset_password"

    async def settle(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        customer_id = account_of(tracker)
        if customer_id is None:
            raise NotVerified
        reset = await change(
            shop().customers.reset_password,
            customer_id,
            key=idempotency_key(tracker, self.name()),
        )
        valid_mins = round((reset.expires_at - now_utc()).total_seconds() / 60)
        dispatcher.utter_message(
            response="utter_password_reset_sent",
            sent_to=reset.sent_to,
            valid_mins=valid_mins,
        )

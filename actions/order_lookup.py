"""Finding the order of a customer who has no number at hand.

A code to the mail address that was ordered with shows who it is; then this customer's
orders are offered. Who is known already chooses at once.
"""

from __future__ import annotations

from abc import ABC
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.forms import empty, refuse, start_of
from actions.latest_message import (
    is_button,
    opening_words,
    typed_text,
    was_asked,
)
from actions.mail_addresses import email_in
from actions.order_form import NO_NUMBER, OrderForm
from actions.proof import fresh_customer, now_utc
from authoring.order_numbers import order_number_in

BY_MAIL = ("order_email", "one_time_code")


class OrderLookupForm(OrderForm, ABC):
    """Base of the forms that go on by mail address without a number."""

    async def prepare(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[EventType]:
        """Begins with the number, whatever an earlier form has come to."""
        dropped: list[EventType] = []
        if start_of(tracker, self.form_name()) is not None:
            left = ("number_at_hand", "order_email")
            known = [one for one in left if tracker.get_slot(one) is not None]
            dropped = empty(tracker, self.form_name(), known)
        return [*dropped, *await super().prepare(dispatcher, tracker, domain)]

    def without_number(
        self, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> dict[str, Any]:
        """Goes on by mail address; whom is known already sees the orders again."""
        if fresh_customer(tracker.get_slot("authentication"), now_utc()):
            if not was_asked(tracker, "order_number"):
                return {}  # the orders are still to be shown
            return refuse(dispatcher, "order_number", "utter_order_number_choose")
        email = self.told_email(tracker)
        return {"number_at_hand": False, **({"order_email": email} if email else {})}

    def extract_order_number(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Takes a mail address for having no number."""
        text = typed_text(tracker)
        if was_asked(tracker, "order_number") and email_in(text):
            return {} if order_number_in(text) else {"order_number": NO_NUMBER}
        return super().extract_order_number(dispatcher, tracker, domain)

    def told_email(self, tracker: Tracker) -> str | None:
        """Returns the address that the answer says, or the request for an order."""
        said = email_in(typed_text(tracker))
        if said or not self.is_about_order:
            return said
        return email_in(opening_words(tracker, self.form_name()))

    def extract_order_email(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Hears the address among other words."""
        text = typed_text(tracker)
        if is_button(text) or not was_asked(tracker, "order_email"):
            return {}
        found = email_in(text)
        return {"order_email": found} if found else {}

    def validate_order_email(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Accepts what can be a mail address."""
        email = None if is_button(value) else email_in(value)
        if email is None:
            return refuse(dispatcher, "order_email", "utter_account_email_unclear")
        return {"order_email": email}


def is_by_mail(tracker: Tracker) -> bool:
    """Whether a customer without a number is still to show who they are."""
    known = fresh_customer(tracker.get_slot("authentication"), now_utc())
    return (
        tracker.get_slot("number_at_hand") is False
        and tracker.get_slot("order_number") is None
        and known is None
    )

"""The newsletter: on by a link in a mail, off at once."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.account import (
    ACCOUNT_REFUSALS,
    AccountQuestion,
    DetailsForm,
    MailedForm,
    account_of,
    verified_account,
)
from actions.forms import refuse
from actions.latest_message import intent_of, is_button, typed_text, was_asked
from actions.topic import (
    Speech,
    TopicAction,
    change,
    idempotency_key,
    look_up,
    shop,
)
from authoring.designers_words import meant

WISHES = ("subscribe", "unsubscribe")


class ValidateNewsletterForm(DetailsForm, MailedForm):
    intent = "change_newsletter"
    answers = ("newsletter_wish", "email")

    def name(self) -> str:
        return "validate_newsletter_form"

    async def required_slots(
        self,
        domain_slots: list[str],
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[str]:
        """Does not ask for an address that the shop knows."""
        if account_of(tracker) is None:
            return domain_slots
        return [slot for slot in domain_slots if slot != "email"]

    def extract_newsletter_wish(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Hears "unsubscribe me" in the request itself, and whatever answers us."""
        text = typed_text(tracker)
        if not was_asked(tracker, "newsletter_wish") and (
            tracker.get_slot("newsletter_wish") or intent_of(tracker) != self.intent
        ):
            return {}
        wish = None if is_button(text) else meant("newsletter_wish", text)
        return {"newsletter_wish": wish} if wish else {}

    def validate_newsletter_wish(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Accepts a button or words that say which way."""
        wish = value if value in WISHES else meant("newsletter_wish", str(value))
        if wish in WISHES:
            return {"newsletter_wish": wish}
        return refuse(dispatcher, "newsletter_wish", "utter_newsletter_wish_unclear")


class ActionAskNewsletterFormConfirm(AccountQuestion):
    """Names the address, masked if it comes from the account."""

    def name(self) -> str:
        return "action_ask_newsletter_form_confirm"

    async def question(self, tracker: Tracker) -> Speech | None:
        email = tracker.get_slot("email")
        if not email:
            account = await look_up(shop().accounts.get, verified_account(tracker))
            email = account.email
        if tracker.get_slot("newsletter_wish") == "subscribe":
            return "utter_newsletter_confirm_on", {"email": email}
        return "utter_newsletter_confirm_off", {"email": email}


class ActionChangeNewsletter(TopicAction):
    intent = "change_newsletter"
    forgets = ("confirm",)
    answers = ("newsletter_wish", "email")
    refusals = ACCOUNT_REFUSALS
    unverified = "utter_account_not_verified"

    def name(self) -> str:
        return "action_change_newsletter"

    async def settle(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        wish, email = tracker.get_slot("newsletter_wish"), tracker.get_slot("email")
        if wish not in WISHES or tracker.get_slot("confirm") is not True:
            dispatcher.utter_message(response="utter_newsletter_kept")
            return
        done = await change(
            shop().accounts.change_newsletter,
            subscribed=wish == "subscribe",
            email=email,
            customer_id=None if email else verified_account(tracker),
            key=idempotency_key(tracker, self.name()),
        )
        dispatcher.utter_message(
            response=newsletter_response(wish, done.nothing_to_do),
            sent_to=done.sent_to,
        )


def newsletter_response(wish: str, nothing_to_do: bool | None) -> str:
    """Says what was done; whether it was needed only where the shop tells."""
    if wish == "subscribe":
        return (
            "utter_newsletter_already_on"
            if nothing_to_do
            else "utter_newsletter_link_sent"
        )
    return "utter_newsletter_not_on" if nothing_to_do else "utter_newsletter_off"

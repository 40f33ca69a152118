"""Opening an account; its password is chosen on the shop's own page, never here."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.account import ACCOUNT_REFUSALS, MailedForm, NamedForm
from actions.shop import EmailTaken
from actions.topic import TopicAction, change, idempotency_key, shop


class ValidateCreateAccountForm(NamedForm, MailedForm):
    intent = "create_account"
    answers = ("customer_name", "email")

    def name(self) -> str:
        return "validate_create_account_form"


class ActionCreateAccount(TopicAction):
    intent = "create_account"
    forgets = ("confirm",)
    answers = ("customer_name", "email")
    refusals = {**ACCOUNT_REFUSALS, EmailTaken: "utter_create_account_email_taken"}

    def name(self) -> str:
        return "action_create_account"

    async def settle(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        name, email = tracker.get_slot("customer_name"), tracker.get_slot("email")
        if not name or not email or tracker.get_slot("confirm") is not True:
            dispatcher.utter_message(response="utter_create_account_left")
            return
        key = idempotency_key(tracker, self.name())
        sent = await change(shop().accounts.create, name, email, key=key)
        dispatcher.utter_message(
            response="utter_create_account_done", sent_to=sent.sent_to
        )

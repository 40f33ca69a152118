"""Help with a registration that got stuck, without telling whose it is.

How it stands is said in a mail to the address alone; the chat hears the same for
every address.
"""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.account import ACCOUNT_REFUSALS, MailedForm
from actions.topic import TopicAction, change, idempotency_key, shop


class ValidateRegistrationForm(MailedForm):
    intent = "report_registration_problem"
    answers = ("email",)

    def name(self) -> str:
        return "validate_registration_form"


class ActionHelpRegistration(TopicAction):
    intent = "report_registration_problem"
    answers = ("email",)
    refusals = ACCOUNT_REFUSALS

    def name(self) -> str:
        return "action_help_registration"

    async def settle(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        email = tracker.get_slot("email")
        if not email:
            dispatcher.utter_message(response="utter_account_email_unclear")
            return
        key = idempotency_key(tracker, self.name())
        helped = await change(shop().accounts.help_registration, email, key=key)
        dispatcher.utter_message(
            response="utter_registration_mailed", sent_to=helped.sent_to
        )

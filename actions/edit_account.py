"""Changing name, mail address or telephone number of the verified customer."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.account import (
    ACCOUNT_REFUSALS,
    AccountAction,
    AccountForm,
    AccountQuestion,
    MailedForm,
    NamedForm,
    verified_account,
)
from actions.forms import refuse
from actions.latest_message import intent_of, is_button, typed_text
from actions.mail_addresses import email_in
from actions.shop import Account, EmailTaken
from actions.topic import Speech, change, idempotency_key, look_up, shop
from authoring.designers_words import meant

# what can be changed, and the slot that holds the new value
FIELDS = {"name": "customer_name", "email": "email", "phone": "phone"}


class ValidateEditAccountForm(AccountForm, NamedForm, MailedForm):
    intent = "edit_account"
    answers = (*AccountForm.answers, "account_field", *FIELDS.values())

    def name(self) -> str:
        return "validate_edit_account_form"

    async def required_slots(
        self,
        domain_slots: list[str],
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[str]:
        """Asks for the new value of what shall change, and for nothing else."""
        slots = await super().required_slots(domain_slots, dispatcher, tracker, domain)
        wanted = FIELDS.get(str(tracker.get_slot("account_field")))
        if wanted is None:  # asked for first, so none of the others is yet
            return slots
        others = set(FIELDS.values()) - {wanted}
        return [slot for slot in slots if slot not in others]

    def extract_account_field(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Hears "change my phone number" in the request itself."""
        intent = intent_of(tracker)
        text = typed_text(tracker)
        if tracker.get_slot("account_field") or intent != self.intent:
            return {}
        field = "email" if email_in(text) else meant("account_field", text)
        return {"account_field": field} if field and not is_button(text) else {}

    def validate_account_field(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Accepts a button or words for one of the fields."""
        field = value if value in FIELDS else meant("account_field", str(value))
        if field in FIELDS:
            return {"account_field": field}
        return refuse(dispatcher, "account_field", "utter_edit_account_field_unclear")

    def extract_phone(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Hears a number in the request itself, or in a correction."""
        return self.heard("phone", tracker)

    def validate_phone(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Accepts a number with its country code."""
        return self.taken(
            "phone", value, dispatcher, "utter_edit_account_phone_unclear"
        )


class ActionAskEditAccountFormConfirm(AccountQuestion):
    """Shows what it was, masked, and what it would be."""

    def name(self) -> str:
        return "action_ask_edit_account_form_confirm"

    async def question(self, tracker: Tracker) -> Speech | None:
        account = await look_up(shop().accounts.get, verified_account(tracker))
        field = str(tracker.get_slot("account_field"))
        new = tracker.get_slot(FIELDS.get(field, ""))
        return change_question(field, account, new) if new else None


def change_question(field: str, account: Account, new: str) -> Speech | None:
    """Asks whether a field shall change, from the masked old to the new value."""
    if field == "name":
        old, response = account.name, "utter_edit_account_confirm_name"
    elif field == "email":
        old, response = account.email, "utter_edit_account_confirm_email"
    elif account.phone:
        old, response = account.phone, "utter_edit_account_confirm_phone"
    else:
        return "utter_edit_account_confirm_first_phone", {"new": new}
    return response, {"old": old, "new": new}


class ActionEditAccount(AccountAction):
    intent = "edit_account"
    forgets = ("confirm", "one_time_code")
    answers = ("account_field", *FIELDS.values())
    refusals = {**ACCOUNT_REFUSALS, EmailTaken: "utter_edit_account_email_taken"}

    def name(self) -> str:
        return "action_edit_account"

    async def act(self, customer_id: str, tracker: Tracker) -> Speech:
        field = str(tracker.get_slot("account_field"))
        new = tracker.get_slot(FIELDS.get(field, ""))
        if not new or tracker.get_slot("confirm") is not True:
            return "utter_edit_account_kept", {}
        key = idempotency_key(tracker, self.name())
        accounts = shop().accounts
        if field == "email":
            asked = await change(accounts.change_email, customer_id, new, key=key)
            values = {"sent_to": asked.sent_to, "old": asked.old_email}
            return "utter_edit_account_email_sent", values
        if field == "name":
            await change(accounts.rename, customer_id, new, key=key)
            return "utter_edit_account_name_done", {"new": new}
        await change(accounts.change_phone, customer_id, new, key=key)
        return "utter_edit_account_phone_done", {"new": new}

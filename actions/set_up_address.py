"""The account's own addresses: another one beside the others, or a new usual one."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.account import (
    ACCOUNT_REFUSALS,
    AccountAction,
    AccountForm,
    AccountQuestion,
    DetailsForm,
    verified_account,
)
from actions.forms import refuse
from actions.latest_message import intent_of, is_button, typed_text
from actions.shop import AddressInvalid
from actions.topic import Speech, change, idempotency_key, shop
from authoring.designers_words import meant

WISHES = ("add", "usual")


class ValidateSetUpAddressForm(AccountForm, DetailsForm):
    intent = "set_up_address"
    answers = (*AccountForm.answers, "account_address", "address_wish")

    def name(self) -> str:
        return "validate_set_up_address_form"

    def extract_account_address(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Hears a correction; a request holds too many other words."""
        intent = intent_of(tracker)
        return {} if intent == self.intent else self.heard("account_address", tracker)

    def validate_account_address(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Accepts what can be a postal address."""
        return self.taken(
            "account_address", value, dispatcher, "utter_change_address_unclear"
        )

    def extract_address_wish(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Hears "add another address" in the request itself."""
        intent = intent_of(tracker)
        text = typed_text(tracker)
        if tracker.get_slot("address_wish") or intent != self.intent:
            return {}
        wish = None if is_button(text) else meant("address_wish", text)
        return {"address_wish": wish} if wish else {}

    def validate_address_wish(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Accepts a button or words that say which."""
        wish = value if value in WISHES else meant("address_wish", str(value))
        if wish in WISHES:
            return {"address_wish": wish}
        return refuse(dispatcher, "address_wish", "utter_set_up_address_wish_unclear")


class ActionAskSetUpAddressFormConfirm(AccountQuestion):
    """Shows the address as it will be kept."""

    def name(self) -> str:
        return "action_ask_set_up_address_form_confirm"

    async def question(self, tracker: Tracker) -> Speech | None:
        verified_account(tracker)
        values = {"address": tracker.get_slot("account_address")}
        if tracker.get_slot("address_wish") == "usual":
            return "utter_set_up_address_confirm_usual", values
        return "utter_set_up_address_confirm_add", values


class ActionSetUpAddress(AccountAction):
    intent = "set_up_address"
    forgets = ("confirm", "one_time_code")
    answers = ("account_address", "address_wish")
    refusals = {**ACCOUNT_REFUSALS, AddressInvalid: "utter_change_address_unclear"}

    def name(self) -> str:
        return "action_set_up_address"

    async def act(self, customer_id: str, tracker: Tracker) -> Speech:
        address = tracker.get_slot("account_address")
        if not address or tracker.get_slot("confirm") is not True:
            return "utter_set_up_address_kept", {}
        put = await change(
            shop().accounts.put_address,
            customer_id,
            address,
            is_default=tracker.get_slot("address_wish") == "usual",
            key=idempotency_key(tracker, self.name()),
        )
        response = (
            "utter_set_up_address_done_usual"
            if put.is_default
            else "utter_set_up_address_done"
        )
        return response, {"address": put.address}

"""Sending an order elsewhere, as long as its label is not printed."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.addresses import is_address, told_address
from actions.confirmed_form import ConfirmedForm
from actions.forms import refuse, start_of
from actions.latest_message import is_button, typed_text, value_when_asked
from actions.shop import AddressInvalid, AddressLocked, Order
from actions.topic import Speech, change, idempotency_key, shop
from actions.verification import OrderAction, VerifiedForm

CLOSED = frozenset({"delivered", "cancelled", "return_started", "refunded"})


class ValidateChangeAddressForm(VerifiedForm, ConfirmedForm):
    intent = "change_address"
    answers = (*VerifiedForm.answers, "new_address")

    def name(self) -> str:
        return "validate_change_address_form"

    def refuses(self, order: Order) -> bool:
        return not order.address_changeable

    def extract_new_address(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Hears the address in the request itself."""
        text = typed_text(tracker)
        if start_of(tracker, self.form_name()) is None or is_button(text):
            return {}
        told = told_address(text)
        return {"new_address": told} if told else {}

    async def validate_new_address(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Accepts what can be a postal address."""
        if is_button(value):
            return {"new_address": None}
        address = " ".join(str(value).split())
        if is_address(address):
            return {"new_address": address}
        if tracker.get_slot("order_number") != value_when_asked(
            tracker, "order_number"
        ):
            # the customer corrected the order instead of answering
            return {"new_address": None}
        return refuse(dispatcher, "new_address", "utter_change_address_unclear")


class ActionChangeAddress(OrderAction):
    intent = "change_address"
    forgets = ("confirm", "one_time_code")
    answers = ("new_address",)
    refusals = {
        AddressLocked: "utter_change_address_locked",
        AddressInvalid: "utter_change_address_unclear",
    }

    def name(self) -> str:
        return "action_change_address"

    def reason_against(self, order: Order) -> str | None:
        return refusal_response(order)

    async def act(self, order: Order, tracker: Tracker) -> Speech:
        address = tracker.get_slot("new_address")
        if not address or tracker.get_slot("confirm") is not True:
            return "utter_change_address_kept", {}
        key = idempotency_key(tracker, self.name())
        changed = await change(
            shop().orders.change_address, order.number, address, key=key
        )
        return "utter_change_address_done", {"address": changed.shipping_address}


def refusal_response(order: Order) -> str | None:
    """Says why an address cannot change, None if it can."""
    if order.address_changeable:
        return None
    if order.status in CLOSED:
        return "utter_change_address_closed"
    return "utter_change_address_locked"

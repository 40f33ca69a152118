"""Returning an item of a delivered order; a damaged one may come with a photo."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.cards import beside, return_card
from actions.forms import UNCLEAR, refuse
from actions.items import answer_button, fitting_item
from actions.latest_message import (
    intent_of,
    is_button,
    opening_words,
    typed_text,
    was_asked,
)
from actions.order_question import OrderQuestion
from actions.shop import (
    BackofficeUnavailable,
    ItemNotFound,
    ItemRequired,
    NotReturnable,
    Order,
    OrderNotFound,
    ReturnAlreadyStarted,
    ReturnWindowOver,
)
from actions.topic import (
    UNAVAILABLE,
    Speech,
    change,
    idempotency_key,
    order_of,
    shop,
)
from actions.verification import (
    OrderAction,
    VerifiedForm,
    now_utc,
)
from actions.wording import day, money
from authoring.designers_words import bare, meant, one_of, read_words
from authoring.order_numbers import order_number_in, without_order_numbers
from authoring.requests import is_request

SKIPPED = "skipped"
DAMAGED, CHANGED_MIND = "damaged", "changed mind"
MAX_REASON = 500
DELIVERED = frozenset({"delivered", "return_started"})
CLOSED = frozenset({"cancelled", "refunded"})


class ValidateReturnItemForm(VerifiedForm):
    intent = "return_item"
    # not the photo: it may be sent before there is a return
    answers = (*VerifiedForm.answers, "return_item_name", "return_reason")

    def name(self) -> str:
        return "validate_return_item_form"

    def refuses(self, order: Order) -> bool:
        return refusal_response(order, now_utc()) is not None

    def order_accepted(self, order: Order, tracker: Tracker) -> dict[str, Any]:
        """Does not ask which item when there is only one."""
        accepted = super().order_accepted(order, tracker)
        if len(order.items) == 1:
            return {**accepted, "return_item_name": order.items[0].name}
        wanted = tracker.get_slot("return_item_name")
        if not wanted:
            # what the request says already is not asked
            told = without_order_numbers(opening_words(tracker, self.form_name()))
            item = fitting_item(order.items, told)
            return {**accepted, "return_item_name": item.name} if item else accepted
        if wanted and fitting_item(order.items, wanted) is None:
            return {**accepted, "return_item_name": None}
        return accepted

    async def required_slots(
        self,
        domain_slots: list[str],
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[str]:
        """Asks for a photo only of what is damaged."""
        slots = await super().required_slots(domain_slots, dispatcher, tracker, domain)
        reason = tracker.get_slot("return_reason")
        if reason and meant("return_reason", reason) != DAMAGED:
            return [slot for slot in slots if slot != "photo"]
        return slots

    def extract_return_reason(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Hears "it arrived broken" in the request itself, so as not to ask.

        Asked for it, "I don't need it any more" is the reason and takes nothing back.
        """
        text = typed_text(tracker)
        if was_asked(tracker, "return_reason"):
            is_reason = meant("return_reason", text) == CHANGED_MIND
            return {"return_reason": text} if is_reason else {}
        if tracker.get_slot("return_reason") or intent_of(tracker) != self.intent:
            return {}
        reason = reason_in(text)
        return {"return_reason": reason} if reason else {}

    async def validate_return_item_name(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Accepts an item of the order, by its name or a word of it."""
        if is_button(value):
            return {"return_item_name": None}
        try:
            order = await order_of(tracker)
        except OrderNotFound:
            # the number comes first
            return {"return_item_name": value}
        except BackofficeUnavailable:
            return {"return_item_name": None, "blocked_by": UNAVAILABLE}
        item = fitting_item(order.items, str(value))
        if item is not None:
            return {"return_item_name": item.name}
        if intent_of(tracker) == self.intent and is_request(str(value)):
            return refuse(dispatcher, "return_item_name", "utter_help_return_item_name")
        return refuse(
            dispatcher,
            "return_item_name",
            "utter_return_item_not_in_order",
            order_number=order.number,
        )

    def validate_return_reason(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Accepts any words, but not the request itself for another order."""
        if is_button(value) or order_number_in(value):
            return {"return_reason": None}
        reason = " ".join(str(value).split())[:MAX_REASON]
        if sum(char.isalpha() for char in reason) >= 3:
            return {"return_reason": reason}
        return refuse(dispatcher, "return_reason", "utter_return_item_reason_unclear")

    def validate_photo(
        self,
        value: Any,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> dict[str, Any]:
        """Accepts a photo at any time, and going on without one when asked."""
        if value == UNCLEAR:
            return refuse(dispatcher, "photo", "utter_return_item_photo_unclear")
        if value != SKIPPED and not was_asked(tracker, "photo"):
            dispatcher.utter_message(response="utter_return_item_photo_kept")
        return {"photo": value}


def reason_in(text: str) -> str | None:
    """Returns what is the matter with an item, None if a request does not say it."""
    known = meant("return_reason", text)
    told = re.search(
        rf"(?<!\w){one_of(read_words('return_reason')['because'])}(?:(?<=')|\s+)(.+)",
        bare(text),
    )
    if known or told is None:
        return known
    return " ".join(text[told.start(1) :].split())[:MAX_REASON]


class ActionAskReturnItemFormReturnItemName(OrderQuestion):
    """Offers the order's items as buttons."""

    def name(self) -> str:
        return "action_ask_return_item_form_return_item_name"

    async def question(
        self, order: Order, tracker: Tracker, domain: dict[str, Any]
    ) -> Speech | None:
        buttons = [answer_button("return_item_name", item.name) for item in order.items]
        return "utter_ask_return_item_form_return_item_name", {"buttons": buttons}


class ActionStartReturn(OrderAction):
    intent = "return_item"
    forgets = ("one_time_code",)
    answers = ("return_item_name", "return_reason", "photo")
    refusals = {
        ReturnWindowOver: "utter_return_item_window_over",
        NotReturnable: "utter_return_item_not_delivered",
        ReturnAlreadyStarted: "utter_return_item_already",
        ItemNotFound: "utter_return_item_not_in_order",
        ItemRequired: "utter_return_item_not_in_order",
    }

    def name(self) -> str:
        return "action_start_return"

    def reason_against(self, order: Order) -> str | None:
        return refusal_response(order, now_utc())

    async def act(self, order: Order, tracker: Tracker) -> Speech:
        photo = tracker.get_slot("photo")
        started = await change(
            shop().returns.start,
            order.number,
            item=tracker.get_slot("return_item_name"),
            reason=tracker.get_slot("return_reason"),
            photo=None if photo == SKIPPED else photo,
            key=idempotency_key(tracker, self.name()),
        )
        values: dict[str, Any] = {
            "return_number": started.return_number,
            "item": started.item,
            "sent_to": started.label_sent_to,
            "send_back_by": day(started.send_back_by),
            "amount": money(started.refund_amount, started.currency),
        }
        values["json_message"] = beside(return_card(started))
        return "utter_return_item_done", values


def refusal_response(order: Order, now: datetime) -> str | None:
    """Says why nothing of an order can come back, None if something can."""
    if order.status in CLOSED:
        return "utter_return_item_closed"
    if order.status not in DELIVERED:
        return "utter_return_item_not_delivered"
    if order.returnable_until is None or order.returnable_until < now:
        return "utter_return_item_window_over"
    return None

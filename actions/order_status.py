"""Where an order is. Needs no verification: only the status and its dates are told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.forms import TopicForm
from actions.shop import Order
from actions.topic import Speech, TopicAction, order_of
from actions.verification import now_utc
from actions.wording import day, speak_to

# Statuses whose response needs to know when the parcel should arrive.
ON_THE_WAY = frozenset({"placed", "packed", "shipped"})


class ValidateOrderStatusForm(TopicForm):
    intent = "check_order_status"

    def name(self) -> str:
        return "validate_order_status_form"


class ActionCheckOrderStatus(TopicAction):
    intent = "check_order_status"

    def name(self) -> str:
        return "action_check_order_status"

    async def settle(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        order = await order_of(tracker)
        response, values = status_speech(order, now_utc())
        dispatcher.utter_message(response=response, **values)


def status_speech(order: Order, now: datetime) -> Speech:
    """Chooses the response for an order and its values."""
    values: dict[str, Any] = {
        "order_number": order.number,
        "expected_on": day(order.expected_at),
        "delivered_on": day(order.delivered_at),
        "carrier": order.carrier,
        "tracking_url": order.tracking_url,
    }
    return _status_response(order, now), values


def _status_response(order: Order, now: datetime) -> str:
    if order.status not in ON_THE_WAY:
        return f"utter_order_status_{order.status}"
    if order.expected_at is None:
        return "utter_order_status_undated"
    if order.expected_at.date() < now.date():
        return "utter_order_status_late"
    if order.status == "shipped" and not (order.carrier and order.tracking_url):
        return "utter_order_status_undated"
    return f"utter_order_status_{order.status}"


class ActionNoteOrderNumber(Action):
    """Asks what a number is for that came without a wish."""

    def name(self) -> str:
        return "action_note_order_number"

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[EventType]:
        speak_to(tracker)
        if tracker.get_slot("order_number"):
            dispatcher.utter_message(response="utter_order_number_noted")
        else:
            dispatcher.utter_message(response="utter_order_number_missing")
        return [SlotSet("blocked_by", None)]


class ActionNoteOtherOrder(Action):
    """Forgets the order that was talked about, and asks for the other one."""

    def name(self) -> str:
        return "action_note_other_order"

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[EventType]:
        speak_to(tracker)
        dispatcher.utter_message(response="utter_other_order")
        return [SlotSet("order_number", None), SlotSet("order_customer_id", None)]

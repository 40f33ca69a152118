"""Where an order is. Needs no verification: only the status and its dates are told.

What is in it is shown to its own customer alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.cards import beside, order_card
from actions.proof import is_verified
from actions.shop import Order
from actions.topic import Speech, TopicAction, order_of
from actions.verification import CodeForm, now_utc
from actions.wording import day

# Statuses whose response needs to know when the parcel should arrive.
ON_THE_WAY = frozenset({"placed", "packed", "shipped"})


class ValidateOrderStatusForm(CodeForm):
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
        is_theirs = is_verified(tracker, order.customer_id, now_utc())
        card = order_card(order, is_theirs=is_theirs)
        dispatcher.utter_message(response=response, json_message=beside(card), **values)


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

"""Money back: says which way there is for an order. Changes nothing itself.

Needs no verification, since only the order's state is told; how much and where to is
told to its verified customer only.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.refund_status import refund_speech
from actions.shop import Order, RefundNotFound
from actions.topic import TopicAction, look_up, order_of, shop
from actions.verification import CodeForm, is_verified, now_utc

REFUND_KNOWN = frozenset({"cancelled", "return_started", "refunded"})


class ValidateRequestRefundForm(CodeForm):
    intent = "request_refund"

    def name(self) -> str:
        return "validate_request_refund_form"


class ActionRequestRefund(TopicAction):
    intent = "request_refund"
    refusals = {RefundNotFound: "utter_request_refund_nothing_paid"}

    def name(self) -> str:
        return "action_request_refund"

    async def settle(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        order = await order_of(tracker)
        response: str = way_back(order)
        values: dict[str, Any] = {"order_number": order.number}
        known = is_verified(tracker, order.customer_id, now_utc())
        if order.status in REFUND_KNOWN and known:
            refund = await look_up(shop().refunds.get, order.number)
            response, values = refund_speech(refund)
        dispatcher.utter_message(response=response, **values)


def way_back(order: Order) -> str:
    """Chooses the response for an order's state."""
    if order.status == "payment_failed":
        return "utter_request_refund_nothing_paid"
    if order.cancellable:
        return "utter_request_refund_not_shipped"
    if order.status in REFUND_KNOWN:
        return "utter_request_refund_under_way"
    if order.status != "delivered":
        return "utter_request_refund_on_its_way"
    if order.returnable_until is None or order.returnable_until < now_utc():
        return "utter_request_refund_window_over"
    return "utter_request_refund_delivered"

"""Cancelling an order that has not left yet, for its own customer, after a yes."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker

from actions.confirmed_form import ConfirmedForm
from actions.order_question import OrderQuestion
from actions.shop import (
    AlreadyCancelled,
    Cancellation,
    NotCancellable,
    Order,
)
from actions.topic import (
    Speech,
    change,
    idempotency_key,
    shop,
)
from actions.verification import OrderAction, VerifiedForm
from actions.wording import day, goods, money, paid_by

ON_THE_ROAD = frozenset({"shipped", "out_for_delivery"})


class ValidateCancelOrderForm(VerifiedForm, ConfirmedForm):
    intent = "cancel_order"

    def name(self) -> str:
        return "validate_cancel_order_form"

    def refuses(self, order: Order) -> bool:
        return not order.cancellable


class ActionAskCancelOrderFormConfirm(OrderQuestion):
    """Shows what would be cancelled; nobody should say yes to a number alone."""

    def name(self) -> str:
        return "action_ask_cancel_order_form_confirm"

    async def question(
        self, order: Order, tracker: Tracker, domain: dict[str, Any]
    ) -> Speech | None:
        return "utter_ask_cancel_order_form_confirm", {
            "order_number": order.number,
            "items": goods(order.items),
            "total": money(order.total, order.currency),
        }


class ActionCancelOrder(OrderAction):
    intent = "cancel_order"
    forgets = ("confirm", "one_time_code")
    refusals = {
        AlreadyCancelled: "utter_cancel_order_already",
        NotCancellable: "utter_cancel_order_shipped",
    }

    def name(self) -> str:
        return "action_cancel_order"

    def reason_against(self, order: Order) -> str | None:
        return refusal_response(order)

    async def act(self, order: Order, tracker: Tracker) -> Speech:
        if tracker.get_slot("confirm") is not True:
            return "utter_cancel_order_kept", {}
        key = idempotency_key(tracker, self.name())
        return done_speech(await change(shop().orders.cancel, order.number, key=key))


def refusal_response(order: Order) -> str | None:
    """Says why an order cannot be cancelled, None if it can."""
    if order.cancellable:
        return None
    if order.status == "cancelled":
        return "utter_cancel_order_already"
    if order.status in ON_THE_ROAD:
        return "utter_cancel_order_shipped"
    if order.status == "delivered":
        return "utter_cancel_order_delivered"
    return "utter_cancel_order_closed"


def done_speech(done: Cancellation) -> Speech:
    """Says where the money goes, if any was paid."""
    refund = done.refund
    if refund is None:
        return "utter_cancel_order_done_unpaid", {}
    values = {
        "amount": money(refund.amount, refund.currency),
        "payment_method": paid_by(refund.method),
        "expected_on": day(refund.expected_at),
    }
    return "utter_cancel_order_done", values

"""Where a refund is, for the order's own customer."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.cards import beside, refund_card
from actions.shop import Refund, RefundNotFound
from actions.topic import Speech, TopicAction, look_up, order_of, shop
from actions.verification import VerifiedForm, check_verified
from actions.wording import day, money, paid_by


class ValidateRefundStatusForm(VerifiedForm):
    intent = "check_refund_status"

    def name(self) -> str:
        return "validate_refund_status_form"


class ActionCheckRefundStatus(TopicAction):
    intent = "check_refund_status"
    forgets = ("one_time_code",)
    refusals = {RefundNotFound: "utter_refund_status_none"}

    def name(self) -> str:
        return "action_check_refund_status"

    async def settle(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        order = await order_of(tracker)
        check_verified(tracker, order)
        refund = await look_up(shop().refunds.get, order.number)
        response, values = refund_speech(refund)
        dispatcher.utter_message(
            response=response, json_message=beside(refund_card(refund)), **values
        )


def refund_speech(refund: Refund) -> Speech:
    """Chooses the response for a refund and its values."""
    values = {
        "order_number": refund.order_number,
        "amount": money(refund.amount, refund.currency),
        "payment_method": paid_by(refund.method),
        "expected_on": day(refund.expected_at),
        "paid_on": day(refund.paid_at),
    }
    return f"utter_refund_status_{refund.status}", values

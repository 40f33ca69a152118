"""What became of a payment, for the order's own customer, and what to do about it."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.confirmed_form import ConfirmedForm
from actions.forms import block
from actions.order_form import NumberOptionalForm
from actions.order_question import OrderQuestion
from actions.shop import (
    NotChargedTwice,
    NothingToPay,
    Order,
    Payments,
)
from actions.topic import (
    Speech,
    TopicAction,
    change,
    idempotency_key,
    look_up,
    order_of,
    shop,
)
from actions.verification import VerifiedForm, check_verified
from actions.wording import clock, day, money, paid_by

# why the form ended: the customer has no order number to give
NO_ORDER = "no_order"
# what the customer is asked a yes for
OFFERS = {
    "declined": "utter_ask_payment_problem_form_confirm_link",
    "charged_twice": "utter_ask_payment_problem_form_confirm_ticket",
}


class ValidatePaymentProblemForm(NumberOptionalForm, VerifiedForm, ConfirmedForm):
    intent = "report_payment_problem"

    def name(self) -> str:
        return "validate_payment_problem_form"

    def without_number(
        self, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> dict[str, Any]:
        return block(NO_ORDER)


class ActionAskPaymentProblemFormConfirm(OrderQuestion):
    """Says what happened and offers the way out; ends the form if there is no need."""

    def name(self) -> str:
        return "action_ask_payment_problem_form_confirm"

    async def question(
        self, order: Order, tracker: Tracker, domain: dict[str, Any]
    ) -> Speech | None:
        check_verified(tracker, order)
        payments = await look_up(shop().billing.payments, order.number)
        offer = OFFERS.get(payments.state)
        return None if offer is None else (offer, payment_values(payments))


class ActionReportPaymentProblem(TopicAction):
    intent = "report_payment_problem"
    forgets = ("confirm", "one_time_code")
    refusals = {
        NothingToPay: "utter_payment_problem_settled",
        NotChargedTwice: "utter_payment_problem_settled",
    }

    def name(self) -> str:
        return "action_report_payment_problem"

    async def settle(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        if tracker.get_slot("blocked_by") == NO_ORDER:
            dispatcher.utter_message(response="utter_payment_problem_no_order")
            return
        order = await order_of(tracker)
        check_verified(tracker, order)
        payments = await look_up(shop().billing.payments, order.number)
        response, values = await self._answer(payments, tracker)
        values = {**payment_values(payments), **values}
        dispatcher.utter_message(response=response, **values)

    async def _answer(self, payments: Payments, tracker: Tracker) -> Speech:
        if payments.state not in OFFERS:
            return f"utter_payment_problem_{payments.state}", {}
        if tracker.get_slot("confirm") is not True:
            return "utter_payment_problem_kept", {}
        if payments.state == "declined":
            return await self._link(payments, tracker)
        return await self._ticket(payments, tracker)

    async def _link(self, payments: Payments, tracker: Tracker) -> Speech:
        sent = await change(
            shop().billing.mail_pay_link,
            payments.order_number,
            key=idempotency_key(tracker, self.name()),
        )
        return "utter_payment_problem_link_sent", {"sent_to": sent.sent_to}

    async def _ticket(self, payments: Payments, tracker: Tracker) -> Speech:
        ticket = await change(
            shop().billing.dispute_charge,
            payments.order_number,
            conversation_id=tracker.sender_id,
            key=idempotency_key(tracker, self.name()),
        )
        values = {
            "ticket_number": ticket.ticket_number,
            "answer_on": day(ticket.answer_by),
            "answer_at": clock(ticket.answer_by),
        }
        return "utter_payment_problem_ticket_opened", values


def payment_values(payments: Payments) -> dict[str, Any]:
    """Returns what is told of an order's payments."""
    extra = payments.overpaid
    return {
        "order_number": payments.order_number,
        "payment_method": paid_by(payments.method),
        "total": money(payments.total, payments.currency),
        "amount": None if extra is None else money(extra, payments.currency),
    }

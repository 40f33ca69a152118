"""The latest payments and refunds of a verified customer."""

from __future__ import annotations

from collections import Counter
from typing import Any

from rasa_sdk import Tracker

from actions.account import AccountForm, verified_account
from actions.cards import beside, payments_card
from actions.lines import ListingAction, Wording, bullets
from actions.shop import Transaction
from actions.topic import Speech, look_up, shop
from actions.wording import day, money, paid_by, word


class ValidateTransactionsForm(AccountForm):
    intent = "review_transactions"

    def name(self) -> str:
        return "validate_transactions_form"


class ActionReviewTransactions(ListingAction):
    intent = "review_transactions"
    forgets = ("one_time_code",)
    unverified = "utter_account_not_verified"

    def name(self) -> str:
        return "action_review_transactions"

    async def answer(self, tracker: Tracker, wording: Wording) -> Speech:
        customer_id = verified_account(tracker)
        moves = await look_up(shop().billing.transactions, customer_id)
        if not moves:
            return "utter_transactions_none", {}
        lines = [wording(line_response(one), **line_values(one)) for one in moves]
        twice = charged_twice(moves)
        brief = word("brief", "payments" if twice is None else "twice", number=twice)
        shown = beside(payments_card(moves), brief=brief)
        values = {"lines": bullets(lines), "json_message": shown}
        if twice is None:
            return "utter_transactions_listed", values
        return "utter_transactions_twice", {**values, "order_number": twice}


def charged_twice(moves: tuple[Transaction, ...]) -> str | None:
    """Returns the newest order with two payments alike and nothing sent back."""
    paid = Counter(
        (one.order_number, one.amount)
        for one in moves
        if (one.kind, one.state) == ("payment", "paid")
    )
    refunded = {one.order_number for one in moves if one.kind == "refund"}
    twice = (
        number
        for (number, _amount), times in paid.items()
        if times > 1 and number not in refunded
    )
    return next(twice, None)


def line_response(one: Transaction) -> str:
    """Chooses the words for a payment or a refund."""
    return f"utter_transactions_line_{one.kind}_{one.state}"


def line_values(one: Transaction) -> dict[str, Any]:
    """Returns what is told of it."""
    return {
        "made_on": day(one.at),
        "amount": money(one.amount, one.currency),
        "order_number": one.order_number,
        "payment_method": paid_by(one.method),
    }

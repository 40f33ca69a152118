"""Invoices, for the order's own customer: told, or mailed to the address on file."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.lines import ListingAction, Wording, bullets
from actions.shop import Invoice, NoInvoiceYet
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
from actions.wording import day, money

NOT_SENT_ANY_MORE = frozenset({"cancelled", "payment_failed"})


class ValidateFindInvoiceForm(VerifiedForm):
    intent = "find_invoice"

    def name(self) -> str:
        return "validate_find_invoice_form"


class ValidateSendInvoiceForm(VerifiedForm):
    intent = "send_invoice"

    def name(self) -> str:
        return "validate_send_invoice_form"


class ActionFindInvoice(ListingAction):
    intent = "find_invoice"
    forgets = ("one_time_code",)

    def name(self) -> str:
        return "action_find_invoice"

    async def answer(self, tracker: Tracker, wording: Wording) -> Speech:
        order = await order_of(tracker)
        check_verified(tracker, order)
        found = await look_up(shop().billing.invoices, order.number)
        if not found:
            return none_response(order.status), {"order_number": order.number}
        if len(found) == 1:
            return "utter_invoice_found", invoice_values(found[0])
        lines = [
            wording(f"utter_invoice_line_{one.kind}", **invoice_values(one))
            for one in found
        ]
        values = {"order_number": order.number, "lines": bullets(lines)}
        return "utter_invoice_found_several", values


def none_response(status: str) -> str:
    """Says why there is no invoice."""
    if status in NOT_SENT_ANY_MORE:
        return "utter_invoice_none"
    return "utter_invoice_not_yet"


def invoice_values(invoice: Invoice) -> dict[str, Any]:
    """Returns what is told of an invoice or a credit note."""
    return {
        "invoice_number": invoice.number,
        "order_number": invoice.order_number,
        "issued_on": day(invoice.issued_at),
        "total": money(invoice.total, invoice.currency),
    }


class ActionSendInvoice(TopicAction):
    """Asks for no yes: it was asked for, goes to the address on file, costs nothing."""

    intent = "send_invoice"
    forgets = ("one_time_code",)
    refusals = {NoInvoiceYet: "utter_invoice_not_yet"}

    def name(self) -> str:
        return "action_send_invoice"

    async def settle(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        order = await order_of(tracker)
        check_verified(tracker, order)
        if order.status in NOT_SENT_ANY_MORE:
            dispatcher.utter_message(
                response="utter_invoice_none", order_number=order.number
            )
            return
        sent = await change(
            shop().billing.mail_invoices,
            order.number,
            key=idempotency_key(tracker, self.name()),
        )
        dispatcher.utter_message(
            response="utter_invoice_sent",
            order_number=order.number,
            sent_to=sent.sent_to,
        )

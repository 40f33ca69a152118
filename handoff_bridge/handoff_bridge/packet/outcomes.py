"""What the assistant's responses mean for an agent: in words, and well or not.

Responses are named `utter_<topic>_<outcome>`. Those listed read better than their
names; any other is put into words from its name, so a new one needs no entry.
"""

import re
from dataclasses import dataclass

from handoff_bridge.packet.words import phrase, topics


@dataclass(frozen=True)
class Outcome:
    """How something went: `ok` if it worked, `done` if the thing was really done."""

    words: str
    ok: bool = True
    done: bool = True


def _refused(words: str) -> Outcome:
    return Outcome(words, ok=False, done=False)


def _nothing_to_do(words: str) -> Outcome:
    return Outcome(words, done=False)


OUTCOMES: dict[str, Outcome] = {
    "utter_order_number_unclear": _refused("no order number understood"),
    "utter_order_number_unknown": _refused("no such order"),
    "utter_order_status_undated": Outcome("no delivery date yet"),
    "utter_order_status_late": Outcome("late, not arrived yet"),
    "utter_order_status_payment_failed": Outcome("payment failed, order held back"),
    "utter_cancel_order_done_unpaid": Outcome("done, nothing had been charged"),
    "utter_cancel_order_kept": _nothing_to_do("the customer kept it"),
    "utter_cancel_order_already": _nothing_to_do("it was cancelled already"),
    "utter_cancel_order_shipped": _refused("refused, already shipped"),
    "utter_cancel_order_delivered": _refused("refused, already delivered"),
    "utter_cancel_order_closed": _refused("refused, the order is closed"),
    "utter_change_address_unclear": _refused("no address understood"),
    "utter_change_address_kept": _nothing_to_do("the customer kept it"),
    "utter_change_address_locked": _refused("refused, the label is printed"),
    "utter_change_address_closed": _refused("refused, the order is closed"),
    "utter_return_item_not_in_order": _refused("not an item of the order"),
    "utter_return_item_reason_unclear": _refused("no reason understood"),
    "utter_return_item_photo_unclear": _refused("no photo yet"),
    "utter_return_item_window_over": _refused("refused, outside the return window"),
    "utter_return_item_not_delivered": _refused("refused, not delivered yet"),
    "utter_return_item_closed": _refused("refused, the order is closed"),
    "utter_return_item_already": _nothing_to_do("a return is under way already"),
    "utter_refund_status_awaiting_return": Outcome("waiting for the parcel"),
    "utter_refund_status_processing": Outcome("being paid out"),
    "utter_refund_status_none": Outcome("no refund asked for"),
    "utter_password_reset_sent": Outcome("link sent"),
    "utter_account_name_unclear": _refused("no name understood"),
    "utter_account_email_unclear": _refused("no mail address understood"),
    "utter_account_no_password": _refused("a password instead"),
    "utter_account_not_verified": _refused("the customer is not verified"),
    "utter_account_blocked": _refused("refused, the account is blocked"),
    "utter_account_closing": _nothing_to_do("the account is closing already"),
    "utter_account_too_many_mails": _refused("no more mails for a while"),
    "utter_create_account_done": Outcome("link to activate it sent"),
    "utter_create_account_left": _nothing_to_do("the customer said no"),
    "utter_create_account_email_taken": _refused("refused, address in use"),
    "utter_edit_account_field_unclear": _refused("not a field understood"),
    "utter_edit_account_phone_unclear": _refused("no phone number understood"),
    "utter_edit_account_name_done": Outcome("done, the name"),
    "utter_edit_account_phone_done": Outcome("done, the phone number"),
    "utter_edit_account_email_sent": Outcome("links sent to both addresses"),
    "utter_edit_account_email_taken": _refused("refused, address in use"),
    "utter_edit_account_kept": _nothing_to_do("the customer kept it"),
    "utter_switch_account_done": Outcome("the verification was dropped"),
    "utter_switch_account_kept": _nothing_to_do("the customer stayed"),
    "utter_switch_account_signed_in": _nothing_to_do("signed in on the site"),
    "utter_switch_account_unknown": _nothing_to_do("no account verified"),
    "utter_sign_out_done": Outcome("the verification was dropped"),
    "utter_sign_out_signed_in": Outcome("still signed in on the site"),
    "utter_delete_account_done": Outcome("closing, 14 days to undo"),
    "utter_delete_account_kept": _nothing_to_do("the customer kept it"),
    "utter_delete_account_open_orders": _refused("refused, orders under way"),
    "utter_delete_account_still_open": _refused("refused, orders under way"),
    "utter_registration_mailed": Outcome("the mail says how it stands"),
    "utter_newsletter_wish_unclear": _refused("neither on nor off"),
    "utter_newsletter_link_sent": Outcome("link to start it sent"),
    "utter_newsletter_already_on": _nothing_to_do("subscribed already"),
    "utter_newsletter_off": Outcome("off the list"),
    "utter_newsletter_not_on": _nothing_to_do("was not subscribed"),
    "utter_newsletter_kept": _nothing_to_do("the customer left it"),
    "utter_set_up_address_wish_unclear": _refused("neither usual nor one more"),
    "utter_set_up_address_done": Outcome("added"),
    "utter_set_up_address_done_usual": Outcome("the usual one now"),
    "utter_set_up_address_kept": _nothing_to_do("the customer kept them"),
    "utter_change_order_kept": _nothing_to_do("the customer kept it"),
    "utter_change_order_already": _nothing_to_do("it was so already"),
    "utter_change_order_same": _refused("it is so already"),
    "utter_change_order_not_in_order": _refused("not an item of the order"),
    "utter_change_order_unclear": _refused("no change understood"),
    "utter_change_order_too_many": _refused("refused, too many"),
    "utter_change_order_not_enough": _refused("refused, not enough in stock"),
    "utter_change_order_back_on": _refused("refused, sold out for now"),
    "utter_change_order_sold_out": _refused("refused, sold out"),
    "utter_change_order_last_item": _refused("refused, it is the only item"),
    "utter_change_order_packed": _refused("refused, already packed"),
    "utter_change_order_shipped": _refused("refused, already shipped"),
    "utter_change_order_delivered": _refused("refused, already delivered"),
    "utter_change_order_unpaid": _refused("refused, the payment failed"),
    "utter_change_order_closed": _refused("refused, the order is closed"),
    "utter_change_order_done_refund": Outcome("done, the rest is refunded"),
    "utter_invoice_found_several": Outcome("several found"),
    "utter_invoice_not_yet": _refused("none before the parcel leaves"),
    "utter_invoice_none": _refused("none, the order never left"),
    "utter_payment_problem_no_order": _refused("no order yet, usual causes told"),
    "utter_payment_problem_kept": _nothing_to_do("the customer left it"),
    "utter_payment_problem_settled": _nothing_to_do("settled in the meantime"),
    "utter_payment_problem_pending": Outcome("the payment is not here yet"),
    "utter_payment_problem_paid": Outcome("paid once, as it should be"),
    "utter_payment_problem_cancelled": Outcome("the order is cancelled"),
    "utter_transactions_twice": Outcome("one was charged twice"),
    "utter_transactions_none": Outcome("there are none"),
    "utter_availability_which": _refused("no product understood"),
    "utter_availability_several": _refused("several products fit"),
    "utter_availability_not_found": _refused("no such product"),
    "utter_availability_variants": Outcome("told by size and colour"),
    "utter_availability_few": Outcome("only few left"),
    "utter_availability_back_on": Outcome("sold out, with a date"),
    "utter_request_refund_not_shipped": Outcome("offered to cancel", done=False),
    "utter_request_refund_delivered": Outcome("offered a return", done=False),
    "utter_request_refund_on_its_way": _refused("not before it has arrived"),
    "utter_request_refund_window_over": _refused("refused, outside the return window"),
    "utter_request_refund_nothing_paid": _refused("nothing had been charged"),
    "utter_request_refund_under_way": _nothing_to_do("a refund is in hand already"),
    "utter_review_rating_unclear": _refused("no stars understood"),
    "utter_review_text_unclear": _refused("no words understood"),
    "utter_review_kept": _nothing_to_do("the customer dropped it"),
    "utter_review_done_replaced": Outcome("done, in place of an earlier one"),
    "utter_review_done_unhappy": Outcome("done, an unhappy one"),
    "utter_verification_wrong_code": _refused("wrong code"),
    "utter_verification_expired": _refused("code expired"),
    "utter_verification_too_many_attempts": _refused("too many wrong codes"),
    "utter_verification_code_unclear": _refused("no code understood"),
    "utter_verification_too_many_codes": _refused("no more codes for a while"),
    "utter_verification_missing": _refused("the customer is not verified"),
    "utter_backoffice_unavailable": _refused("the order system was out of reach"),
    "utter_backoffice_uncertain": _refused(
        "the order system did not answer, it may have worked"
    ),
    "utter_confirm_unclear": _refused("neither yes nor no"),
}
# Parts of other names that say it did not go well.
_BAD = re.compile(
    r"(?:^|_)(?:not|no|cannot|fail(?:ed|ure)?|error|unavailable|uncertain|unclear|"
    r"refused|denied|rejected|wrong|expired|invalid|unknown|over|locked|impossible|"
    r"timeout|missing|mismatch|too_many|too_late)(?:_|$)"
)


def outcome_of(action: str, response: str | None) -> Outcome:
    """Say what came of an action whose first response is `response`."""
    if not response:
        return Outcome("done")
    if known := OUTCOMES.get(response):
        return known
    name = response.removeprefix("utter_")
    bad = bool(_BAD.search(name))
    for topic in topics(action):
        if name.startswith(f"{topic}_"):
            name = name.removeprefix(f"{topic}_")
            break
    return Outcome(phrase(name), ok=not bad, done=not bad)


def is_bad(response: str | None) -> bool:
    """Whether a response says that something did not work."""
    return not outcome_of("", response).ok

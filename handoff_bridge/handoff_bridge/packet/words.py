"""Names out of the assistant's domain, put into words an agent reads."""

import re
from dataclasses import dataclass

from handoff_bridge.models import JsonObject

# Intents that carry no request of their own.
CHATTER = frozenset(
    "greet goodbye thank affirm deny ask_bot request_human inform share_photo stop "
    "resend_code give_feedback nlu_fallback out_of_scope article_helped "
    "article_not_helpful switch_language ask_why unsure mean_all mean_other".split()
)
# Actions that are machinery, not something tried for the customer.
MACHINERY = frozenset(
    "action_listen action_session_start action_extract_slots action_handoff "
    "action_restart action_back action_deactivate_loop action_unlikely_intent "
    "action_default_fallback action_two_stage_fallback action_default_ask_affirmation "
    "action_default_ask_rephrase action_revert_fallback_events "
    "action_greet_after_handback action_note_order_number action_note_other_order "
    "action_offer_readings action_read_article action_switch_language".split()
)


@dataclass(frozen=True)
class Deed:
    """An action in words; "{order}" becomes " HP-10428" where one is known."""

    done: str
    tried: str
    noun: str
    intent: str
    topic: str


DEEDS: dict[str, Deed] = {
    "action_check_order_status": Deed(
        done="Looked up order{order}",
        tried="Tried to look up order{order}",
        noun="order look-up",
        intent="check_order_status",
        topic="order_status",
    ),
    "action_cancel_order": Deed(
        done="Cancelled order{order}",
        tried="Tried to cancel order{order}",
        noun="cancellation",
        intent="cancel_order",
        topic="cancel_order",
    ),
    "action_change_address": Deed(
        done="Changed the address of order{order}",
        tried="Tried to change the address of order{order}",
        noun="address change",
        intent="change_address",
        topic="change_address",
    ),
    "action_start_return": Deed(
        done="Started a return for order{order}",
        tried="Tried to start a return for order{order}",
        noun="return",
        intent="return_item",
        topic="return_item",
    ),
    "action_check_refund_status": Deed(
        done="Looked up the refund for order{order}",
        tried="Tried to look up the refund for order{order}",
        noun="refund look-up",
        intent="check_refund_status",
        topic="refund_status",
    ),
    "action_reset_password": Deed(
        done="Started a password reset",
        tried="Tried to start a password reset",
        noun="password reset",
        intent="reset_password",
        topic="password_reset",
    ),
    "action_create_account": Deed(
        done="Opened an account",
        tried="Tried to open an account",
        noun="account opening",
        intent="create_account",
        topic="create_account",
    ),
    "action_edit_account": Deed(
        done="Changed the account",
        tried="Tried to change the account",
        noun="account change",
        intent="edit_account",
        topic="edit_account",
    ),
    "action_switch_account": Deed(
        done="Dealt with a change of account",
        tried="Tried to change to another account",
        noun="switch of account",
        intent="switch_account",
        topic="switch_account",
    ),
    "action_sign_out": Deed(
        done="Forgot who the customer is",
        tried="Tried to forget who the customer is",
        noun="signing out",
        intent="sign_out",
        topic="sign_out",
    ),
    "action_delete_account": Deed(
        done="Closed the account",
        tried="Tried to close the account",
        noun="account closing",
        intent="delete_account",
        topic="delete_account",
    ),
    "action_help_registration": Deed(
        done="Mailed how a registration stands",
        tried="Tried to help with a registration",
        noun="registration look-up",
        intent="report_registration_problem",
        topic="registration",
    ),
    "action_change_newsletter": Deed(
        done="Changed the newsletter subscription",
        tried="Tried to change the newsletter subscription",
        noun="newsletter change",
        intent="change_newsletter",
        topic="newsletter",
    ),
    "action_set_up_address": Deed(
        done="Kept an address in the account",
        tried="Tried to keep an address in the account",
        noun="address entry",
        intent="set_up_address",
        topic="set_up_address",
    ),
    "action_change_order": Deed(
        done="Changed order{order}",
        tried="Tried to change order{order}",
        noun="order change",
        intent="change_order",
        topic="change_order",
    ),
    "action_find_invoice": Deed(
        done="Looked up the invoice for order{order}",
        tried="Tried to look up the invoice for order{order}",
        noun="invoice look-up",
        intent="find_invoice",
        topic="invoice",
    ),
    "action_send_invoice": Deed(
        done="Mailed the invoice for order{order}",
        tried="Tried to mail the invoice for order{order}",
        noun="invoice mailing",
        intent="send_invoice",
        topic="invoice",
    ),
    "action_report_payment_problem": Deed(
        done="Looked into the payment for order{order}",
        tried="Tried to look into the payment for order{order}",
        noun="payment check",
        intent="report_payment_problem",
        topic="payment_problem",
    ),
    "action_review_transactions": Deed(
        done="Listed the latest payments and refunds",
        tried="Tried to list the latest payments and refunds",
        noun="payments list",
        intent="review_transactions",
        topic="transactions",
    ),
    "action_check_availability": Deed(
        done="Looked up what is in stock",
        tried="Tried to look up what is in stock",
        noun="stock look-up",
        intent="check_availability",
        topic="availability",
    ),
    "action_request_refund": Deed(
        done="Showed the way to a refund for order{order}",
        tried="Tried to show the way to a refund for order{order}",
        noun="refund request",
        intent="request_refund",
        topic="request_refund",
    ),
    "action_leave_review": Deed(
        done="Stored a review",
        tried="Tried to store a review",
        noun="review",
        intent="leave_review",
        topic="review",
    ),
}
SLOTS = {
    "order_number": "the order number",
    "one_time_code": "the one-time code",
    "new_address": "the new address",
    "return_item_name": "the item to return",
    "return_reason": "the reason for the return",
    "photo": "a photo",
    "confirm": "a yes or no",
    "customer_name": "their name",
    "email": "a mail address",
    "phone": "a phone number",
    "account_field": "what to change",
    "newsletter_wish": "newsletter on or off",
    "account_address": "the address to keep",
    "address_wish": "usual or one more address",
    "change_item": "the item to change",
    "order_change": "what to change",
    "product_name": "the product",
    "review_rating": "the stars of a review",
    "review_text": "the words of a review",
    "review_by_name": "whether a review shows the name",
}


def said(action: str, arguments: JsonObject, *, done: bool) -> str:
    """Say what an action did, or tried to do."""
    deed = DEEDS.get(action)
    if deed is None:
        return f"{'Ran' if done else 'Tried'} “{phrase(action)}”"
    order = arguments.get("order_number")
    sentence = deed.done if done else deed.tried
    return sentence.format(order=f" {order}" if order else "")


def plural(noun: str, number: int) -> str:
    """Write "return" for one, "returns" for more."""
    return noun if number == 1 else f"{noun}s"


def topics(action: str) -> list[str]:
    """List the topics that may stand at the front of an action's responses."""
    bare = re.sub(r"^(?:action|validate)_", "", action).removesuffix("_form")
    deed = DEEDS.get(action)
    return [deed.topic, bare] if deed else [bare] if bare else []


def phrase(name: str) -> str:
    """Write "action_open_ticket" as "open ticket"."""
    bare = re.sub(r"^(?:action|utter|validate)_", "", name)
    return bare.replace("_", " ").strip()


def slot_words(slot: str) -> str:
    """Name a slot as an agent would."""
    return SLOTS.get(slot) or f"the {phrase(slot)}"


def trimmed(text: str, limit: int) -> str:
    """Fold blanks and cut at a word, with an ellipsis."""
    folded = " ".join(text.split())
    if len(folded) <= limit:
        return folded
    cut = folded[: limit - 1]
    # A text without blanks is cut where it is.
    return f"{cut.rsplit(' ', 1)[0] if ' ' in cut[limit // 2 :] else cut}…"

"""Names out of the assistant's domain, put into words an agent reads."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Intents that carry no request of their own.
CHATTER = frozenset(
    "greet goodbye thank affirm deny ask_bot request_human inform share_photo stop "
    "give_feedback nlu_fallback out_of_scope".split()
)
# Actions that are machinery, not something tried for the customer.
MACHINERY = frozenset(
    "action_listen action_session_start action_extract_slots action_handoff "
    "action_restart action_back action_deactivate_loop action_unlikely_intent "
    "action_default_fallback action_two_stage_fallback action_default_ask_affirmation "
    "action_default_ask_rephrase action_revert_fallback_events "
    "action_greet_after_handback".split()
)


@dataclass(frozen=True)
class Deed:
    """What an action does, said in the past tense, and as a countable noun."""

    said: str
    noun: str
    intent: str


# "{order}" becomes " HP-10428" where an order number is known.
DEEDS: dict[str, Deed] = {
    "action_check_order_status": Deed(
        "Looked up order{order}", "order look-up", "check_order_status"
    ),
    "action_cancel_order": Deed(
        "Cancelled order{order}", "cancellation", "cancel_order"
    ),
    "action_change_address": Deed(
        "Changed the address of order{order}", "change of address", "change_address"
    ),
    "action_start_return": Deed(
        "Started a return of order{order}", "return", "return_item"
    ),
    "action_check_refund_status": Deed(
        "Looked up the refund of order{order}", "refund look-up", "check_refund_status"
    ),
    "action_reset_password": Deed(
        "Reset the password", "password reset", "reset_password"
    ),
}
PLURALS = {"change of address": "changes of address"}
SLOTS = {
    "order_number": "the order number",
    "one_time_code": "the one-time code",
    "new_address": "the new address",
    "return_item_name": "the item to return",
    "return_reason": "the reason for the return",
    "photo": "a photo",
    "confirm": "a confirmation",
}
# Parts of response names that say it did not go well.
_BAD = re.compile(
    r"(?:^|_)(?:not|no|cannot|fail(?:ed|ure)?|error|unavailable|down|refused|denied|"
    r"rejected|wrong|expired|invalid|unknown|over|late|locked|impossible|too_many|"
    r"timeout|missing|mismatch|foreign|other_customer|already_shipped)(?:_|$)"
)
_ATTEMPTS = {
    "Looked up": "Tried to look up",
    "Cancelled": "Tried to cancel",
    "Changed": "Tried to change",
    "Started": "Tried to start",
    "Reset": "Tried to reset",
}


def said(action: str, arguments: Mapping[str, Any], *, ok: bool) -> str:
    """Say what an action did, or tried to do."""
    deed = DEEDS.get(action)
    if deed is None:
        return f"Ran “{phrase(action)}”"
    order = arguments.get("order_number")
    sentence = deed.said.format(order=f" {order}" if order else "")
    if ok:
        return sentence
    for done, tried in _ATTEMPTS.items():
        if sentence.startswith(done):
            return tried + sentence.removeprefix(done)
    return sentence


def counted(number: int, noun: str) -> str:
    """Write "1 return", "2 returns"."""
    plural = PLURALS.get(noun) or f"{noun}s"
    return f"{number} {noun if number == 1 else plural}"


def outcome(action: str, result: str | None) -> str:
    """Put a response's name, `utter_<topic>_<outcome>`, into words."""
    if not result:
        return "done"
    name = result.removeprefix("utter_")
    deed = DEEDS.get(action)
    for prefix in topics(action, deed):
        if name.startswith(f"{prefix}_"):
            return phrase(name.removeprefix(f"{prefix}_"))
    return phrase(name)


def topics(action: str, deed: Deed | None) -> list[str]:
    """List the topic names that may stand at the front of an action's responses."""
    names = [action.removeprefix("action_").removeprefix("validate_")]
    names += [name.removesuffix("_form") for name in names]
    if deed:
        names.append(deed.intent)
    names += [re.sub(r"^(?:check|start|submit)_", "", name) for name in names]
    if "action_start_return" == action:
        names += ["return_item", "return"]
    return sorted(set(names), key=len, reverse=True)


def is_bad(result: str | None) -> bool:
    """Whether a response's name says that the thing did not work."""
    return bool(result and _BAD.search(result.removeprefix("utter_")))


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

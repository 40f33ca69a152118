"""What customers say to an open question of a form, on the running assistant."""

from __future__ import annotations

import random
import uuid
from collections import Counter
from typing import Any

from benchmarks.cases import Case, halves
from benchmarks.conversations import Conversations, conversations
from channels.turn_report import Answer

# How a form comes to its question: what is pressed or typed, by which customer.
PATHS: dict[tuple[str, str], tuple[str | None, list[str]]] = {
    ("order_status", "order_number"): (None, ["/check_order_status"]),
    ("cancel_order", "order_number"): (None, ["/cancel_order"]),
    ("return_item", "order_number"): (None, ["/return_item"]),
    ("return_item", "return_item_name"): ("C-2006", ["/return_item", "HP-10425"]),
    ("return_item", "return_reason"): (
        "C-2006",
        [
            "/return_item",
            "HP-10425",
            '/inform{"return_item_name": "Marlin 5 sleeping bag"}',
        ],
    ),
    ("change_address", "new_address"): ("C-2002", ["/change_address", "HP-10421"]),
    ("review", "review_text"): (
        None,
        ["/leave_review", '/inform{"review_rating": "5"}'],
    ),
    ("create_account", "customer_name"): (None, ["/create_account"]),
    ("create_account", "email"): (None, ["/create_account", "Jo Marsh"]),
}
NUMBERS = range(10401, 10476)  # of the sandbox's orders
LOST = {"utter_default", "utter_fallback", "utter_offer_readings"}
# Topics of the cases that several intents stand for, or that have no form.
ALSO = {
    "send_invoice": {"send_invoice", "find_invoice"},
    "check_refund_status": {"check_refund_status", "request_refund"},
    "request_refund": {"request_refund", "check_refund_status", "return_item"},
    "delivery_question": {"ask_delivery_options", "ask_delivery_time"},
    "policies_question": {"ask_return_policy", "ask_refund_policy", "ask_warranty"},
}
REACH = {"right": 0.9}

Row = dict[str, Any]


def run(quick: bool = False) -> list[Row]:
    """Returns a row for each half.

    Raises:
        FileNotFoundError: nobody has trained the assistant.
    """
    with conversations() as talk:
        return [
            _row(half, cases, talk) for half, cases in halves("open_questions", quick)
        ]


def _row(half: str, cases: list[Case], talk: Conversations) -> Row:
    right: Counter[str] = Counter()
    wrong = []
    for case in cases:
        answer = _answer(case, talk)
        if _is_right(case, answer):
            right[case["kind"]] += 1
        else:
            wrong.append((case, _told(answer)))
    all_of = Counter(case["kind"] for case in cases)
    shares = {kind: right[kind] / count for kind, count in sorted(all_of.items())}
    return {
        "what": f"said to a form's open question, {half} ({len(cases)})",
        "right": sum(right.values()) / len(cases),
        **shares,
        "wrong": wrong,
        "reach": REACH,
    }


def _answer(case: Case, talk: Conversations) -> Answer:
    customer, path = PATHS.get((case["form"], case["slot"])) or _to_cancel(talk)
    if case["slot"] == "one_time_code":
        customer = None
    sender = uuid.uuid4().hex
    told = {"customer_id": customer, "language": case["language"]}
    for step in path:
        payload = step if step.startswith("/") else None
        before = talk.say(sender, step, payload, **told)
    assert before.turn["requested_slot"] == case["slot"], (case, before.turn)
    return talk.say(sender, case["text"], **told)


def _to_cancel(talk: Conversations) -> tuple[str | None, list[str]]:
    """Returns the path to cancelling an order that no earlier answer cancelled.

    Another one each time, since the shop sends only some codes for one order.
    """
    found = {f"HP-{n}": talk.of_the_shop(f"/orders/HP-{n}") for n in NUMBERS}
    number = random.choice([n for n, one in found.items() if one["cancellable"]])
    return found[number]["customer_id"], ["/cancel_order", number]


def _is_right(case: Case, answer: Answer) -> bool:
    turn, slot = answer.turn, case["slot"]
    is_open = turn["requested_slot"] == slot and bool(answer.replies)
    lost = any(action.get("result") in LOST for action in turn["actions"])
    if case["kind"] == "answer":
        return turn["requested_slot"] != slot and not lost and not turn.get("trigger")
    if case["kind"] == "other_request":
        return not _is_filled(case, turn) and _is_topic(turn, case.get("topic"))
    if case["kind"] == "same_request" and slot == "return_reason" and not lost:
        return True  # the request may well hold the reason
    return is_open and not lost and not _is_filled(case, turn)


def _is_filled(case: Case, turn: dict[str, Any]) -> bool:
    value = turn["slots"].get(case["slot"])
    return isinstance(value, str) and value.strip() == case["text"].strip()


def _is_topic(turn: dict[str, Any], topic: str | None) -> bool:
    wanted = ALSO.get(str(topic), {topic})
    return turn["intent"]["name"] in wanted or any(
        f"{one}_form" == turn["active_loop"] for one in wanted
    )


def _told(answer: Answer) -> dict[str, Any]:
    turn = answer.turn
    return {
        "intent": turn["intent"],
        "asked": turn["requested_slot"],
        "replies": [str(reply.get("text"))[:60] for reply in answer.replies],
    }

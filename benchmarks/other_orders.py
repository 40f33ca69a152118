"""Whether another order is taken for another one, on the running assistant."""

from __future__ import annotations

import uuid
from collections import Counter
from typing import Any

from benchmarks.cases import Case, halves
from benchmarks.conversations import Conversations, conversations
from channels.turn_report import Answer

REACH = {"right": 0.9, "false": 0.03}

Row = dict[str, Any]


def run(quick: bool = False) -> list[Row]:
    """Returns a row for each half.

    `false` is the share in which the order before was silently meant.

    Raises:
        FileNotFoundError: nobody has trained the assistant.
    """
    with conversations() as talk:
        return [
            _row(half, cases, talk) for half, cases in halves("other_orders", quick)
        ]


def _row(half: str, cases: list[Case], talk: Conversations) -> Row:
    answers = [(case, _answer(case, talk)) for case in cases]
    wrong = [(case, answer) for case, answer in answers if not _is_right(case, answer)]
    all_of = Counter(case["kind"] for case in cases)
    wrong_of = Counter(case["kind"] for case, _ in wrong)
    silent = [case for case, answer in wrong if _is_silent(case, answer)]
    return {
        "what": f"another order than the one before, {half} ({len(cases)})",
        "right": 1 - len(wrong) / len(cases),
        "false": len(silent) / len(cases),
        **{kind: 1 - wrong_of[kind] / count for kind, count in sorted(all_of.items())},
        "wrong": [(case, _told(answer)) for case, answer in wrong],
        "reach": REACH,
    }


def _answer(case: Case, talk: Conversations) -> Answer:
    # the order's own customer, so that no code stands between
    number = "HP-10421" if "HP-10421" in f"{case['before']}{case['text']}" else None
    order = talk.of_the_shop(f"/orders/{number or case['order_number']}")
    sender = uuid.uuid4().hex
    told = {"customer_id": order["customer_id"], "language": case["language"]}
    if case["before"]:
        talk.say(sender, case["before"], **told)
    return talk.say(sender, case["text"], **told)


def _is_right(case: Case, answer: Answer) -> bool:
    said, number = _texts(answer), case["order_number"]
    if case["kind"] == "other":
        is_kept = answer.turn["slots"].get("order_number") == number
        return not is_kept and number not in said
    return number in said


def _is_silent(case: Case, answer: Answer) -> bool:
    if case["kind"] == "kept":
        return case["order_number"] not in _texts(answer)
    return case["kind"] == "other" and _is_about(case["order_number"], answer)


def _is_about(number: str, answer: Answer) -> bool:
    return answer.turn["slots"].get("order_number") == number or number in _texts(
        answer
    )


def _texts(answer: Answer) -> str:
    return "\n".join(str(reply.get("text")) for reply in answer.replies)


def _told(answer: Answer) -> dict[str, Any]:
    turn = answer.turn
    return {
        "intent": turn["intent"]["name"],
        "asked": turn["requested_slot"],
        "replies": [str(reply.get("text"))[:60] for reply in answer.replies],
    }

"""Negated, doubted and withdrawn requests: what begins, and what must not."""

from __future__ import annotations

from typing import Any

from benchmarks.assistant import TrainedAssistant, intent_of, trained_assistant
from benchmarks.cases import Case, halves

# Topics of the cases that several intents stand for.
INTENTS = {
    "check_refund_status": {"check_refund_status"},
    "send_invoice": {"send_invoice", "find_invoice"},
    "request_refund": {"request_refund", "check_refund_status"},
    "delivery_question": {
        "ask_delivery_options",
        "ask_delivery_time",
        "check_order_status",
    },
}
# What starts no topic.
NOTHING = {"stop", "deny", "nlu_fallback", "mean_other", "unsure", "inform", "affirm"}
REACH = {"not started": 1.0, "right": 0.9}

Row = dict[str, Any]


def run(quick: bool = False) -> list[Row]:
    """Returns a row for each half.

    Raises:
        FileNotFoundError: nobody has trained the assistant.
    """
    assistant = trained_assistant()
    return [_row(half, cases, assistant) for half, cases in halves("negations", quick)]


def _row(half: str, cases: list[Case], assistant: TrainedAssistant) -> Row:
    parsed = assistant.parse_all(case["text"] for case in cases)
    found = [(case, intent_of(one)) for case, one in zip(cases, parsed, strict=True)]
    banned = [(case, intent) for case, intent in found if case["not_started"]]
    begun = [(c["text"], i) for c, i in banned if _is_begun(i, c)]
    wrong = [(c["text"], i, c["started"]) for c, i in found if not _is_right(i, c)]
    return {
        "what": f"negated, doubted, withdrawn and look-alikes, {half} ({len(cases)})",
        "not started": 1 - len(begun) / len(banned),
        "right": 1 - len(wrong) / len(found),
        "begun": begun,
        "wrong": wrong,
        "reach": REACH,
    }


def _is_begun(intent: str, case: Case) -> bool:
    """Whether a topic began that must not; intents may stand for several topics."""
    return intent != case["started"] and _is_one_of(intent, case["not_started"])


def _is_right(intent: str, case: Case) -> bool:
    if _is_begun(intent, case):
        return False
    if intent == "mean_other" and case["started"] == case["form"]:
        return True  # the open form asks for the other one
    if case["started"] == "any":
        return True
    if case["started"] == "nothing":
        return intent in NOTHING
    return _is_one_of(intent, [case["started"]])


def _is_one_of(intent: str, topics: list[str]) -> bool:
    return any(intent in INTENTS.get(topic, {topic}) for topic in topics)

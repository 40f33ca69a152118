"""Where a second request may begin, and what counts as one."""

from typing import Any

import pytest
from tracker_events import said

from components.clauses import clauses
from components.escalation import escalation_decision
from components.escalation_thresholds import Thresholds
from components.several_requests import distinct_requests


def heard(intent: str, text: str = "where is it?", sure: float = 0.9, **entities: str):
    return {
        "text": text,
        "intent": {"name": intent, "confidence": sure},
        "intent_ranking": [
            {"name": intent, "confidence": sure},
            {"name": "greet", "confidence": 0.1},
        ],
        "entities": [{"entity": k, "value": v} for k, v in entities.items()],
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cancel it", []),
        ("where is my order", []),
        ("boots and mats", []),
        (
            "what's your return policy and when are you open?",
            ["what's your return policy", "when are you open?"],
        ),
        (
            "Cancel HP-10001 please. Also tell me where HP-10002 is.",
            ["Cancel HP-10001 please.", "Also tell me where HP-10002 is."],
        ),
        (
            "¿dónde está mi pedido y cuál es el horario?",
            ["¿dónde está mi pedido", "cuál es el horario?"],
        ),
        (
            "cancel order HP-10001, where is HP-10002?",
            ["cancel order HP-10001", "where is HP-10002?"],
        ),
        ("a b. " * 7, []),  # a letter
    ],
)
def test_message_is_split_where_a_request_may_begin(
    text: str, expected: list[str]
) -> None:
    assert clauses(text) == expected


CANCEL = heard("cancel_order", "cancel my order")
HOURS = heard("ask_opening_hours", "when are you open?")


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([CANCEL, HOURS], ["cancel_order", "ask_opening_hours"]),
        ([CANCEL, heard("cancel_order", "please stop it?")], []),
        ([CANCEL, heard("ask_opening_hours", "when are you open?", 0.59)], []),
        ([CANCEL, heard("return_item", "it arrived broken")], []),
        ([CANCEL, heard("thank", "can you? thanks")], []),
        ([CANCEL, heard("request_refund", "can I have my money back?")], []),
        # for a person, whatever else is in it
        ([CANCEL, heard("request_human", "a person, please")], ["request_human"]),
        ([CANCEL, heard("request_human", "a person, please", 0.5)], []),
        (
            [
                heard("check_order_status", order_number="HP-10001"),
                heard("check_order_status", order_number="HP-10002"),
            ],
            ["check_order_status", "check_order_status"],
        ),
    ],
)
def test_only_sure_and_different_requests_count(
    parts: list[dict[str, Any]], expected: list[str]
) -> None:
    found = distinct_requests(parts[0], parts)
    assert [request.intent for request in found] == expected


def test_clauses_that_have_nothing_to_do_with_the_message_are_chance() -> None:
    assert distinct_requests(heard("reset_password"), [CANCEL, HOURS]) == []


def test_message_for_a_person_is_not_taken_apart() -> None:
    assert distinct_requests(heard("make_complaint"), [CANCEL, HOURS]) == []


@pytest.mark.parametrize(
    ("requests", "expected"),
    [
        ([("cancel_order", []), ("ask_opening_hours", [])], None),
        ([("cancel_order", []), ("a", []), ("b", [])], "complexity"),
        ([("cancel_order", ["HP-10001"]), ("change_address", [])], "complexity"),
        (
            [("cancel_order", ["HP-10001"]), ("change_address", ["HP-10002"])],
            None,
        ),
    ],
)
def test_many_or_contradictory_requests_are_complex(
    requests: list[tuple[str, list[str]]], expected: str | None
) -> None:
    message = said("cancel_order")
    message["parse_data"]["requests"] = [
        {"intent": intent, "order_numbers": numbers} for intent, numbers in requests
    ]
    decision = escalation_decision([message], Thresholds())
    assert (decision and decision.trigger) == expected
    if decision:
        assert decision.evidence == {"requests": [intent for intent, _ in requests]}

"""What counts of a message that is written in line."""

import pytest

from components.escalation import Decision
from components.waiting_line import (
    LEAVE,
    OFFER_TO_LEAVE,
    STAY,
    is_news,
    likely_intent,
    line_response,
)


def decided(trigger: str, **evidence: str) -> Decision:
    return Decision((trigger,), evidence, "m")


HARM = decided("sensitive_situation", situation="self_harm")


@pytest.mark.parametrize(
    ("decision", "waits_for", "evidence", "expected"),
    [
        (decided("restricted_topic"), ["customer_request"], {}, True),
        (decided("restricted_topic"), ["restricted_topic"], {}, False),
        (decided("customer_request"), ["no_progress"], {}, False),
        (decided("restricted_topic"), ["sensitive_situation"], {}, False),
        (HARM, ["customer_request"], {}, True),
        # as urgent, but it has words and help lines of its own
        (HARM, ["sensitive_situation"], {"situation": "bereavement"}, True),
        # the words were said when it was written first
        (HARM, ["sensitive_situation"], {"situation": "self_harm"}, False),
        (decided("restricted_topic"), ["of_another_assistant"], {}, True),
        (decided("restricted_topic"), [], {}, True),
    ],
)
def test_only_what_is_new_counts(
    decision: Decision, waits_for: list[str], evidence: dict, expected: bool
) -> None:
    waiting = {"triggers": waits_for, "evidence": evidence}
    assert is_news(decision, waiting) is expected


@pytest.mark.parametrize(
    ("intent", "said_last", "expected"),
    [
        ("stop", None, OFFER_TO_LEAVE),
        ("stop", "utter_handoff", OFFER_TO_LEAVE),
        ("affirm", "utter_handoff", None),
        ("affirm", None, None),
        ("affirm", OFFER_TO_LEAVE, LEAVE),
        ("stop", OFFER_TO_LEAVE, LEAVE),
        ("deny", OFFER_TO_LEAVE, STAY),
        ("greet", OFFER_TO_LEAVE, STAY),
        ("affirm", STAY, None),
        (None, None, None),
    ],
)
def test_only_an_offer_that_is_taken_leaves(
    intent: str | None, said_last: str | None, expected: str | None
) -> None:
    assert line_response(intent, said_last, ["stop"]) == expected


@pytest.mark.parametrize(
    ("intent", "ranking", "expected"),
    [
        ("nlu_fallback", {"article_helped": 0.45, "stop": 0.4}, "article_helped"),
        ("nlu_fallback", {"article_helped": 0.45, "greet": 0.4}, "nlu_fallback"),
        ("cancel_order", {"article_helped": 0.45, "stop": 0.4}, "cancel_order"),
        (None, {}, None),
    ],
)
def test_either_wish_to_leave_counts_together(
    intent: str | None, ranking: dict[str, float], expected: str | None
) -> None:
    guesses = [{"name": name, "confidence": each} for name, each in ranking.items()]
    parsed = {"intent": {"name": intent}, "intent_ranking": guesses}
    assert likely_intent(parsed, ("stop", "article_helped")) == expected

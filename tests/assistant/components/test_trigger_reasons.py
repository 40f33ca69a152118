"""Why a trigger holds, in a sentence: the first whose values the evidence has."""

from __future__ import annotations

from typing import Any

import pytest

from components.triggers import declared


@pytest.mark.parametrize(
    ("trigger", "evidence", "reason"),
    [
        ("no_progress", {"refusals": 3, "asked_for": "one_time_code"},
         "could not give the one-time code 3 times"),
        ("no_progress", {"repeated_intent": "cancel_order", "times": 3},
         "asked to cancel an order 3 times"),
        ("no_progress", {"repeated_intent": "ask_opening_hours", "times": 3},
         "asked to know about “Opening hours” 3 times"),
        ("no_progress", {"unhelpful_article": "gift_cards"},
         "was not helped by the article “Gift cards”"),
        ("no_progress", {"unhelpful_article": "gone_since"},
         "was not helped by the article “gone since”"),
        ("no_progress", {"unhelpful_article": None}, "is not getting any further"),
        ("no_progress", {}, "is not getting any further"),
        ("repeated_fallback", {"fallbacks": 2}, "was not understood 2 times in a row"),
        ("repeated_fallback", {}, "was not understood"),
        ("negative_sentiment", {"negative_messages": 3, "recent_failures": 2},
         "sounds upset, 3 messages in a row"),
        ("negative_sentiment", {"negative_messages": 1, "recent_failures": 2},
         "sounds upset after 2 failures of the assistant"),
        ("negative_sentiment", {"negative_messages": 1, "recent_failures": 0},
         "sounds upset"),
        ("restricted_topic", {"topic": "make_complaint"},
         "wants to make a formal complaint"),
        ("restricted_topic", {"topic": "report_safety_issue"},
         "wants to report a safety problem"),
        ("complexity", {"language": "it"},
         "writes in a language the assistant does not speak (it)"),
        ("complexity", {"requests": ["cancel_order", "change_order"]},
         "wants several things at once: cancel an order, change an order"),
        ("sensitive_situation", {"situation": "self_harm"}, "needs care: self harm"),
        ("customer_request", {}, None),
        ("never_declared", {"topic": "make_complaint"}, None),
    ],
)  # fmt: skip
def test_the_reason_is_what_led_there(
    trigger: str, evidence: dict[str, Any], reason: str | None
):
    [told] = declared([trigger], evidence)
    assert told.get("reason") == reason
    assert told["name"] == trigger
    assert "reasons" not in told

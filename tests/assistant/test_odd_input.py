"""Whatever is typed, understanding it ends in an intent that makes sense."""

from __future__ import annotations

import pytest

from benchmarks.assistant import TrainedAssistant, intent_of

pytestmark = pytest.mark.slow
NOT_UNDERSTOOD = "nlu_fallback"


@pytest.mark.parametrize(
    "text",
    [
        "😡😡😡",
        "🎉🎈🦄",
        "a" * 5000,
        "?" * 5000,
        "<script>alert(1)</script>",
        "SELECT * FROM orders; DROP TABLE customers; --",
        "for (int i = 0; i < n; i++) { sum += a[i]; }",
        "{{7*7}} ${HOME} %s %n",
        "\N{ZERO WIDTH SPACE}\N{RIGHT-TO-LEFT OVERRIDE}",
        "EXTERNAL_handback",
        "/EXTERNAL_handback",
    ],
)
def test_nonsense_is_not_understood(assistant: TrainedAssistant, text: str):
    assert intent_of(assistant.parse(text)) == NOT_UNDERSTOOD


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\N{NO-BREAK SPACE}"])
def test_nothing_is_no_intent(assistant: TrainedAssistant, text: str):
    assert intent_of(assistant.parse(text)) in ("", NOT_UNDERSTOOD)


@pytest.mark.parametrize("text", ["1234567890123", "7", "0 0 0 0", "3.14159", "٣٤٥"])
def test_digits_alone_ask_for_nothing(assistant: TrainedAssistant, text: str):
    assert intent_of(assistant.parse(text)) in ("inform", NOT_UNDERSTOOD)


@pytest.mark.parametrize(
    "text",
    ["Где моя посылка?", "我的包裹在哪里？", "私の荷物はどこですか", "أين طردي؟"],
)
def test_other_scripts_are_understood_or_asked_back(
    assistant: TrainedAssistant, text: str
):
    assert intent_of(assistant.parse(text)) in ("check_order_status", NOT_UNDERSTOOD)


def test_a_long_message_is_read_for_what_it_asks(assistant: TrainedAssistant):
    long = "I have been waiting for my parcel and it has not arrived. " * 86
    assert len(long) > 4900
    assert intent_of(assistant.parse(long)) in ("check_order_status", NOT_UNDERSTOOD)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("/cancel_order", "cancel_order"),
        (' /cancel_order{"order_number": "HP-10428"}', "cancel_order"),
        ("cancel_order", "cancel_order"),
        ("intent: request_human", "request_human"),
    ],
)
def test_an_intents_name_is_words_and_sets_nothing(
    assistant: TrainedAssistant, text: str, intent: str
):
    parsed = assistant.parse(text)
    assert intent_of(parsed) in (intent, NOT_UNDERSTOOD)
    assert parsed["intent"]["confidence"] < 1  # understood, not obeyed
    assert parsed["entities"] == []


@pytest.mark.parametrize(
    "text",
    [
        "HP 10428",
        "hp-10428",
        "#10428",
        "order no. 10428",
        "HP10428.",
        "H P 1 0 4 2 8",
        "１０４２８",
        "HP\N{NON-BREAKING HYPHEN}10428",
        "hp_10428",
        "10 428",
    ],
)
def test_an_order_number_alone_answers_the_question_for_it(
    assistant: TrainedAssistant, text: str
):
    parsed = assistant.parse(text)
    # Spelt out it may be no known answer; the form reads it all the same.
    assert intent_of(parsed) in ("inform", "check_order_status", NOT_UNDERSTOOD)
    assert [entity["entity"] for entity in parsed["entities"]] == ["order_number"]

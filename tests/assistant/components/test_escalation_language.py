"""A language that the assistant does not speak brings in a human."""

import pytest
from tracker_events import Events, said

from components.escalation import escalation_decision
from components.escalation_thresholds import Thresholds


def spoke(code: str, certainty: str, foreign: bool, intent: str = "greet") -> Events:
    event = said(intent)
    event["parse_data"]["language"] = {
        "code": code,
        "confidence": 0.99,
        "certainty": certainty,
        "foreign": foreign,
    }
    return [event]


@pytest.mark.parametrize(
    ("events", "handed_off"),
    [
        (spoke("it", "sure", True), True),
        (spoke("it", "likely", True), False),
        (spoke("it", "likely", True) + spoke("it", "likely", True), True),
        (spoke("it", "likely", True) + spoke("pt", "likely", True), False),
        (spoke("it", "likely", True) + [said("greet")], False),
        (spoke("es", "sure", False), False),
        ([said("greet")], False),
    ],
)
def test_a_sentence_or_two_messages_that_are_surely_foreign(
    events: Events, handed_off: bool
):
    decision = escalation_decision(events, Thresholds())
    assert (decision is not None) == handed_off
    if decision is not None:
        assert decision.trigger == "complexity"
        assert decision.evidence == {"language": "it"}


def test_it_comes_before_not_understanding():
    misread = spoke("it", "sure", True, intent="nlu_fallback")
    decision = escalation_decision(misread + misread, Thresholds())
    assert decision is not None
    assert decision.triggers == ("complexity", "repeated_fallback")

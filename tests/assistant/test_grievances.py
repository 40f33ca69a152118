"""The trained assistant: who is aggrieved and not understood gets a person, no menu."""

from __future__ import annotations

import pytest

from benchmarks.assistant import TrainedAssistant
from benchmarks.replay import configured
from components.escalation import escalation_decision

pytestmark = pytest.mark.slow
GRIEVANCES = [
    "oh splendid, weeks of nothing and now you play dumb",
    "vaya tomadura de pelo, semanas así y nadie responde",
    "seit wochen verarscht ihr mich, keiner tut was",
    "ça fait des semaines que vous vous moquez de moi",
]
CALM = [
    "HELLO???",
    "hmm.......",
    "can't complain, it does the job",
    "nicht schlecht, gefällt mir",
    "pas mal, j'aime bien",
    "nada mal, me gusta",
    "my boss is such a pain, long day",
    "hahaha sick, love it",
]


def trigger(assistant: TrainedAssistant, text: str) -> str | None:
    [parsed] = assistant.parse_all([text])
    event = {"event": "user", "text": text, "parse_data": parsed}
    decision = escalation_decision([event], configured())
    return decision and decision.trigger


@pytest.mark.parametrize("text", GRIEVANCES)
def test_grievance_that_is_no_request_gets_a_person(
    assistant: TrainedAssistant, text: str
) -> None:
    assert trigger(assistant, text) in ("negative_sentiment", "restricted_topic")


@pytest.mark.parametrize("text", CALM)
def test_calm_message_brings_in_nobody(assistant: TrainedAssistant, text: str) -> None:
    assert trigger(assistant, text) is None

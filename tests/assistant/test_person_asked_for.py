"""The trained assistant: a person who is asked for comes, and nobody else does."""

from __future__ import annotations

import pytest

from benchmarks.assistant import TrainedAssistant
from tests.assistant.test_sensitive_turns import IN_A_FORM, said

ASKED = [
    "my parcel was torn and I want to talk to a person",
    "could you fetch a colleague please",
    "cancel HP-10428, no wait, get me somebody real",
    "mein Paket ist weg, gib mir einen Mitarbeiter",
    "mi pedido no llega, pásame con alguien",
    "le code ne marche pas, passez-moi quelqu'un",
]
NOT_ASKED = [
    "I don't want to talk to anyone, where is HP-10428?",
    "a tent for two persons",
    "yesterday I spoke to an agent about my refund",
    "ich will mit niemandem reden",
    "no quiero hablar con nadie",
    "je ne veux parler à personne",
]


@pytest.mark.slow
@pytest.mark.parametrize("before", [[], IN_A_FORM], ids=["first", "in a form"])
@pytest.mark.parametrize("text", ASKED)
def test_the_person_wins_over_what_is_asked_beside(
    assistant: TrainedAssistant, text: str, before: list
):
    parts, action, request = said(assistant._agent.processor, text, before)
    assert (parts, action) == (1, "action_handoff")
    assert request["trigger"] == "customer_request"


@pytest.mark.slow
@pytest.mark.parametrize("text", NOT_ASKED)
def test_nobody_comes_who_is_not_wanted(assistant: TrainedAssistant, text: str):
    _, action, _ = said(assistant._agent.processor, text, [])
    assert action != "action_handoff"


@pytest.mark.slow
def test_the_language_that_is_wanted_is_told(assistant: TrainedAssistant):
    text = "do you have a German-speaking colleague I can talk to"
    _, _, request = said(assistant._agent.processor, text, [])
    assert request["evidence"]["wanted_language"] == "de"

"""Customers are understood in their language, from English examples alone."""

from __future__ import annotations

import re

import pytest

from benchmarks.assistant import TrainedAssistant, intent_of
from benchmarks.examples import fresh_languages, fresh_messages, nlu_examples

TRANSLATED = ("de", "es", "fr")
ENOUGH = 15
UNDERSTOOD = 0.85
# Who asks for a language often does it in that language; a greeting is a greeting.
MAY_BE_FOREIGN = {"switch_language", "greet", "thank", "goodbye", "affirm"}
FOREIGN_WORDS = re.compile(
    r"\b(ich|nicht|meine?|wie|und|quiero|mi|pedido|cómo|je|mon|ma|commande|est)\b"
)


@pytest.mark.slow
@pytest.mark.parametrize("language", TRANSLATED)
def test_most_messages_are_understood(assistant: TrainedAssistant, language: str):
    messages = fresh_messages(language)
    assert len(messages) >= ENOUGH
    parsed = assistant.parse_all(message.text for message in messages)
    wrong = [
        (message.text, message.intent, intent_of(result))
        for message, result in zip(messages, parsed, strict=True)
        if intent_of(result) != message.intent
    ]
    assert 1 - len(wrong) / len(messages) >= UNDERSTOOD, wrong


def test_there_are_messages_in_every_language_that_is_spoken():
    assert set(fresh_languages()) == {"en", *TRANSLATED}


@pytest.mark.parametrize("language", TRANSLATED)
def test_messages_ask_for_most_of_what_is_served(language: str):
    assert len({message.intent for message in fresh_messages(language)}) >= ENOUGH


def test_the_examples_stay_english():
    foreign = [
        example
        for example in nlu_examples()
        if example.intent not in MAY_BE_FOREIGN | {"nlu_fallback"}
        and len(FOREIGN_WORDS.findall(example.text.lower())) > 1
    ]
    assert foreign == []

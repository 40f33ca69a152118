"""Customers are understood in their language, from examples mostly in English."""

from __future__ import annotations

import pytest

from benchmarks.assistant import TrainedAssistant, intent_of
from benchmarks.examples import (
    Example,
    fresh_languages,
    fresh_messages,
    short_answers,
)
from benchmarks.groups import SHORT

TRANSLATED = ("de", "es", "fr")
ENOUGH = 15
UNDERSTOOD = 0.85


def misunderstood(
    assistant: TrainedAssistant, messages: list[Example]
) -> list[tuple[str, str, str]]:
    """Returns text, intent and what was understood of those that went wrong."""
    parsed = assistant.parse_all(message.text for message in messages)
    return [
        (message.text, message.intent, intent_of(result))
        for message, result in zip(messages, parsed, strict=True)
        if intent_of(result) != message.intent
    ]


@pytest.mark.slow
@pytest.mark.parametrize("language", TRANSLATED)
def test_most_messages_are_understood(assistant: TrainedAssistant, language: str):
    messages = fresh_messages(language)
    assert len(messages) >= ENOUGH
    wrong = misunderstood(assistant, messages)
    assert 1 - len(wrong) / len(messages) >= UNDERSTOOD, wrong


@pytest.mark.slow
@pytest.mark.parametrize("are_short", (True, False))
@pytest.mark.parametrize("language", ("en", *TRANSLATED))
def test_short_answers_are_heard_and_requests_with_their_words_stay_requests(
    assistant: TrainedAssistant, language: str, are_short: bool
):
    messages = [
        message
        for message in short_answers(language)
        if (message.intent in SHORT) is are_short
    ]
    wrong = misunderstood(assistant, messages)
    assert 1 - len(wrong) / len(messages) >= UNDERSTOOD, wrong


def test_there_are_messages_in_every_language_that_is_spoken():
    assert set(fresh_languages()) == {"en", *TRANSLATED}


@pytest.mark.parametrize("language", TRANSLATED)
def test_messages_ask_for_most_of_what_is_served(language: str):
    assert len({message.intent for message in fresh_messages(language)}) >= ENOUGH

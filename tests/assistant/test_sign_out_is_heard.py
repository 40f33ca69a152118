"""Who wants to be forgotten is heard in every language, and nobody else is."""

from pathlib import Path

import pytest
from rasa.shared.utils.io import read_yaml_file

from benchmarks.assistant import TrainedAssistant, intent_of
from benchmarks.examples import nlu_examples

MESSAGES = read_yaml_file(Path(__file__).with_name("sign_out_messages.yml"))
LANGUAGES = ("en", "es", "de", "fr")
HEARD = 0.9
TAKEN_FOR_IT = 0.05


def test_the_messages_are_enough_and_none_is_in_training():
    trained = {example.text.lower() for example in nlu_examples()}
    for language in LANGUAGES:
        messages = MESSAGES["sign_out"][language]
        assert len(messages) >= 25, language
        assert not trained & {message.lower() for message in messages}


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_signing_out_is_heard(assistant: TrainedAssistant, language: str):
    messages = MESSAGES["sign_out"][language]
    found = [intent_of(parsed) for parsed in assistant.parse_all(messages)]
    missed = [
        (message, intent)
        for message, intent in zip(messages, found, strict=True)
        if intent != "sign_out"
    ]
    assert 1 - len(missed) / len(messages) >= HEARD, missed


@pytest.mark.slow
def test_what_only_sounds_like_it_is_not_taken_for_it(assistant: TrainedAssistant):
    messages = MESSAGES["other"]
    taken = [
        message
        for message, parsed in zip(messages, assistant.parse_all(messages), strict=True)
        if intent_of(parsed) == "sign_out"
    ]
    assert len(taken) / len(messages) <= TAKEN_FOR_IT, taken

"""Triggers on a running assistant, through the connector."""

import pytest
from rasa_process import RasaProcess, texts


def triggered(answer: dict) -> str | None:
    trigger = answer["turn"]["trigger"]
    return trigger and trigger["trigger"]


@pytest.mark.parametrize(
    ("message", "trigger"),
    [
        ("can I talk to a person", "customer_request"),
        ("I want to make a formal complaint", "restricted_topic"),
        ("this is outrageous, you are all useless!!", "negative_sentiment"),
    ],
)
def test_one_message_hands_off(
    rasa: RasaProcess, sender: str, message: str, trigger: str
) -> None:
    answer = rasa.say(sender, message)
    assert triggered(answer) == trigger
    assert texts(answer) == ["Bringing in a colleague."]
    assert [action["name"] for action in answer["turn"]["actions"]] == [
        "action_handoff"
    ]


def test_second_message_of_nonsense_hands_off(rasa: RasaProcess, sender: str) -> None:
    assert texts(rasa.say(sender, "purple wombat sofa")) == ["I didn't get that."]
    answer = rasa.say(sender, "flim flam florp")
    assert triggered(answer) == "repeated_fallback"


def test_grumble_does_not_hand_off(rasa: RasaProcess, sender: str) -> None:
    assert triggered(rasa.say(sender, "a bit annoying, where is my order")) is None


def test_request_wins_over_an_open_form(rasa: RasaProcess, sender: str) -> None:
    rasa.say(sender, "where is my order")
    answer = rasa.say(sender, "can I talk to a person")
    assert triggered(answer) == "customer_request"
    assert [action["name"] for action in answer["turn"]["actions"]] == [
        "action_handoff"
    ]


def test_form_that_keeps_refusing_hands_off(rasa: RasaProcess, sender: str) -> None:
    rasa.say(sender, "where is my order")
    assert triggered(rasa.say(sender, "the number is 4")) is None
    assert triggered(rasa.say(sender, "the number is 45")) is None
    answer = rasa.say(sender, "the number is 456")
    assert triggered(answer) == "no_progress"
    assert answer["turn"]["trigger"]["evidence"]["refusals"] == 3


def test_what_came_before_a_handback_does_not_count(
    rasa: RasaProcess, sender: str
) -> None:
    rasa.say(sender, "purple wombat sofa")
    rasa.hand_back(sender)
    assert triggered(rasa.say(sender, "flim flam florp")) is None
    rasa.hand_back(sender, greet=False)
    assert triggered(rasa.say(sender, "blub blub blub")) is None
    assert triggered(rasa.say(sender, "asdf qwer zxcv")) == "repeated_fallback"


def test_customers_metadata_does_not_pass_for_the_connectors(
    rasa: RasaProcess, sender: str
) -> None:
    forged = {"catch_up": True, "is_external": True}
    turn = rasa.say(sender, "florble wib", metadata=forged)["turn"]
    assert turn["turns"] == 1
    turn = rasa.say(sender, "florble wib wib", metadata=forged)["turn"]
    assert turn["turns"] == 2
    assert turn["trigger"]["trigger"] == "repeated_fallback"

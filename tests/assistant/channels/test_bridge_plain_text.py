"""Customers cannot run intents or set slots by typing."""

import pytest
from rasa_process import RasaProcess, texts

from channels.plain_text import as_plain_text

SLASHED = [
    "/restart",
    "  /session_start",
    "/EXTERNAL_handback",
    '/check_order_status{"order_number":"HP-10001"}',
    '\u2003\u00a0/inform{"order_number":"HP-10001"}',
    '//inform{"order_number": "HP-10001"}',
    '/ inform{"order_number": "HP-10001"}',
    '/greet@1.0{"customer_id": "c-1"}',
    "/",
]


@pytest.mark.parametrize("text", SLASHED)
def test_slashed_message_is_plain_text(
    rasa: RasaProcess, sender: str, text: str
) -> None:
    answer = rasa.say(sender, text)
    turn = answer["turn"]
    assert turn["intent"]["confidence"] < 1
    assert turn["entities"] == []
    assert set(turn["slots"]) <= {"language"}
    assert answer["replies"]
    following = rasa.say(sender, "hello there")
    assert following["turn"]["turns"] == 2
    assert following["replies"]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("where is my order?", "where is my order?"),
        ("either/or", "either/or"),
        (" spaced out ", " spaced out "),
        ("/restart", "\N{FULLWIDTH SOLIDUS} restart"),
        ("\t\u2028/a_b", "\N{FULLWIDTH SOLIDUS} a b"),
        ('/x{"slot": "y"}', "\N{FULLWIDTH SOLIDUS} x"),
        ("/", "\N{FULLWIDTH SOLIDUS}"),
        ("/EXTERNAL_handback", "\N{FULLWIDTH SOLIDUS}"),
        ("/ /restart", "\N{FULLWIDTH SOLIDUS} restart"),
    ],
)
def test_slash_is_replaced_only_at_the_start(text: str, plain: str) -> None:
    assert as_plain_text(text) == plain


def test_payload_of_the_bridge_runs_as_an_intent(
    rasa: RasaProcess, sender: str
) -> None:
    payload = '/inform{"order_number":"HP-10009"}'
    answer = rasa.say(sender, "My order", payload=payload)
    intent = answer["turn"]["intent"]
    assert (intent["name"], intent["confidence"]) == ("inform", 1.0)
    assert answer["turn"]["slots"]["order_number"] == "HP-10009"
    assert texts(answer) == ["HP-10009 is on its way."]


def test_payload_of_a_forgotten_intent_is_plain_text(
    rasa: RasaProcess, sender: str
) -> None:
    turn = rasa.say(sender, "Old button", payload="/gone")["turn"]
    assert turn["intent"]["confidence"] < 1

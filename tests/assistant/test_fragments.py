"""The trained assistant hears one thought in several messages, in every language."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from benchmarks.conversations import Conversations, conversations
from channels.bridge_requests import JoinedMessage

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def talk() -> Iterator[Conversations]:
    with conversations() as running:
        yield running


def burst(talk: Conversations, sender: str, messages: list[str]) -> list[dict]:
    """Asks as the bridge does, each message as it comes; returns the turns."""
    turns, waiting = [], []
    for n, message in enumerate(messages):
        waiting.append(message)
        is_last = n == len(messages) - 1
        first, *more = waiting
        turn = talk.say(
            sender,
            first,
            joined=[JoinedMessage(uuid4().hex, text) for text in more],
            may_wait=not is_last,
        ).turn
        if turn.get("recorded", True):
            turns.append(turn)
            waiting = []
    return turns


@pytest.mark.parametrize(
    ("messages", "intent"),
    [
        (["quick question", "are you open on sunday"], "ask_opening_hours"),
        (["the one from monday", "where is it"], "check_order_status"),
        (["the tent I bought", "has a hole in it"], "return_item"),
        (["my parcel", "the one from last week", "where is it"], "check_order_status"),
        (["la tienda que compré", "llegó rota, quiero devolverla"], "return_item"),
        (["die von montag", "wo bleibt die lieferung"], "check_order_status"),
        (["celle de lundi", "où est ma commande"], "check_order_status"),
    ],
)
def test_it_comes_to_what_is_meant(
    talk: Conversations, messages: list[str], intent: str
) -> None:
    turns = burst(talk, uuid4().hex, messages)
    assert turns[-1]["intent"]["name"] == intent
    assert all(turn["trigger"] is None for turn in turns)


@pytest.mark.parametrize(
    "message",
    [
        "hello",
        "where is my order",
        "HP-10421",
        "I want to talk to a person",
        "I don't want to live any more",
        "when are you open",
        "¿cuál es vuestro horario de apertura?",
        "ich möchte mein zelt zurückgeben",
        "merci",
    ],
)
def test_what_is_understood_never_waits(talk: Conversations, message: str) -> None:
    assert talk.say(uuid4().hex, message, may_wait=True).turn.get("recorded", True)

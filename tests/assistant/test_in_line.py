"""The trained assistant hears what is written in line, in every language."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from benchmarks.conversations import Conversations, conversations

pytestmark = pytest.mark.slow

ASKED = {"triggers": ["customer_request"], "evidence": {}}


@pytest.fixture(scope="module")
def talk() -> Iterator[Conversations]:
    with conversations() as running:
        yield running


class Waiting:
    """A customer in line; what they write, and what is said to it."""

    def __init__(self, talk: Conversations, timezone: str | None = None) -> None:
        self._talk = talk
        self._sender = uuid4().hex
        self._timezone = timezone

    def asks(self, text: str) -> dict[str, Any]:
        """Returns the turn of a message out of line."""
        return self._talk.say(self._sender, text, customer_id="C-2001").turn

    def writes(self, text: str, payload: str | None = None) -> str:
        answer = self._talk.write_in_line(
            self._sender, text, ASKED, payload=payload, timezone=self._timezone
        )
        self.turn = answer.turn
        self.buttons = [b for r in answer.replies for b in r.get("buttons") or []]
        return "\n".join(str(reply.get("text")) for reply in answer.replies)


@pytest.mark.parametrize(
    ("text", "timezone", "line"),
    [
        ("I don't want to live any more", "Europe/London", "116 123"),
        ("quiero suicidarme", "Europe/Madrid", "024"),
        ("ich will nicht mehr leben", "Europe/Berlin", "0800 111 0 111"),
        ("je veux en finir avec la vie", "Europe/Paris", "3114"),
    ],
)
def test_a_life_at_risk_hears_the_help_lines_in_line(
    talk: Conversations, text: str, timezone: str, line: str
) -> None:
    customer = Waiting(talk, timezone)
    assert line in customer.writes(text)
    first = customer.turn["trigger"]["triggers"][0]
    assert (first["name"], first["priority"]) == ("sensitive_situation", 40)


@pytest.mark.parametrize(
    "text",
    [
        "never mind, found it myself",
        "it just turned up, so no need to wait",
        "I've worked it out on my own",
        "déjalo, ya lo he encontrado",
        "ya está solucionado, no hace falta",
        "egal, hab's selber gefunden",
        "hat sich schon geklärt, danke",
        "laissez, j'ai trouvé toute seule",
        "plus la peine, c'est réglé",
    ],
)
def test_who_needs_nobody_any_more_is_offered_to_leave(
    talk: Conversations, text: str
) -> None:
    customer = Waiting(talk)
    customer.writes(text)
    assert [button["payload"] for button in customer.buttons] == ["/affirm", "/deny"]
    assert "leaves_line" not in customer.turn


@pytest.mark.parametrize(
    ("answer", "payload", "leaves"),
    [
        ("yes", None, True),
        ("yes please", None, True),
        ("never mind the colleague, I don't need one", None, True),
        ("Leave the line", "/affirm", True),
        ("no", None, False),
        ("Keep waiting", "/deny", False),
        ("where is my order", None, False),
    ],
)
def test_only_a_yes_leaves_the_line(
    talk: Conversations, answer: str, payload: str | None, leaves: bool
) -> None:
    customer = Waiting(talk)
    customer.writes("never mind, found it myself")
    assert customer.writes(answer, payload)
    assert customer.turn.get("leaves_line", False) is leaves
    assert customer.writes("yes") == "", "the offer is settled"


@pytest.mark.parametrize(
    ("wish", "yes"),
    [
        ("déjalo, ya lo he encontrado", "sí"),
        ("hat sich schon geklärt, danke", "ja"),
        ("laissez, j'ai trouvé toute seule", "oui"),
    ],
)
def test_a_yes_leaves_the_line_in_every_language(
    talk: Conversations, wish: str, yes: str
) -> None:
    customer = Waiting(talk)
    customer.writes(wish)
    customer.writes(yes)
    assert customer.turn["leaves_line"]


@pytest.mark.parametrize(
    ("request_", "wish", "yes", "later"),
    [
        ("cancel HP-10434", "never mind", "yes", "ok"),
        ("where is my order", "never mind, found it myself", "yes", "10434"),
        ("quiero cancelar HP-10434", "déjalo, ya lo he encontrado", "sí", "vale"),
        ("HP-10434 stornieren", "hat sich schon geklärt, danke", "ja", "ja"),
        ("annulez HP-10434", "laissez, j'ai trouvé toute seule", "oui", "oui"),
    ],
)
def test_who_leaves_the_line_leaves_the_open_question_too(
    talk: Conversations, request_: str, wish: str, yes: str, later: str
) -> None:
    customer = Waiting(talk)
    assert customer.asks(request_)["active_loop"]
    customer.writes(wish)
    customer.writes(yes)
    assert customer.turn["active_loop"] is None
    assert customer.asks(later)["active_loop"] is None


@pytest.mark.parametrize(
    "text",
    [
        "hello? is anybody there",
        "how much longer",
        "where is my order HP-10421",
        "ok",
        "¿hay alguien?",
        "sigo esperando",
        "wie lange dauert das noch",
        "vous êtes là ?",
    ],
)
def test_the_rest_is_met_with_silence(talk: Conversations, text: str) -> None:
    customer = Waiting(talk)
    assert customer.writes(text) == ""
    assert customer.turn["recorded"] is False


UNSETTLED = [
    "No, it still leaks",
    "it is broken again",
    "that didn't solve it",
    "the same problem is back",
    "no, sigue goteando",
    "todavía no funciona",
    "nein, es tropft immer noch",
    "es ist schon wieder kaputt",
    "non, ça fuit toujours",
    "c'est encore cassé",
]


@pytest.mark.parametrize("text", UNSETTLED)
def test_what_a_person_closed_is_reopened(talk: Conversations, text: str) -> None:
    sender = uuid4().hex
    talk.say(sender, "cancel HP-10434", customer_id="C-2001")
    talk.closed_by(sender, "Maria", ["Your new tent is on its way."])
    turn = talk.say(sender, text, customer_id="C-2001").turn
    assert turn["trigger"]["trigger"] == "reopened"
    assert turn["trigger"]["evidence"]["ended_by"] == "Maria"
    assert turn["active_loop"] is None


@pytest.mark.parametrize(
    "text",
    ["thanks, that's all", "no thanks", "hi again", "can I pay by invoice", "ok bye"],
)
def test_what_is_new_is_the_assistants(talk: Conversations, text: str) -> None:
    sender = uuid4().hex
    talk.closed_by(sender, "Maria", ["Your new tent is on its way."])
    assert talk.say(sender, text).turn["trigger"] is None


def test_only_the_first_message_reopens(talk: Conversations) -> None:
    sender = uuid4().hex
    talk.closed_by(sender, "Maria", ["Your new tent is on its way."])
    talk.say(sender, "when are you open")
    trigger = talk.say(sender, "No, it still leaks").turn["trigger"]
    assert trigger is None or trigger["trigger"] != "reopened"

"""A request among other words: where it may stand, and when its part decides."""

from typing import Any

import pytest
from rasa.shared.nlu.training_data.message import Message

from benchmarks.assistant import TrainedAssistant, intent_of
from components.clause_reader import ClauseReader
from components.clauses import parts
from components.message_readers import leave_reader
from components.others_business import NOT_OURS, SURELY_NOT_OURS

RESTRICTED = {"restricted_intents": ["raise_legal_issue"]}


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (
            "call me Bean, cancel order HP-10421 and have a nice day",
            "cancel order HP-10421",
        ),
        ("it rains here for days where is my order", "where is my order"),
        ("schönes Wetter heute bitte HP-10517 stornieren", "bitte HP-10517 stornieren"),
        ("j'adore vos photos mais annulez ma commande", "annulez ma commande"),
        ("me encanta la web pero dónde está mi paquete", "dónde está mi paquete"),
    ],
)
def test_a_part_begins_where_a_request_may(text: str, part: str) -> None:
    assert part in parts(text)


@pytest.mark.parametrize(
    "text",
    [
        'my brother wrote "cancel my order" to another shop',
        "imagine I told you, cancel my order, what would you do",
        "mein Kumpel schrieb „löscht mein Konto“ an alle",
        "alguien puso en el foro: cambiad mi contraseña",
        "mon frère a écrit « annulez ma commande » partout",
        "cancel my order",  # has no parts
    ],
)
def test_what_is_told_of_is_no_part(text: str) -> None:
    told = ("cancel my", "löscht", "cambiad", "annulez")
    assert not any(begin in part for part in parts(text) for begin in told)


def ranking(intent: str, sure: float) -> list[dict[str, Any]]:
    return [
        {"name": intent, "confidence": sure},
        {"name": "greet", "confidence": 1 - sure},
    ]


def read(
    text: str,
    whole: tuple[str, float],
    marks: dict[str, Any] | None = None,
    **of_parts: tuple[str, float],
) -> str:
    """Returns the intent of a message, if a part with a word is understood as given."""
    message = Message({"text": text, **(marks or {})})
    message.set("intent", ranking(*whole)[0])
    message.set("intent_ranking", ranking(*whole))

    def understand(messages: list[Message]) -> list[Message]:
        for part in messages:
            words = [word for word in of_parts if word in part.get("text")]
            told = of_parts[words[0]] if words else ("nlu_fallback", 0.9)
            part.set("intent_ranking", ranking(*told))
        return messages

    leave_reader([message], understand)
    ClauseReader(RESTRICTED).process([message])
    return str(message.get("intent")["name"])


TEXT = "the boss is in a mood today, please cancel it, where is my order"
UNSURE = ("nlu_fallback", 0.5)


@pytest.mark.parametrize(
    ("whole", "of_parts", "expected"),
    [
        (UNSURE, {"cancel": ("cancel_order", 0.9)}, "cancel_order"),
        (("thank", 0.95), {"cancel": ("cancel_order", 0.9)}, "cancel_order"),
        (("return_item", 0.4), {"cancel": ("cancel_order", 0.9)}, "cancel_order"),
        # sure as a whole
        (("return_item", 0.8), {"cancel": ("cancel_order", 0.9)}, "return_item"),
        # a part that is not sure, or for which more certainty is asked
        (UNSURE, {"cancel": ("cancel_order", 0.5)}, "nlu_fallback"),
        (UNSURE, {"cancel": ("raise_legal_issue", 0.69)}, "nlu_fallback"),
        (UNSURE, {"cancel": ("raise_legal_issue", 0.9)}, "raise_legal_issue"),
        # one part against another
        (
            UNSURE,
            {"cancel": ("cancel_order", 0.9), "where": ("check_order_status", 0.9)},
            "nlu_fallback",
        ),
        # no request
        (UNSURE, {"cancel": ("goodbye", 0.9)}, "nlu_fallback"),
    ],
)
def test_a_sure_part_decides_where_the_whole_is_not_sure(
    whole: tuple[str, float], of_parts: dict[str, tuple[str, float]], expected: str
) -> None:
    assert read(TEXT, whole, **of_parts) == expected


@pytest.mark.parametrize(
    ("surely", "intent", "expected"),
    [
        (False, "cancel_order", "cancel_order"),
        (False, "raise_legal_issue", "nlu_fallback"),
        (True, "cancel_order", "nlu_fallback"),
    ],
)
def test_a_part_may_decide_what_is_not_surely_others_business(
    surely: bool, intent: str, expected: str
) -> None:
    marks = {NOT_OURS: 0.1, SURELY_NOT_OURS: surely}
    assert read(TEXT, ("nlu_fallback", 1.0), marks, cancel=(intent, 0.9)) == expected


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "intent"),
    [
        (
            "my mates call me Bean by the way and the hills are lovely this time of "
            "the year, please cancel order HP-10421",
            "cancel_order",
        ),
        (
            "die kinder waren ganz begeistert und der hund auch wo ist mein paket",
            "check_order_status",
        ),
        ("les voisins sont adorables, bref je veux renvoyer les bottes", "return_item"),
        (
            "mi jefe lo quiere todo antes de comer, dónde está la factura del HP-10391",
            "find_invoice",
        ),
    ],
)
def test_a_request_is_heard_among_other_words(
    assistant: TrainedAssistant, text: str, intent: str
) -> None:
    assert intent_of(assistant.parse(text)) == intent

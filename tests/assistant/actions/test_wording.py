"""Values in the words of the conversation's language."""

import ast
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from rasa_sdk import Tracker

from actions.wording import day, money, paid_by, speak_to

ACTIONS = Path(__file__).resolve().parents[3] / "actions"


def conversation(language: str | None) -> Tracker:
    slots = {"language": language}
    return Tracker("c", slots, {}, [], False, None, {}, "action_listen")


@pytest.mark.parametrize(
    ("language", "expected_day", "expected_money", "expected_method"),
    [
        ("en", "Tuesday 24 November", "€1,284.50", "card ending 1881"),
        (
            "es",
            "martes 24 de noviembre",
            "1284,50\xa0€",
            "tarjeta terminada en 1881",
        ),
        (
            "de",
            "Dienstag, 24. November",
            "1.284,50\xa0€",
            "Karte mit den Endziffern 1881",
        ),
        ("fr", "mardi 24 novembre", "1\u202f284,50\xa0€", "carte finissant par 1881"),
        (None, "Tuesday 24 November", "€1,284.50", "card ending 1881"),
        ("it", "Tuesday 24 November", "€1,284.50", "card ending 1881"),
    ],
)
def test_values_follow_the_language(
    language, expected_day, expected_money, expected_method
):
    speak_to(conversation(language))
    assert day(date(2026, 11, 24)) == expected_day
    assert money(Decimal("1284.5"), "EUR") in (
        expected_money,
        expected_money.replace("1284", "1.284"),
    )
    assert paid_by("card ending 1881") == expected_method
    assert paid_by("PayPal") == "PayPal"
    assert day(None) is None


def test_every_action_that_words_values_knows_to_whom_it_speaks():
    """Bases do it for their own; an action of nobody's has to by itself."""
    for path in sorted(ACTIONS.glob("*.py")):
        text = path.read_text("utf-8")
        if "from actions.wording import" not in text:
            continue
        for node in ast.parse(text).body:
            if isinstance(node, ast.ClassDef) and "Action" in [
                base.id for base in node.bases if isinstance(base, ast.Name)
            ]:
                assert "speak_to(tracker)" in ast.unparse(node), (path, node.name)

"""Articles for agents: told as they would be said, without any conversation."""

from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa_process import RasaProcess

from channels.suggestions import told

SPANISH = [{"type": "slot", "name": "language", "value": "es"}]
DOMAIN = Domain.from_dict(
    {
        "slots": {"language": {"type": "text", "mappings": [{"type": "custom"}]}},
        "responses": {
            "utter_article_sizes": [
                {"text": "Toma la mayor.", "condition": SPANISH},
                {"text": "Take the larger one."},
            ],
            "utter_reading_article_sizes": [
                {"text": "Tallas", "condition": SPANISH},
                {"text": "Sizes"},
            ],
        },
    }
)


def article(name: str, certainty: str = "decent") -> dict[str, Any]:
    return {
        "article_id": name,
        "score": 0.5,
        "certainty": certainty,
        "response": f"utter_article_{name}",
    }


@pytest.mark.parametrize(
    ("language", "title", "answer"),
    [
        ("es", "Tallas", "Toma la mayor."),
        ("de", "Sizes", "Take the larger one."),
        (None, "Sizes", "Take the larger one."),
    ],
)
def test_articles_are_told_in_a_language(
    language: str | None, title: str, answer: str
) -> None:
    [found] = told({"articles": [article("sizes")]}, DOMAIN, language)
    assert found == {
        "article_id": "sizes",
        "title": title,
        "score": 0.5,
        "answer": answer,
    }


def test_unlikely_and_vanished_articles_are_left_out() -> None:
    parsed = {"articles": [article("sizes", "unlikely"), article("gone", "sure")]}
    assert told(parsed, DOMAIN, None) == []


def test_a_text_is_understood_without_a_conversation(rasa: RasaProcess) -> None:
    answer = rasa.post("suggest", {"text": "where is my order", "language": "es"})
    assert answer.status_code == 200
    assert answer.json() == {"articles": [], "intent": "check_order_status"}
    assert rasa.stored_events("default") == 0


@pytest.mark.parametrize("body", [{}, {"text": " "}, {"text": 7}, []])
def test_without_a_text_there_is_nothing_to_suggest(
    rasa: RasaProcess, body: Any
) -> None:
    refused = rasa.post("suggest", body)
    assert (refused.status_code, refused.json()["error"]) == (400, "bad_request")

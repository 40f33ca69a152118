"""What is said of an article: the point that was asked for, then its short answer."""

from typing import Any

import pytest
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import read_endpoint_config

POINT = {"en": "The rocket is broken.", "es": "El cohete está roto."}
DOMAIN = Domain.from_dict(
    {
        "slots": {"language": {"type": "text", "mappings": [{"type": "custom"}]}},
        "responses": {
            "utter_ask_moon": [{"text": "Not yet.", "buttons": [{"title": "Oh"}]}],
            "utter_bye": [{"text": "Bye."}],
        },
    }
)


def article(**more: Any) -> dict[str, Any]:
    return {"article_id": "moon", "response": "utter_ask_moon", **more}


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch) -> None:
    # endpoints.yml names them
    for name in ("ACTIONS_PORT", "SERVICE_TOKEN", "TRACKER_DB"):
        monkeypatch.setenv(name, "1")


async def said(response: str, articles: list[Any], language: str | None) -> str:
    heard = [SlotSet("language", language), UserUttered("why", {"name": "a"})]
    tracker = DialogueStateTracker.from_events("x", heard, DOMAIN.slots)
    tracker.latest_message.parse_data["articles"] = articles
    endpoint = read_endpoint_config("endpoints.yml", "nlg")
    answers = NaturalLanguageGenerator.create(endpoint, DOMAIN)
    message = await answers.generate(response, tracker, "bridge")
    assert message
    return str(message["text"])


@pytest.mark.parametrize(
    ("response", "articles", "language", "text"),
    [
        (
            "utter_ask_moon",
            [article(point=POINT)],
            "en",
            "The rocket is broken.\n\nNot yet.",
        ),
        (
            "utter_ask_moon",
            [article(point=POINT)],
            "es",
            "El cohete está roto.\n\nNot yet.",
        ),
        (
            "utter_ask_moon",
            [article(point=POINT)],
            None,
            "The rocket is broken.\n\nNot yet.",
        ),
        ("utter_ask_moon", [article()], "en", "Not yet."),
        ("utter_ask_moon", [], "en", "Not yet."),
        ("utter_bye", [article(point=POINT)], "en", "Bye."),
    ],
)
async def test_only_the_point_that_was_asked_for_is_said_before(
    response: str, articles: list[dict[str, Any]], language: str | None, text: str
) -> None:
    assert await said(response, articles, language) == text

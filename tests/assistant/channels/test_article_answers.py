"""What is said of an article: the point that was asked for, then its short answer."""

from typing import Any

import pytest
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import read_endpoint_config

DOMAIN = Domain.from_dict(
    {
        "responses": {
            "utter_ask_moon": [{"text": "Not yet.", "buttons": [{"title": "Oh"}]}],
            "utter_point_ask_moon_0": [{"text": "The rocket is broken."}],
            "utter_bye": [{"text": "Bye."}],
        }
    }
)


def article(**more: str) -> dict[str, Any]:
    return {"article_id": "moon", "response": "utter_ask_moon", **more}


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ACTIONS_PORT", "TRACKER_DB"):  # endpoints.yml names them
        monkeypatch.setenv(name, "1")


async def said(response: str, *articles: dict[str, Any]) -> str:
    tracker = DialogueStateTracker.from_events("x", [UserUttered("why", {"name": "a"})])
    tracker.latest_message.parse_data["articles"] = list(articles)
    endpoint = read_endpoint_config("endpoints.yml", "nlg")
    answers = NaturalLanguageGenerator.create(endpoint, DOMAIN)
    message = await answers.generate(response, tracker, "bridge")
    assert message
    return str(message["text"])


@pytest.mark.parametrize(
    ("response", "articles", "text"),
    [
        (
            "utter_ask_moon",
            [article(point="utter_point_ask_moon_0")],
            "The rocket is broken.\n\nNot yet.",
        ),
        ("utter_ask_moon", [article()], "Not yet."),
        ("utter_ask_moon", [article(point="utter_point_gone_7")], "Not yet."),
        ("utter_ask_moon", [], "Not yet."),
        ("utter_bye", [article(point="utter_point_ask_moon_0")], "Bye."),
    ],
)
async def test_only_the_point_that_was_asked_for_is_said_before(
    response: str, articles: list[dict[str, Any]], text: str
) -> None:
    assert await said(response, *articles) == text

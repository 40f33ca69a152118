"""What is said to a message that was not understood."""

from typing import Any

import pytest

from actions.articles import ActionOfferReadings, ActionReadArticle

PERSON = {"title": "Talk to a person", "payload": "/request_human"}


def article(article_id: str, certainty: str, response: str = "") -> dict[str, Any]:
    return {
        "article_id": article_id,
        "certainty": certainty,
        "response": response or f"utter_article_{article_id}",
    }


@pytest.fixture(autouse=True)
def without_intent(chat: Any) -> None:
    """An article that only the index finds; ours all have intents."""
    responses = {
        "utter_article_maps": [{"text": "On every page."}],
        "utter_reading_article_maps": [{"text": "Maps"}],
    }
    chat.domain = {
        **chat.domain,
        "responses": {**chat.domain["responses"], **responses},
    }


def heard(chat: Any, readings: list[str], *articles: dict[str, Any]) -> Any:
    chat.says("hm", "nlu_fallback")
    chat.message.update(readings=readings, articles=list(articles))
    return chat


WARRANTY = article("warranty", "decent", "utter_ask_warranty")


async def test_a_sure_article_is_told_and_asked_about(chat: Any) -> None:
    heard(chat, ["return_item"], article("maps", "sure"), WARRANTY)
    ran = await chat.run(ActionOfferReadings())
    assert ran.responses == ["utter_article_maps", "utter_did_this_help"]
    assert ran.slots == {"offered_article": "maps"}


async def test_two_readings_articles_and_a_person_are_offered(chat: Any) -> None:
    readings = ["nlu_fallback", "return_item", "cancel_order", "reset_password"]
    heard(chat, readings, WARRANTY, article("maps", "unlikely"))
    ran = await chat.run(ActionOfferReadings())
    assert ran.responses == ["utter_offer_readings"]
    assert ran.messages[0]["buttons"] == [
        {"title": "Return something", "payload": "/return_item"},
        {"title": "Cancel an order", "payload": "/cancel_order"},
        {"title": "Warranty", "payload": "/ask_warranty"},
        PERSON,
    ]
    assert ran.slots == {"offered_article": None}


async def test_an_article_is_offered_once_and_one_without_intent_by_name(
    chat: Any,
) -> None:
    heard(chat, ["ask_warranty"], WARRANTY, article("maps", "decent"))
    ran = await chat.run(ActionOfferReadings())
    assert ran.messages[0]["buttons"] == [
        {"title": "Warranty", "payload": "/ask_warranty"},
        {
            "title": "Maps",
            "payload": '/read_article{"article": "maps"}',
        },
        PERSON,
    ]


async def test_titles_come_in_the_language_of_the_conversation(chat: Any) -> None:
    spanish = {
        "text": "Devolver algo",
        "condition": [{"type": "slot", "name": "language", "value": "es"}],
    }
    name = "utter_reading_return_item"
    responses = {**chat.domain["responses"]}
    responses[name] = [spanish, *responses[name][-1:]]
    chat.domain = {**chat.domain, "responses": responses}
    heard(chat.knows(language="es"), ["return_item"])
    ran = await chat.run(ActionOfferReadings())
    assert ran.messages[0]["buttons"][0]["title"] == "Devolver algo"


async def test_without_any_guess_the_menu_is_shown(chat: Any) -> None:
    gone = article("gone", "sure")
    heard(chat, ["nlu_fallback", "inform", "request_human"], gone)
    ran = await chat.run(ActionOfferReadings())
    assert ran.responses == ["utter_fallback"]


async def test_a_picked_article_is_told_and_asked_about(chat: Any) -> None:
    chat.says("maps", "read_article")
    chat.message["entities"] = [{"entity": "article", "value": "maps"}]
    ran = await chat.run(ActionReadArticle())
    assert ran.responses == ["utter_article_maps", "utter_did_this_help"]
    assert ran.slots == {"offered_article": "maps"}


async def test_a_picked_article_that_is_gone_is_asked_back(chat: Any) -> None:
    chat.says("gone", "read_article")
    chat.message["entities"] = [{"entity": "article", "value": "gone"}]
    ran = await chat.run(ActionReadArticle())
    assert ran.responses == ["utter_fallback"]
    assert ran.slots == {"offered_article": None}

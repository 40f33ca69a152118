"""Answering from the knowledge base, and offering what may have been meant.

The articles and readings come with the message: `components.knowledge` and
`components.fallback` have judged them by the limits in config.yml. Titles are the
designers' responses `utter_reading_…`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from authoring.articles import reading_of
from authoring.spoken import text_in

READINGS = 2
ARTICLES = 2
PERSON = "request_human"
ARTICLE_RESPONSE = "utter_article_"


class ActionOfferReadings(Action):
    """The first answer to a message that was not understood."""

    def name(self) -> str:
        return "action_offer_readings"

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[EventType]:
        """Tells an article that surely fits, else offers buttons, else the menu."""
        for article in _articles(tracker, domain, "sure"):
            return _tell(dispatcher, article["response"], article["article_id"])
        buttons = list(_buttons(tracker, domain))
        if buttons:
            person = _button(f"/{PERSON}", f"utter_reading_{PERSON}", tracker, domain)
            dispatcher.utter_message(
                response="utter_offer_readings", buttons=[*buttons, person]
            )
        else:
            dispatcher.utter_message(response="utter_fallback")
        return [SlotSet("offered_article", None)]


class ActionReadArticle(Action):
    """Tells the article whose button was pressed."""

    def name(self) -> str:
        return "action_read_article"

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> list[EventType]:
        """Tells it; a button may be older than the knowledge base."""
        article_id = next(tracker.get_latest_entity_values("article"), None)
        response = f"{ARTICLE_RESPONSE}{article_id}"
        if response not in domain["responses"]:
            dispatcher.utter_message(response="utter_fallback")
            return [SlotSet("offered_article", None)]
        return _tell(dispatcher, response, str(article_id))


def _tell(
    dispatcher: CollectingDispatcher, response: str, article_id: str
) -> list[EventType]:
    dispatcher.utter_message(response=response)
    dispatcher.utter_message(response="utter_did_this_help")
    return [SlotSet("offered_article", article_id)]


def _articles(
    tracker: Tracker, domain: Mapping[str, Any], *certainties: str
) -> list[dict[str, Any]]:
    """Returns the message's articles of such a certainty that still exist."""
    return [
        article
        for article in tracker.latest_message.get("articles") or []
        if article["certainty"] in certainties
        and article["response"] in domain["responses"]
    ]


def _buttons(tracker: Tracker, domain: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    readings = [
        f"utter_{intent}"
        for intent in tracker.latest_message.get("readings") or []
        if reading_of(f"utter_{intent}") in domain["responses"] and intent != PERSON
    ][:READINGS]
    offered = [a["response"] for a in _articles(tracker, domain, "sure", "decent")]
    articles = [name for name in offered if name not in readings][:ARTICLES]
    for name in (*readings, *articles):
        yield _button(_payload(name), reading_of(name), tracker, domain)


def _payload(response: str) -> str:
    """Returns what asks for a response: its intent, or the article itself."""
    if response.startswith(ARTICLE_RESPONSE):
        article = {"article": response.removeprefix(ARTICLE_RESPONSE)}
        return f"/read_article{json.dumps(article)}"
    return "/" + response.removeprefix("utter_")


def _button(
    payload: str, reading: str, tracker: Tracker, domain: Mapping[str, Any]
) -> dict[str, str]:
    title = text_in(domain["responses"][reading], tracker.get_slot("language"))
    return {"title": title, "payload": payload}

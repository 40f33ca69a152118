"""Articles for agents: what the knowledge base has on a text, as it would be said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa.core.agent import Agent as RasaAgent
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.domain import Domain

from authoring.articles import reading_of
from authoring.spoken import text_in
from channels.article_answers import point_in, with_point
from channels.bridge_requests import SuggestRequest
from channels.plain_text import as_plain_text
from channels.rasa_compat import ready_processor


async def suggest(agent: RasaAgent | None, request: SuggestRequest) -> dict[str, Any]:
    """Understands a text without any conversation; no tracker is read or written."""
    processor = ready_processor(agent)
    parsed = await processor.parse_message(UserMessage(as_plain_text(request.text)))
    detected = (parsed.get("language") or {}).get("code")
    return {
        "articles": told(parsed, processor.domain, request.language or detected),
        "intent": (parsed.get("intent") or {}).get("name"),
    }


def told(
    parsed: Mapping[str, Any], domain: Domain, language: str | None
) -> list[dict[str, Any]]:
    """Returns the message's articles that are worth a look, in a language."""
    return [
        {
            "article_id": article["article_id"],
            "title": text_in(domain.responses[reading_of(name)], language),
            "score": article["score"],
            "answer": with_point(
                point_in(article, language), text_in(domain.responses[name], language)
            ),
        }
        for article in parsed.get("articles") or []
        if article["certainty"] != "unlikely"
        and (name := article["response"]) in domain.responses
    ]

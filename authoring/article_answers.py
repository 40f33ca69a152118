"""Turns articles into what Rasa trains on: intents, responses and rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from authoring.articles import Article, Wording

LANGUAGE_SLOT = "language"


def article_intents(articles: Sequence[Article]) -> list[str]:
    """Returns the intents that articles answer."""
    return [article.intent for article in articles if article.intent]


def article_responses(articles: Sequence[Article]) -> dict[str, list[dict[str, Any]]]:
    """Returns a response for every article, with a variation for each language."""
    return {
        article.response: [
            *(
                {"condition": _in_language(code), **_variation(wording)}
                for code, wording in article.translations.items()
            ),
            _variation(article.english),
        ]
        for article in articles
    }


def article_rules(articles: Sequence[Article]) -> list[dict[str, Any]]:
    """Returns the rules: asked for its intent, an article's answer is said."""
    return [
        {
            "rule": f"{article.intent} is answered with {article.article_id}",
            "steps": [{"intent": article.intent}, {"action": article.response}],
        }
        for article in articles
        if article.intent
    ]


def _variation(wording: Wording) -> dict[str, Any]:
    buttons = [dict(button) for button in wording.buttons]
    return {"text": wording.answer, **({"buttons": buttons} if buttons else {})}


def _in_language(code: str) -> list[dict[str, Any]]:
    return [{"type": "slot", "name": LANGUAGE_SLOT, "value": code}]

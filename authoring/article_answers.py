"""Turns articles into what Rasa trains on: intents, examples, responses and rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from authoring.articles import Article, Wording
from authoring.spoken import spoken_in


def article_intents(articles: Sequence[Article]) -> list[str]:
    """Returns the intents that articles answer."""
    return [article.intent for article in articles if article.intent]


def article_responses(articles: Sequence[Article]) -> dict[str, list[dict[str, Any]]]:
    """Returns every article's answer and title, in all its languages."""
    responses = {}
    for article in articles:
        beside = {
            "outcome": "answered",
            "attempt": f"Answered “{article.english.title}”",
        }
        responses[article.response] = [
            {**variation, "metadata": beside}
            for variation in _spoken(article, _variation)
        ]
        responses[article.reading] = _spoken(article, lambda w: {"text": w.title})
    return responses


def article_examples(articles: Sequence[Article]) -> dict[str, list[str]]:
    """Returns the questions of every article with an intent, in all languages."""
    return {
        article.intent: [text for w in article.wordings for text in w.questions]
        for article in articles
        if article.intent
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


def _spoken(
    article: Article, say: Callable[[Wording], dict[str, Any]]
) -> list[dict[str, Any]]:
    return [
        *(
            {"condition": spoken_in(code), **say(wording)}
            for code, wording in article.translations.items()
        ),
        say(article.english),
    ]


def _variation(wording: Wording) -> dict[str, Any]:
    buttons = [dict(button) for button in wording.buttons]
    return {"text": wording.answer, **({"buttons": buttons} if buttons else {})}

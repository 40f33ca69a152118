"""Says the point of an article that was asked for, before the article's short answer.

Named in `endpoints.yml`; without it an article's short answer is said alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa.shared.core.trackers import DialogueStateTracker

from authoring.spoken import LANGUAGE_SLOT
from channels.tone import ToneAwareAnswers


def asked_point(
    parsed: Mapping[str, Any], response: str, language: str | None
) -> str | None:
    """Returns the point that a message asks an article for, if any, in a language."""
    for article in parsed.get("articles") or []:
        if article["response"] == response:
            return point_in(article, language)
    return None


def point_in(article: Mapping[str, Any], language: str | None) -> str | None:
    """Returns the point of one of a message's articles; in English if it has to be."""
    point: Mapping[str, str] = article.get("point") or {}
    return point.get(language or "", point.get("en"))


def with_point(point: str | None, answer: str) -> str:
    """Returns what is said: the point, if any, then the short answer as a paragraph."""
    return f"{point}\n\n{answer}" if point else answer


class ArticleAnswers(ToneAwareAnswers):
    """Only articles' answers differ."""

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any] | None:
        """Returns the response, with the point before it that the message asks for."""
        said = await super().generate(utter_action, tracker, output_channel, **kwargs)
        parsed = getattr(tracker.latest_message, "parse_data", None) or {}
        if said and said.get("text"):
            point = asked_point(parsed, utter_action, tracker.get_slot(LANGUAGE_SLOT))
            said["text"] = with_point(point, said["text"])
        return said

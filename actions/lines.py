"""A line within a longer answer, or a button's title: responses too, put in here.

What the assistant says at once is one bubble, so an action that lists things puts its
lines together itself; their words stay the designers'.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.topic import Speech, TopicAction

Wording = Callable[..., str]


def line(
    domain: Mapping[str, Any], tracker: Tracker, response: str, **values: Any
) -> str:
    """Returns a response's text in the conversation's language, filled in."""
    variations = (domain.get("responses") or {}).get(response) or []
    language = tracker.get_slot("language")
    fitting = [one for one in variations if _language_of(one) == language] or [
        one for one in variations if _language_of(one) is None
    ]
    if not fitting:
        # bare values are better than no answer, should the domain not come along
        return ", ".join(str(value) for value in values.values())
    return str(fitting[0]["text"]).format(**values)


def bullets(lines: list[str]) -> str:
    """Puts lines under one another."""
    return "\n".join(f"• {one}" for one in lines)


def _language_of(variation: Mapping[str, Any]) -> str | None:
    for condition in variation.get("condition") or []:
        if condition.get("name") == "language":
            return condition.get("value")
    return None


class ListingAction(TopicAction, ABC):
    """Base of the actions whose answer holds lines."""

    @abstractmethod
    async def answer(self, tracker: Tracker, wording: Wording) -> Speech:
        """Returns what is said; `wording(response, **values)` words a line."""

    async def settle_in(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],
    ) -> None:
        """Says the answer, with its lines in the words of the domain."""
        response, values = await self.answer(tracker, partial(line, domain, tracker))
        dispatcher.utter_message(response=response, **values)

    async def settle(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        """Says the answer without the designers' words for its lines."""
        await self.settle_in(dispatcher, tracker, {})

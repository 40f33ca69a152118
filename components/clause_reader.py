"""Hears a request among other words: a nickname, praise, a story around it.

Where a message is not sure as a whole, its parts are read by what has read the whole,
in one batch. A part that is surely a request, with no other part against it, decides.
What is only told of ("he wrote: cancel it") is noted for `NegationReader`, which has
the last word. Stands behind the classifier, before what asks back.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from components.clauses import parts, without_told
from components.message_readers import read_alike
from components.others_business import NOT_OURS, SURELY_NOT_OURS
from components.several_requests import INCLUDED, NO_REQUESTS

ONLY_TOLD, FALLBACK = "only_told", "nlu_fallback"

Ranking = list[dict[str, Any]]


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False
)
class ClauseReader(GraphComponent):
    """Takes the reading of a part where that of the whole is not sure."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Options, as probabilities.

        A whole below `sure_whole`, or that asks for nothing, is read by its parts; a
        part counts from `sure` on with a `lead` over its next reading, one of
        `restricted_intents` from `restricted_probability` on.
        """
        return {
            "sure_whole": 0.6,
            "sure": 0.6,
            "lead": 0.35,
            "restricted_intents": [],
            "restricted_probability": 0.7,
        }

    def __init__(self, config: dict[str, Any]) -> None:
        """Takes the options."""
        self._config = {**self.get_default_config(), **config}
        parts("the lists of words are read now, not while the first customer waits")

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ClauseReader:
        """Creates the component for the graph."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets intent and ranking of a part on every message that it decides."""
        for message in messages:
            ranking = message.get(INTENT_RANKING_KEY) or []
            if not ranking or message.get(SURELY_NOT_OURS):
                continue
            if self._is_sure_as_a_whole(ranking[0]):
                message.set(ONLY_TOLD, self._is_only_told(message, ranking[0]))
            elif decided := self._of_parts(message):
                message.set(NOT_OURS, None)
                message.set(INTENT, decided[0], add_to_output=True)
                message.set(INTENT_RANKING_KEY, decided, add_to_output=True)
        return messages

    def _is_only_told(self, message: Message, top: dict[str, Any]) -> bool:
        """Whether what is not told of in the message asks for something else."""
        text = message.get(TEXT) or ""
        asked = without_told(text)
        if asked == text:
            return False
        rest = [one.get(INTENT_RANKING_KEY) for one in read_alike(message, [asked])]
        same = [r for r in rest if r and r[0][INTENT_NAME_KEY] == top[INTENT_NAME_KEY]]
        return not (asked and same)

    def _is_sure_as_a_whole(self, top: dict[str, Any]) -> bool:
        is_request = top[INTENT_NAME_KEY] not in NO_REQUESTS
        is_sure = top[PREDICTED_CONFIDENCE_KEY] >= self._config["sure_whole"]
        return bool(is_request and is_sure)

    def _of_parts(self, message: Message) -> Ranking | None:
        """Returns the surest ranking of the one request in the parts, if it is one."""
        found: dict[str, Ranking] = {}
        is_others = message.get(NOT_OURS) is not None
        for part in read_alike(message, parts(message.get(TEXT) or "")):
            ranking: Ranking = part.get(INTENT_RANKING_KEY) or []
            name = str(ranking[0][INTENT_NAME_KEY]) if ranking else FALLBACK
            if name not in NO_REQUESTS and self._counts(ranking, is_others):
                found[name] = max(found.get(name, ranking), ranking, key=_confidence)
        for first, second in INCLUDED:
            if first in found:
                found.pop(second, None)
        return next(iter(found.values())) if len(found) == 1 else None

    def _counts(self, ranking: Ranking, is_others: bool) -> bool:
        config = self._config
        is_restricted = ranking[0][INTENT_NAME_KEY] in config["restricted_intents"]
        if is_restricted and is_others:
            return False  # a quarrel with somebody else
        least = config["restricted_probability" if is_restricted else "sure"]
        rival = ranking[1][PREDICTED_CONFIDENCE_KEY] if len(ranking) > 1 else 0.0
        top = _confidence(ranking)
        return bool(top >= least and top - rival >= config["lead"])


def _confidence(ranking: Ranking) -> float:
    return float(ranking[0][PREDICTED_CONFIDENCE_KEY])

"""Rasa policy that keeps the language of the conversation in the slot `language`.

A language that was asked for stays until another is. It never chooses an action. Its
events are applied whichever policy wins, before the turn's first action: so the answer
is in the right language already, in an open form too, and in every channel.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from components.language import LANGUAGE
from components.language_choice import Heard, next_language

LANGUAGE_SLOT = "language"


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class LanguagePolicy(Policy):
    """Sets a slot and predicts nothing."""

    @staticmethod
    def supported_data() -> SupportedData:
        """Neither rules nor stories teach it anything."""
        return SupportedData.ML_AND_RULE_DATA

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Options: the intent that asks for a language, the languages that we speak,
        slots whose answers are names and not sentences, intents of such answers.
        """
        return {
            "priority": 1,
            "switch_intent": "switch_language",
            "languages": ["en", "es", "de", "fr"],
            "names_and_places": [],
            "answer_intents": ["inform", "nlu_fallback"],
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LanguagePolicy:
        """Creates the policy for the graph."""
        return cls(config, model_storage, resource, execution_context)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LanguagePolicy:
        """Creates the policy: all it knows is in the configuration."""
        return cls(config, model_storage, resource, execution_context)

    def train(
        self,
        training_trackers: list[TrackerWithCachedStates],
        domain: Domain,
        **kwargs: Any,
    ) -> Resource:
        """There is nothing to learn."""
        return self._resource

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Sets the slot if the latest message changes the language."""
        return self._prediction(
            self._default_predictions(domain), events=self._events(tracker)
        )

    def _events(self, tracker: DialogueStateTracker) -> list[Event]:
        slot = tracker.slots.get(LANGUAGE_SLOT)
        if slot is None or _has_acted(tracker):
            return []
        wanted = self._wanted(tracker, slot.value)
        return [] if wanted == slot.value else [SlotSet(LANGUAGE_SLOT, wanted)]

    def _wanted(self, tracker: DialogueStateTracker, current: str | None) -> str | None:
        messages = list(_messages(tracker))
        if not messages:
            return current
        asked = next(filter(None, map(self._asked_for, messages)), None)
        if asked is not None:
            return asked
        message, *earlier = messages
        if self._is_name_or_place(message, tracker):
            return current
        before = next((one for one in map(_heard, earlier) if one.code), Heard())
        return next_language(current, _heard(message), before, self._home(message))

    def _is_name_or_place(
        self, message: UserUttered, tracker: DialogueStateTracker
    ) -> bool:
        """Whether it answers a form's question with something in no language."""
        slot = tracker.get_slot(REQUESTED_SLOT)
        if slot not in self.config["names_and_places"]:
            return False
        return message.intent.get("name") in self.config["answer_intents"]

    def _asked_for(self, message: UserUttered) -> str | None:
        """Returns the language that the customer asks for, if we speak it."""
        if message.intent.get("name") != self.config["switch_intent"]:
            return None
        from_button = [
            entity.get("value")
            for entity in message.entities
            if entity.get("entity") == LANGUAGE
        ]
        for code in [*from_button, _heard(message).named]:
            if code in self.config["languages"]:
                return str(code)
        return None

    def _home(self, message: UserUttered) -> str | None:
        """Returns the language of the customer's client: as it was at first, if told.

        What the bridge calls `language` is the conversation's, once there is one.
        """
        told = message.metadata.get("locale") or message.metadata.get(LANGUAGE)
        code = str(told or "")[:2].lower()
        return code if code in self.config["languages"] else None


def _has_acted(tracker: DialogueStateTracker) -> bool:
    """Whether the turn has its language: a form may ask for something else by now."""
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered | ActionExecuted):
            return isinstance(event, ActionExecuted)
    return True


def _messages(tracker: DialogueStateTracker) -> Iterator[UserUttered]:
    """Yields the customer's messages, latest first."""
    return (
        event for event in reversed(tracker.events) if isinstance(event, UserUttered)
    )


def _heard(message: UserUttered | None) -> Heard:
    return Heard.read(message and (message.parse_data or {}).get(LANGUAGE))

"""Fallback that asks for more certainty where a mistake would cost more."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
)
from rasa.shared.nlu.training_data.message import Message

from components.certainty import is_certain
from components.intent_ranking import probabilities

READINGS = "readings"


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False
)
class CautiousFallbackClassifier(FallbackClassifier):
    """Rasa's own; careful intents must be surer, restricted ones certain together.

    Without it a rule would hand off on a guess that the escalation policy, which
    looks at the same numbers, has turned down.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Rasa's thresholds, and those of the careful and the restricted intents."""
        return {
            **FallbackClassifier.get_default_config(),
            "restricted_intents": [],
            "restricted_probability": 0.7,
            "careful_intents": [],
            "careful_probability": 0.6,
            "reading_probability": 0.1,
        }

    def process(self, messages: list[Message]) -> list[Message]:
        """Falls back where it should; says then which intents were likely."""
        for message in messages:
            if self._is_not_understood(message):
                message.set(READINGS, self._readings(message), add_to_output=True)
        return super().process(messages)

    def _readings(self, message: Message) -> list[str]:
        return [
            guess[INTENT_NAME_KEY]
            for guess in message.get(INTENT_RANKING_KEY, [])
            if guess[PREDICTED_CONFIDENCE_KEY]
            >= self.component_config["reading_probability"]
        ]

    def _is_not_understood(self, message: Message) -> bool:
        # The classifier's own stranger may be an intent that came close.
        intent = message.get(INTENT, {}).get(INTENT_NAME_KEY)
        return intent == DEFAULT_NLU_FALLBACK_INTENT_NAME or self._should_fallback(
            message
        )

    def _should_fallback(self, message: Message) -> bool:
        return self._is_guess(message) or super()._should_fallback(message)

    def _is_guess(self, message: Message) -> bool:
        intent = message.get(INTENT, {})
        if intent.get(INTENT_NAME_KEY) in self.component_config["careful_intents"]:
            least = self.component_config["careful_probability"]
            return bool(intent[PREDICTED_CONFIDENCE_KEY] < least)
        restricted = self.component_config["restricted_intents"]
        if intent.get(INTENT_NAME_KEY) not in restricted:
            return False
        probability = self.component_config["restricted_probability"]
        return not is_certain(probabilities(message), restricted, probability)

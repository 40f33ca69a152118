"""Reads a message of which the classifier is unsure again, with a better encoder.

Of the customers' everyday words the two make different mistakes, and the mean of both
is less sure where they differ. Stands right behind the classifier.
"""

from __future__ import annotations

from heapq import nlargest
from operator import itemgetter
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import (
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.intent_features import taught_examples
from components.intent_ranking import probabilities, set_ranking
from components.linear_model import LinearModel
from components.message_readers import leave_reader
from components.second_look import CentredEncoder, version

MODEL_FILE = "second_intents.npz"


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True
)
class IntentSecondLook(GraphComponent):
    """A second classifier. Where its encoder does not run, the first's word stands."""

    @staticmethod
    def required_packages() -> list[str]:
        """Packages needed for training."""
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Options.

        A message whose likeliest intent is less probable than `unsure` is read again;
        0 for none. `weight` is the second reading's part in the mean. `C` as the
        classifier's.
        """
        return {"C": 100.0, "unsure": 0.9, "weight": 0.5}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Another release of the encoder means other vectors: retrain."""
        return version()

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        encoder: CentredEncoder | None = None,
        model: LinearModel | None = None,
    ) -> None:
        """Holds a trained model, or none before training."""
        self._config = {**self.get_default_config(), **config}
        self._model_storage = model_storage
        self._resource = resource
        self._encoder = encoder
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentSecondLook:
        """Creates an untrained component for the graph."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fits the model on all examples that have text and an intent."""
        examples, intents = taught_examples(training_data)
        if not self._config["unsure"] or len(set(intents)) < 2:
            return self._resource
        fitted = CentredEncoder.fit([example.get(TEXT) for example in examples])
        if fitted is None:
            return self._resource
        self._encoder, rows = fitted
        self._model = LinearModel.fit(rows, intents, self._config["C"])
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder / MODEL_FILE)
            self._encoder.save(folder)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentSecondLook:
        """Loads the trained component."""
        try:
            with model_storage.read_from(resource) as folder:
                model = LinearModel.load(folder / MODEL_FILE)
                encoder = CentredEncoder.load(folder)
        except ValueError:  # nothing was stored: it could not look while training
            return cls(config, model_storage, resource)
        return cls(config, model_storage, resource, encoder, model)

    def process(self, messages: list[Message]) -> list[Message]:
        """Mixes both readings of every message that is unclear."""
        leave_reader(messages, self._look)
        return self._look(messages)

    def _look(self, messages: list[Message]) -> list[Message]:
        if self._encoder is None or self._model is None:
            return messages
        for message in messages:
            ranking = message.get(INTENT_RANKING_KEY)
            if ranking and self._is_unsure(ranking[0]):
                rows = self._encoder.rows([message.get(TEXT)])
                [row] = self._model.probabilities(rows)
                second = dict(zip(self._model.labels, row.tolist(), strict=True))
                set_ranking(message, self._mean(probabilities(message), second))
        return messages

    def _is_unsure(self, top: dict[str, Any]) -> bool:
        return bool(top[PREDICTED_CONFIDENCE_KEY] < self._config["unsure"])

    def _mean(
        self, first: dict[str, float], second: dict[str, float]
    ) -> dict[str, float]:
        weight = self._config["weight"]
        mean = {
            name: (1 - weight) * first.get(name, 0.0) + weight * probability
            for name, probability in second.items()
        }
        return dict(nlargest(len(first), mean.items(), key=itemgetter(1)))

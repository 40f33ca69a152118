"""Intent classifier: logistic regression over the sparse and dense features."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.preprocessing import normalize

from components.linear_model import LinearModel

logger = logging.getLogger(__name__)

MODEL_FILE = "intents.npz"

# Certainty is for intents that were given, not guessed; rounding must not reach it.
HIGHEST_CONFIDENCE = 0.999


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True
)
class LogisticRegressionIntentClassifier(IntentClassifier, GraphComponent):
    """Like Rasa's own, with a free `C` and probabilities that can be trusted.

    Each kind of features is scaled to unit length, or else counts of n-grams
    would drown the encoder's vector. On unit vectors `C: 1` hardly fits at all.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """At least one featurizer has to come first."""
        return [Featurizer]

    @staticmethod
    def required_packages() -> list[str]:
        """Packages needed for training."""
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Options: inverse regularisation, weight of each kind, ranking length."""
        return {
            "C": 30.0,
            "dense_weight": 1.0,
            "sparse_weight": 0.7,
            "ranking_length": 10,
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: LinearModel | None = None,
    ) -> None:
        """Holds a trained model, or none before training."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LogisticRegressionIntentClassifier:
        """Creates an untrained component for the graph."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fits the model on all examples that have text and an intent."""
        examples = [
            example
            for example in training_data.intent_examples
            if example.get(INTENT) and example.get(TEXT)
        ]
        intents = [example.get(INTENT) for example in examples]
        if len(set(intents)) < 2:
            logger.warning("No intents to tell apart, the classifier is not trained.")
            return self._resource
        self._model = LinearModel.fit(
            self._features(examples), intents, self._config["C"]
        )
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder / MODEL_FILE)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LogisticRegressionIntentClassifier:
        """Loads the trained component."""
        try:
            with model_storage.read_from(resource) as folder:
                model = LinearModel.load(folder / MODEL_FILE)
        except ValueError:  # nothing was stored: trained without intents
            model = None
        return cls(config, model_storage, resource, model)

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets intent and ranking on every message."""
        for message in messages:
            ranking = self._ranking(message)
            top = ranking[0] if ranking else _intent(None, 0.0)
            message.set(INTENT, top, add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Classifies the training examples, for components that ask for it."""
        self.process(training_data.training_examples)
        return training_data

    def _ranking(self, message: Message) -> list[dict[str, Any]]:
        if self._model is None or not message.get(TEXT):
            return []
        row = self._model.probabilities(self._features([message]))[0]
        row = np.minimum(row, HIGHEST_CONFIDENCE)
        order = np.argsort(-row)[: self._config["ranking_length"]]
        return [_intent(self._model.labels[i], float(row[i])) for i in order]

    def _features(self, messages: list[Message]) -> csr_matrix:
        kinds = []
        for read, weight in (
            (_sparse_row, self._config["sparse_weight"]),
            (_dense_row, self._config["dense_weight"]),
        ):
            rows = [read(message) for message in messages]
            if rows[0] is not None:
                kinds.append(_unit_rows(rows) * weight)
        return hstack(kinds, format="csr")


def _sparse_row(message: Message) -> csr_matrix | None:
    _, sentence = message.get_sparse_features(TEXT)
    return None if sentence is None else sentence.features


def _dense_row(message: Message) -> np.ndarray | None:
    _, sentence = message.get_dense_features(TEXT)
    return None if sentence is None else sentence.features


def _unit_rows(rows: list[Any]) -> csr_matrix:
    return normalize(vstack([csr_matrix(row, dtype=np.float32) for row in rows]))


def _intent(name: str | None, confidence: float) -> dict[str, Any]:
    return {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: confidence}

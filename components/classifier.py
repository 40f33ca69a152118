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

from components.familiarity import Familiarity, move_to
from components.linear_model import LinearModel

logger = logging.getLogger(__name__)

MODEL_FILE = "intents.npz"
FAMILIARITY_FILE = "familiarity.npz"

# Certainty is for intents that were given, not guessed; rounding must not reach it.
HIGHEST_CONFIDENCE = 0.999


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True
)
class LogisticRegressionIntentClassifier(IntentClassifier, GraphComponent):
    """Like Rasa's own, with a free `C` and probabilities that can be trusted.

    Each kind of features is scaled to unit length, or else counts of n-grams
    would drown the encoder's vector. On unit vectors `C: 1` hardly fits at all.
    A message unlike every example belongs to `unfamiliar_intent`; the examples of
    that intent and of `shapeless_intents` (names, places: anything) are no measure.
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
        """Options: regularisation, weights, ranking length, likeness to examples."""
        return {
            "C": 30.0,
            "dense_weight": 1.0,
            "sparse_weight": 0.7,
            "ranking_length": 10,
            "strange": 0.3,
            "familiar": 0.45,
            "unfamiliar_intent": "nlu_fallback",
            "shapeless_intents": [],
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: LinearModel | None = None,
        familiarity: Familiarity | None = None,
    ) -> None:
        """Holds a trained model, or none before training."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = model
        self._familiarity = familiarity

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
        self._familiarity = self._familiarity_of(examples)
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder / MODEL_FILE)
            if self._familiarity is not None:
                self._familiarity.save(folder / FAMILIARITY_FILE)
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
        model, familiarity = None, None
        try:
            with model_storage.read_from(resource) as folder:
                model = LinearModel.load(folder / MODEL_FILE)
                if (folder / FAMILIARITY_FILE).exists():
                    familiarity = Familiarity.load(
                        folder / FAMILIARITY_FILE, config["strange"], config["familiar"]
                    )
        except ValueError:  # nothing was stored: trained without intents
            logger.warning("The intent classifier was stored without a model.")
        return cls(config, model_storage, resource, model, familiarity)

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
        row = self._model.probabilities(self._features([message]))
        row = np.minimum(self._without_strangers(row, message)[0], HIGHEST_CONFIDENCE)
        order = np.argsort(-row)[: self._config["ranking_length"]]
        return [_intent(self._model.labels[i], float(row[i])) for i in order]

    def _familiarity_of(self, examples: list[Message]) -> Familiarity | None:
        unfamiliar = self._config["unfamiliar_intent"]
        no_measure = {unfamiliar, *self._config["shapeless_intents"]}
        rows = [
            _dense_row(example)
            for example in examples
            if example.get(INTENT) not in no_measure
        ]
        intents = self._model.labels if self._model else []
        if unfamiliar not in intents or not rows or rows[0] is None:
            return None
        vectors = _unit_rows(rows).toarray()
        return Familiarity(vectors, self._config["strange"], self._config["familiar"])

    def _without_strangers(self, row: np.ndarray, message: Message) -> np.ndarray:
        if self._familiarity is None or self._model is None:
            return row
        intents = self._model.labels
        shapeless = self._config["shapeless_intents"]
        return move_to(
            row,
            self._familiarity.shares(_unit_rows([_dense_row(message)]).toarray()),
            unsure=intents.index(self._config["unfamiliar_intent"]),
            kept=[intents.index(name) for name in shapeless if name in intents],
        )

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

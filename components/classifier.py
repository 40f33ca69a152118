"""Intent classifier: logistic regression over the sparse and dense features."""

from __future__ import annotations

import logging
from dataclasses import astuple, replace
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
from scipy.sparse import csr_matrix

from components.intent_features import Kinds, kinds_of, kinds_of_one, taught_examples
from components.landmarks import Landmarks
from components.likeness import Neighbours, Trust, raise_tops, take_from
from components.linear_model import HeldOut, LinearModel, fit_with_held_out
from components.message_readers import leave_reader

logger = logging.getLogger(__name__)

MODEL_FILE = "intents.npz"
LANDMARKS_FILE = "landmarks.npz"
TRUST_FILE = "trust.npz"

# Certainty is for intents that were given, not guessed; rounding must not reach it.
HIGHEST_CONFIDENCE = 0.999


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True
)
class LogisticRegressionIntentClassifier(IntentClassifier, GraphComponent):
    """Like Rasa's own, with a free `C` and probabilities that can be trusted.

    Each kind of features is cut to unit length, or else counts of n-grams would
    drown the encoder's vector. Then the whole is made a unit vector: of a message
    in unknown words the encoder's part is what counts. On unit vectors `C: 1` hardly
    fits at all. Of the encoder's vector the model reads how near it is to `landmarks`
    of the examples, so that an intent may be what is said in many unlike ways.

    What a message has in common with nothing that was taught lowers its
    confidences: how much is learnt from examples held out of training. Where
    `unfamiliar_intent` has examples, it gets what the others lose; its examples and
    those of `shapeless_intents` (names, places: anything) are no measure.
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
        """Options of the model, and of the trust in what it says.

        `gamma` is the steepness of the kernel around each of the `landmarks`.

        `strangers` is the share of the held-out examples whose confidences are
        halved or worse; `strictness` says how sharply the trust ends there. Where
        `unfamiliar_intent` has no examples, only the trust tells strangers: then
        the options `..._untaught` hold, and a low probability matters less.
        """
        return {
            "C": 100.0,
            "landmarks": 2000,
            "gamma": 1.0,
            "ranking_length": 10,
            "strangers": 0.01,
            "strangers_untaught": 0.05,
            "strictness": 3.0,
            "strictness_untaught": 1.0,
            "certainty_power_untaught": 0.25,
            "likeness_weight": 0.5,
            "unfamiliar_intent": "nlu_fallback",
            "shapeless_intents": [],
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: LinearModel | None = None,
        landmarks: Landmarks | None = None,
        trust: Trust | None = None,
        neighbours: Neighbours | None = None,
    ) -> None:
        """Holds a trained model, or none before training."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = model
        self._landmarks = landmarks
        self._trust = trust
        self._neighbours = neighbours

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
        examples, intents = taught_examples(training_data)
        if len(set(intents)) < 2:
            logger.warning("No intents to tell apart, the classifier is not trained.")
            return self._resource
        kinds = kinds_of(examples)
        if kinds.dense is not None and self._config["landmarks"]:
            self._landmarks = Landmarks.among(
                kinds.dense, self._config["landmarks"], self._config["gamma"]
            )
        self._model, held_out = self._fit(kinds, intents)
        targets = np.array([self._model.labels.index(intent) for intent in intents])
        self._learn_trust(csr_matrix(kinds.unit_rows()), targets, held_out)
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder / MODEL_FILE)
            if self._landmarks is not None:
                self._landmarks.save(folder / LANDMARKS_FILE)
            if self._trust is not None and self._neighbours is not None:
                np.savez_compressed(
                    folder / TRUST_FILE,
                    trust=np.array(astuple(self._trust)),
                    **self._neighbours.arrays(),
                )
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
        model, landmarks, trust, neighbours = None, None, None, None
        try:
            with model_storage.read_from(resource) as folder:
                model = LinearModel.load(folder / MODEL_FILE)
                if (folder / LANDMARKS_FILE).exists():
                    landmarks = Landmarks.load(folder / LANDMARKS_FILE)
                if (folder / TRUST_FILE).exists():
                    with np.load(folder / TRUST_FILE, allow_pickle=False) as arrays:
                        trust = Trust(*arrays["trust"].tolist())
                        neighbours = Neighbours.from_arrays(dict(arrays))
        except ValueError:  # nothing was stored: trained without intents
            logger.warning("The intent classifier was stored without a model.")
        return cls(config, model_storage, resource, model, landmarks, trust, neighbours)

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets intent and ranking on every message."""
        leave_reader(messages, self._classify)
        return self._classify(messages)

    def _classify(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            ranking = self._ranking(message)
            top = ranking[0] if ranking else _intent(None, 0.0)
            message.set(INTENT, top, add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Classifies the training examples, for components that ask for it."""
        self._classify(training_data.training_examples)
        return training_data

    def _ranking(self, message: Message) -> list[dict[str, Any]]:
        if self._model is None or not message.get(TEXT):
            return []
        kinds = kinds_of_one(message)
        unfamiliar = self._unfamiliar()
        if unfamiliar and kinds.sparse is not None and not kinds.sparse.any():
            # No part of a word was ever taught, and the encoder always has an opinion.
            return [_intent(self._model.labels[unfamiliar[0]], HIGHEST_CONFIDENCE)]
        scores = self._model.scores(kinds.with_likeness(self._landmarks))
        row = self._model.of_scores(scores)
        if self._trust is not None and self._neighbours is not None:
            unit = kinds.unit_rows()
            row = self._trusted(row, scores, unit, self._trust, self._neighbours)
        row = np.minimum(row[0], HIGHEST_CONFIDENCE)
        order = np.argsort(-row)[: self._config["ranking_length"]]
        return [_intent(self._model.labels[i], float(row[i])) for i in order]

    def _fit(
        self, kinds: Kinds, intents: list[str]
    ) -> tuple[LinearModel, HeldOut | None]:
        if self._landmarks is None:
            return fit_with_held_out(kinds.unit_rows(), intents, self._config["C"])
        # Fitted to the kernel's features, and kept as a model of plain likeness.
        mixing = self._landmarks.mixing()
        rows = kinds.with_likeness(self._landmarks, mixing)
        model, held_out = fit_with_held_out(rows, intents, self._config["C"])
        others = rows.shape[1] - mixing.shape[1]
        near = model.weights[:, others:] @ mixing.T
        weights = np.hstack([model.weights[:, :others], near])
        return replace(model, weights=np.asfortranarray(weights, np.float32)), held_out

    def _learn_trust(
        self, features: csr_matrix, targets: np.ndarray, held_out: HeldOut | None
    ) -> None:
        if held_out is None:
            return
        measured = np.isin(targets[held_out.unseen], self._measures())
        if not measured.any():
            return
        unseen = held_out.unseen[measured]
        scores = held_out.scores[measured][:, self._known()]
        tops = np.array(self._known())[scores.argmax(axis=1)]
        seen = self._neighbours_of(features[held_out.seen], targets[held_out.seen])
        untaught = "" if self._unfamiliar() else "_untaught"
        self._trust = Trust.fit(
            scores,
            seen.nearest(features[unseen], tops),
            self._config["strangers" + untaught],
            self._config["strictness" + untaught],
            self._config["likeness_weight"],
        )
        self._neighbours = self._neighbours_of(features, targets)

    def _neighbours_of(self, features: csr_matrix, targets: np.ndarray) -> Neighbours:
        known = np.isin(targets, self._known())
        return Neighbours(features[known], targets[known], len(self._labels()))

    def _labels(self) -> list[str]:
        return self._model.labels if self._model else []

    def _columns(self, names: list[str]) -> list[int]:
        return [self._labels().index(name) for name in names if name in self._labels()]

    def _unfamiliar(self) -> list[int]:
        return self._columns([self._config["unfamiliar_intent"]])

    def _known(self) -> list[int]:
        unfamiliar = self._unfamiliar()
        return [i for i in range(len(self._labels())) if i not in unfamiliar]

    def _measures(self) -> list[int]:
        shapeless = self._columns(self._config["shapeless_intents"])
        return [i for i in self._known() if i not in shapeless]

    def _trusted(
        self,
        probabilities: np.ndarray,
        scores: np.ndarray,
        features: np.ndarray,
        trust: Trust,
        neighbours: Neighbours,
    ) -> np.ndarray:
        known = self._known()
        own = scores[:, known]
        tops = np.array(known)[own.argmax(axis=1)]
        unfamiliar = self._unfamiliar()
        if not unfamiliar:
            power = self._config["certainty_power_untaught"]
            probabilities = raise_tops(probabilities, power)
        return take_from(
            probabilities,
            trust.shares(own, neighbours.nearest(features, tops)),
            kept=self._columns(self._config["shapeless_intents"]),
            given_to=unfamiliar[0] if unfamiliar else None,
        )


def _intent(name: str | None, confidence: float) -> dict[str, Any]:
    return {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: confidence}

"""Hears what is not the shop's business: a streaming login, a fine, code, commands.

A linear classifier hears only the words that such a message shares with a request of
ours ("reset my password"); distances to whole examples tell the two apart. Those of
others' business are in `data/not_ours`; the examples of all intents but the fallback
are ours. Stands behind the classifier and makes such a message the fallback.
"""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_TYPE,
    INTENT,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.encoder import DEFAULT_ENCODER, load_encoder
from components.example_files import fingerprint, yaml_files
from components.intent_ranking import set_probability
from components.kernel_model import KernelModel
from components.message_readers import leave_reader
from components.not_ours_data import read_not_ours
from components.several_requests import ORDER_NUMBER

logger = logging.getLogger(__name__)

NOT_OURS = "not_ours"
SURELY_NOT_OURS = "surely_not_ours"
MODEL_FILE = "not_ours.npz"


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True
)
class OthersBusiness(GraphComponent):
    """A kernel classifier over the dense features that a featurizer has left."""

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
        """Options: where the examples are, `C` and `gamma` of the model, two margins.

        0 is the border between the examples, 1 is typical of what is not ours, -1 of
        what is. From `certain` on a message is `fallback_intent`; from `certain_alone`
        on it is so unless a part of it is surely a request of ours. With an order's
        number it is ours.
        """
        return {
            "data": "data/not_ours",
            "encoder": DEFAULT_ENCODER,
            "C": 10.0,
            "gamma": 1.0,
            "certain": 0.15,
            "certain_alone": -0.25,
            "fallback_intent": "nlu_fallback",
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Changed examples retrain; Rasa looks at its own data only."""
        config = {**cls.get_default_config(), **config}
        return fingerprint(config["encoder"], yaml_files(config["data"]))

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: KernelModel | None = None,
    ) -> None:
        """Holds a trained model, or none before training and without examples."""
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
    ) -> OthersBusiness:
        """Creates an untrained component for the graph."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fits the model on the designers' files against the examples of intents."""
        theirs = read_not_ours(self._config["data"])
        ours = [
            vector
            for example in training_data.intent_examples
            if example.get(INTENT) != self._config["fallback_intent"]
            and (vector := _vector(example)) is not None
        ]
        if not theirs or not ours:
            logger.warning("No examples in '%s'.", self._config["data"])
            return self._resource
        vectors = load_encoder(self._config["encoder"]).encode(theirs)
        is_theirs = [True] * len(theirs) + [False] * len(ours)
        self._model = KernelModel.fit(
            np.vstack([vectors, *ours]),
            is_theirs,
            self._config["C"],
            self._config["gamma"],
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
    ) -> OthersBusiness:
        """Loads the trained component."""
        try:
            with model_storage.read_from(resource) as folder:
                model = KernelModel.load(folder / MODEL_FILE)
        except ValueError:  # nothing was stored: trained without examples
            model = None
        return cls(config, model_storage, resource, model)

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets `not_ours` and the fallback on every message that is not ours."""
        if self._model is not None:
            leave_reader(messages, self._judge)
            self._judge(messages)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leaves training data alone: nothing there needs it."""
        return training_data

    def _judge(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            vector = _vector(message)
            if self._model is None or vector is None or not message.get(INTENT):
                continue
            margin = float(self._model.margins(vector)[0])
            if margin < self._config["certain_alone"] or _names_order(message):
                continue
            message.set(SURELY_NOT_OURS, margin >= self._config["certain"])
            message.set(NOT_OURS, round(margin, 3), add_to_output=True)
            set_probability(message, self._config["fallback_intent"], 1)
        return messages


def _names_order(message: Message) -> bool:
    entities = message.get(ENTITIES) or []
    return any(one.get(ENTITY_ATTRIBUTE_TYPE) == ORDER_NUMBER for one in entities)


def _vector(message: Message) -> np.ndarray | None:
    _, sentence = message.get_dense_features(TEXT)
    if sentence is None:
        return None
    return np.asarray(sentence.features, dtype=np.float32).reshape(1, -1)

"""Puts the sentence encoder's vector on every message."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.encoder import DEFAULT_ENCODER, load_encoder
from components.message_readers import leave_reader


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False
)
class SentenceEncoderFeaturizer(DenseFeaturizer, GraphComponent):
    """Adds a dense sentence feature; there are none for single tokens."""

    @classmethod
    def required_components(cls) -> list[type]:
        """The graph checks that a tokenizer comes first, as for all featurizers."""
        return [Tokenizer]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Another release of the encoder means other vectors: retrain."""
        return load_encoder(config.get("encoder", DEFAULT_ENCODER)).version()

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Options: the encoder's dotted path, and what it should not see.

        `overlook` is a regular expression: to an encoder an order number says more
        than the words around it. A text of nothing else is read as it is.
        """
        return {
            **DenseFeaturizer.get_default_config(),
            "encoder": DEFAULT_ENCODER,
            "overlook": None,
        }

    def __init__(self, config: dict[str, Any], name: str) -> None:
        """Loads the encoder, shared with the other components."""
        super().__init__(name, config)
        self._encoder = load_encoder(config["encoder"])
        overlook = config["overlook"]
        self._overlook = re.compile(overlook, re.IGNORECASE) if overlook else None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoderFeaturizer:
        """Creates the component for the graph."""
        return cls(config, execution_context.node_name)

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds the feature to every message that has text."""
        leave_reader(messages, self._read)
        return self._read(messages)

    def _read(self, messages: list[Message]) -> list[Message]:
        with_text = [message for message in messages if message.get(TEXT)]
        if with_text:
            vectors = self._encoder.encode([self._words(m) for m in with_text])
            for message, vector in zip(with_text, vectors, strict=True):
                message.add_features(self._sentence_feature(vector))
        return messages

    def _words(self, message: Message) -> str:
        text = message.get(TEXT)
        if self._overlook is None:
            return text
        words = " ".join(self._overlook.sub(" ", text).split())
        return words if any(map(str.isalpha, words)) else text

    def _sentence_feature(self, vector: Any) -> Features:
        return Features(
            vector.reshape(1, -1),
            FEATURE_TYPE_SENTENCE,
            TEXT,
            self._config[FEATURIZER_CLASS_ALIAS],
        )

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Adds the feature to all training examples."""
        self._read(training_data.training_examples)
        return training_data

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Fails early if the encoder cannot be imported."""
        load_encoder(config.get("encoder", DEFAULT_ENCODER))

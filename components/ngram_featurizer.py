"""Puts words and parts of words on every message."""

from __future__ import annotations

import logging
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix

from components.message_readers import leave_reader
from components.ngrams import Ngrams

logger = logging.getLogger(__name__)

NGRAMS_FILE = "ngrams.json"


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True
)
class NgramFeaturizer(SparseFeaturizer, GraphComponent):
    """Adds one sparse sentence feature; there are none for single tokens."""

    @classmethod
    def required_components(cls) -> list[type]:
        """The graph checks that a tokenizer comes first, as for all featurizers."""
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Options: shortest and longest n-grams, and how many are kept."""
        return {
            **SparseFeaturizer.get_default_config(),
            "words": [1, 2],
            "characters": [2, 5],
            "most": 20_000,
        }

    def __init__(
        self,
        config: dict[str, Any],
        name: str,
        model_storage: ModelStorage,
        resource: Resource,
        ngrams: Ngrams | None = None,
    ) -> None:
        """Holds what was learnt, or nothing before training."""
        super().__init__(name, config)
        self._model_storage = model_storage
        self._resource = resource
        self._ngrams = ngrams

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NgramFeaturizer:
        """Creates an untrained component for the graph."""
        return cls(config, execution_context.node_name, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> NgramFeaturizer:
        """Loads the trained component."""
        ngrams = None
        try:
            with model_storage.read_from(resource) as folder:
                ngrams = Ngrams.load(folder / NGRAMS_FILE)
        except ValueError:  # nothing was stored: trained without examples
            logger.warning("The n-grams were stored without examples.")
        name = execution_context.node_name
        return cls(config, name, model_storage, resource, ngrams)

    def train(self, training_data: TrainingData) -> Resource:
        """Learns the n-grams of all examples with an intent."""
        examples = training_data.intent_examples
        texts = [example.get(TEXT) for example in examples if example.get(TEXT)]
        if texts:
            self._ngrams = Ngrams.fit(
                texts,
                tuple(self._config["words"]),
                tuple(self._config["characters"]),
                self._config["most"],
            )
            with self._model_storage.write_to(self._resource) as folder:
                self._ngrams.save(folder / NGRAMS_FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds the feature to every message that has text."""
        leave_reader(messages, self._read)
        return self._read(messages)

    def _read(self, messages: list[Message]) -> list[Message]:
        with_text = [message for message in messages if message.get(TEXT)]
        if with_text and self._ngrams is not None:
            rows = self._ngrams.transform(message.get(TEXT) for message in with_text)
            for number, message in enumerate(with_text):
                message.add_features(self._sentence_feature(rows[number]))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Adds the feature to all training examples."""
        self._read(training_data.training_examples)
        return training_data

    def _sentence_feature(self, row: csr_matrix) -> Features:
        return Features(
            row, FEATURE_TYPE_SENTENCE, TEXT, self._config[FEATURIZER_CLASS_ALIAS]
        )

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing to check before training."""

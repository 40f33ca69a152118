"""Hears situations that need a person with care: a death, a threat, a hacked account.

Two opinions: a classifier taught with `data/sensitive`, and the designers' word list.
The result is an output property of the message, beside its intent, so that no other
request in the message can drown it; it is absent on ordinary messages.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import HashingVectorizer

from components.encoder import DEFAULT_ENCODER, load_encoder
from components.linear_model import LinearModel
from components.sensitive_data import ORDINARY, read_sensitive, sensitive_files
from components.sensitive_words import Heard, SensitiveWords, normalised
from components.sentiment_data import read_examples, sentiment_files

logger = logging.getLogger(__name__)

SENSITIVE = "sensitive"
MODEL_FILE = "sensitive.npz"
# Where a statement of its own may begin within a message, in our languages.
_BREAK = re.compile(
    r"(?<=[.!?;:…])\s+|\s*\n+\s*|,\s+|\s+[-–—]+\s+"
    r"|\s+(?:and|but|because|so|since|y|pero|porque|und|aber|weil|denn|et|mais|car)\s+",
    re.IGNORECASE,
)
MIN_WORDS = 3
# Hashing needs no vocabulary to store; collisions hardly matter at this size.
_HASHING = HashingVectorizer(
    n_features=2**13, ngram_range=(1, 2), token_pattern=r"\b\w+\b", dtype=np.float32
)
MAX_STATEMENTS = 12


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True
)
class SensitiveSituations(GraphComponent):
    """Logistic regression over the encoder's vector and words, and a word list."""

    @classmethod
    def required_components(cls) -> list[type]:
        """None: it reads the text itself."""
        return []

    @staticmethod
    def required_packages() -> list[str]:
        """Packages needed for training and prediction."""
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Options: where the examples and words are, and how certain is enough.

        `certain` is enough by itself, `certain_with_cue` where the word list has a cue
        in the message; then each statement of the message is looked at by itself, for
        which `certain_statement` is enough. Moods and intents count as ordinary.
        """
        return {
            "data": "data/sensitive",
            "words": "data/words/sensitive.yml",
            "moods": "data/sentiment",
            "encoder": DEFAULT_ENCODER,
            "C": 100.0,
            "certain": 0.9,
            "certain_with_cue": 0.75,
            "certain_statement": 0.85,
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Changed examples and words retrain; Rasa looks at its own data only."""
        config = {**cls.get_default_config(), **config}
        digest = sha256(load_encoder(config["encoder"]).version().encode())
        files = [*sensitive_files(config["data"]), *sentiment_files(config["moods"])]
        for path in [*files, Path(config["words"])]:
            if path.exists():
                digest.update(path.name.encode() + b"\0" + path.read_bytes())
        return digest.hexdigest()

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: LinearModel | None = None,
        words: SensitiveWords | None = None,
    ) -> None:
        """Holds a trained model and the words, or none before training."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = model
        self._words = words
        self._encoder = load_encoder(config["encoder"])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SensitiveSituations:
        """Creates an untrained component for the graph."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fits the model on the designers' files; all other examples are ordinary."""
        taught = read_sensitive(self._config["data"])
        if len(set(taught.values())) < 2:
            logger.warning("No sensitive examples in '%s'.", self._config["data"])
            return self._resource
        self._words = SensitiveWords.read(Path(self._config["words"]))
        for text in self._others(training_data):
            # What the words hear among them was listed for what else is in it.
            if text not in taught and self._words.hear(text).kind is None:
                taught[text] = ORDINARY
        self._model = LinearModel.fit(
            self._features(list(taught)), list(taught.values()), self._config["C"]
        )
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder / MODEL_FILE)
            words = Path(self._config["words"]).read_bytes()
            (folder / "words.yml").write_bytes(words)
        return self._resource

    def _others(self, training_data: TrainingData) -> Iterator[str]:
        for example in training_data.intent_examples:
            if example.get(TEXT):
                yield str(example.get(TEXT))
        yield from read_examples(self._config["moods"])

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SensitiveSituations:
        """Loads the trained component, with the words it was trained beside."""
        try:
            with model_storage.read_from(resource) as folder:
                model = LinearModel.load(folder / MODEL_FILE)
                words = SensitiveWords.read(folder / "words.yml")
        except ValueError:  # nothing was stored: trained without examples
            return cls(config, model_storage, resource)
        return cls(config, model_storage, resource, model, words)

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets `{kind, probability}` on every message that needs care."""
        for message in messages:
            found = self.heard(str(message.get(TEXT) or ""))
            if found is not None:
                message.set(SENSITIVE, found, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leaves training data alone: nothing there needs it."""
        return training_data

    def heard(self, text: str) -> dict[str, Any] | None:
        """Returns kind and probability of a situation that needs care, else None."""
        # An intent from a button is no statement.
        if self._words is None or not text.strip() or text.lstrip().startswith("/"):
            return None
        heard = self._words.hear(text)
        kinds = {kind: 1.0 for kind in heard.kinds}
        for statement, enough in self._statements(text, heard):
            kind, probability = self._likeliest(statement)
            if probability >= enough:
                kinds[kind] = max(kinds.get(kind, 0.0), probability)
        if not kinds:
            return None
        # Where a life is at risk comes first in the word list.
        first = min(kinds, key=self._words.place_of)
        return {"kind": first, "probability": round(kinds[first], 3)}

    def _statements(self, text: str, heard: Heard) -> Iterator[tuple[str, float]]:
        """Yields what to look at, and how certain is enough for it."""
        config = self._config
        whole = heard.words.strip() if heard.is_changed else text
        if len(whole.split()) > (1 if heard.is_changed else 0):
            cued = config["certain_with_cue"] if heard.has_cue else config["certain"]
            yield whole, cued
        if heard.has_cue:
            parts = heard.sentences if heard.is_changed else statements(text)
            for part in parts[:MAX_STATEMENTS]:
                yield part, config["certain_statement"]

    def _likeliest(self, text: str) -> tuple[str, float]:
        """Returns the likeliest kind, and how likely it is that care is needed."""
        if self._model is None:
            return ORDINARY, 0.0
        row = self._model.probabilities(self._row(text))[0]
        kinds = [i for i, name in enumerate(self._model.labels) if name != ORDINARY]
        likeliest = max(kinds, key=lambda i: row[i])
        return self._model.labels[likeliest], float(row[kinds].sum())

    def _features(self, texts: list[str]) -> csr_matrix:
        vectors = csr_matrix(self._encoder.encode(texts))
        return hstack([vectors, _hashed_words(texts)], format="csr")

    def _row(self, text: str) -> np.ndarray:
        # The same for one message, without sparse matrices of one row.
        words = _hashed_words([text]).toarray()
        return np.hstack([self._encoder.encode([text]), words])


def statements(text: str) -> list[str]:
    """Returns the statements of a message, or nothing if it has only one."""
    parts = [part.strip() for part in _BREAK.split(text)]
    parts = [part for part in parts if len(part.split()) >= MIN_WORDS]
    return parts if len(parts) > 1 else []


def _hashed_words(texts: list[str]) -> csr_matrix:
    return _HASHING.transform([normalised(text) for text in texts])

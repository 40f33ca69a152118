"""Says how a message feels: a label and a score from -1 to 1.

The result is an output property of the message, so it is stored in the user
event's `parse_data`; it is no entity and cannot influence dialogue by itself.
"""

from __future__ import annotations

import logging
import re
from hashlib import sha256
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
from components.sentiment_data import (
    ANGRY,
    NEGATIVE,
    NEUTRAL,
    POSITIVE,
    TROUBLE,
    UNHAPPY,
    read_examples,
    sentiment_files,
)
from components.sentiment_mix import joined

logger = logging.getLogger(__name__)

SENTIMENT = "sentiment"
MODEL_FILE = "sentiment.npz"

# What each label says about the customer's mood; the score is their mean.
MOOD = {ANGRY: -1.0, NEGATIVE: -0.5, TROUBLE: -0.2, NEUTRAL: 0.0, POSITIVE: 1.0}

_WITHOUT_MOOD = re.compile(r"https?://\S+|(?<!\S)@\w+")

NO_SENTIMENT: dict[str, Any] = {"label": NEUTRAL, "score": 0.0}


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True
)
class SentimentClassifier(GraphComponent):
    """Logistic regression over the encoder's vector, words and emphasis."""

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
        """Options: the examples and how many to join, encoder, regularisation."""
        return {
            "data": "data/sentiment",
            "encoder": DEFAULT_ENCODER,
            "C": 3.0,
            # longer messages made of the examples, which are single sentences
            "joined_examples": 1000,
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Changed examples retrain; by itself Rasa looks at its own data only."""
        config = {**cls.get_default_config(), **config}
        digest = sha256(load_encoder(config["encoder"]).version().encode())
        for path in sentiment_files(config["data"]):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
        return digest.hexdigest()

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
        self._encoder = load_encoder(config["encoder"])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentimentClassifier:
        """Creates an untrained component for the graph."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fits the model on the designers' files, not on Rasa's training data."""
        examples = read_examples(self._config["data"])
        if len(set(examples.values())) < 2:
            logger.warning("No sentiment examples in '%s'.", self._config["data"])
            return self._resource
        taught = [
            *examples.items(),
            *joined(examples, self._config["joined_examples"]),
        ]
        self._model = LinearModel.fit(
            self._features([text for text, _ in taught]),
            [label for _, label in taught],
            self._config["C"],
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
    ) -> SentimentClassifier:
        """Loads the trained component."""
        try:
            with model_storage.read_from(resource) as folder:
                model = LinearModel.load(folder / MODEL_FILE)
        except ValueError:  # nothing was stored: trained without examples
            model = None
        return cls(config, model_storage, resource, model)

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets the sentiment on every message."""
        for message in messages:
            message.set(SENTIMENT, self._sentiment(message), add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leaves training data alone: nothing there needs a sentiment."""
        return training_data

    def _sentiment(self, message: Message) -> dict[str, Any]:
        text = message.get(TEXT) or ""
        # An intent from a button has no mood.
        if self._model is None or not text.strip() or text.lstrip().startswith("/"):
            return dict(NO_SENTIMENT)
        return mood(self.probabilities([text])[0])

    def probabilities(self, texts: list[str]) -> list[dict[str, float]]:
        """Returns for each text how likely each label is.

        Raises:
            ValueError: the component is not trained.
        """
        if self._model is None:
            raise ValueError("The sentiment classifier is not trained.")
        labels = self._model.labels
        rows = self._model.probabilities(self._features(texts))
        return [dict(zip(labels, row, strict=True)) for row in rows.tolist()]

    def _features(self, texts: list[str]) -> csr_matrix:
        spoken = [_spoken(text) for text in texts]
        vectors = csr_matrix(self._encoder.encode(spoken))
        words = _words().transform(spoken)
        return hstack([vectors, words, emphasis(texts)], format="csr")


def mood(probabilities: dict[str, float]) -> dict[str, Any]:
    """Returns the most likely of three labels, and the score."""
    score = sum(MOOD[label] * p for label, p in probabilities.items())
    merged = {
        NEGATIVE: sum(probabilities.get(name, 0.0) for name in UNHAPPY),
        NEUTRAL: probabilities.get(NEUTRAL, 0.0),
        POSITIVE: probabilities.get(POSITIVE, 0.0),
    }
    label = max(merged, key=lambda name: merged[name])
    return {"label": label, "score": round(score, 3)}


def _spoken(text: str) -> str:
    """Returns the words: addresses, @handles and signs of hashtags have no mood."""
    words = _WITHOUT_MOOD.sub(" ", text).replace("#", "").strip()
    return words or text


def emphasis(texts: list[str]) -> csr_matrix:
    """Returns shouting as features: capitals, exclamation marks, `??`."""
    return csr_matrix([_emphasis(text) for text in texts], dtype=np.float32)


def _emphasis(text: str) -> list[float]:
    # Short words in capitals are order numbers and abbreviations, not shouting.
    words = [word for word in text.split() if word.isalpha() and len(word) > 2]
    shouted = sum(word.isupper() for word in words) / len(words) if words else 0.0
    marks = min(text.count("!"), 3) / 3
    return [shouted, marks, float("??" in text or "?!" in text)]


def _words() -> HashingVectorizer:
    # Hashing needs no vocabulary to store; collisions hardly matter at this size.
    return HashingVectorizer(
        n_features=2**13,
        ngram_range=(1, 2),
        lowercase=True,
        token_pattern=r"\b\w\w+\b|[\u2190-\U0010ffff]",  # emojis are words
    )

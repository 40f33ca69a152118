"""Says how a message feels: a label and a score from -1 to 1.

The result is an output property of the message, so it is stored in the user
event's `parse_data`; it is no entity and cannot influence dialogue by itself.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.encoder import DEFAULT_ENCODER, load_encoder
from components.example_files import fingerprint, yaml_files
from components.sentiment_data import (
    ANGRY,
    GRIEVANCES,
    NEGATIVE,
    NEUTRAL,
    POSITIVE,
    TROUBLE,
    UNHAPPY,
    read_examples,
)
from components.sentiment_mix import joined
from components.sentiment_model import SentimentModel

logger = logging.getLogger(__name__)

SENTIMENT = "sentiment"

# From here on a grievance decides the label, whatever else is in the message.
LIKELY = 0.8
# What each label says about the customer's mood.
MOOD = {ANGRY: -1.0, NEGATIVE: -0.5, TROUBLE: -0.2, NEUTRAL: 0.0, POSITIVE: 1.0}

NO_SENTIMENT: dict[str, Any] = {"label": NEUTRAL, "score": 0.0}


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True
)
class SentimentClassifier(GraphComponent):
    """How a message feels, and whether it is a grievance: see `SentimentModel`."""

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
        """Options: folders of examples and how many to join, encoder, regularisation.

        `C` is that of the labels; `grievance_C` and `gamma` of what tells grievances
        from all else.
        """
        return {
            "data": "data/sentiment",
            "grievances": "data/grievances",
            "encoder": DEFAULT_ENCODER,
            "C": 3.0,
            "grievance_C": 10.0,
            "gamma": 1.0,
            # longer messages made of the examples, which are single sentences
            "joined_examples": 1000,
            "joined_grievances": 1500,
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Changed examples retrain; by itself Rasa looks at its own data only."""
        config = {**cls.get_default_config(), **config}
        folders = (config["data"], config["grievances"])
        files = [path for folder in folders for path in yaml_files(folder)]
        return fingerprint(config["encoder"], files)

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: SentimentModel | None = None,
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
        config = self._config
        examples = read_examples(config["data"])
        taught = {**examples, **read_examples(config["grievances"])}
        if len({label in GRIEVANCES for label in taught.values()}) < 2:
            logger.warning("No sentiment examples in '%s'.", config["data"])
            return self._resource
        self._model = SentimentModel.fit(
            [*examples.items(), *joined(examples, config["joined_examples"])],
            [*taught.items(), *joined(taught, config["joined_grievances"])],
            self._encoder.encode,
            config["C"],
            config["grievance_C"],
            config["gamma"],
        )
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder)
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
                model = SentimentModel.load(folder)
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
        return self.moods([text])[0]

    def moods(self, texts: list[str]) -> list[dict[str, Any]]:
        """Returns `{label, score}` of each text.

        Raises:
            ValueError: the component is not trained.
        """
        model = self._trained()
        probabilities = model.probabilities(texts, self._encoder.encode)
        grievances = model.grievances(texts, self._encoder.encode)
        return [mood(*one) for one in zip(probabilities, grievances, strict=True)]

    def probabilities(self, texts: list[str]) -> list[dict[str, float]]:
        """Returns for each text how likely each label is.

        Raises:
            ValueError: the component is not trained.
        """
        return self._trained().probabilities(texts, self._encoder.encode)

    def _trained(self) -> SentimentModel:
        if self._model is None:
            raise ValueError("The sentiment classifier is not trained.")
        return self._model


def mood(probabilities: dict[str, float], grievance: float) -> dict[str, Any]:
    """Returns one of three labels, and a score from -1 to 1.

    A grievance weighs by its probability, whatever else is in the message; praise
    only as far as a grievance is unlikely: it may be sarcasm.
    """
    others = [label for label in probabilities if label not in GRIEVANCES]
    against, calm = _mean(probabilities, GRIEVANCES), _mean(probabilities, others)
    share = 1 - grievance if calm < 0 else max(0.0, 1 - 2 * grievance)
    merged = {
        NEGATIVE: sum(probabilities.get(name, 0.0) for name in UNHAPPY),
        NEUTRAL: probabilities.get(NEUTRAL, 0.0),
        POSITIVE: probabilities.get(POSITIVE, 0.0),
    }
    label = max(merged, key=lambda name: merged[name])
    return {
        "label": NEGATIVE if grievance >= LIKELY else label,
        "score": round(grievance * against + share * calm, 3),
    }


def _mean(probabilities: dict[str, float], labels: Iterable[str]) -> float:
    """Returns the mean mood of some labels, by their proportions."""
    shares = {label: probabilities.get(label, 0.0) for label in labels}
    whole = sum(shares.values()) or 1.0
    return sum(MOOD[label] * share for label, share in shares.items()) / whole

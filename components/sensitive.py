"""Hears situations that need a person with care: a death, a threat, a hacked account.

Two opinions: classifiers taught with `data/sensitive`, and the designers' word list.
A cheap classifier lets most ordinary messages pass; the rest is held against examples.
The result is an output property of the message, beside its intent, so that no other
request in the message can drown it; it is absent on ordinary messages.
"""

from __future__ import annotations

import logging
import math
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

from components.encoder import DEFAULT_ENCODER, load_encoder
from components.kernel_model import KernelModel
from components.linear_model import LinearModel
from components.sensitive_data import ORDINARY, read_sensitive, sensitive_files
from components.sensitive_words import Heard, SensitiveWords
from components.sentiment_data import read_examples, sentiment_files

logger = logging.getLogger(__name__)

SENSITIVE = "sensitive"
KINDS_FILE = "kinds.npz"
EXAMPLES_FILE = "examples.npz"
WORDS_FILE = "words.yml"
# Where a statement of its own may begin within a message, in our languages.
_BREAK = re.compile(
    r"(?<=[.!?;:…])\s+|\s*\n+\s*|,\s+|\s+[-–—]+\s+"
    r"|\s+(?:and|but|because|so|since|y|pero|porque|und|aber|weil|denn|et|mais|car)\s+",
    re.IGNORECASE,
)
MIN_WORDS = 3
# For each example that needs care, so many of the likeliest ordinary ones are taught.
ORDINARY_SHARE = 1.5
MAX_STATEMENTS = 12
# The margin of what the word list has in so many words.
PLAIN = 1.0
KINDS_C = 10.0


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True
)
class SensitiveSituations(GraphComponent):
    """Two classifiers over the encoder's vector, and a word list."""

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

        `worth_a_look`: how probable care has to be for a closer look, unless the word
        list has a cue in the message. Then, as margins (0 is the border, 1 typical):
        `certain` is enough by itself, `certain_with_cue` beside a cue, and
        `certain_statement` of one statement of a message with a cue. Moods and intents
        count as ordinary. `C` and `gamma` are those of the closer look.
        """
        return {
            "data": "data/sensitive",
            "words": "data/words/sensitive.yml",
            "moods": "data/sentiment",
            "encoder": DEFAULT_ENCODER,
            "C": 10.0,
            "gamma": 1.0,
            "worth_a_look": 0.003,
            "certain": 0.6,
            "certain_with_cue": 0.3,
            "certain_statement": 0.6,
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
        words: SensitiveWords | None = None,
        kinds: LinearModel | None = None,
        examples: KernelModel | None = None,
    ) -> None:
        """Holds the words and trained models, or none before training."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._words = words
        self._kinds = kinds
        self._examples = examples
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
        """Fits the models on the designers' files; all other examples are ordinary."""
        taught = read_sensitive(self._config["data"])
        if len(set(taught.values())) < 2:
            logger.warning("No sensitive examples in '%s'.", self._config["data"])
            return self._resource
        self._words = SensitiveWords.read(Path(self._config["words"]))
        for text in self._others(training_data):
            # What the words hear among them was listed for what else is in it.
            if text not in taught and self._words.hear(text).kind is None:
                taught[text] = ORDINARY
        self._fit(list(taught), list(taught.values()))
        with self._model_storage.write_to(self._resource) as folder:
            self._kinds.save(folder / KINDS_FILE)
            self._examples.save(folder / EXAMPLES_FILE)
            words = Path(self._config["words"]).read_bytes()
            (folder / WORDS_FILE).write_bytes(words)
        return self._resource

    def _fit(self, texts: list[str], kinds: list[str]) -> None:
        vectors = self._encoder.encode(texts)
        self._kinds = LinearModel.fit(vectors, kinds, KINDS_C)
        needs_care = np.array([kind != ORDINARY for kind in kinds])
        # Far from the border an ordinary example changes nothing.
        probable = np.where(needs_care, -1.0, self._probability_of_care(vectors))
        near = needs_care.copy()
        near[np.argsort(-probable)[: int(ORDINARY_SHARE * needs_care.sum())]] = True
        self._examples = KernelModel.fit(
            vectors[near], needs_care[near], self._config["C"], self._config["gamma"]
        )

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
                words = SensitiveWords.read(folder / WORDS_FILE)
                kinds = LinearModel.load(folder / KINDS_FILE)
                examples = KernelModel.load(folder / EXAMPLES_FILE)
        except ValueError:  # nothing was stored: trained without examples
            return cls(config, model_storage, resource)
        return cls(config, model_storage, resource, words, kinds, examples)

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets `{kind, margin}` on every message that needs care."""
        for message in messages:
            found = self.heard(str(message.get(TEXT) or ""))
            if found is not None:
                message.set(SENSITIVE, found, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leaves training data alone: nothing there needs it."""
        return training_data

    def heard(self, text: str) -> dict[str, Any] | None:
        """Returns kind and margin of a situation that needs care, else None."""
        # An intent from a button is no statement.
        if self._words is None or not text.strip() or text.lstrip().startswith("/"):
            return None
        heard = self._words.hear(text)
        kinds = {kind: PLAIN for kind in heard.kinds}
        for statement, enough in self._statements(text, heard):
            kind, margin = self._likeliest(statement, heard.has_cue)
            if margin >= enough:
                kinds[kind] = max(kinds.get(kind, margin), margin)
        if not kinds:
            return None
        # Where a life is at risk comes first in the word list.
        first = min(kinds, key=self._words.place_of)
        return {"kind": first, "margin": round(kinds[first], 3)}

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

    def _likeliest(self, text: str, has_cue: bool) -> tuple[str, float]:
        """Returns the likeliest kind, and by what margin care is needed."""
        if self._kinds is None or self._examples is None:
            return ORDINARY, -math.inf
        vector = self._encoder.encode([text])
        if (
            not has_cue
            and self._probability_of_care(vector)[0] < (self._config["worth_a_look"])
        ):
            return ORDINARY, -math.inf
        scores = self._kinds.scores(vector)[0]
        kinds = [i for i, name in enumerate(self._kinds.labels) if name != ORDINARY]
        likeliest = self._kinds.labels[max(kinds, key=lambda i: scores[i])]
        return likeliest, float(self._examples.margins(vector)[0])

    def _probability_of_care(self, vectors: np.ndarray) -> np.ndarray:
        ordinary = self._kinds.labels.index(ORDINARY)
        return 1 - self._kinds.probabilities(vectors)[:, ordinary]


def statements(text: str) -> list[str]:
    """Returns the statements of a message, or nothing if it has only one."""
    parts = [part.strip() for part in _BREAK.split(text)]
    parts = [part for part in parts if len(part.split()) >= MIN_WORDS]
    return parts if len(parts) > 1 else []

"""Hears one kind of thing wherever it stands in a message: a grave situation, a wish.

`config.yml` names one detector for each, taught with a folder of examples and of what
only sounds like them, and maybe a list of words. A cheap classifier lets most messages
pass; the rest is held against the examples. What is heard is a property of the message,
beside its intent, so that no other request can drown it; or the detector decides about
an intent of its own.
"""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.special import expit

from components.certainty import is_certain
from components.detector_data import (
    ORDINARY,
    joined,
    read_detector_data,
)
from components.detector_grammar import Grammar
from components.detector_words import DetectorWords
from components.encoder import DEFAULT_ENCODER, load_encoder
from components.example_files import fingerprint, yaml_files
from components.intent_ranking import probabilities, set_probability
from components.kernel_model import KernelModel
from components.linear_model import LinearModel
from components.second_look import SecondLook, version
from components.sentiment_data import read_examples
from components.statements import statements

logger = logging.getLogger(__name__)

KINDS_FILE = "kinds.npz"
EXAMPLES_FILE = "examples.npz"
WORDS_FILE = "words.yml"
# Fewer words are no statement; a list's cues are in the shorter ones as well.
MIN_WORDS, MIN_WORDS_CUED = 2, 3
# For each example that is meant, so many of the likeliest ordinary ones are taught.
ORDINARY_SHARE = 1.5
# An order's number says nothing of what is meant, and sways the encoder.
NUMBER = re.compile(r"\b(?:[^\W\d_]{1,4}-)?\d{5,}\b")
# So many ordinary examples from elsewhere are taught to the second look.
OTHERS_LOOKED_AT = 1500
MAX_STATEMENTS = 12
# The margin of what the word list has in so many words.
PLAIN = 1.0
KINDS_C = 10.0
# From a margin to a probability, which is a half where it is just certain: a typical
# example has more than nine tenths of it.
STEEPNESS = 5.0


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True
)
class ExampleDetector(GraphComponent):
    """Two classifiers of sentences, and a word list."""

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

        `worth_a_look`: how probable it has to be for a closer look, unless the word
        list has a cue in the message. Then, as margins (0 is the border, 1 typical):
        `certain` is enough by itself, `certain_with_cue` beside a cue, and
        `certain_statement` of one statement of a message, which with a word list needs
        a cue. `C` and `gamma` are those of the closer look. With `ngrams` words and
        parts of words count as well as the meaning: the margin is the mean of both. So
        many `joined_examples`, longer messages made of two, teach the cheap classifier.

        `unsure`: a margin nearer to what is enough gets a second look, with a better
        encoder, and the mean of both decides; 0 for none.

        `intent`: instead of a property of the message, what is heard is this intent,
        whose examples are examples of it too. Its probability is a half where it is
        just certain. It gives way to `yields_to`, which bring in a person anyway, if
        they are together at least as probable as `yields_at`. All other intents and
        moods are ordinary.
        """
        return {
            "data": "data/sensitive",
            "words": None,
            "ngrams": False,
            "joined_examples": 0,
            "intent": None,
            "yields_to": [],
            "yields_at": 0.7,
            "moods": "data/sentiment",
            "encoder": DEFAULT_ENCODER,
            "C": 10.0,
            "gamma": 1.0,
            "worth_a_look": 0.003,
            "unsure": 0.0,
            "certain": 0.6,
            "certain_with_cue": 0.3,
            "certain_statement": 0.6,
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Changed examples and words retrain; Rasa looks at its own data only."""
        config = {**cls.get_default_config(), **config}
        files = [*yaml_files(config["data"]), *yaml_files(config["moods"])]
        words = [Path(config["words"])] if config["words"] else []
        found = fingerprint(config["encoder"], [*files, *words])
        return found + version() if config["unsure"] else found

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        words: DetectorWords | None = None,
        kinds: LinearModel | None = None,
        examples: KernelModel | None = None,
        grammar: Grammar | None = None,
        second_look: SecondLook | None = None,
    ) -> None:
        """Holds the words and trained models, or none before training."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._words = words or DetectorWords.read(None)
        self._kinds = kinds
        self._examples = examples
        self._grammar = grammar
        self._second_look = second_look
        self._encoder = load_encoder(config["encoder"])
        self._property = Path(config["data"]).name

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ExampleDetector:
        """Creates an untrained component for the graph."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fits the models on the designers' files; all other examples are ordinary."""
        taught = read_detector_data(self._config["data"])
        if len(set(taught.values())) < 2:
            logger.warning("No two kinds of examples in '%s'.", self._config["data"])
            return self._resource
        designed = len(taught)
        listed = self._config["words"]
        self._words = DetectorWords.read(Path(listed) if listed else None)
        for text, kind in self._others(training_data):
            # What the words hear among them was listed for what else is in it.
            if text not in taught and self._words.hear(text).kind is None:
                taught[text] = kind
        kinds, examples = self._fit(list(taught), list(taught.values()), designed)
        with self._model_storage.write_to(self._resource) as folder:
            kinds.save(folder / KINDS_FILE)
            examples.save(folder / EXAMPLES_FILE)
            if self._grammar:
                self._grammar.save(folder)
            if self._second_look:
                self._second_look.save(folder)
            if listed:
                (folder / WORDS_FILE).write_bytes(Path(listed).read_bytes())
        return self._resource

    def _fit(
        self, texts: list[str], kinds: list[str], designed: int
    ) -> tuple[LinearModel, KernelModel]:
        vectors = self._encoder.encode(texts)
        taught = dict(zip(texts, kinds, strict=True))
        longer = joined(taught, self._config["joined_examples"])
        model = LinearModel.fit(
            self._encoder.encode([*texts, *(text for text, _ in longer)]),
            [*kinds, *(kind for _, kind in longer)],
            KINDS_C,
        )
        meant = np.array([kind != ORDINARY for kind in kinds])
        # Far from the border an ordinary example changes nothing.
        probable = np.where(meant, -1.0, _probability(model, vectors))
        near = meant.copy()
        near[np.argsort(-probable)[: int(ORDINARY_SHARE * meant.sum())]] = True
        examples = KernelModel.fit(
            vectors[near], meant[near], self._config["C"], self._config["gamma"]
        )
        if self._config["ngrams"]:
            self._grammar = Grammar.fit(texts, vectors, meant)
        if self._config["unsure"]:
            # The designers' own, and the likeliest of the others.
            others = designed + np.argsort(-probable[designed:])[:OTHERS_LOOKED_AT]
            taught_twice = [*range(designed), *others]
            self._second_look = SecondLook.fit(
                [texts[row] for row in taught_twice],
                meant[taught_twice].tolist(),
            )
        self._kinds, self._examples = model, examples
        return model, examples

    def _others(self, training_data: TrainingData) -> Iterator[tuple[str, str]]:
        own = self._config["intent"]
        for example in training_data.intent_examples:
            if example.get(TEXT):
                is_own = own is not None and example.get(INTENT) == own
                yield str(example.get(TEXT)), own if is_own else ORDINARY
        for text in read_examples(self._config["moods"]):
            yield text, ORDINARY

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ExampleDetector:
        """Loads the trained component, with the words it was trained beside."""
        try:
            with model_storage.read_from(resource) as folder:
                listed = folder / WORDS_FILE if config["words"] else None
                words = DetectorWords.read(listed)
                kinds = LinearModel.load(folder / KINDS_FILE)
                examples = KernelModel.load(folder / EXAMPLES_FILE)
                grammar = Grammar.load(folder) if config["ngrams"] else None
                second_look = SecondLook.load(folder) if config["unsure"] else None
        except ValueError:  # nothing was stored: trained without examples
            return cls(config, model_storage, resource)
        parts = (words, kinds, examples, grammar, second_look)
        return cls(config, model_storage, resource, *parts)

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets `{kind, margin}` on messages that have it, or their intent."""
        for message in messages:
            text = str(message.get(TEXT) or "")
            # An intent from a button is no statement.
            if not text.strip() or text.lstrip().startswith("/"):
                continue
            if self._config["intent"]:
                self._rank(message, text)
            elif found := self.heard(text):
                message.set(self._property, found, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leaves training data alone: nothing there needs it."""
        return training_data

    def _rank(self, message: Message, text: str) -> None:
        """Gives the intent the probability of the statement that is furthest in."""
        ranking = probabilities(message)
        if is_certain(ranking, self._config["yields_to"], self._config["yields_at"]):
            return
        beyond = [margin - enough for _, margin, enough in self._margins(text)]
        most = max(beyond, default=-math.inf)
        set_probability(message, self._config["intent"], float(expit(STEEPNESS * most)))

    def heard(self, text: str) -> dict[str, Any] | None:
        """Returns kind and margin of what is heard in a text, else None."""
        kinds: dict[str, float] = {}
        for kind, margin, enough in self._margins(text):
            if margin >= enough:
                kinds[kind] = max(kinds.get(kind, margin), margin)
        if not kinds:
            return None
        # What is most urgent comes first in the word list.
        first = min(kinds, key=self._words.place_of)
        return {"kind": first, "margin": round(kinds[first], 3)}

    def _margins(self, text: str) -> Iterator[tuple[str, float, float]]:
        """Yields kind and margin of what is said, and how certain is enough for it."""
        text = NUMBER.sub("", text)
        heard, config = self._words.hear(text), self._config
        yield from ((kind, PLAIN, PLAIN) for kind in heard.kinds)
        has_cue, worth_a_look = heard.has_cue, heard.has_cue
        whole = heard.words.strip() if heard.is_changed else text
        if len(whole.split()) > (1 if heard.is_changed else 0):
            enough = config["certain_with_cue" if has_cue else "certain"]
            kind, margin = self._likeliest(whole, has_cue, enough)
            yield kind, margin, enough
            worth_a_look = has_cue or (not config["words"] and margin > -math.inf)
        if worth_a_look:
            least = MIN_WORDS_CUED if config["words"] else MIN_WORDS
            parts = heard.sentences if heard.is_changed else statements(text, least)
            enough = config["certain_statement"]
            for part in parts[:MAX_STATEMENTS]:
                yield *self._likeliest(part, has_cue, enough), enough

    def _likeliest(self, text: str, has_cue: bool, enough: float) -> tuple[str, float]:
        """Returns the likeliest kind, and how far it is on the side of the examples.

        Only near `enough` it is looked at twice.
        """
        if self._kinds is None or self._examples is None:
            return ORDINARY, -math.inf
        vector = self._encoder.encode([text])
        likely = _probability(self._kinds, vector)[0]
        if not has_cue and likely < self._config["worth_a_look"]:
            return ORDINARY, -math.inf
        scores = self._kinds.scores(vector)[0]
        kinds = [i for i, name in enumerate(self._kinds.labels) if name != ORDINARY]
        likeliest = self._kinds.labels[max(kinds, key=lambda i: scores[i])]
        margin = float(self._examples.margins(vector)[0])
        if self._grammar is not None:
            margin = (margin + self._grammar.margin(text, vector)) / 2
        if self._second_look and abs(margin - enough) < self._config["unsure"]:
            margin = (margin + self._second_look.margin(text)) / 2
        return likeliest, margin


def _probability(kinds: LinearModel, vectors: np.ndarray) -> np.ndarray:
    ordinary = kinds.labels.index(ORDINARY)
    return 1 - kinds.probabilities(vectors)[:, ordinary]

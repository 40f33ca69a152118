"""Trains the part of our pipeline that finds intents, as `config.yml` has it.

In this process and on plain texts, which is faster than a whole model: vectors of
texts are computed once and used for every fold.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_yaml_file

from benchmarks.examples import ROOT, Example
from benchmarks.scoring import NONE
from components import second_encoder
from components.classifier import LogisticRegressionIntentClassifier
from components.fallback import CautiousFallbackClassifier
from components.featurizer import SentenceEncoderFeaturizer
from components.intent_second_look import IntentSecondLook
from components.ngram_featurizer import NgramFeaturizer

PARTS = (
    SentenceEncoderFeaturizer,
    NgramFeaturizer,
    LogisticRegressionIntentClassifier,
    IntentSecondLook,
    CautiousFallbackClassifier,
)


# Others' examples are no part of the file that a training reads.
KEPT = ROOT / ".bench" / "vectors.npz"


def keep_vectors_apart() -> None:
    """Lets the better encoder keep the vectors of what is taught here elsewhere."""
    own = ROOT / second_encoder.KEPT
    if not KEPT.exists() or KEPT.stat().st_mtime < own.stat().st_mtime:
        KEPT.parent.mkdir(exist_ok=True)
        shutil.copy(own, KEPT)
    second_encoder.KEPT = KEPT


class Answer(NamedTuple):
    """The likeliest intent but `nlu_fallback`, and that one's confidence.

    `final` is what is acted upon, the fallback included.
    """

    intent: str
    confidence: float
    stranger: float
    final: str


def configured(part: type[GraphComponent]) -> dict[str, Any]:
    """Returns the options of a component: its own, and what `config.yml` says."""
    for step in read_yaml_file(ROOT / "config.yml")["pipeline"]:
        if step["name"].endswith(f".{part.__name__}"):
            given = {key: value for key, value in step.items() if key != "name"}
            return {**part.get_default_config(), **given}
    raise LookupError(f"config.yml has no {part.__name__}")


class Texts:
    """Messages with the encoder's vector on them, computed once."""

    def __init__(self, examples: Sequence[Example]) -> None:
        """Encodes all texts."""
        self.intents = np.array([example.intent for example in examples], object)
        plain = [Message({"text": example.text}) for example in examples]
        encoder = SentenceEncoderFeaturizer(
            configured(SentenceEncoderFeaturizer), "encoder"
        )
        self._encoded = encoder.process(plain)

    def messages(self, rows: Sequence[int], taught: bool) -> list[Message]:
        """Returns fresh messages for some rows, with their intents if `taught`."""
        found = []
        for row in rows:
            message = Message({"text": self._encoded[row].get("text")})
            message.features = list(self._encoded[row].features)
            if taught:
                message.set("intent", self.intents[row])
            found.append(message)
        return found


class Understanding:
    """A trained pipeline: n-grams, classifier and fallback."""

    def __init__(self, texts: Texts, rows: Sequence[int]) -> None:
        """Trains on some rows of the texts."""
        keep_vectors_apart()
        with tempfile.TemporaryDirectory() as folder:
            storage = LocalModelStorage(Path(folder))
            context = ExecutionContext(None, node_name="ngrams")
            self._ngrams = NgramFeaturizer.create(
                configured(NgramFeaturizer), storage, Resource("ngrams"), context
            )
            self._classifier = LogisticRegressionIntentClassifier(
                configured(LogisticRegressionIntentClassifier),
                storage,
                Resource("intents"),
            )
            self._second_look = IntentSecondLook(
                configured(IntentSecondLook), storage, Resource("second_look")
            )
            data = TrainingData(texts.messages(rows, taught=True))
            self._ngrams.train(data)
            self._ngrams.process_training_data(data)
            self._classifier.train(data)
            self._second_look.train(data)
        self._fallback = CautiousFallbackClassifier(
            configured(CautiousFallbackClassifier)
        )

    def answers(self, texts: Texts, rows: Sequence[int] | None = None) -> list[Answer]:
        """Returns what is understood of some rows, or of all."""
        asked = range(len(texts.intents)) if rows is None else rows
        messages = texts.messages(list(asked), taught=False)
        self._classifier.process(self._ngrams.process(messages))
        self._second_look.process(messages)
        rankings = [message.get("intent_ranking") for message in messages]
        self._fallback.process(messages)
        finals = [message.get("intent")["name"] for message in messages]
        return [_answer(*both) for both in zip(rankings, finals, strict=True)]


def _answer(ranking: list[dict[str, Any]], final: str) -> Answer:
    stranger = [g["confidence"] for g in ranking if g["name"] == NONE]
    known = [guess for guess in ranking if guess["name"] != NONE]
    nothing: dict[str, Any] = {"name": NONE, "confidence": 0.0}
    top = known[0] if known else nothing
    left = stranger[0] if stranger else 0.0
    return Answer(top["name"], top["confidence"], left, final)

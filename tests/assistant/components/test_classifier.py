"""Encoder, featurizer and intent classifier."""

from pathlib import Path

import numpy as np
import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.classifier import LogisticRegressionIntentClassifier
from components.encoder import load_encoder
from components.featurizer import SentenceEncoderFeaturizer
from components.linear_model import LinearModel

EXAMPLES = {
    "greet": ["hi", "hello", "hey there", "good morning"],
    "track": ["where is my order", "track my parcel", "has it shipped", "order status"],
    "cancel": ["cancel my order", "i don't want it", "stop the order", "call it off"],
}


class TwoLetterEncoder:
    """Another encoder, as `config.yml` may name one."""

    def encode(self, texts: list[str]) -> np.ndarray:
        return np.array([[text.count("a"), text.count("b")] for text in texts], float)

    def version(self) -> str:
        return "1"


def featurizer(**config: str) -> SentenceEncoderFeaturizer:
    defaults = SentenceEncoderFeaturizer.get_default_config()
    return SentenceEncoderFeaturizer({**defaults, **config}, "encoder")


def training_data() -> TrainingData:
    messages = [
        Message({"text": text, "intent": intent})
        for intent, texts in EXAMPLES.items()
        for text in texts
    ]
    return featurizer().process_training_data(TrainingData(messages))


@pytest.fixture(scope="module")
def classifier(
    tmp_path_factory: pytest.TempPathFactory,
) -> LogisticRegressionIntentClassifier:
    """Trained, stored and loaded again."""
    storage = LocalModelStorage(tmp_path_factory.mktemp("model"))
    config = LogisticRegressionIntentClassifier.get_default_config()
    resource = Resource("intents")
    trained = LogisticRegressionIntentClassifier(config, storage, resource)
    trained.train(training_data())
    return LogisticRegressionIntentClassifier.load(config, storage, resource, None)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("howdy, good evening", "greet"),
        ("any news on my package?", "track"),
        ("please cancel the purchase", "cancel"),
    ],
)
def test_intent_of_unseen_words(
    classifier: LogisticRegressionIntentClassifier, text: str, intent: str
) -> None:
    [message] = classifier.process(featurizer().process([Message({"text": text})]))
    assert message.get("intent")["name"] == intent
    ranking = message.get("intent_ranking")
    assert ranking[0] == message.get("intent")
    assert sum(guess["confidence"] for guess in ranking) == pytest.approx(1, abs=0.01)


def test_guess_is_never_certain(
    classifier: LogisticRegressionIntentClassifier,
) -> None:
    [message] = classifier.process(featurizer().process([Message({"text": "hello"})]))
    assert 0.5 < message.get("intent")["confidence"] < 1


def test_message_without_text_has_no_intent(
    classifier: LogisticRegressionIntentClassifier,
) -> None:
    [message] = classifier.process([Message({"text": ""})])
    assert message.get("intent") == {"name": None, "confidence": 0.0}


def test_encoder_gives_unit_vectors_that_know_meaning() -> None:
    texts = ["where is my parcel", "track my package", "I hate broccoli"]
    parcel, package, broccoli = load_encoder().encode(texts)
    assert np.linalg.norm(parcel) == pytest.approx(1, abs=1e-3)
    assert parcel @ package > parcel @ broccoli + 0.2


def test_another_encoder_can_be_named() -> None:
    name = f"{__name__}.TwoLetterEncoder"
    [message] = featurizer(encoder=name).process([Message({"text": "abba"})])
    assert message.features[0].features.tolist() == [[2, 2]]


def test_weak_regularisation_fits_unit_vectors() -> None:
    rows, labels = np.eye(3).repeat(4, axis=0), ["a", "b", "c"] * 4
    labels.sort()
    confident = LinearModel.fit(rows, labels, c=30).probabilities(rows).max(axis=1)
    assert confident.min() > 0.9


def test_two_labels_have_one_row_each(tmp_path: Path) -> None:
    rows, labels = np.array([[1.0, 0.0], [0.0, 1.0]] * 4), ["a", "b"] * 4
    model = LinearModel.fit(rows, labels, c=10)
    model.save(tmp_path / "m.npz")
    probabilities = LinearModel.load(tmp_path / "m.npz").probabilities(rows)
    assert probabilities.shape == (8, 2)
    assert probabilities[0, 0] > 0.7 > 0.3 > probabilities[1, 0]

"""Encoder, featurizer and intent classifier."""

from pathlib import Path

import numpy as np
import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_yaml_file

from components.classifier import LogisticRegressionIntentClassifier
from components.encoder import load_encoder
from components.familiarity import Familiarity, move_to
from components.featurizer import SentenceEncoderFeaturizer
from components.linear_model import LinearModel

ROOT = Path(__file__).parents[3]
EXAMPLES = {
    "greet": ["hi", "hello", "hey there", "good morning"],
    "track": ["where is my order", "track my parcel", "has it shipped", "order status"],
    "cancel": ["cancel my order", "i don't want it", "stop the order", "call it off"],
    "nlu_fallback": ["asdf jkl", "green tuesday soup", "what's the weather", "blub"],
}


class TwoLetterEncoder:
    """Another encoder, as `config.yml` may name one."""

    def encode(self, texts: list[str]) -> np.ndarray:
        return np.array([[text.count("a"), text.count("b")] for text in texts], float)

    def version(self) -> str:
        return "1"


class LengthEncoder:
    """Tells what was given to it to read."""

    def encode(self, texts: list[str]) -> np.ndarray:
        return np.array([[len(text)] for text in texts], float)

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


@pytest.mark.parametrize(
    "text",
    ["vorpal snickersnack", "please sing me an opera", "my cousin sells carpets"],
)
def test_what_is_like_no_example_is_not_understood(
    classifier: LogisticRegressionIntentClassifier, text: str
) -> None:
    [message] = classifier.process(featurizer().process([Message({"text": text})]))
    assert message.get("intent")["name"] == "nlu_fallback"
    assert message.get("intent")["confidence"] > 0.9


def test_likeness_moves_probability_and_keeps_the_sum() -> None:
    seen = Familiarity(np.eye(3)[:1], strange=0.2, familiar=0.6)
    shares = seen.shares(np.array([[1, 0, 0], [0.4, 0, 0], [0, 1, 0]]))
    assert shares.tolist() == pytest.approx([1, 0.5, 0])
    moved = move_to(np.full((3, 4), 0.25), shares, unsure=0, kept=[3])
    assert moved == pytest.approx(
        np.array(
            [
                [0.25, 0.25, 0.25, 0.25],
                [0.5, 0.125, 0.125, 0.25],
                [0.75, 0, 0, 0.25],
            ]
        )
    )


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


def test_shouting_means_the_same() -> None:
    said, shouted = load_encoder().encode(["where is my parcel", "WHERE IS MY PARCEL"])
    assert said @ shouted == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("cracked HP-10428", "cracked"),
        ("order #10428 broke", "order broke"),
        ("10428 where", "where"),
        ("HP-10428", "HP-10428"),
        ("my code 482913", "my code 482913"),
    ],
)
def test_an_order_number_is_overlooked_beside_words(text: str, read: str) -> None:
    pipeline = read_yaml_file(ROOT / "config.yml")["pipeline"]
    [overlook] = [entry["overlook"] for entry in pipeline if "overlook" in entry]
    reader = featurizer(encoder=f"{__name__}.LengthEncoder", overlook=overlook)
    [message] = reader.process([Message({"text": text})])
    assert message.features[0].features.tolist() == [[len(read)]]


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

"""Encoder, featurizer and intent classifier."""

from pathlib import Path

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_yaml_file
from scipy.sparse import csr_matrix

from components.classifier import LogisticRegressionIntentClassifier
from components.encoder import load_encoder
from components.featurizer import SentenceEncoderFeaturizer
from components.likeness import Neighbours, Trust, raise_tops, take_from
from components.linear_model import LinearModel, fit_with_held_out
from components.ngram_featurizer import NgramFeaturizer
from components.ngrams import Ngrams

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


def training_data(examples: dict[str, list[str]] = EXAMPLES) -> TrainingData:
    messages = [
        Message({"text": text, "intent": intent})
        for intent, texts in examples.items()
        for text in texts
    ]
    return featurizer().process_training_data(TrainingData(messages))


def trained(folder: Path, data: TrainingData) -> LogisticRegressionIntentClassifier:
    """Trained, stored and loaded again."""
    storage = LocalModelStorage(folder)
    config = LogisticRegressionIntentClassifier.get_default_config()
    resource = Resource("intents")
    before = LogisticRegressionIntentClassifier(config, storage, resource)
    before.train(data)
    after = LogisticRegressionIntentClassifier.load(config, storage, resource, None)
    for text in ("where is it", "purple elephants"):
        assert ranking_of(before, text) == pytest.approx(ranking_of(after, text))
    return after


def ranking_of(
    classifier: LogisticRegressionIntentClassifier, text: str
) -> dict[str, float]:
    [message] = classifier.process(featurizer().process([Message({"text": text})]))
    return {g["name"]: g["confidence"] for g in message.get("intent_ranking")}


@pytest.fixture(scope="module")
def classifier(
    tmp_path_factory: pytest.TempPathFactory,
) -> LogisticRegressionIntentClassifier:
    return trained(tmp_path_factory.mktemp("model"), training_data())


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
    assert message.get("intent")["confidence"] > 0.5


def test_without_examples_of_strangers_confidence_still_tells_them(
    tmp_path: Path,
) -> None:
    taught = {k: v for k, v in EXAMPLES.items() if k != "nlu_fallback"}
    classifier = trained(tmp_path, training_data(taught))
    known = ["hello to you", "has my order been shipped yet", "cancel that order now"]
    strange = ["vorpal snickersnack", "sing me an opera", "my cousin sells carpets"]
    least = min(max(ranking_of(classifier, text).values()) for text in known)
    most = max(max(ranking_of(classifier, text).values()) for text in strange)
    assert least > 0.5 > most


def test_two_intents_are_enough(tmp_path: Path) -> None:
    two = {name: EXAMPLES[name] for name in ("greet", "cancel")}
    ranking = ranking_of(trained(tmp_path, training_data(two)), "cancel it please")
    assert list(ranking)[0] == "cancel"


def test_one_example_an_intent_is_enough(tmp_path: Path) -> None:
    first = {name: texts[:1] for name, texts in EXAMPLES.items()}
    ranking = ranking_of(trained(tmp_path, training_data(first)), "hi there")
    assert list(ranking)[0] == "greet"
    assert sum(ranking.values()) == pytest.approx(1, abs=0.01)


def test_one_intent_is_not_trained_and_says_nothing(tmp_path: Path) -> None:
    classifier = trained(tmp_path, training_data({"greet": EXAMPLES["greet"]}))
    assert ranking_of(classifier, "hi") == {}


def test_a_single_example_is_never_held_out() -> None:
    rows = np.eye(9, dtype=np.float32)
    model, held_out = fit_with_held_out(rows, list("aaaabbbbc"), 10)
    assert model.labels == ["a", "b", "c"]
    assert 8 in held_out.seen
    assert sorted([*held_out.seen, *held_out.unseen]) == list(range(9))


def test_likeness_is_to_the_nearest_example_of_the_same_intent() -> None:
    rows = csr_matrix(np.array([[1, 0], [0.6, 0.8], [0, 1]], dtype=np.float32))
    examples = Neighbours(rows, np.array([0, 0, 2]), 3)
    messages = np.array([[0.6, 0.8]] * 3, dtype=np.float32)
    found = examples.nearest(messages, np.array([0, 1, 2]))
    assert found == pytest.approx([1, 0, 0.8], abs=1e-3)


def test_trust_is_a_half_at_the_limit_and_less_below() -> None:
    scores = np.linspace(0, 10, 101)[:, None]
    trust = Trust.fit(scores, np.zeros(101), 0.1, slope=2, likeness_weight=0.5)
    asked = np.array([[-5.0], [1.0], [9.0]])
    stranger, limit, usual = trust.shares(asked, np.zeros(3))
    assert limit == pytest.approx(0.5, abs=0.01)
    assert stranger < 0.05 and usual > 0.95
    unlike = trust.shares(asked, np.full(3, -1.0))
    assert unlike[1] < limit


def test_probability_is_taken_and_the_sum_kept() -> None:
    even = np.full((2, 4), 0.25)
    taken = take_from(even, np.array([1, 0.5]), kept=[3], given_to=0)
    assert taken == pytest.approx(
        np.array([[0.25, 0.25, 0.25, 0.25], [0.5, 0.125, 0.125, 0.25]])
    )
    lost = take_from(even, np.array([1, 0.5]), kept=[], given_to=None)
    assert lost.sum(axis=1).tolist() == pytest.approx([1, 0.5])


def test_a_raised_top_leaves_the_order_and_the_sum() -> None:
    raised = raise_tops(np.array([[0.16, 0.64, 0.2], [1.0, 0.0, 0.0]]), 0.5)
    assert raised[0] == pytest.approx([0.2 * 0.16 / 0.36, 0.8, 0.2 * 0.2 / 0.36])
    assert raised[1] == pytest.approx([1, 0, 0])


def ngrams(texts: list[str], most: int = 1000) -> Ngrams:
    return Ngrams.fit(texts, words=(1, 2), characters=(2, 5), most=most)


def test_a_row_is_as_short_as_much_of_the_text_is_unknown() -> None:
    known = ngrams(["where is my parcel", "cancel my order"])
    lengths = [
        float(np.linalg.norm(row.toarray()))
        for row in known.transform(["cancel my order", "cancel my horse", "xyz", ""])
    ]
    assert lengths[0] == pytest.approx(1)
    assert lengths[0] > lengths[1] > lengths[2] == lengths[3] == 0


def test_typos_leave_most_parts_of_a_word() -> None:
    rows = ngrams(["cancel my order", "where is it"]).transform(
        ["cancel my order", "cancle my ordr", "where is it"]
    )
    [[right, other]] = (rows[1] @ rows[[0, 2]].T).toarray()
    assert right > 0.3 > other


def test_ngrams_are_the_most_frequent_and_the_same_once_stored(tmp_path: Path) -> None:
    known = ngrams(["my order", "my parcel", "my my"], most=3)
    assert list(known.vocabulary) == ["c m", "c my", "c my "]
    known.save(tmp_path / "ngrams.json")
    texts = ["my order", "my é"]
    stored = Ngrams.load(tmp_path / "ngrams.json").transform(texts)
    assert (stored != known.transform(texts)).nnz == 0


def test_ngram_featurizer_is_stored_with_the_model(tmp_path: Path) -> None:
    config = NgramFeaturizer.get_default_config()
    storage, resource = LocalModelStorage(tmp_path), Resource("ngrams")
    context = ExecutionContext(None, node_name="ngrams")
    fresh = NgramFeaturizer.create(config, storage, resource, context)
    fresh.train(training_data())
    loaded = NgramFeaturizer.load(config, storage, resource, context)
    [message, silent] = loaded.process(
        [Message({"text": "cancel my order"}), Message({"text": ""})]
    )
    [feature] = message.features
    assert feature.is_sparse() and feature.features.shape[0] == 1
    assert np.linalg.norm(feature.features.toarray()) == pytest.approx(1)
    assert not silent.features


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
    name = "components.featurizer.SentenceEncoderFeaturizer"
    [overlook] = [entry["overlook"] for entry in pipeline if entry["name"] == name]
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

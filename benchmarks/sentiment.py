"""Sentiment on tweets to airlines, beside VADER in the same run: negative or not.

Nothing of the set is in training. Its tweets tell troubles more often than moods, so
what counts is the label, and the probability of any unhappiness for the ranking.
"""

from __future__ import annotations

import json
import os
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from components.sentiment import SentimentClassifier
from components.sentiment_data import NEGATIVE, UNHAPPY

ROOT = Path(__file__).parents[1]
FILE = "airline_sentiment_dev.jsonl"
QUICK_MESSAGES = 1500
# Figures in `anchors`: VADER F1 .60, AUROC .75; TF-IDF trained on such tweets .88, .93.
REACH = {"F1": 0.80, "AUROC": 0.88}
# VADER's own rule for "negative".
VADER_NEGATIVE = -0.05

Row = dict[str, Any]


def run(quick: bool = False) -> list[Row]:
    """Returns a row per system: what, system, F1, precision, recall, AUROC, reach.

    Raises:
        FileNotFoundError: the set is not there; the message names the folder.
    """
    messages = _messages(quick)
    truth = [message["sentiment"] == "negative" for message in messages]
    texts = [message["text"] for message in messages]
    rows = [_row("Tandem", *_ours(texts), truth)]
    try:
        rows.append(_row("VADER", *_vader(texts), truth))
    except ImportError:
        rows.append({"what": _what(texts), "system": "VADER (not installed)"})
    return rows


def _messages(quick: bool) -> list[dict[str, Any]]:
    folder = Path(os.environ.get("EVALUATION_DATA") or ROOT.parent / "shared" / "data")
    path = folder / FILE
    if not path.exists():
        raise FileNotFoundError(f"EVALUATION_DATA: there is no {FILE} in {folder}.")
    lines = path.read_text(encoding="utf-8").splitlines()
    messages = [json.loads(line) for line in lines]
    return random.Random(1).sample(messages, QUICK_MESSAGES) if quick else messages


def trained_classifier() -> SentimentClassifier:
    """Returns the classifier as `config.yml` trains it, in a few seconds."""
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.storage.resource import Resource
    from rasa.shared.nlu.training_data.training_data import TrainingData

    config = {
        **SentimentClassifier.get_default_config(),
        **_configured(),
        "data": str(ROOT / "data" / "sentiment"),
        "grievances": str(ROOT / "data" / "grievances"),
    }
    with tempfile.TemporaryDirectory() as folder:
        storage = LocalModelStorage(Path(folder))
        classifier = SentimentClassifier(config, storage, Resource("sentiment"))
        classifier.train(TrainingData())
    return classifier


def _configured() -> dict[str, Any]:
    from rasa.shared.utils.io import read_yaml_file

    pipeline = read_yaml_file(ROOT / "config.yml")["pipeline"]
    name = f"{SentimentClassifier.__module__}.{SentimentClassifier.__name__}"
    [step] = [step for step in pipeline if step["name"] == name]
    return {key: value for key, value in step.items() if key != "name"}


def _ours(texts: Sequence[str]) -> tuple[list[bool], list[float]]:
    classifier = trained_classifier()
    labels = [mood["label"] == NEGATIVE for mood in classifier.moods(list(texts))]
    found = classifier.probabilities(list(texts))
    return labels, [sum(row[label] for label in UNHAPPY) for row in found]


def _vader(texts: Sequence[str]) -> tuple[list[bool], list[float]]:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()
    scores = [analyzer.polarity_scores(text)["compound"] for text in texts]
    return [score <= VADER_NEGATIVE for score in scores], [-score for score in scores]


def _row(
    system: str, labels: list[bool], ranking: list[float], truth: list[bool]
) -> Row:
    from sklearn.metrics import precision_recall_fscore_support, roc_auc_score

    precision, recall, f1, _ = precision_recall_fscore_support(
        truth, labels, average="binary", zero_division=0
    )
    return {
        "what": _what(truth),
        "system": system,
        "F1": round(float(f1), 3),
        "precision": round(float(precision), 3),
        "recall": round(float(recall), 3),
        "AUROC": round(float(roc_auc_score(truth, ranking)), 3),
        "reach": REACH if system == "Tandem" else {},
    }


def _what(messages: Sequence[Any]) -> str:
    return f"airline tweets, negative or not ({len(messages)})"


if __name__ == "__main__":
    for line in run():
        print(line)

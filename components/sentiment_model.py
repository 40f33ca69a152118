"""How likely a message is angry, negative, trouble, neutral or positive.

One model tells all labels apart. Whether there is a grievance is the opinion of two
more: the distance to taught examples, and the words. Knows nothing of Rasa.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack
from scipy.special import expit, logit
from sklearn.feature_extraction.text import HashingVectorizer

from components.kernel_model import KernelModel
from components.linear_model import LinearModel
from components.sentiment_data import GRIEVANCES

LABELS_FILE, GRIEVANCE_FILE, WORDS_FILE = "labels.npz", "grievance.npz", "words.npz"
# What the log-odds of the words add to the margin of the distances.
WORDS_WEIGHT = 0.3
# How steeply the probability of a grievance rises at the border of the two classes.
STEEPNESS = 3.0

_WITHOUT_MOOD = re.compile(r"https?://\S+|(?<!\S)@\w+")
# Marks that only raise the voice: dots in a row, and all but one of question marks.
_MARKS = re.compile(r"[!¡]+|\.{2,}|…+|(?<=[?¿])[?¿]+")

Encode = Callable[[list[str]], np.ndarray]


@dataclass(frozen=True)
class SentimentModel:
    """Trained on labelled texts; `encode` returns a unit vector for each text."""

    labels: LinearModel
    grievance: KernelModel
    words: LinearModel

    @classmethod
    def fit(
        cls,
        examples: Sequence[tuple[str, str]],
        grievances: Sequence[tuple[str, str]],
        encode: Encode,
        c: float,
        grievance_c: float,
        gamma: float,
    ) -> SentimentModel:
        """Trains on (text, label): all labels on `examples`, the rest on `grievances`.

        The second are grievances and what only sounds like one. They would teach the
        first model that trouble is rare.
        """
        texts, taught = ([calm(t) for t, _ in each] for each in (examples, grievances))
        labels, others = (
            [label for _, label in each] for each in (examples, grievances)
        )
        vectors = encode(taught)
        is_grievance = [label in GRIEVANCES for label in others]
        return cls(
            LinearModel.fit(_features(encode(texts), texts), labels, c),
            KernelModel.fit(vectors, is_grievance, grievance_c, gamma),
            LinearModel.fit(_features(vectors, taught), others, c),
        )

    def probabilities(self, texts: list[str], encode: Encode) -> list[dict[str, float]]:
        """Returns for each text how likely each label is."""
        texts = [calm(text) for text in texts]
        rows = self.labels.probabilities(_features(encode(texts), texts))
        return [
            dict(zip(self.labels.labels, row, strict=True)) for row in rows.tolist()
        ]

    def grievances(self, texts: list[str], encode: Encode) -> list[float]:
        """Returns for each text how likely it is a grievance."""
        texts = [calm(text) for text in texts]
        vectors = encode(texts)
        shares = self.words.probabilities(_features(vectors, texts))
        against = [label in GRIEVANCES for label in self.words.labels]
        share = np.clip(shares[:, against].sum(axis=1), 0.001, 0.999)
        margins = self.grievance.margins(vectors) + WORDS_WEIGHT * logit(share)
        return [float(p) for p in expit(STEEPNESS * margins)]

    def save(self, folder: Path) -> None:
        """Writes three files."""
        self.labels.save(folder / LABELS_FILE)
        self.grievance.save(folder / GRIEVANCE_FILE)
        self.words.save(folder / WORDS_FILE)

    @classmethod
    def load(cls, folder: Path) -> SentimentModel:
        """Reads what `save` wrote."""
        return cls(
            LinearModel.load(folder / LABELS_FILE),
            KernelModel.load(folder / GRIEVANCE_FILE),
            LinearModel.load(folder / WORDS_FILE),
        )


def calm(text: str) -> str:
    """Returns a text without what only raises the voice: it is no mood by itself.

    Addresses, @handles and signs of hashtags go too. A text of nothing else stays.
    """
    words = _MARKS.sub(" ", _WITHOUT_MOOD.sub(" ", text).replace("#", ""))
    words = " ".join(words.split()).rstrip(" .")
    if words.isupper():
        return words.lower()
    return " ".join(map(_lowered, words.split())) or text


def _lowered(word: str) -> str:
    # Short words in capitals are abbreviations and order numbers mostly.
    return word.lower() if len(word) > 3 and word.isupper() else word


def _features(vectors: np.ndarray, texts: list[str]) -> csr_matrix:
    return hstack([csr_matrix(vectors), _words().transform(texts)], format="csr")


def _words() -> HashingVectorizer:
    # Hashing needs no vocabulary to store; collisions hardly matter at this size.
    return HashingVectorizer(
        n_features=2**13,
        ngram_range=(1, 2),
        lowercase=True,
        token_pattern=r"\b\w\w+\b|[\u2190-\U0010ffff]",  # emojis are words
    )

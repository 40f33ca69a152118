"""Tells examples from look-alikes by their words as well as by their meaning.

A sentence encoder hardly hears the difference between "I want to speak to an agent" and
"I spoke to an agent"; words and parts of words do. Knows nothing of Rasa.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack

from components.linear_model import LinearModel
from components.ngrams import Ngrams

NGRAMS_FILE, MODEL_FILE = "ngrams.json", "grammar.npz"
WORDS, CHARACTERS, MOST = (1, 2), (2, 5), 20_000
C = 10.0
MEANT, NOT_MEANT = "meant", "not meant"
# Log odds of a typical example, and more than these count for no more.
TYPICAL, HIGHEST = 4.0, 8.0


@dataclass(frozen=True)
class Grammar:
    """A linear model of the encoder's vector beside n-grams."""

    ngrams: Ngrams
    model: LinearModel

    @classmethod
    def fit(cls, texts: list[str], vectors: np.ndarray, meant: np.ndarray) -> Grammar:
        """Trains on texts, their vectors (a row each), and whether each is meant."""
        ngrams = Ngrams.fit(texts, WORDS, CHARACTERS, MOST)
        features = _features(ngrams, texts, vectors)
        labels = [MEANT if one else NOT_MEANT for one in meant]
        return cls(ngrams, LinearModel.fit(features, labels, C))

    def margin(self, text: str, vector: np.ndarray) -> float:
        """Returns how far a text is on the examples' side; 1 is typical."""
        scores = self.model.scores(_features(self.ngrams, [text], vector))[0]
        ahead = scores[self.model.labels.index(MEANT)] * 2 - scores.sum()
        odds = np.clip(ahead / self.model.temperature, -HIGHEST, HIGHEST)
        return float(odds) / TYPICAL

    def save(self, folder: Path) -> None:
        """Writes both parts into a folder."""
        self.ngrams.save(folder / NGRAMS_FILE)
        self.model.save(folder / MODEL_FILE)

    @classmethod
    def load(cls, folder: Path) -> Grammar:
        """Reads what `save` wrote."""
        ngrams = Ngrams.load(folder / NGRAMS_FILE)
        return cls(ngrams, LinearModel.load(folder / MODEL_FILE))


def _features(ngrams: Ngrams, texts: list[str], vectors: np.ndarray) -> csr_matrix:
    return hstack([vectors, ngrams.transform(texts)], format="csr")

"""Words and parts of words as weighted numbers (tf-idf). Knows nothing of Rasa.

A text's row is shorter the more of it no example has: letters that happen to occur
in some example say little about a message in another language.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from math import log, sqrt
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer


@dataclass(frozen=True)
class Ngrams:
    """The n-grams that count, the most frequent first, and the weight of each."""

    words: tuple[int, int]
    characters: tuple[int, int]
    vocabulary: dict[str, int]
    weights: np.ndarray
    unknown_weight: float

    @classmethod
    def fit(
        cls,
        texts: list[str],
        words: tuple[int, int],
        characters: tuple[int, int],
        most: int,
    ) -> Ngrams:
        """Learns the `most` frequent n-grams; rarer ones weigh more (idf)."""
        empty = cls(words, characters, {}, np.zeros(0), 0.0)
        found: Counter[str] = Counter()
        for text in texts:
            found.update(empty.count(text).keys())
        kept = sorted(found, key=lambda gram: (-found[gram], gram))[:most]
        seen = np.array([found[gram] for gram in kept], dtype=np.float64)
        return cls(
            words,
            characters,
            {gram: column for column, gram in enumerate(kept)},
            _rarity(seen, len(texts)),
            float(_rarity(np.ones(1), len(texts))[0]),
        )

    def count(self, text: str) -> Counter[str]:
        """Returns how often the text has each n-gram."""
        words, characters = self._analyzers
        grams = Counter(f"w{gram}" for gram in words(text))
        grams.update(f"c{gram}" for gram in characters(text))
        return grams

    def transform(self, texts: Iterable[str]) -> csr_matrix:
        """Returns one row for each text, of length 1 if all of it is known."""
        columns: list[int] = []
        values: list[float] = []
        ends = [0]
        for text in texts:
            known, unknown = self._weigh(text)
            length = sqrt(sum(v * v for v in known.values()) + unknown) or 1.0
            columns.extend(known)
            values.extend(value / length for value in known.values())
            ends.append(len(columns))
        shape = (len(ends) - 1, len(self.vocabulary))
        rows = csr_matrix((np.array(values, np.float32), columns, ends), shape=shape)
        rows.sort_indices()
        return rows

    def _weigh(self, text: str) -> tuple[dict[int, float], float]:
        # The second is the squared length of all that is unknown.
        known, unknown = {}, 0.0
        for gram, times in self.count(text).items():
            damped = 1.0 + log(times)
            column = self.vocabulary.get(gram)
            if column is None:
                unknown += (damped * self.unknown_weight) ** 2
            else:
                known[column] = damped * self._weights[column]
        return known, unknown

    @cached_property
    def _weights(self) -> list[float]:
        # One number at a time, a list is several times as fast as an array.
        return self.weights.tolist()

    @cached_property
    def _analyzers(self) -> tuple:
        words = CountVectorizer(ngram_range=self.words, token_pattern=r"(?u)\b\w+\b")
        characters = CountVectorizer(analyzer="char_wb", ngram_range=self.characters)
        return words.build_analyzer(), characters.build_analyzer()

    def save(self, path: Path) -> None:
        """Writes everything as JSON."""
        content = {
            "words": self.words,
            "characters": self.characters,
            "ngrams": list(self.vocabulary),
            "weights": self.weights.tolist(),
            "unknown_weight": self.unknown_weight,
        }
        path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Ngrams:
        """Reads what `save` wrote."""
        content = json.loads(path.read_text(encoding="utf-8"))
        return cls(
            tuple(content["words"]),
            tuple(content["characters"]),
            {gram: column for column, gram in enumerate(content["ngrams"])},
            np.array(content["weights"]),
            content["unknown_weight"],
        )


def _rarity(seen: np.ndarray, texts: int) -> np.ndarray:
    return np.log((1 + texts) / (1 + seen)) + 1

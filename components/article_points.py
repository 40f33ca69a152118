"""Chooses the point of an article that a message asks for. Knows nothing of Rasa.

An article has a short answer and points below it. A point is asked for if it is nearer
to the message than the short answer is: by the encoder, and by the words that they
share, rare ones counting more. The encoder alone takes one country or day for another.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from authoring.articles import Article
from components.article_index import sentences_of, terms

ARRAYS_FILE = "points.npz"
SENTENCES_FILE = "points.json"
SHORT_ANSWER = -1


@dataclass(frozen=True)
class ArticlePoints:
    """All sentences; `owners` is each one's article, `numbers` its point from 0 on.

    -1 in `numbers` is a sentence of the short answer; `vectors` are unit rows.
    """

    article_ids: tuple[str, ...]
    sentences: tuple[str, ...]
    languages: tuple[str, ...]
    owners: np.ndarray
    numbers: np.ndarray
    vectors: np.ndarray

    @classmethod
    def build(
        cls, articles: Sequence[Article], encode: Callable[[list[str]], np.ndarray]
    ) -> ArticlePoints:
        """Encodes every sentence once. There has to be at least one article."""
        rows = [
            (owner, number, language, sentence)
            for owner, article in enumerate(articles)
            for language, wording in article.by_language.items()
            for number, sentence in (
                *((SHORT_ANSWER, one) for one in sentences_of(wording.answer)),
                *enumerate(wording.points),
            )
        ]
        owners, numbers, languages, sentences = zip(*rows, strict=True)
        return cls(
            tuple(article.article_id for article in articles),
            sentences,
            languages,
            np.array(owners),
            np.array(numbers),
            encode(list(sentences)),
        )

    def asked_for(
        self, article_id: str, text: str, vector: np.ndarray, lead: float
    ) -> dict[str, str] | None:
        """Returns the point that leads over the short answer, None if none does.

        It comes in each language that has it, English always among them.
        """
        rows = np.flatnonzero(self.owners == self.article_ids.index(article_id))
        scores = self.vectors[rows] @ vector + self._shared(text, rows)
        numbers = self.numbers[rows]
        points = numbers != SHORT_ANSWER
        if not points.any():
            return None
        best = int(np.argmax(np.where(points, scores, -np.inf)))
        ahead = scores[best] - scores[~points].max()
        if ahead < lead:
            return None
        same = rows[numbers == numbers[best]]
        return {self.languages[row]: self.sentences[row] for row in same}

    def _shared(self, text: str, rows: np.ndarray) -> np.ndarray:
        """Returns which part of the message's words each sentence has, 0 to 1."""
        asked = {term: self._rarity(term) for term in terms(text)}
        whole = sum(asked.values()) or 1.0
        return np.array(
            [sum(asked.get(t, 0.0) for t in self._terms[row]) / whole for row in rows]
        )

    @cached_property
    def _terms(self) -> list[set[str]]:
        return [set(terms(sentence)) for sentence in self.sentences]

    @cached_property
    def _counts(self) -> Counter[str]:
        return Counter(term for own in self._terms for term in own)

    def _rarity(self, term: str) -> float:
        return float(np.log(len(self.sentences) / (1 + self._counts[term])))

    def save(self, folder: Path) -> None:
        """Writes everything into a folder."""
        np.savez_compressed(
            folder / ARRAYS_FILE,
            vectors=self.vectors.astype(np.float16),
            owners=self.owners,
            numbers=self.numbers,
        )
        words = {
            "article_ids": self.article_ids,
            "sentences": self.sentences,
            "languages": self.languages,
        }
        (folder / SENTENCES_FILE).write_text(json.dumps(words), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> ArticlePoints:
        """Reads what `save` wrote."""
        words = json.loads((folder / SENTENCES_FILE).read_text("utf-8"))
        with np.load(folder / ARRAYS_FILE, allow_pickle=False) as arrays:
            return cls(
                tuple(words["article_ids"]),
                tuple(words["sentences"]),
                tuple(words["languages"]),
                arrays["owners"],
                arrays["numbers"],
                arrays["vectors"].astype(np.float32),
            )

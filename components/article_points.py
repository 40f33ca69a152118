"""Chooses the point of an article that a message asks for. Knows nothing of Rasa.

An article has a short answer and points below it. A point is asked for if it is nearer
to the message than the short answer is: by the encoder, once half of what all questions
for the article have in common is taken away, and by the words that they share, those
that few sentences of it have counting more. The encoder alone takes one country or day
for another.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log
from pathlib import Path

import numpy as np

from authoring.articles import Article
from components.article_index import sentences_of, terms

ARRAYS_FILE = "points.npz"
SENTENCES_FILE = "points.json"
SHORT_ANSWER = -1
# Of what all questions for an article have in common, this is no reason for a point.
USUAL_SHARE = 0.5


@dataclass(frozen=True)
class ArticlePoints:
    """All sentences; `owners` is each one's article, `numbers` its point from 0 on.

    -1 in `numbers` is a sentence of the short answer; `vectors` are unit rows. `usual`
    has a row for each article, the mean of its questions.
    """

    article_ids: tuple[str, ...]
    sentences: tuple[str, ...]
    languages: tuple[str, ...]
    owners: np.ndarray
    numbers: np.ndarray
    vectors: np.ndarray
    usual: np.ndarray

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
            np.stack([encode(_questions(a)).mean(axis=0) for a in articles]),
        )

    def asked_for(
        self, article_id: str, text: str, vector: np.ndarray, lead: float
    ) -> dict[str, str] | None:
        """Returns the point that leads over the short answer, None if none does.

        It comes in each language that has it, English always among them.
        """
        owner = self.article_ids.index(article_id)
        rows = self._rows[owner]
        special = vector - USUAL_SHARE * self.usual[owner]
        scores = self.vectors[rows] @ special + self._shared(text, owner)
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

    def _shared(self, text: str, owner: int) -> np.ndarray:
        """Returns which part of the message's words each sentence has, 0 to 1."""
        having, shares, whole = (
            self._having[owner],
            np.zeros(len(self._rows[owner])),
            0.0,
        )
        for term in set(terms(text)):
            places = having.get(term, [])
            rarity = log((len(shares) + 1) / (1 + len(places)))
            shares[places] += rarity
            whole += rarity
        return shares / (whole or 1.0)

    @cached_property
    def _rows(self) -> list[np.ndarray]:
        """Returns the sentences of each article."""
        return [
            np.flatnonzero(self.owners == owner)
            for owner in range(len(self.article_ids))
        ]

    @cached_property
    def _having(self) -> list[dict[str, list[int]]]:
        """Returns for each article which of its sentences have a term."""
        found = []
        for rows in self._rows:
            places: dict[str, list[int]] = defaultdict(list)
            for place, row in enumerate(rows):
                for term in set(terms(self.sentences[row])):
                    places[term].append(place)
            found.append(dict(places))
        return found

    def save(self, folder: Path) -> None:
        """Writes everything into a folder."""
        np.savez_compressed(
            folder / ARRAYS_FILE,
            vectors=self.vectors.astype(np.float16),
            owners=self.owners,
            numbers=self.numbers,
            usual=self.usual.astype(np.float16),
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
                arrays["usual"].astype(np.float32),
            )


def _questions(article: Article) -> list[str]:
    return [text for w in article.wordings for text in (w.title, *w.questions)]

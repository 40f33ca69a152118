"""Finds the articles that a message is about. Knows nothing of Rasa.

Two views are added up. The encoder's vectors of a message and of an article's titles,
questions and sentences find other words and languages; weighted words and beginnings
of words find names that say nothing to an encoder.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from authoring.articles import Article

ARRAYS_FILE = "articles.npz"
WORDS_FILE = "articles.json"

# Chosen on benchmarks/paraphrases.yml, where all of them make little difference: the
# mean of the two nearest passages, what only explains counting a little less.
DETAIL_WEIGHT = 0.9
LEXICAL_WEIGHT = 0.5

_WORD = re.compile(r"[^\W\d_]{2,}")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
BEGINNING = 4


@dataclass(frozen=True)
class Match:
    """An article and how well it fits, from 0 to 1."""

    article_id: str
    response: str
    titles: dict[str, str]
    score: float


@dataclass(frozen=True)
class ArticleIndex:
    """Vectors and word weights of all articles, `owners` says whose a vector is."""

    cards: tuple[tuple[str, str, dict[str, str]], ...]
    vectors: np.ndarray
    owners: np.ndarray
    vocabulary: dict[str, int]
    rarity: np.ndarray
    weights: np.ndarray

    @classmethod
    def build(
        cls, articles: Sequence[Article], encode: Callable[[list[str]], np.ndarray]
    ) -> ArticleIndex:
        """Encodes every passage once. There has to be at least one article."""
        passages = [
            (number, weight, text)
            for number, article in enumerate(articles)
            for weight, text in _passages(article)
        ]
        scale = np.array([weight for _, weight, _ in passages], dtype=np.float32)
        words = TfidfVectorizer(analyzer=terms, sublinear_tf=True)
        weights = words.fit_transform([_all_text(article) for article in articles])
        return cls(
            cards=tuple(_card(article) for article in articles),
            vectors=encode([text for _, _, text in passages]) * scale[:, None],
            owners=np.array([number for number, _, _ in passages]),
            vocabulary={term: int(n) for term, n in words.vocabulary_.items()},
            rarity=words.idf_.astype(np.float32),
            weights=weights.T.toarray().astype(np.float32),
        )

    def search(self, text: str, vector: np.ndarray | None, limit: int) -> list[Match]:
        """Returns the best articles, best first.

        `vector` is the text's unit vector; without one only words count.
        """
        scores = LEXICAL_WEIGHT * self._lexical(text)
        if vector is not None:
            scores = scores + self._dense(vector)
        scores = np.clip(scores / (1 + LEXICAL_WEIGHT), 0.0, 1.0)
        best = np.argsort(-scores, kind="stable")[:limit]
        return [Match(*self.cards[n], float(scores[n])) for n in map(int, best)]

    def _dense(self, vector: np.ndarray) -> np.ndarray:
        likeness = self.vectors @ vector
        # An article's vectors lie together; there are a title and a question at least.
        starts = np.searchsorted(self.owners, np.arange(len(self.cards)))
        nearest = np.maximum.reduceat(likeness, starts)
        others = np.where(likeness == nearest[self.owners], -np.inf, likeness)
        second = np.maximum.reduceat(others, starts)
        return (nearest + np.where(np.isfinite(second), second, nearest)) / 2

    def _lexical(self, text: str) -> np.ndarray:
        counts = Counter(term for term in terms(text) if term in self.vocabulary)
        if not counts:
            return np.zeros(len(self.cards), dtype=np.float32)
        rows = [self.vocabulary[term] for term in counts]
        query = (1 + np.log(list(counts.values()))) * self.rarity[rows]
        return query @ self.weights[rows] / np.linalg.norm(query)

    def save(self, folder: Path) -> None:
        """Writes the index into a folder."""
        np.savez_compressed(
            folder / ARRAYS_FILE,
            vectors=self.vectors.astype(np.float16),
            owners=self.owners,
            rarity=self.rarity,
            weights=self.weights,
        )
        words = {"cards": self.cards, "vocabulary": self.vocabulary}
        (folder / WORDS_FILE).write_text(json.dumps(words), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> ArticleIndex:
        """Reads what `save` wrote."""
        words = json.loads((folder / WORDS_FILE).read_text("utf-8"))
        with np.load(folder / ARRAYS_FILE, allow_pickle=False) as arrays:
            return cls(
                cards=tuple((a, b, titles) for a, b, titles in words["cards"]),
                vectors=arrays["vectors"].astype(np.float32),
                owners=arrays["owners"],
                vocabulary=words["vocabulary"],
                rarity=arrays["rarity"],
                weights=arrays["weights"],
            )


def terms(text: str) -> list[str]:
    """Returns the words, and of longer ones the beginning too: it survives endings."""
    words = _WORD.findall(text.lower())
    return words + [f"{word[:BEGINNING]}…" for word in words if len(word) > BEGINNING]


def _card(article: Article) -> tuple[str, str, dict[str, str]]:
    titles = {code: wording.title for code, wording in article.translations.items()}
    return article.article_id, article.response, {**titles, "en": article.english.title}


def sentences_of(text: str) -> list[str]:
    """Returns the sentences of a paragraph."""
    return _SENTENCE_END.split(text)


def _passages(article: Article) -> Iterator[tuple[float, str]]:
    for wording in article.wordings:
        for text in (wording.title, *wording.questions):
            yield 1.0, text
        for text in (*sentences_of(wording.answer), *_lines(wording.details)):
            yield DETAIL_WEIGHT, text


def _lines(details: str) -> list[str]:
    lines = [line.strip() for line in details.splitlines()]
    return [line.lstrip("*- ") for line in lines if line and not line.startswith("#")]


def _all_text(article: Article) -> str:
    parts = [*article.keywords, *article.keywords]
    for wording in article.wordings:
        parts += [wording.title, wording.title, *wording.questions]
        parts += [wording.answer, wording.details]
    return " ".join(parts)

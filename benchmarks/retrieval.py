"""Measures whether the right article is found for questions in other words.

The questions are in `paraphrases.yml`, none of them in an article. Prints a table:

    .venv/bin/python -m benchmarks.retrieval
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

from authoring.articles import read_articles
from benchmarks.report import Row, verdict
from components.article_index import ArticleIndex
from components.encoder import load_encoder

ROOT = Path(__file__).resolve().parents[1]
PARAPHRASES = ROOT / "benchmarks" / "paraphrases.yml"
REACH_RECALL = 0.9
REACH_MS = 1.0


@dataclass(frozen=True)
class Question:
    """A paraphrase, its language and the article that answers it."""

    text: str
    language: str
    article_id: str


def read_questions(path: Path = PARAPHRASES) -> list[Question]:
    """Returns all paraphrases."""
    content = yaml.safe_load(path.read_text("utf-8"))["paraphrases"]
    return [
        Question(text, language, article_id)
        for article_id, languages in content.items()
        for language, texts in languages.items()
        for text in texts
    ]


def run(quick: bool = False) -> list[Row]:
    """Returns the rows of the report. Takes some seconds."""
    questions = read_questions()
    if quick:
        questions = questions[::4]
    encode = load_encoder().encode
    index = ArticleIndex.build(read_articles(ROOT / "kb"), encode)
    ranks = ranks_of(questions, index, encode([q.text for q in questions]))
    english = np.array([question.language == "en" for question in questions])
    recall = float(np.mean(ranks < 3))
    took = search_ms(questions, index)
    return [
        Row(
            "right article among the first three",
            f"{recall:.3f}",
            f"{REACH_RECALL:.2f} or more",
            verdict(recall >= REACH_RECALL),
        ),
        Row("the same, English", f"{np.mean(ranks[english] < 3):.3f}"),
        Row("the same, other languages", f"{np.mean(ranks[~english] < 3):.3f}"),
        Row("right article first", f"{np.mean(ranks < 1):.3f}"),
        Row(
            "a search, without the encoder",
            f"{took:.2f} ms",
            f"{REACH_MS:.0f} ms or less",
            verdict(took <= REACH_MS),
        ),
    ]


def ranks_of(
    questions: list[Question], index: ArticleIndex, vectors: np.ndarray
) -> np.ndarray:
    """Returns the place of each question's article, 0 for the first."""
    ranks = []
    for question, vector in zip(questions, vectors, strict=True):
        found = index.search(question.text, vector, len(index.cards))
        ids = [match.article_id for match in found]
        ranks.append(ids.index(question.article_id))
    return np.array(ranks)


def search_ms(questions: list[Question], index: ArticleIndex) -> float:
    """Returns the median duration of a search, without the encoder's."""
    vector = index.vectors[0]
    durations = []
    for question in questions:
        started = time.perf_counter()
        index.search(question.text, vector, 3)
        durations.append(time.perf_counter() - started)
    return float(np.median(durations)) * 1000


def main(show: Callable[[str], None] = print) -> None:
    """Prints the rows."""
    for row in run():
        show(f"{row.what:38} {row.figure:>8}  {row.target:14} {row.verdict}")


if __name__ == "__main__":
    main()

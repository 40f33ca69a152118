"""Chooses the fallback's threshold on our own examples, each held out once.

    .venv/bin/python -m benchmarks.thresholds

says which one gets most messages right, if one in five is strange. The result belongs
into `config.yml`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from benchmarks import scoring
from benchmarks.pipeline import Answer
from benchmarks.pipeline import configured as options
from components.fallback import CautiousFallbackClassifier

# Of a hundred messages to a shop's chat, so many want what it does not serve. With
# more of them a higher threshold is better.
STRANGERS = 0.2

CANDIDATES = tuple(np.round(np.arange(0.2, 0.75, 0.05), 2))


class Point(NamedTuple):
    """What one threshold does: both as shares."""

    threshold: float
    understood: float
    caught: float


def configured() -> float:
    """Returns the threshold in `config.yml`."""
    return float(options(CautiousFallbackClassifier)["threshold"])


def choose(truth: scoring.Labels, answers: Sequence[Answer]) -> float:
    """Returns the candidate that gets most right, the highest of equals."""
    return max(curve(truth, answers), key=lambda p: (_right(p), p.threshold)).threshold


def _right(point: Point) -> float:
    return round((1 - STRANGERS) * point.understood + STRANGERS * point.caught, 9)


def curve(truth: scoring.Labels, answers: Sequence[Answer]) -> list[Point]:
    """Returns a point for each candidate.

    Taught strangers win by their own intent's confidence: such a message is caught
    whatever the threshold, as `nlu_fallback` is what the rest of the ranking left.
    """
    said = [answer.intent for answer in answers]
    confidences = np.array([answer.confidence for answer in answers])
    won = np.array([answer.stranger > answer.confidence for answer in answers])
    points = []
    for threshold in CANDIDATES:
        cut = scoring.with_threshold(said, confidences, threshold)
        cut[won] = scoring.NONE
        understood = scoring.in_scope_accuracy(truth, cut)
        points.append(
            Point(float(threshold), understood, scoring.strangers_caught(truth, cut))
        )
    return points


def main() -> None:
    """Prints the curve and the choice."""
    from benchmarks.own_examples import FOLDS, Texts, cross_validate, nlu_examples

    texts = Texts(list(nlu_examples()))
    answers = cross_validate(texts, FOLDS)
    for point in curve(texts.intents, answers):
        print("{:.2f}  understood {:.3f}  caught {:.3f}".format(*point))
    print("best:", choose(texts.intents, answers))


if __name__ == "__main__":
    main()

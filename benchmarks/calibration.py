"""Whether the assistant is right as often as it says: confidence against accuracy.

On the fresh messages and the own cases of articles, with articles and intents on one
scale. What counts is the likeliest reading and its confidence, before the thresholds
of `config.yml` decide whether it is acted upon.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from benchmarks.article_cases import Answers
from benchmarks.assistant import TrainedAssistant, trained_assistant
from benchmarks.cases import QUICKLY, halves
from benchmarks.examples import ROOT, fresh_languages, fresh_messages
from benchmarks.pictures import draw_reliability
from benchmarks.report import Row, verdict
from benchmarks.scoring import NONE
from benchmarks.section import Section
from benchmarks.thresholds import configured

PICTURE = ROOT / "benchmarks" / "pictures" / "calibration.png"
REACH = 0.05
BINS = 10


class Bin(NamedTuple):
    """Messages of about the same confidence, and the share of them that is right."""

    confidence: float
    accuracy: float
    messages: int


class Judged(NamedTuple):
    """How sure the assistant was of a message's likeliest reading, and if rightly."""

    confidence: float
    right: bool


def run(quick: bool = False) -> Section:
    """Returns the expected calibration error of each set and of all; draws it.

    Raises:
        FileNotFoundError: nobody has trained the assistant.
    """
    assistant = trained_assistant()
    sets = {
        "fresh messages": list(_fresh(assistant, quick)),
        "questions about the shop": list(_cases(assistant, quick)),
    }
    both = [one for judged in sets.values() for one in judged]
    rows = [_row(what, judged) for what, judged in {**sets, "both": both}.items()]
    if not quick:
        draw_reliability({what: bins(j) for what, j in sets.items()}, PICTURE)
    note = (
        f"Expected calibration error over {BINS} bins of confidence. "
        "![Reliability](pictures/calibration.png)"
    )
    return Section("Calibration", rows, note)


def likeliest(parsed: dict[str, Any]) -> tuple[str, float]:
    """Returns the likeliest reading and its confidence, the fallback's own left out."""
    ranking = parsed["intent_ranking"]
    # The fallback puts itself first, with its threshold for a confidence.
    added = ranking[0]["name"] == NONE and ranking[0]["confidence"] == configured()
    top = ranking[1 if added and len(ranking) > 1 else 0]
    return top["name"], top["confidence"]


def bins(judged: Sequence[Judged]) -> list[Bin]:
    """Returns the bins that have messages, the least confident first."""
    confidences, right = (np.array(column) for column in zip(*judged, strict=True))
    places = np.minimum((confidences * BINS).astype(int), BINS - 1)
    return [
        Bin(
            float(confidences[places == place].mean()),
            float(right[places == place].mean()),
            int((places == place).sum()),
        )
        for place in np.unique(places)
    ]


def calibration_error(judged: Sequence[Judged]) -> float:
    """Returns by how much confidence and accuracy differ, on average."""
    gaps = [b.messages * abs(b.accuracy - b.confidence) for b in bins(judged)]
    return sum(gaps) / len(judged)


def _fresh(assistant: TrainedAssistant, quick: bool) -> Iterator[Judged]:
    messages = [m for code in fresh_languages() for m in fresh_messages(code)]
    messages = messages[:: QUICKLY if quick else 1]
    parsed = assistant.parse_all(message.text for message in messages)
    for message, result in zip(messages, parsed, strict=True):
        name, confidence = likeliest(result)
        yield Judged(confidence, name == message.intent)


def _cases(assistant: TrainedAssistant, quick: bool) -> Iterator[Judged]:
    answers = Answers()
    cases = [case for _, cases in halves("articles", quick) for case in cases]
    parsed = assistant.parse_all(case["text"] for case in cases)
    for case, result in zip(cases, parsed, strict=True):
        name, confidence = likeliest(result)
        yield Judged(confidence, answers.is_right(case, answers.of_intent(name)))


def _row(what: str, judged: list[Judged]) -> Row:
    error = calibration_error(judged)
    accuracy = np.mean([one.right for one in judged])
    return Row(
        f"{what} ({len(judged)}), {100 * accuracy:.1f} % right",
        f"{error:.3f}",
        f"<= {REACH:.2f}",
        verdict(error <= REACH),
    )

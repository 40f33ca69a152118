"""Cross-validation on our own examples: what would customers' next words become?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from sklearn.metrics import precision_recall_fscore_support
from sklearn.model_selection import StratifiedKFold

from benchmarks import scoring, thresholds
from benchmarks.examples import ROOT, Example, nlu_examples
from benchmarks.pictures import draw_confusions, draw_curve
from benchmarks.pipeline import Answer, Texts, Understanding
from benchmarks.report import Row, table
from benchmarks.section import Section

FOLDS = 5
QUICK_INTENTS = 10
QUICK_EXAMPLES = 16
PICTURES = ROOT / "benchmarks" / "pictures"


def run(quick: bool = False) -> Section:
    """Returns accuracy, the intents, the confusions; draws them and the thresholds."""
    examples = list(nlu_examples())
    if quick:
        examples = _some(examples)
    texts = Texts(examples)
    answers = cross_validate(texts, 2 if quick else FOLDS)
    truth = texts.intents
    final = [answer.final for answer in answers]
    chosen = thresholds.choose(truth, answers)
    rows = [
        Row("accuracy, fallback included", f"{scoring.accuracy(truth, final):.3f}"),
        Row("macro F1", f"{scoring.macro_f1(truth, final):.3f}"),
        Row("understood, of messages in scope", _in_scope(truth, final)),
        Row("rejected, of messages out of scope", _caught(truth, final)),
        Row("fallback threshold in config.yml", f"{thresholds.configured():.2f}"),
        Row("best fallback threshold here", f"{chosen:.2f}"),
    ]
    if not quick:
        draw_confusions(truth, final, topics(), PICTURES / "confusion.png")
        draw_curve(
            thresholds.curve(truth, answers),
            thresholds.configured(),
            PICTURES / "thresholds.png",
        )
    return Section("Our own examples", rows, _note(truth, final, quick))


def cross_validate(texts: Texts, folds: int) -> list[Answer]:
    """Returns what is said of every row by a model that has not seen it."""
    found: list[Answer | None] = [None] * len(texts.intents)
    splitter = StratifiedKFold(folds, shuffle=True, random_state=1)
    for seen, unseen in splitter.split(texts.intents, list(texts.intents)):
        answers = Understanding(texts, seen).answers(texts, unseen)
        for row, answer in zip(unseen, answers, strict=True):
            found[row] = answer
    return [answer for answer in found if answer is not None]


def topics() -> list[str]:
    """Returns the intents in the order of their topics' files."""
    paths: list[Path] = sorted((ROOT / "data" / "nlu").glob("*.yml"))
    lines = [line for path in paths for line in path.read_text("utf-8").splitlines()]
    named = [line.split("intent:")[1].strip() for line in lines if "- intent:" in line]
    return list(dict.fromkeys(named))


def _some(examples: list[Example]) -> list[Example]:
    wanted = [*topics()[: QUICK_INTENTS - 1], scoring.NONE]
    found: list[Example] = []
    for intent in dict.fromkeys(wanted):
        found += [e for e in examples if e.intent == intent][:QUICK_EXAMPLES]
    return found


def _note(truth: np.ndarray, final: list[str], quick: bool) -> str:
    worst = [
        (true, said, str(times))
        for true, said, times in scoring.confusions(truth, final, 12)
    ]
    names = sorted(set(truth))
    figures = precision_recall_fscore_support(
        list(truth), final, labels=names, zero_division=0
    )
    each = [
        (name, *(f"{value:.2f}" for value in line[:3]), str(line[3]))
        for name, *line in zip(names, *figures, strict=True)
    ]
    parts = [f"{len(truth)} examples, {len(names)} intents."]
    if not quick:
        parts.append("![Confusions](pictures/confusion.png)")
        parts.append("![Thresholds](pictures/thresholds.png)")
    parts.append(table(worst, ("meant", "understood", "times")))
    parts.append(table(each, ("intent", "precision", "recall", "F1", "examples")))
    return "\n\n".join(parts)


def _in_scope(truth: np.ndarray, final: list[str]) -> str:
    return f"{scoring.in_scope_accuracy(truth, final):.3f}"


def _caught(truth: np.ndarray, final: list[str]) -> str:
    return f"{scoring.strangers_caught(truth, final):.3f}"

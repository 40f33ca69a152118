"""Figures for classifiers that may also say "none of these". Pure functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from sklearn.metrics import f1_score, matthews_corrcoef, roc_auc_score

NONE = "nlu_fallback"
Labels: TypeAlias = Sequence[str] | np.ndarray


def accuracy(truth: Labels, said: Labels) -> float:
    """Returns the share of messages that got their own label."""
    return float(np.mean(np.asarray(truth, object) == np.asarray(said, object)))


def macro_f1(truth: Labels, said: Labels) -> float:
    """Returns the mean F1 of the labels that occur in `truth`."""
    labels = sorted(set(truth))
    return float(f1_score(list(truth), list(said), labels=labels, average="macro"))


def confusions(truth: Labels, said: Labels, most: int) -> list[tuple[str, str, int]]:
    """Returns the most frequent (truth, said instead, times)."""
    wrong = Counter(
        (true, answer)
        for true, answer in zip(truth, said, strict=True)
        if true != answer
    )
    ordered = sorted(wrong.items(), key=lambda item: (-item[1], item[0]))
    return [(true, answer, times) for (true, answer), times in ordered[:most]]


def with_threshold(
    said: Labels, confidences: np.ndarray, threshold: float
) -> np.ndarray:
    """Returns the labels; `NONE` where the confidence is below the threshold."""
    labels = np.array(said, dtype=object)
    labels[np.asarray(confidences) < threshold] = NONE
    return labels


def in_scope_accuracy(truth: Labels, said: Labels) -> float:
    """Returns the share right among messages in scope; one rejected is wrong."""
    gold = np.asarray(truth, object)
    inside = gold != NONE
    return accuracy(gold[inside], np.asarray(said, object)[inside])


def strangers_caught(truth: Labels, said: Labels) -> float:
    """Returns the share of messages out of scope that were rejected (recall)."""
    gold = np.asarray(truth, object)
    return float(np.mean(np.asarray(said, object)[gold == NONE] == NONE))


def mcc(truth: Labels, said: Labels) -> float:
    """Returns Matthews' correlation; out of scope is one label like the others."""
    return float(matthews_corrcoef(list(truth), list(said)))


def separation(truth: Labels, confidences: np.ndarray) -> float:
    """Returns the AUROC of the confidence for "is in scope"."""
    return float(roc_auc_score(np.asarray(truth, object) != NONE, confidences))


def keeping(confidences: np.ndarray, share: float) -> float:
    """Returns the threshold that lets this share of messages in scope through.

    For sets that have nothing out of scope to choose a threshold on.
    """
    return float(np.quantile(confidences, 1.0 - share))


def highest_keeping_accuracy(
    truth: Labels, said: Labels, confidences: np.ndarray, least: float
) -> float:
    """Returns the highest threshold with an in-scope accuracy of `least` or more.

    0 if there is none.
    """
    candidates = np.unique(np.round(confidences, 4))
    for threshold in candidates[::-1]:
        cut = with_threshold(said, confidences, float(threshold))
        if in_scope_accuracy(truth, cut) >= least:
            return float(threshold)
    return 0.0

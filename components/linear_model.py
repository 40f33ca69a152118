"""Logistic regression with a temperature, stored as plain arrays.

Shared by the intent and the sentiment classifier. Training uses scikit-learn;
prediction is one matrix product, so that a loaded assistant needs no pickle.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

Matrix = csr_matrix | np.ndarray

# Candidate temperatures; below 1 sharpens what strong regularisation flattened.
TEMPERATURES = np.geomspace(0.2, 5.0, 40)


@dataclass(frozen=True)
class LinearModel:
    """Weights of a softmax classifier."""

    labels: list[str]
    weights: np.ndarray
    bias: np.ndarray
    temperature: float = 1.0

    @classmethod
    def fit(
        cls, features: Matrix, labels: list[str], c: float, folds: int = 3
    ) -> LinearModel:
        """Trains on all rows; the temperature comes from held-out folds."""
        temperature = _held_out_temperature(features, labels, c, folds)
        classifier = _new_classifier(c).fit(features, labels)
        weights, bias = classifier.coef_, classifier.intercept_
        if len(classifier.classes_) == 2:  # scikit-learn stores one row for two
            weights, bias = np.vstack([-weights, weights]) / 2, np.r_[-bias, bias] / 2
        return cls(
            [str(label) for label in classifier.classes_],
            weights.astype(np.float32),
            bias.astype(np.float32),
            temperature,
        )

    def probabilities(self, features: Matrix) -> np.ndarray:
        """Returns one row of probabilities, in the order of `labels`, per example."""
        scores = np.asarray(features @ self.weights.T) + self.bias
        return _softmax(scores / self.temperature)

    def save(self, path: Path) -> None:
        """Writes the arrays to an .npz file."""
        np.savez_compressed(
            path,
            labels=np.array(self.labels),
            weights=self.weights,
            bias=self.bias,
            temperature=np.array(self.temperature),
        )

    @classmethod
    def load(cls, path: Path) -> LinearModel:
        """Reads what `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(
                [str(label) for label in arrays["labels"]],
                arrays["weights"],
                arrays["bias"],
                float(arrays["temperature"]),
            )


def _new_classifier(c: float) -> LogisticRegression:
    # Intents have unequal numbers of examples for reasons of wording, not of
    # how often customers ask.
    return LogisticRegression(
        C=c, class_weight="balanced", max_iter=300, random_state=42
    )


def _held_out_temperature(
    features: Matrix, labels: list[str], c: float, folds: int
) -> float:
    """Returns the temperature with the best log-loss on data not trained on."""
    counts = Counter(labels)
    if len(counts) < 3 or min(counts.values()) < folds:
        return 1.0
    splits = StratifiedKFold(folds, shuffle=True, random_state=42)
    scores = cross_val_predict(
        _new_classifier(c), features, labels, cv=splits, method="decision_function"
    )
    truth = np.searchsorted(sorted(counts), labels)
    rows = np.arange(len(labels))

    def log_loss(temperature: float) -> float:
        return -np.log(_softmax(scores / temperature)[rows, truth] + 1e-12).mean()

    return float(min(TEMPERATURES, key=log_loss))


def _softmax(scores: np.ndarray) -> np.ndarray:
    exponents = np.exp(scores - scores.max(axis=1, keepdims=True))
    return exponents / exponents.sum(axis=1, keepdims=True)

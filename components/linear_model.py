"""Linear classifier with a temperature, stored as plain arrays.

Shared by the intent and the sentiment classifier. Prediction is one matrix
product, so that a loaded assistant needs no pickle.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from scipy.sparse import csr_matrix
from scipy.special import log_softmax, softmax
from sklearn.model_selection import StratifiedKFold

from components.softmax_regression import fit_softmax

Matrix: TypeAlias = csr_matrix | np.ndarray

# One part in so many is held out.
FOLDS = 3

# Candidate temperatures; below 1 sharpens what strong regularisation flattened.
TEMPERATURES = np.geomspace(0.2, 5.0, 40)


@dataclass(frozen=True)
class LinearModel:
    """Weights of a softmax classifier, one row for each label.

    They lie in memory feature by feature: each prediction of a sparse row would
    otherwise turn all of them around.
    """

    labels: list[str]
    weights: np.ndarray
    bias: np.ndarray
    temperature: float = 1.0

    @classmethod
    def fit(cls, features: Matrix, labels: list[str], c: float) -> LinearModel:
        """Trains on all rows; the temperature comes from a held-out part."""
        return fit_with_held_out(features, labels, c)[0]

    def scores(self, features: Matrix) -> np.ndarray:
        """Returns one row of scores, in the order of `labels`, per example."""
        if isinstance(features, np.ndarray):
            # Most of a message's columns are 0.
            used = np.flatnonzero(features.any(axis=0))
            return features[:, used] @ self.weights[:, used].T + self.bias
        return np.asarray(features @ self.weights.T) + self.bias

    def probabilities(self, features: Matrix) -> np.ndarray:
        """Returns one row of probabilities, in the order of `labels`, per example."""
        return self.of_scores(self.scores(features))

    def of_scores(self, scores: np.ndarray) -> np.ndarray:
        """Returns the probabilities that belong to rows of scores."""
        return softmax(scores / self.temperature, axis=1)

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
                np.asfortranarray(arrays["weights"]),
                arrays["bias"],
                float(arrays["temperature"]),
            )


@dataclass(frozen=True)
class HeldOut:
    """What a model trained on the rows `seen` says about the rows `unseen`."""

    seen: np.ndarray
    unseen: np.ndarray
    scores: np.ndarray


def fit_with_held_out(
    features: Matrix, labels: list[str], c: float
) -> tuple[LinearModel, HeldOut | None]:
    """Trains on all rows, and says how it did on rows that it had not seen yet.

    Labels with fewer than `FOLDS` examples are never held out; None if none are left.
    """
    names, targets = np.unique(np.asarray(labels), return_inverse=True)
    held_out, start, temperature = None, None, 1.0
    seen, unseen = _split(targets)
    if len(unseen):
        start = fit_softmax(features[seen], targets[seen], len(names), c)
        scores = np.asarray(features[unseen] @ start[:-1]) + start[-1]
        held_out = HeldOut(seen, unseen, scores)
        temperature = _temperature(scores, targets[unseen])
    found = fit_softmax(features, targets, len(names), c, start)
    model = LinearModel(
        [str(name) for name in names],
        np.asfortranarray(found[:-1].T, dtype=np.float32),
        found[-1].astype(np.float32),
        temperature,
    )
    return model, held_out


def _split(targets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    plenty = np.flatnonzero(np.bincount(targets)[targets] >= FOLDS)
    if not len(plenty):
        return np.arange(len(targets)), plenty
    splitter = StratifiedKFold(FOLDS, shuffle=True, random_state=42)
    _, fold = next(splitter.split(plenty, targets[plenty]))
    unseen = plenty[fold]
    return np.setdiff1d(np.arange(len(targets)), unseen), unseen


def _temperature(scores: np.ndarray, truth: np.ndarray) -> float:
    """Returns the temperature with the best log-loss on data not trained on."""
    rows = np.arange(len(truth))

    def log_loss(temperature: float) -> float:
        return -float(log_softmax(scores / temperature, axis=1)[rows, truth].mean())

    return float(min(TEMPERATURES, key=log_loss))

"""Linear classifier with a temperature, stored as plain arrays.

Shared by the intent and the sentiment classifier. Prediction is one matrix
product, so that a loaded assistant needs no pickle.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from scipy.special import log_softmax, softmax
from sklearn.model_selection import StratifiedKFold

from components.softmax_regression import fit_softmax

Matrix = csr_matrix | np.ndarray

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
    def fit(
        cls, features: Matrix, labels: list[str], c: float, folds: int = 3
    ) -> LinearModel:
        """Trains on all rows; the temperature comes from a held-out part."""
        names, targets = np.unique(np.asarray(labels), return_inverse=True)
        temperature, start = 1.0, None
        if np.bincount(targets).min() >= folds:
            splitter = StratifiedKFold(folds, shuffle=True, random_state=42)
            train, held_out = next(splitter.split(features, targets))
            start = fit_softmax(features[train], targets[train], len(names), c)
            temperature = _temperature(
                features[held_out] @ start[:-1] + start[-1], targets[held_out]
            )
        found = fit_softmax(features, targets, len(names), c, start)
        return cls(
            [str(name) for name in names],
            np.asfortranarray(found[:-1].T, dtype=np.float32),
            found[-1].astype(np.float32),
            temperature,
        )

    def probabilities(self, features: Matrix) -> np.ndarray:
        """Returns one row of probabilities, in the order of `labels`, per example."""
        scores = np.asarray(features @ self.weights.T) + self.bias
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


def _temperature(scores: np.ndarray, truth: np.ndarray) -> float:
    """Returns the temperature with the best log-loss on data not trained on."""
    rows = np.arange(len(truth))

    def log_loss(temperature: float) -> float:
        return -float(log_softmax(scores / temperature, axis=1)[rows, truth].mean())

    return float(min(TEMPERATURES, key=log_loss))

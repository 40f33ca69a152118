"""How far a message can be trusted to be about what the examples are about.

A linear classifier is sure of itself far away from everything it has seen, so
gibberish gets a label like any sentence. Knows nothing of Rasa.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TypeAlias

import numpy as np
from scipy.sparse import csr_matrix, spmatrix, vstack
from scipy.special import expit, logsumexp

Matrix: TypeAlias = csr_matrix | np.ndarray


class Neighbours:
    """The examples' unit rows by label: how like the nearest one is a message?"""

    def __init__(self, features: csr_matrix, targets: np.ndarray, labels: int) -> None:
        """Keeps the rows in half precision, which is plenty for a likeness."""
        order = np.argsort(targets, kind="stable")
        rows = features[order].astype(np.float16).astype(np.float32)
        self._ends = np.searchsorted(targets[order], np.arange(labels + 1))
        self._of_label = [
            rows[start:end]
            for start, end in zip(self._ends[:-1], self._ends[1:], strict=True)
        ]

    def nearest(self, features: Matrix, tops: np.ndarray) -> np.ndarray:
        """Returns how like its best example of the label in `tops` each unit row is.

        0 where the label has no example.
        """
        found = np.zeros(features.shape[0])
        for label in np.unique(tops):
            asked = np.flatnonzero(tops == label)
            examples = self._of_label[label]
            if examples.shape[0]:
                found[asked] = (examples @ _full(features[asked]).T).max(axis=0)
        return found

    def arrays(self) -> dict[str, np.ndarray]:
        """Returns what `from_arrays` needs."""
        rows = vstack(self._of_label, format="csr")
        return {
            "neighbour_data": rows.data.astype(np.float16),
            "neighbour_columns": rows.indices,
            "neighbour_rows": rows.indptr,
            "neighbour_shape": np.array(rows.shape),
            "neighbour_ends": self._ends,
        }

    @classmethod
    def from_arrays(cls, arrays: dict[str, np.ndarray]) -> Neighbours:
        """Rebuilds what `arrays` returned."""
        ends = arrays["neighbour_ends"]
        parts = ("neighbour_data", "neighbour_columns", "neighbour_rows")
        data, columns, rows = (arrays[name] for name in parts)
        matrix = csr_matrix(
            (data.astype(np.float32), columns, rows),
            shape=tuple(arrays["neighbour_shape"]),
        )
        labels = len(ends) - 1
        return cls(matrix, np.repeat(np.arange(labels), np.diff(ends)), labels)


@dataclass(frozen=True)
class Trust:
    """What is usual for examples not trained on, and where the trust ends.

    The evidence is the classifier's own (the log of its summed scores) and, counting
    `likeness_weight`, the likeness to the nearest example; each in standard
    deviations from the usual. At `limit` the trust is a half.
    """

    score: float
    score_spread: float
    likeness: float
    likeness_spread: float
    limit: float
    slope: float
    likeness_weight: float

    @classmethod
    def fit(
        cls,
        scores: np.ndarray,
        likeness: np.ndarray,
        quantile: float,
        slope: float,
        likeness_weight: float,
    ) -> Trust:
        """Sets the limit so that `quantile` of these familiar rows are below it."""
        energy = logsumexp(scores, axis=1)
        found = cls(
            float(energy.mean()),
            float(energy.std()) or 1.0,
            float(likeness.mean()),
            float(likeness.std()) or 1.0,
            0.0,
            slope,
            likeness_weight,
        )
        limit = float(np.quantile(found._evidence(scores, likeness), quantile))
        return cls(**{**asdict(found), "limit": limit})

    def shares(self, scores: np.ndarray, likeness: np.ndarray) -> np.ndarray:
        """Returns for each row 0 (like nothing known) to 1."""
        return expit(self.slope * (self._evidence(scores, likeness) - self.limit))

    def _evidence(self, scores: np.ndarray, likeness: np.ndarray) -> np.ndarray:
        own = (logsumexp(scores, axis=1) - self.score) / self.score_spread
        near = (likeness - self.likeness) / self.likeness_spread
        return own + self.likeness_weight * near


def take_from(
    probabilities: np.ndarray,
    shares: np.ndarray,
    kept: list[int],
    given_to: int | None,
) -> np.ndarray:
    """Lowers all columns but `kept` to the rows' shares.

    What they lose goes to the column `given_to`; without one it is lost.
    """
    factors = np.repeat(shares[:, None], probabilities.shape[1], axis=1)
    factors[:, kept] = 1.0
    if given_to is not None:
        factors[:, given_to] = 1.0
    taken = probabilities * factors
    if given_to is not None:
        taken[:, given_to] += 1.0 - taken.sum(axis=1)
    return taken


def raise_tops(probabilities: np.ndarray, power: float) -> np.ndarray:
    """Raises each row's highest to `power` (below 1), at the cost of the others.

    A message between two intents is unclear, but it is no stranger.
    """
    rows = np.arange(len(probabilities))
    tops = probabilities.argmax(axis=1)
    highest = probabilities[rows, tops]
    raised = highest**power
    rest = np.maximum(1.0 - highest, 1e-9)
    result = probabilities * ((1.0 - raised) / rest)[:, None]
    result[rows, tops] = raised
    return result


def _full(rows: Matrix) -> np.ndarray:
    return rows.toarray() if isinstance(rows, spmatrix) else rows

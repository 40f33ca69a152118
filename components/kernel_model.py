"""Tells two classes of dense vectors apart, by their distance to taught examples."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from sklearn.svm import SVC


@dataclass(frozen=True)
class KernelModel:
    """A support vector machine with a Gaussian kernel, stored as plain arrays."""

    support: np.ndarray
    weights: np.ndarray
    bias: float
    gamma: float

    @classmethod
    def fit(
        cls, features: np.ndarray, is_member: list[bool], c: float, gamma: float
    ) -> KernelModel:
        """Trains on all rows; there have to be some of each class."""
        # One product of matrices: the machine's own kernel goes row by row.
        alike = likeness(features, features, gamma)
        machine = SVC(C=c, kernel="precomputed", cache_size=1000)
        machine.fit(alike, is_member)
        return cls(
            features[machine.support_].astype(np.float32),
            machine.dual_coef_[0].astype(np.float32),
            float(machine.intercept_[0]),
            gamma,
        )

    def margins(self, features: np.ndarray) -> np.ndarray:
        """Returns how far each row is on the members' side.

        0 is the border; a typical member is at 1 or more, any other row at -1 or less.
        """
        alike = likeness(features, self.support, self.gamma, self._squares)
        return alike @ self.weights + self.bias

    @cached_property
    def _squares(self) -> np.ndarray:
        # As much work as a message's margin, and the same for every message.
        return squares_of(self.support)

    def save(self, path: Path) -> None:
        """Writes the arrays to an .npz file."""
        # Half the precision moves no margin by more than a thousandth.
        np.savez_compressed(
            path,
            support=self.support.astype(np.float16),
            weights=self.weights,
            bias=np.array(self.bias),
            gamma=np.array(self.gamma),
        )

    @classmethod
    def load(cls, path: Path) -> KernelModel:
        """Reads what `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(
                arrays["support"].astype(np.float32),
                arrays["weights"],
                float(arrays["bias"]),
                float(arrays["gamma"]),
            )


def likeness(
    rows: np.ndarray,
    others: np.ndarray,
    gamma: float,
    squares: np.ndarray | None = None,
) -> np.ndarray:
    """Returns the kernel of each row with each other, 1 where they are the same."""
    if squares is None:
        squares = squares_of(others)
    # In place: of some ten thousand examples each such matrix is half a gigabyte.
    alike = rows @ others.T
    alike *= 2 * gamma
    alike -= gamma * squares_of(rows)[:, None]
    alike -= gamma * squares
    return np.exp(alike, out=alike)


def squares_of(rows: np.ndarray) -> np.ndarray:
    """Returns the squared length of each row."""
    return (rows**2).sum(axis=1)

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
        machine = SVC(C=c, gamma=gamma, cache_size=1000).fit(features, is_member)
        return cls(
            machine.support_vectors_.astype(np.float32),
            machine.dual_coef_[0].astype(np.float32),
            float(machine.intercept_[0]),
            gamma,
        )

    def margins(self, features: np.ndarray) -> np.ndarray:
        """Returns how far each row is on the members' side.

        0 is the border; a typical member is at 1 or more, any other row at -1 or less.
        """
        squares = (features**2).sum(axis=1)[:, None] + self._squares
        distances = squares - 2 * features @ self.support.T
        return np.exp(-self.gamma * distances) @ self.weights + self.bias

    @cached_property
    def _squares(self) -> np.ndarray:
        # As much work as a message's margin, and the same for every message.
        return (self.support**2).sum(axis=1)

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

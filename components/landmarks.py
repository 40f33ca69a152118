"""A Gaussian kernel as features: how near vectors are to some of the examples.

Nyström's approximation (Williams and Seeger, 2001): a linear model of these features
is one of the kernel, at the cost of the landmarks instead of all examples.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from components.kernel_model import likeness, squares_of

# Directions in which the landmarks hardly differ are noise.
_LEAST_SPREAD = 1e-3
_SEED = 42


@dataclass(frozen=True)
class Landmarks:
    """Some of the examples' vectors, and how to weigh the likeness to each."""

    points: np.ndarray
    gamma: float

    @classmethod
    def among(cls, vectors: np.ndarray, count: int, gamma: float) -> Landmarks:
        """Draws at most `count` of the rows."""
        number = min(count, len(vectors))
        drawn = np.random.default_rng(_SEED).choice(len(vectors), number, replace=False)
        # As they will be read again, so that the model is fitted to just these.
        points = vectors[np.sort(drawn)].astype(np.float16).astype(np.float32)
        return cls(points, gamma)

    def mixing(self) -> np.ndarray:
        """Returns what turns likeness, from the right, into features of the kernel."""
        spread, directions = np.linalg.eigh(self.likeness(self.points))
        kept = spread > _LEAST_SPREAD
        return directions[:, kept] / np.sqrt(spread[kept])

    def likeness(self, vectors: np.ndarray) -> np.ndarray:
        """Returns a row for each vector: 1 where a landmark is the same, else less."""
        return likeness(vectors, self.points, self.gamma, self._squares)

    def save(self, path: Path) -> None:
        """Writes the arrays to an .npz file."""
        # Half the precision moves no likeness by more than a thousandth.
        points = self.points.astype(np.float16)
        np.savez_compressed(path, points=points, gamma=np.array(self.gamma))

    @classmethod
    def load(cls, path: Path) -> Landmarks:
        """Reads what `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(arrays["points"].astype(np.float32), float(arrays["gamma"]))

    @cached_property
    def _squares(self) -> np.ndarray:
        return squares_of(self.points)

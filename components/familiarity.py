"""Tells texts that resemble an example from texts that resemble none.

A linear classifier is sure of itself far away from everything it has seen, so
gibberish gets a label like any sentence. Knows nothing of Rasa.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class Familiarity:
    """Unit vectors of examples, and which likeness to them counts how much."""

    vectors: np.ndarray
    strange: float
    familiar: float

    def shares(self, vectors: np.ndarray) -> np.ndarray:
        """Returns for each unit vector 0 (strange) to 1 (familiar)."""
        if not len(self.vectors):
            return np.ones(len(vectors))
        nearest = (vectors @ self.vectors.T).max(axis=1)
        span = self.familiar - self.strange
        return np.clip((nearest - self.strange) / span, 0.0, 1.0)

    def save(self, path: Path) -> None:
        """Writes the vectors; the limits belong to the configuration."""
        np.savez_compressed(path, vectors=self.vectors.astype(np.float16))

    @classmethod
    def load(cls, path: Path, strange: float, familiar: float) -> Familiarity:
        """Reads what `save` wrote."""
        with np.load(path, allow_pickle=False) as arrays:
            return cls(arrays["vectors"].astype(np.float32), strange, familiar)


def move_to(
    probabilities: np.ndarray, shares: np.ndarray, unsure: int, kept: list[int]
) -> np.ndarray:
    """Gives column `unsure` what strange rows lose; `kept` columns lose nothing."""
    factors = np.repeat(shares[:, None], probabilities.shape[1], axis=1)
    factors[:, [unsure, *kept]] = 1.0
    moved = probabilities * factors
    moved[:, unsure] += 1.0 - moved.sum(axis=1)
    return moved

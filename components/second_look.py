"""A second opinion on what a detector is unsure of. Knows nothing of Rasa.

Together they are a cascade (Viola and Jones, 2001): the cheap classifier decides what
is clear to it, and only the rest costs more.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from components.encoder import Encoder, load_encoder
from components.kernel_model import KernelModel

logger = logging.getLogger(__name__)

ENCODER = "components.second_encoder.MultilingualE5"
MODEL_FILE, CENTRE_FILE = "second_look.npz", "second_centre.npy"
C, GAMMA = 10.0, 1.0


@cache
def second_encoder() -> Encoder | None:
    """Returns the better encoder, or None where it does not run."""
    try:
        return load_encoder(ENCODER)
    except (ImportError, OSError, RuntimeError) as error:
        logger.warning("No second look, the first decides alone: %s", error)
        return None


def version() -> str:
    """Changes with the encoder, so that it brings about a training."""
    encoder = second_encoder()
    return encoder.version() if encoder else "none"


@dataclass(frozen=True)
class CentredEncoder:
    """The better encoder, whose vectors all point much the same way.

    What they differ in is what counts.
    """

    encoder: Encoder
    centre: np.ndarray

    @classmethod
    def fit(cls, texts: list[str]) -> tuple[CentredEncoder, np.ndarray] | None:
        """Returns it and the texts' rows; None where it does not run."""
        encoder = second_encoder()
        if encoder is None:
            return None
        vectors = encoder.encode(texts)
        made = cls(encoder, vectors.mean(axis=0))
        return made, made._away(vectors)

    def rows(self, texts: list[str]) -> np.ndarray:
        """Returns a unit row for each text."""
        return self._away(self.encoder.encode(texts))

    def save(self, folder: Path) -> None:
        """Writes what it is centred on into a folder."""
        np.save(folder / CENTRE_FILE, self.centre)

    @classmethod
    def load(cls, folder: Path) -> CentredEncoder | None:
        """Reads what `save` wrote; None if nothing was, or it does not run here."""
        encoder = second_encoder()
        if encoder is None or not (folder / CENTRE_FILE).exists():
            return None
        return cls(encoder, np.load(folder / CENTRE_FILE))

    def _away(self, vectors: np.ndarray) -> np.ndarray:
        moved = vectors - self.centre
        lengths = np.linalg.norm(moved, axis=1, keepdims=True)
        return (moved / np.maximum(lengths, 1e-9)).astype(np.float32)


@dataclass(frozen=True)
class SecondLook:
    """A classifier of its own, on the better encoder's vectors."""

    encoder: CentredEncoder
    model: KernelModel

    @classmethod
    def fit(cls, texts: list[str], meant: list[bool]) -> SecondLook | None:
        """Trains on texts and whether each is meant; None where it cannot look."""
        fitted = CentredEncoder.fit(texts)
        if fitted is None:
            return None
        encoder, rows = fitted
        return cls(encoder, KernelModel.fit(rows, meant, C, GAMMA))

    def margin(self, text: str) -> float:
        """Returns how far a text is on the examples' side; 1 is typical."""
        return float(self.model.margins(self.encoder.rows([text]))[0])

    def save(self, folder: Path) -> None:
        """Writes the model into a folder."""
        self.model.save(folder / MODEL_FILE)
        self.encoder.save(folder)

    @classmethod
    def load(cls, folder: Path) -> SecondLook | None:
        """Reads what `save` wrote; None if nothing was, or it cannot look here."""
        encoder = CentredEncoder.load(folder)
        if encoder is None:
            return None
        return cls(encoder, KernelModel.load(folder / MODEL_FILE))

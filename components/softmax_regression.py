"""Fits a multinomial logistic regression; one function, no Rasa.

scikit-learn's needs ten times as long here: it multiplies the encoder's full
columns as if they were sparse. This one sends them through BLAS.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csc_matrix, csr_matrix

from components.descent import minimize

# Ranks stop changing long before the last digits of the weights do.
MAX_ITERATIONS = 40
TOLERANCE = 1e-3
# Columns at least this full are multiplied as dense ones.
DENSE_FROM = 0.3


def fit_softmax(
    features: csr_matrix | np.ndarray,
    targets: np.ndarray,
    classes: int,
    c: float,
    start: np.ndarray | None = None,
) -> np.ndarray:
    """Returns weights, a row for each feature and a last one for the bias.

    All classes weigh the same, however many examples each has: intents have
    unequal numbers for reasons of wording, not of how often customers ask.
    `start` is an earlier result to begin with.
    """
    columns = csc_matrix(features, dtype=np.float32)
    rows, width = columns.shape
    full = np.diff(columns.indptr) >= DENSE_FROM * rows
    dense = np.hstack([columns[:, full].toarray(), np.ones((rows, 1), np.float32)])
    sparse = columns[:, ~full].tocsr()
    sparse_transposed = sparse.T.tocsr()
    order = np.r_[np.flatnonzero(~full), np.flatnonzero(full), width]
    split = sparse.shape[1]

    counts = np.bincount(targets, minlength=classes)
    weights = (rows / (classes * counts[targets])).astype(np.float32)
    truth = (np.arange(rows), targets)
    shrinking = np.full((width + 1, 1), 1 / c, np.float32)
    shrinking[-1] = 0  # not the bias
    # A full column bends the loss a thousand times as much as a rare n-gram's. In units
    # in which all bend it alike, as they do at the beginning, the way down is short.
    guess = (1 - 1 / classes) / classes
    bends = np.r_[sparse.power(2).T @ weights, (dense**2).T @ weights][:, None]
    unit = np.sqrt(rows / (guess * bends + shrinking))

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        w = flat.reshape(width + 1, classes) * unit
        scores = sparse @ w[:split]
        scores += dense @ w[split:]
        scores -= scores.max(axis=1, keepdims=True)
        error = np.exp(scores)
        sums = error.sum(axis=1)
        logs = scores[truth] - np.log(sums)
        error /= sums[:, None]
        error[truth] -= 1
        error *= weights[:, None]
        shrunk = w * shrinking
        gradient = np.vstack([sparse_transposed @ error, dense.T @ error])
        gradient += shrunk
        value = 0.5 * float(np.vdot(shrunk, w)) - float(
            (weights * logs).sum(dtype=np.float64)
        )
        gradient *= unit / rows
        return value / rows, gradient.ravel()

    begin = np.zeros((width + 1, classes)) if start is None else start[order] / unit
    found = minimize(loss, begin.ravel(), MAX_ITERATIONS, TOLERANCE)
    result = np.empty((width + 1, classes), np.float32)
    result[order] = found.reshape(width + 1, classes) * unit
    return result

"""Finds the minimum of a smooth function: L-BFGS in single precision.

scipy's takes double precision and a bound for each number, which for two million
weights costs more than the function itself.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np

Loss = Callable[[np.ndarray], tuple[float, np.ndarray]]

REMEMBERED = 10
# A step has to bring this share of what the slope promises, or it is halved.
PROMISED = 1e-4
SMALLEST_STEP = 1e-6


def minimize(
    loss: Loss, begin: np.ndarray, iterations: int, tolerance: float
) -> np.ndarray:
    """Returns a float32 vector where no part of the gradient exceeds `tolerance`.

    `loss` returns value and gradient at a point. Ends early after `iterations`, or
    where no step makes it smaller.
    """
    point = begin.astype(np.float32)
    value, gradient = loss(point)
    past: deque[tuple[np.ndarray, np.ndarray, float]] = deque(maxlen=REMEMBERED)
    for _ in range(iterations):
        if np.abs(gradient).max() <= tolerance:
            break
        direction = _direction(gradient, past)
        slope = float(gradient @ direction)
        share = 1.0
        while share > SMALLEST_STEP:
            moved = np.float32(share) * direction
            new_value, new_gradient = loss(point + moved)
            if new_value <= value + PROMISED * share * slope:
                break
            share /= 2
        else:
            break
        change = new_gradient - gradient
        curvature = float(moved @ change)
        if curvature > 0:
            past.append((moved, change, curvature))
        point, value, gradient = point + moved, new_value, new_gradient
    return point


def _direction(
    gradient: np.ndarray, past: deque[tuple[np.ndarray, np.ndarray, float]]
) -> np.ndarray:
    direction = -gradient
    if not past:
        return direction / max(1.0, float(np.abs(gradient).sum()))
    shares = []
    for moved, change, curvature in reversed(past):
        shares.append(float(moved @ direction) / curvature)
        direction -= np.float32(shares[-1]) * change
    _, change, curvature = past[-1]
    direction *= np.float32(curvature / float(change @ change))
    for (moved, change, curvature), share in zip(past, reversed(shares), strict=True):
        missing = share - float(change @ direction) / curvature
        direction += np.float32(missing) * moved
    return direction

"""The classifier that holds a message against examples."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.svm import SVC

from components.kernel_model import KernelModel

# Rings cannot be told apart by a line.
ANGLES = np.linspace(0, 2 * np.pi, 40, endpoint=False)
RING = np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1)
ROWS = np.vstack([RING * 0.2, RING]).astype(np.float32)
IS_INNER = [True] * len(RING) + [False] * len(RING)


@pytest.fixture
def model() -> KernelModel:
    return KernelModel.fit(ROWS, IS_INNER, c=10, gamma=2)


def test_it_tells_apart_what_no_line_does(model):
    assert (model.margins(ROWS) > 0).tolist() == IS_INNER
    assert model.margins(ROWS[:1])[0] > 0.9
    assert model.margins(ROWS[-1:])[0] < -0.9


def test_what_is_stored_says_the_same(model, tmp_path: Path):
    model.save(tmp_path / "model.npz")
    stored = KernelModel.load(tmp_path / "model.npz")

    assert np.allclose(stored.margins(ROWS), model.margins(ROWS), atol=0.01)


def test_it_is_the_machine_with_a_gaussian_kernel(model):
    machine = SVC(C=10, gamma=2).fit(ROWS, IS_INNER)
    asked = ROWS[::7] * 0.7
    assert np.allclose(
        model.margins(asked), machine.decision_function(asked), atol=1e-3
    )

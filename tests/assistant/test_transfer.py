"""The score of a handoff's place, against values worked out by hand."""

from math import exp

import pytest

from benchmarks.transfer import transfer_score


@pytest.mark.parametrize(
    ("due", "happens", "tolerance", "expected"),
    [
        ([0, 1, 0], [0, 1, 0], 1, 1.0),
        ([0, 0, 0], [0, 0, 0], 1, 1.0),
        ([0, 1, 0], [0, 0, 0], 1, 0.0),
        ([0, 0, 0], [0, 1, 0], 3, 0.0),
        ([0, 1, 0], [0, 0, 1], 1, exp(-1 / 2)),
        ([1, 0, 0], [0, 0, 1], 2, exp(-4 / 8)),
        ([1, 0, 1], [0, 0, 1], 1, 1.0),
        ([0, 1, 0], [1, 1, 0], 1, (1 + exp(-1 / 2)) / 2),
    ],
)
def test_transfer_score(
    due: list[int], happens: list[int], tolerance: int, expected: float
) -> None:
    assert transfer_score(due, happens, tolerance) == pytest.approx(expected)

"""A bridge that is killed among its commits loses and doubles nothing."""

import random
from pathlib import Path

from benchmarks.speed.crashes import Counts, crash

KILLS = 10


def test_killed_ten_times_among_its_commits(tmp_path: Path) -> None:
    counts, chance = Counts(), random.Random(20261127)
    for _ in range(KILLS):
        crash(tmp_path, chance, counts)
    assert counts.kills == KILLS
    assert counts.acknowledged > 10 * KILLS
    # Some have to have been in flight, or nothing was tried.
    assert counts.repeated > 0
    assert counts.is_clean, counts

"""Golden Transfer within Tolerance: how near a handoff is to where it was due. Pure.

Liu et al., "Time to Transfer", AAAI 2021. For each message 1 where a transfer is due
or happens, else 0; the score of a dialogue without either is 1, with only one of them
0, so it says nothing unless dialogues that have none are counted apart.
"""

from collections.abc import Sequence
from math import exp

TOLERANCES = (1, 2, 3)


def transfer_score(
    due: Sequence[int], happens: Sequence[int], tolerance: int, leaning: float = 0.0
) -> float:
    """Returns a dialogue's score from 0 to 1; `leaning` forgives early or late ones."""
    wanted = [place for place, flag in enumerate(due) if flag]
    made = [place for place, flag in enumerate(happens) if flag]
    if not wanted or not made:
        return float(not wanted and not made)
    return sum(
        max(_nearness(place, other, tolerance, leaning) for other in wanted)
        for place in made
    ) / len(made)


def _nearness(made: int, wanted: int, tolerance: int, leaning: float) -> float:
    side = (made > wanted) - (made < wanted)
    return exp(-((made - wanted) ** 2) / (2 * tolerance**2 * (1 - leaning * side)))

"""The median of waits of which some are not over: by Kaplan and Meier."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

HALF = Fraction(1, 2)


@dataclass(frozen=True)
class MedianWait:
    """Seconds; `at_least` where too few have ended to know more."""

    secs: float
    at_least: bool = False


def median_wait(ended: Sequence[float], running: Sequence[float]) -> MedianWait | None:
    """The wait that half are claimed within; None without any.

    Args:
        ended: seconds until the claim.
        running: seconds so far of those who were not claimed, since they still wait or
            have left: theirs would have been longer. Without them a day on which half
            give up after an hour would look like one with short waits.
    """
    waiting = Fraction(1)
    reached: float | None = None
    for secs in sorted(set(ended)):
        if reached is not None:
            # Half had been claimed exactly: as with any even number, in the middle.
            return MedianWait((reached + secs) / 2)
        at_risk = sum(wait >= secs for wait in (*ended, *running))
        waiting *= 1 - Fraction(sum(wait == secs for wait in ended), at_risk)
        if waiting < HALF:
            return MedianWait(secs)
        if waiting == HALF:
            reached = secs
    if reached is not None:
        return MedianWait(reached)
    longest = max((*ended, *running), default=None)
    return None if longest is None else MedianWait(longest, at_least=True)

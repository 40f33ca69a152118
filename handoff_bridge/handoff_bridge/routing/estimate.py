"""How long a wait in line may take, as a range, from how the desk has worked lately.

The mean wait of whoever finds `n` ahead at a desk of `s` slots, each of which takes `h`
seconds from being free to being free again, while each of those in line gives up at
rate `theta`: the sum over j from 0 to n of 1 / (s/h + j * theta).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, quantiles

# How far back one looks: chats that have ended, and customers who were served.
HANDLED = 100
SERVED = 200
# Below this many a number would be a guess: say nothing instead.
MIN_HANDLED = 5
# Below this many the range is that of a desk of middling size.
MIN_RATIOS = 20
# Shown ranges leave out as many on either side: eight waits of ten end inside.
TENTH = 10


@dataclass(frozen=True)
class Served:
    """A customer who was in line and got an agent; times in seconds.

    `reaction` is how long a slot of that agent was free while they waited, `handled`
    from then on to the end of the chat, None while it goes on. `predicted` is the wait
    that was expected when it began, if any, and `awaited` how many slots had to become
    free first.
    """

    waited: float
    reaction: float | None = None
    handled: float | None = None
    predicted: float | None = None
    awaited: int = 0


@dataclass(frozen=True)
class Left:
    """Customers who gave up since the first of those served: their waits in seconds."""

    count: int = 0
    waited: float = 0.0


@dataclass(frozen=True)
class Capacity:
    """The slots of agents who take chats, and how many of them are free."""

    slots: int
    free: int


@dataclass(frozen=True)
class Wait:
    """Seconds until served: what is expected, and the range of eight waits in ten.

    `awaited` is how many slots have to become free first.
    """

    secs: float
    low: float
    high: float
    awaited: int


@dataclass(frozen=True)
class Ratios:
    """The lowest and the highest tenth of what waits were to what was expected."""

    low: float
    high: float

    @classmethod
    def of(cls, served: Iterable[Served]) -> "Ratios":
        """The usual ones where too few have been served to know."""
        found = [one.waited / one.predicted for one in served if one.predicted]
        if len(found) < MIN_RATIOS:
            return USUAL
        tenths = quantiles(found, n=TENTH)
        return cls(tenths[0], tenths[-1])


# Of a desk of middling size.
USUAL = Ratios(0.3, 1.8)


@dataclass(frozen=True)
class Pace:
    """How a desk has worked lately.

    `handling` and `reaction` in seconds, `leaving` in departures per waiting second.
    Clicking varies in other ways than chats do, so that whoever found a slot free has
    `ratios` of their own.
    """

    handling: float
    reaction: float = 0.0
    leaving: float = 0.0
    ratios: Ratios = USUAL
    ratios_of_free: Ratios = USUAL

    @classmethod
    def of(cls, served: Sequence[Served], left: Left) -> "Pace | None":
        """From those served last, newest first; None where too few have been."""
        handled = [one.handled for one in served if one.handled is not None][:HANDLED]
        if len(handled) < MIN_HANDLED:
            return None
        reactions = [one.reaction for one in served if one.reaction is not None]
        waited = left.waited + sum(one.waited for one in served)
        return cls(
            handling=fmean(handled),
            reaction=fmean(reactions[:HANDLED]),
            leaving=left.count / waited if waited else 0.0,
            ratios=Ratios.of(one for one in served if one.awaited),
            ratios_of_free=Ratios.of(one for one in served if not one.awaited),
        )

    def waits(self, capacity: Capacity, places: int) -> list[Wait]:
        """Of everybody in line, first to last; none where nobody takes chats."""
        if not capacity.slots:
            return []
        rate = capacity.slots / self.handling
        secs, found = self.reaction, []
        for awaited in range(1 - capacity.free, places - capacity.free + 1):
            if awaited > 0:
                secs += 1 / (rate + (awaited - 1) * self.leaving)
            found.append(self._wait(secs, max(0, awaited)))
        return found

    def _wait(self, secs: float, awaited: int) -> Wait:
        ratios = self.ratios if awaited else self.ratios_of_free
        low, high = secs * ratios.low, secs * ratios.high
        return Wait(min(max(secs, low), high), low, high, awaited)

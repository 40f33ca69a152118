"""A made-up day: two peaks, agents at lunch in turns, some of it urgent."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

from handoff_bridge.routing.assignment import Chat
from handoff_bridge.routing.documents import Routing
from handoff_bridge.simulation.day import Arrival, Day, Person

HOUR = 3600.0
DAY = 8 * HOUR
LUNCH = (4 * HOUR, 4.75 * HOUR)
LUNCHES = 4
URGENT = 0.15
PATIENCE = 15 * 60.0
HANDLING = 8 * 60.0
# Coefficient of variation.
HANDLING_VARIES = 1.0
REACTION_VARIES = 0.8
# Arrivals at the highest peak, over those of a day without any.
HIGHEST = 1.4
MORNING = datetime(2026, 1, 5, 9, tzinfo=UTC)


def busy(at: float) -> float:
    """Arrivals at a second of the day over the average: a peak before noon, one after.

    Below HIGHEST.
    """
    hour = at / HOUR
    peaks = 0.6 * math.exp(-((hour - 2.5) ** 2)) + 0.45 * math.exp(
        -(((hour - 6) / 0.9) ** 2)
    )
    return 0.65 + peaks


def lognormal(random: Random, mean: float, variation: float) -> float:
    """A lognormal number of that mean and coefficient of variation."""
    sigma = math.sqrt(math.log(1 + variation**2))
    return random.lognormvariate(math.log(mean) - sigma**2 / 2, sigma)


@dataclass(frozen=True)
class Mix:
    """What chats may be: each has one of each, None being as likely as any."""

    topics: tuple[str | None, ...] = (None,)
    languages: tuple[str | None, ...] = (None,)
    tiers: tuple[str | None, ...] = (None,)
    triggers: tuple[str | None, ...] = (None,)

    @classmethod
    def of(cls, documents: Sequence[Routing], agents: Sequence[Person]) -> "Mix":
        """All that rules ask of chats, and all that agents speak."""
        conditions = [step.when for one in documents for step in one.rules.steps]
        spoken = {word for one in agents for word in one.languages}
        return cls(
            _some({word for when in conditions for word in when.topic or ()}),
            _some(spoken | {w for when in conditions for w in when.language or ()}),
            _some({word for when in conditions for word in when.tier or ()}),
            _some({word for when in conditions for word in when.trigger or ()}),
        )


def _some(words: set[str]) -> tuple[str | None, ...]:
    return (None, *sorted(words))


def generated(
    agents: Sequence[Person], mix: Mix, *, seed: int = 1, load: float = 1.0
) -> Day:
    """A day of those agents; a `load` of 1 is as much as they can do."""
    random = Random(seed)
    places = sum(one.capacity for one in agents)
    arrivals = tuple(
        _arrival(random, mix, number, at)
        for number, at in enumerate(_times(random, load * places / HANDLING))
    )
    ends = MORNING + timedelta(seconds=DAY)
    staff = tuple(
        replace(one, there=one.there or _with_lunch(number))
        for number, one in enumerate(agents)
    )
    return Day(MORNING, ends, arrivals, staff)


def _times(random: Random, rate: float) -> Iterator[float]:
    """Of a Poisson process, thinned to what is usual at each time of the day."""
    if not rate:
        return
    at = 0.0
    while (at := at + random.expovariate(HIGHEST * rate)) < DAY:
        if random.random() < busy(at) / HIGHEST:
            yield at


def _arrival(random: Random, mix: Mix, number: int, at: float) -> Arrival:
    trigger = random.choice(mix.triggers)
    chat = Chat(
        f"{number:06}",
        f"{number:06}",
        MORNING + timedelta(seconds=at),
        priority=int(random.random() < URGENT),
        triggers=(trigger,) if trigger else (),
        topic=random.choice(mix.topics),
        language=random.choice(mix.languages),
        tier=random.choice(mix.tiers),
    )
    patience = random.expovariate(1 / PATIENCE)
    return Arrival(chat, patience, lognormal(random, HANDLING, HANDLING_VARIES))


def _with_lunch(number: int) -> tuple[tuple[datetime, datetime], ...]:
    """One after the other, so that somebody is there."""
    length = LUNCH[1] - LUNCH[0]
    out = LUNCH[0] + (number % LUNCHES) * length
    edges = [MORNING + timedelta(seconds=at) for at in (0, out, out + length, DAY)]
    return ((edges[0], edges[1]), (edges[2], edges[3]))

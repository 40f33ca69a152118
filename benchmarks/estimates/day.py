"""One simulated day of a chat desk, with the bridge's own order and estimate."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from statistics import median
from typing import Any

import simpy
from handoff_bridge.routing.estimate import SERVED, Capacity, Left, Pace, Served, Wait
from handoff_bridge.routing.queue import in_order
from handoff_bridge.simulation.generated import (
    DAY,
    HANDLING,
    HANDLING_VARIES,
    HIGHEST,
    HOUR,
    LUNCH,
    MORNING,
    PATIENCE,
    REACTION_VARIES,
    URGENT,
    busy,
    lognormal,
)

CAPACITY = 3

Process = Generator[simpy.Event, Any, None]


@dataclass(frozen=True)
class Shop:
    """A desk: how many agents, how busy (1: as much as they can do), how quick.

    `reaction` is the mean time in seconds from a free slot and somebody in line to the
    claim by hand.
    """

    agents: int
    load: float = 1.05
    reaction: float = 20.0


@dataclass
class Customer:
    """Somebody in line; times in seconds of the day."""

    handoff_id: str
    priority: int
    came: float
    # What was told, and what the formula of before would have said.
    told: Wait | None = None
    before: float | None = None
    found_free: bool = False
    claimed: float | None = None
    slot_free: float = 0.0
    ended: float | None = None
    left: float | None = None
    requeued_at: datetime | None = None

    @property
    def queued_at(self) -> datetime:
        """When the wait began."""
        return MORNING + timedelta(seconds=self.came)

    @property
    def waited(self) -> float:
        """Until the claim."""
        assert self.claimed is not None
        return self.claimed - self.came

    def served(self) -> Served:
        """As the bridge's table has it."""
        assert self.claimed is not None
        handled = None if self.ended is None else self.ended - self.slot_free
        return Served(
            self.waited,
            self.claimed - self.slot_free,
            handled,
            self.told.secs if self.told else None,
            self.told.awaited if self.told else 0,
        )


@dataclass
class Agent:
    """Somebody at the desk."""

    chats: int = 0
    is_there: bool = True
    free_since: float = 0.0

    @property
    def free(self) -> int:
        """Slots that could take a chat now."""
        return max(0, CAPACITY - self.chats) if self.is_there else 0


@dataclass
class Day:
    """Runs a day; `customers` are all who came."""

    shop: Shop
    seed: int
    customers: list[Customer] = field(default_factory=list)

    def run(self) -> list[Customer]:
        """Everybody who came, the day being over and the line empty."""
        self._random = Random(self.seed)
        self._env = simpy.Environment()
        self._line: list[Customer] = []
        self._agents = [Agent() for _ in range(self.shop.agents)]
        self._news = self._env.event()
        self._env.process(self._arrivals())
        self._env.process(self._lunch(self._agents[0]))
        for agent in self._agents:
            self._env.process(self._work(agent))
        self._env.run(until=DAY + 2 * HOUR)
        return self.customers

    def _arrivals(self) -> Process:
        most = HIGHEST * self.shop.load * self.shop.agents * CAPACITY / HANDLING
        while True:
            yield self._env.timeout(self._random.expovariate(most))
            if self._env.now >= DAY:
                return
            if self._random.random() < busy(self._env.now) / HIGHEST:
                self._env.process(self._come())

    def _come(self) -> Process:
        now = self._env.now
        urgent = int(self._random.random() < URGENT)
        one = Customer(f"{len(self.customers):06}", urgent, now)
        self.customers.append(one)
        self._line.append(one)
        place = in_order(self._line).index(one)
        one.found_free = self._capacity().free > place
        one.told = self._estimate(place)
        one.before = self._before(place + 1)
        self._tell()
        yield self._env.timeout(self._random.expovariate(1 / PATIENCE))
        if one in self._line:
            self._line.remove(one)
            one.left = self._env.now

    def _work(self, agent: Agent) -> Process:
        """Claims by hand, one chat after the other."""
        while True:
            if not (agent.free and self._line):
                yield self._news
                continue
            yield self._env.timeout(
                lognormal(self._random, self.shop.reaction, REACTION_VARIES)
            )
            if agent.free and self._line:
                one = in_order(self._line)[0]
                self._line.remove(one)
                one.claimed = self._env.now
                one.slot_free = max(agent.free_since, one.came)
                agent.chats += 1
                self._env.process(self._talk(agent, one))

    def _talk(self, agent: Agent, one: Customer) -> Process:
        yield self._env.timeout(lognormal(self._random, HANDLING, HANDLING_VARIES))
        one.ended = agent.free_since = self._env.now
        agent.chats -= 1
        self._tell()

    def _lunch(self, agent: Agent) -> Process:
        yield self._env.timeout(LUNCH[0])
        agent.is_there = False
        yield self._env.timeout(LUNCH[1] - LUNCH[0])
        agent.is_there, agent.free_since = True, self._env.now
        self._tell()

    def _tell(self) -> None:
        self._news.succeed()
        self._news = self._env.event()

    def _capacity(self) -> Capacity:
        there = [agent for agent in self._agents if agent.is_there]
        return Capacity(CAPACITY * len(there), sum(agent.free for agent in there))

    def _estimate(self, place: int) -> Wait | None:
        served = sorted(
            (one for one in self.customers if one.claimed is not None),
            key=lambda one: -(one.claimed or 0),
        )[:SERVED]
        since = served[-1].claimed or 0 if served else 0
        left = [
            one.left - one.came
            for one in self.customers
            if one.left is not None and one.left >= since
        ]
        pace = Pace.of([one.served() for one in served], Left(len(left), sum(left)))
        waits = pace.waits(self._capacity(), place + 1) if pace else []
        return waits[place] if waits else None

    def _before(self, place: int) -> float | None:
        """The formula of before: the median wait of four hours, for each place."""
        served = [
            one
            for one in self.customers
            if one.claimed is not None and one.claimed > self._env.now - 4 * HOUR
        ]
        served.sort(key=lambda one: -(one.claimed or 0))
        waits = [one.waited for one in served[:20]]
        return max(30, median(waits) * place) if len(waits) >= 3 else None

"""What goes wrong, chosen at random: which part, when, and for how long."""

from __future__ import annotations

import asyncio
import random
import signal
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence

from benchmarks.faults.clients import Agent, Customer
from benchmarks.faults.programs import House

# Between two faults: a bridge takes some seconds to start.
PAUSE_SECS = (0.3, 2.5)
FROZEN_SECS = (0.3, 3.0)
# Longer than an agent's chats wait for them, or shorter.
AWAY_SECS = (0.5, 6.0)
POSTGRES_ENDS = (signal.SIGINT, signal.SIGQUIT)  # in order, and at once

Fault = Callable[[], Awaitable[None]]


class Injection:
    """Faults of all kinds among running conversations."""

    def __init__(
        self,
        house: House,
        customers: Sequence[Customer],
        agents: Sequence[Agent],
        chance: random.Random,
    ) -> None:
        """`chance` alone decides; `counts` has how often each kind was done."""
        self.counts: Counter[str] = Counter()
        self._house = house
        self._customers = customers
        self._agents = agents
        self._chance = chance
        self._frozen: set[asyncio.Task[None]] = set()
        # How often in ten each is chosen.
        self._kinds: dict[str, tuple[int, Fault]] = {
            "bridge killed": (3, self._kill_bridge),
            "assistant killed": (2, self._kill_assistant),
            "customers cut off": (3, self._cut_customers),
            "agent cut off": (2, self._cut_agent),
            "Redis frozen": (1, self._freeze_redis),
            "PostgreSQL restarted": (1, self._restart_postgres),
        }

    async def go_on(self) -> None:
        """Does one fault after the other, each kind once before any at random."""
        names = [*self._kinds]
        self._chance.shuffle(names)
        for name in names:
            await self._do(name)
        weights = [weight for weight, _ in self._kinds.values()]
        while True:
            [name] = self._chance.choices([*self._kinds], weights)
            await self._do(name)

    async def end(self) -> None:
        """Lets go of whatever is still held."""
        for task in self._frozen:
            task.cancel()
        await asyncio.gather(*self._frozen, return_exceptions=True)

    async def _do(self, name: str) -> None:
        await asyncio.sleep(self._chance.uniform(*PAUSE_SECS))
        self.counts[name] += 1
        _, fault = self._kinds[name]
        await fault()

    async def _kill_bridge(self) -> None:
        self._chance.choice(self._house.bridges).signal(signal.SIGKILL)

    async def _kill_assistant(self) -> None:
        self._house.assistant.signal(signal.SIGKILL)

    async def _cut_customers(self) -> None:
        count = self._chance.randint(1, max(1, len(self._customers) // 3))
        for customer in self._chance.sample([*self._customers], count):
            customer.link.cut()

    async def _cut_agent(self) -> None:
        away = self._chance.choice([0.0, self._chance.uniform(*AWAY_SECS)])
        self._chance.choice(self._agents).link.cut(away)

    async def _freeze_redis(self) -> None:
        task = asyncio.create_task(self._frozen_redis())
        self._frozen.add(task)
        task.add_done_callback(self._frozen.discard)

    async def _frozen_redis(self) -> None:
        self._house.redis.signal(signal.SIGSTOP)
        try:
            await asyncio.sleep(self._chance.uniform(*FROZEN_SECS))
        finally:
            self._house.redis.signal(signal.SIGCONT)

    async def _restart_postgres(self) -> None:
        self._house.postgres.signal(self._chance.choice(POSTGRES_ENDS))

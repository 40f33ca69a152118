"""Everything that goes wrong between a platform and two bridges, and what came of it.

Customers write numbered messages; the assistant echoes them, or an agent answers with
numbered ones. Meanwhile webhooks come twice, together and out of order, the platform
throttles, hangs, is down and loses its answers, and one of the bridges is killed. What
is in the log and on the platform is counted afterwards.
"""

import asyncio
import os
import random
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import httpx
import psycopg

from tests.bridge.channels.fault_platforms import PLATFORMS, FaultPlatform
from tests.bridge.support import AgentClient
from tests.bridge.support.bridges import BridgeProcess, Bridges

NUMBERED = re.compile(r"\b[ma](\d+)$")
# From the last message until everything has come: a bridge's lease, then its pauses.
SETTLED_SECS = 240


@dataclass(frozen=True)
class Plan:
    """How much is said, and how often what goes wrong does."""

    chats: int = 6
    # Of these, so many with an agent.
    with_agents: int = 2
    messages: int = 20
    rounds: int = 1
    seed: int = 1


@dataclass
class Counts:
    """Of messages one way: how many there were, and what became of them."""

    sent: int = 0
    lost: int = 0
    doubled: int = 0
    reordered: int = 0

    def add(self, expected: int, came: Sequence[int]) -> None:
        """What came of the messages 0, 1, 2, ... of one chat, in its order."""
        found = Counter(came)
        self.sent += expected
        self.lost += len(set(range(expected)) - set(found))
        self.doubled += sum(count - 1 for count in found.values())
        firsts = [*dict.fromkeys(came)]
        self.reordered += sum(
            one < max(firsts[:place], default=-1) for place, one in enumerate(firsts)
        )

    @property
    def is_clean(self) -> bool:
        """Whether each came once, in its place."""
        return not (self.lost or self.doubled or self.reordered)


@dataclass
class Outcome:
    """What was done, and the counts of each way."""

    faults: Counter[str] = field(default_factory=Counter)
    ways: dict[str, Counts] = field(default_factory=dict)

    @property
    def faults_told(self) -> str:
        """What went wrong, and how often."""
        return ", ".join(f"{name} {n}" for name, n in sorted(self.faults.items()))

    def __str__(self) -> str:
        lines = [self.faults_told]
        for way, one in self.ways.items():
            lines.append(
                f"{way:<22} sent {one.sent:>5}  lost {one.lost}  "
                f"doubled {one.doubled}  reordered {one.reordered}"
            )
        return "\n".join(lines)


@asynccontextmanager
async def running(
    channel: str, bridges: Bridges, plan: Plan, port: int
) -> AsyncIterator["Run"]:
    """Two bridges with that channel; the first of them has this port."""
    kind = PLATFORMS[channel]
    public = f"http://127.0.0.1:{port}"
    async with kind.fake_class.running() as fake:
        platform = kind(fake, public)
        with patch.dict(os.environ, platform.environment()):
            kept = await bridges.start(public_url=public, bridge_port=port)
            killed = await bridges.start(public_url=public)
            yield Run(platform, kept, killed, plan)


class Run:
    """One platform, two bridges, an agent, and their conversations."""

    def __init__(
        self,
        platform: FaultPlatform[Any],
        kept: BridgeProcess,
        killed: BridgeProcess,
        plan: Plan,
    ) -> None:
        """Agents are at the bridge that is `kept`; the other one is killed."""
        self.platform = platform
        self.fake = platform.fake
        self.kept = kept
        self.killed = killed
        self.plan = plan
        self.outcome = Outcome()
        self._random = random.Random(plan.seed)
        # How many of the customers' messages have been taken, and may be by now.
        self._taken = 0
        self._may_take = 0.0
        self._progress = asyncio.Condition()
        # Whether both bridges are there: else what overtakes may come too late.
        self._is_calm = True
        self.bot_chats: list[str] = []
        self.agent_chats: dict[str, str] = {}

    async def play(self) -> Outcome:
        """Everything, until nothing is under way."""
        maria = await self.kept.house.agent()
        await maria.act(
            "presence_set", status="available", capacity=self.plan.with_agents + 1
        )
        for number in range(self.plan.chats):
            address = self.platform.customer(number)
            if number < self.plan.with_agents:
                self.agent_chats[address] = await self._claimed(maria, address)
            else:
                self.bot_chats.append(address)
        addresses = [*self.agent_chats, *self.bot_chats]
        async with asyncio.TaskGroup() as everything:
            for address in addresses:
                everything.create_task(self._writes(address))
            for conversation_id in self.agent_chats.values():
                everything.create_task(self._answers(maria, conversation_id))
            everything.create_task(self._go_wrong(len(addresses) * self.plan.messages))
        await self._settled()
        await self._count()
        return self.outcome

    async def _claimed(self, maria: AgentClient, address: str) -> str:
        maria.events.clear()
        await self._give([self.platform.message(address, "human")])
        row = await maria.claim(await maria.queued())
        return str(row["conversation_id"])

    # ---- what customers and agents do

    async def _writes(self, address: str) -> None:
        """All of one customer's messages, each way that they may come."""
        events = [
            self.platform.message(address, f"m{n}") for n in range(self.plan.messages)
        ]
        while events:
            async with self._progress:
                await self._progress.wait_for(lambda: self._taken < self._may_take)
            size = self._random.randint(1, 3) if self.platform.batches else 1
            request, events = events[:size], events[size:]
            swaps = self.platform.counts and self._is_calm and events
            if swaps and self._random.random() < 0.3:
                self._happened("overtaken")
                overtaking, events = events[:1], events[1:]
                await asyncio.gather(self._give(overtaking), self._give(request))
                request = request + overtaking
            else:
                await self._give(request)
            if self._random.random() < 0.3:
                self._happened("repeated")
                await self._give(request[: size if self.platform.batches else 1])
            self._taken += len(request)
            async with self._progress:
                self._progress.notify_all()

    async def _answers(self, maria: AgentClient, conversation_id: str) -> None:
        for n in range(self.plan.messages):
            sent = await maria.act(
                "message_send", conversation_id=conversation_id, text=f"a{n}"
            )
            assert sent["ok"], sent

    async def _give(self, events: Sequence[Any]) -> None:
        """One request, to one bridge after another, until it is taken."""
        urls = [self.kept.house.url, self.killed.house.url]
        self._random.shuffle(urls)
        async with asyncio.timeout(SETTLED_SECS):
            while True:
                for url in urls:
                    try:
                        answer = await self.platform.give(url, *events)
                    except httpx.HTTPError:
                        continue
                    if answer.is_success:
                        return
                    assert answer.status_code >= 429, answer.text
                await asyncio.sleep(0.05)

    # ---- what goes wrong

    async def _go_wrong(self, total: int) -> None:
        """One fault after another; customers write so far, and wait for the next."""
        for number in range(self.plan.rounds):

            def share(of_round: float, number: int = number) -> float:
                return total * (number + of_round) / self.plan.rounds

            await self._go_on(share(0.1), until=share(0.3))
            self._happened("throttled", 4)
            self.fake.throttled = 4
            await self._go_on(share(0.2), until=share(0.3))
            self._happened("answers lost", 3)
            self.fake.mute = 3
            await self._go_on(share(0.3), until=share(0.5))
            self._happened("down")
            self.fake.is_down = True
            await self._calls(2 * self.plan.chats)
            self.fake.is_down = False
            await self._go_on(share(0.6), until=share(0.9))
            await self._kill_among_calls()
            await self._go_on(share(0.8), until=share(0.9))
            await self.killed.start()
            self._is_calm = True
            self._happened("killed")
        await self._go_on(total, until=total)
        self.fake.mute = self.fake.throttled = 0

    async def _go_on(self, reached: float, until: float) -> None:
        """Lets customers write as far as `until`; waits for as many as `reached`."""
        async with self._progress:
            self._may_take = until
            self._progress.notify_all()
            await self._progress.wait_for(lambda: self._taken >= reached)

    async def _kill_among_calls(self) -> None:
        """One of the bridges, while the platform holds what both have sent."""
        self._is_calm = False
        self.fake.gate.clear()
        await self._calls(2)
        await self.killed.kill()
        self.fake.gate.set()

    async def _calls(self, count: int) -> None:
        """Waits until the platform was called so often, if anybody still calls."""
        enough = len(self.fake.calls) + count
        try:
            async with asyncio.timeout(20):
                while len(self.fake.calls) < enough:
                    await asyncio.sleep(0.02)
        except TimeoutError:
            self._happened("nobody called")

    def _happened(self, fault: str, times: int = 1) -> None:
        self.outcome.faults[fault] += times

    # ---- what came of it

    async def _settled(self) -> None:
        """Waits until neither way has anything left to do, and all has been seen."""
        try:
            async with asyncio.timeout(SETTLED_SECS):
                while await self._left() or not self._has_all():
                    await asyncio.sleep(0.2)
        except TimeoutError:
            self._happened("never settled")

    def _has_all(self) -> bool:
        return all(
            len(set(self._shown(address))) == self.plan.messages
            for address in [*self.bot_chats, *self.agent_chats]
        )

    async def _left(self) -> int:
        left = await self._rows(
            "SELECT (SELECT count(*) FROM channel_inbox WHERE due_at IS NOT NULL)"
            " + (SELECT count(*) FROM channel_outbox WHERE due_at IS NOT NULL)"
        )
        return int(left[0][0])

    def _shown(self, address: str) -> list[int]:
        """The numbers of what a customer has seen, in their order."""
        return _numbers(self.platform.texts(address))

    async def _count(self) -> None:
        logged = await self._rows(
            "SELECT c.address, e.data FROM events e JOIN conversations c"
            " USING (conversation_id) WHERE e.type = 'message'"
            " AND e.actor_type = 'customer' ORDER BY c.address, e.seq"
        )
        written: dict[str, list[str]] = {}
        for address, data in logged:
            written.setdefault(address, []).append(data.get("text") or "")
        ways = self.outcome.ways
        for way in ("customers' messages", "assistant's answers", "agents' messages"):
            ways[way] = Counts()
        for address in [*self.bot_chats, *self.agent_chats]:
            came = _numbers(written.get(address, []))
            ways["customers' messages"].add(self.plan.messages, came)
            is_agents = address in self.agent_chats
            way = "agents' messages" if is_agents else "assistant's answers"
            ways[way].add(self.plan.messages, self._shown(address))

    async def _rows(self, query: str) -> list[Any]:
        url = self.kept.settings.database.replace("+asyncpg", "")
        async with await psycopg.AsyncConnection.connect(url) as connection:
            return await (await connection.execute(query)).fetchall()


def _numbers(texts: Iterable[str]) -> list[int]:
    return [int(found[1]) for text in texts if (found := NUMBERED.search(text))]

"""Customers and agents who behave badly, and what the others notice of it.

They run in a process of their own, so that only what the bridge does is measured.
`python -m benchmarks.speed.strain` measures this alone.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.report import Row, verdict
from benchmarks.speed.relay import Agent, Customer, http_session
from benchmarks.speed.servers import Server, bridge
from benchmarks.speed.wire import Connection

OTHERS = 10
# A well-behaved customer's messages stay below the limits of a session.
PAUSE_SECS = 0.6
SAMPLE_SECS = 0.05
CALM_SECS = 6.0
LONGEST_SECS = 120.0
MOST_MB = 64
MOST_SLOWER = 2.0


@dataclass(frozen=True)
class Size:
    """How much is done at once."""

    burst: int
    arrivals: int
    unread: int


FULL = Size(burst=10_000, arrivals=1_000, unread=20_000)
QUICK = Size(burst=500, arrivals=40, unread=500)


@dataclass
class Strained:
    """Memory of the bridge, and the others' median wait for an ack."""

    before_mb: float
    peak_mb: float
    after_mb: float
    calm_ms: float
    strained_ms: float

    @property
    def more_mb(self) -> float:
        """What it took at its worst."""
        return self.peak_mb - self.before_mb

    @property
    def slower(self) -> float:
        """How much slower the others were."""
        return self.strained_ms / self.calm_ms


@dataclass(frozen=True)
class Door:
    """Where they come in, and an agent's token."""

    url: str
    token: str
    size: Size


Misbehave = Callable[[Door], Coroutine[Any, Any, None]]


async def burst(door: Door) -> None:
    """One customer sends all at once and reads every answer."""
    async with http_session() as http:
        customer = await Customer.open(http, door.url)
        said = {"session_id": customer.session_id, "message": "hello"}
        calls = (
            customer.connection.call("user_uttered", said)
            for _ in range(door.size.burst)
        )
        await asyncio.gather(*calls)


async def arrivals(door: Door) -> None:
    """That many customers connect at the same moment."""
    async with http_session() as http:
        opening = (Customer.open(http, door.url) for _ in range(door.size.arrivals))
        for customer in await asyncio.gather(*opening):
            await customer.connection.close()


async def deaf_customer(door: Door) -> None:
    """One with a long history asks for it again and again, and reads nothing."""
    async with http_session() as http:
        customer = await Customer.open(http, door.url)
        await customer.ask_for_person()
        for _ in range(100):
            await customer.say("word " * 999)
            await asyncio.sleep(0.1)
        again = {"session_id": customer.session_id, "protocol": 1}
        await _send_unread(
            customer.connection, "session_request", again, door.size.unread
        )


async def deaf_agent(door: Door) -> None:
    """One asks for the whole inbox again and again, and reads nothing."""
    async with http_session() as http:
        auth = {"token": door.token}
        agent = await Connection.connect(http, door.url, "/inbox", auth=auth)
        await _send_unread(agent, "sync", {}, door.size.unread)


async def _send_unread(
    connection: Connection, event: str, data: Any, times: int
) -> None:
    """Calls, so that each is answered; until the bridge closes the connection."""
    connection.stop_reading()
    with suppress(ConnectionError):
        for _ in range(times):
            await connection.ask(event, data)
        await asyncio.sleep(CALM_SECS)


CASES: dict[str, Misbehave] = {
    "a burst of {burst} messages of one customer": burst,
    "{arrivals} customers who connect at once": arrivals,
    "a customer who reads nothing": deaf_customer,
    "an agent who reads nothing": deaf_agent,
}


def measure(size: Size, work: Path, step: Callable[[str], None]) -> dict[str, Strained]:
    """Runs a bridge for each case, with the limits that it has by itself."""
    figures = {}
    for number, (what, misbehave) in enumerate(CASES.items()):
        what = what.format_map(vars(size))
        step(what)
        with bridge(
            work / f"strain-{number}", MESSAGE_LIMITS="20/second;120/minute"
        ) as server:
            figures[what] = asyncio.run(_strain(server, misbehave, size))
    return figures


async def _strain(server: Server, misbehave: Misbehave, size: Size) -> Strained:
    async with _others(server.url) as (token, taken_ms):
        await asyncio.sleep(CALM_SECS)
        calm, before = list(taken_ms), server.memory_mb()
        taken_ms.clear()
        peak = before
        process = multiprocessing.get_context("spawn").Process(
            target=_misbehave,
            args=(misbehave, Door(server.url, token, size)),
            daemon=True,
        )
        process.start()
        until = time.monotonic() + LONGEST_SECS
        while process.is_alive() and time.monotonic() < until:
            await asyncio.sleep(SAMPLE_SECS)
            peak = max(peak, server.memory_mb())
        process.kill()
        process.join()
        strained = list(taken_ms)
        await asyncio.sleep(CALM_SECS)
        return Strained(
            before,
            peak,
            server.memory_mb(),
            statistics.median(calm),
            statistics.median(strained),
        )


def _misbehave(misbehave: Misbehave, door: Door) -> None:
    os.nice(10)  # they shall not take the processor from who measures
    asyncio.run(misbehave(door))


@asynccontextmanager
async def _others(url: str) -> AsyncIterator[tuple[str, list[float]]]:
    """Customers who talk with an agent: the agent's token, and their waits for acks."""
    async with http_session() as http, AsyncExitStack() as stack:
        agent = await Agent().open(http, url)
        customers = [await Customer.open(http, url) for _ in range(OTHERS)]
        for customer in customers:
            await customer.ask_for_person()
        await agent.wait_for_line(OTHERS)
        for handoff_id, _ in agent.queued.values():
            await agent.act("handoff_claim", handoff_id=handoff_id)
        taken_ms: list[float] = []
        talks = []
        for customer in customers:
            talks.append(asyncio.create_task(_talk(customer, taken_ms)))
            await asyncio.sleep(PAUSE_SECS / OTHERS)
        for talk in talks:
            stack.callback(talk.cancel)
        yield agent.token, taken_ms
        for talk in talks:
            if talk.done():
                talk.result()


async def _talk(customer: Customer, taken_ms: list[float]) -> None:
    while True:
        began = time.perf_counter()
        await customer.say("is my parcel on its way?")
        taken_ms.append((time.perf_counter() - began) * 1000)
        await asyncio.sleep(PAUSE_SECS)


def judge(figures: dict[str, Strained]) -> list[Row]:
    """Memory and the others' wait, a row for each case."""
    rows = []
    for what, one in figures.items():
        held = one.more_mb <= MOST_MB and one.slower <= MOST_SLOWER
        figure = (
            f"{one.before_mb:.0f} MB, at most {one.peak_mb:.0f}, "
            f"then {one.after_mb:.0f}; others' ack {one.calm_ms:.1f} ms, "
            f"meanwhile {one.strained_ms:.1f} ms, {one.slower:.1f} x"
        )
        target = f"<= + {MOST_MB} MB, <= {MOST_SLOWER:.0f} x"
        rows.append(Row(what, figure, target, verdict(held)))
    return rows


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for row in judge(measure(FULL, Path(folder), print)):
            print(json.dumps(vars(row)), flush=True)

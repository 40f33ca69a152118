"""`make crashes`: kills a bridge among its commits and counts what became of messages.

Customers write as fast as they are answered; the bridge is killed with SIGKILL at a
random moment, started again, and each customer sends what was not acknowledged once
more. Then every message has to stand in its chat once, in the order it was sent.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
from rich.console import Console
from rich.progress import track

from benchmarks.speed.relay import Customer, http_session
from benchmarks.speed.servers import Server, bridge
from benchmarks.speed.wire import Connection

CUSTOMERS = 12
# The shortest and the longest time until a kill.
SECONDS = (0.05, 0.6)


@dataclass
class Counts:
    """What was found over all kills."""

    kills: int = 0
    acknowledged: int = 0
    repeated: int = 0
    lost: int = 0
    doubled: int = 0
    out_of_order: int = 0

    @property
    def is_clean(self) -> bool:
        """Whether all that was acknowledged is there once, in order."""
        return not (self.lost or self.doubled or self.out_of_order)


@dataclass
class Writer:
    """A customer who keeps on writing; `texts` in the order in which they were sent."""

    session_id: str
    texts: list[str] = field(default_factory=list)
    acknowledged: int = 0
    last_id: str = ""

    async def write(self, connection: Connection) -> None:
        """Writes until the connection breaks."""
        while True:
            text = f"line {len(self.texts)} of mine"
            self.texts.append(text)
            self.last_id = f"line-{len(self.texts)}"
            await self._send(connection)

    async def repeat_last(self, connection: Connection) -> None:
        """Sends what was not acknowledged, under the same id."""
        if len(self.texts) > self.acknowledged:
            await self._send(connection)

    async def _send(self, connection: Connection) -> None:
        said = {
            "session_id": self.session_id,
            "message": self.texts[-1],
            "message_id": self.last_id,
        }
        ack = await connection.call("user_uttered", said)
        if ack["ok"]:
            self.acknowledged = len(self.texts)


def main() -> int:
    """Prints the counts; 1 if anything was lost, doubled or out of order."""
    arguments = argparse.ArgumentParser(prog="crashes", description=__doc__)
    arguments.add_argument("--times", type=int, default=100)
    arguments.add_argument("--seed", type=int, default=random.randrange(10**6))
    given = arguments.parse_args()
    console = Console(highlight=False)
    console.print(f"{given.times} kills, seed {given.seed}")
    counts = Counts()
    chance = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as work:
        for _ in track(range(given.times), "Killing", console=console):
            crash(Path(work), chance, counts)
    for name, value in vars(counts).items():
        console.print(f"{name.replace('_', ' '):<14}{value}")
    return 0 if counts.is_clean else 1


def crash(work: Path, chance: random.Random, counts: Counts) -> None:
    """One kill, and what is found afterwards."""
    with bridge(work) as server:
        writers = asyncio.run(_write_until_killed(server, chance.uniform(*SECONDS)))
    with bridge(work) as server:
        histories = asyncio.run(_write_the_rest(server, writers, counts))
    counts.kills += 1
    for writer, found in zip(writers, histories, strict=True):
        counts.acknowledged += writer.acknowledged
        counts.lost += len(set(writer.texts) - set(found))
        counts.doubled += len(found) - len(set(found))
        counts.out_of_order += found != sorted(found, key=writer.texts.index)


async def _write_until_killed(server: Server, secs: float) -> list[Writer]:
    async with http_session() as http:
        customers = [await Customer.open(http, server.url) for _ in range(CUSTOMERS)]
        writers = [Writer(customer.session_id) for customer in customers]
        for customer in customers:
            # In line nobody but a person reads: no assistant is needed.
            await customer.ask_for_person()
        tasks = [
            asyncio.create_task(writer.write(customer.connection))
            for writer, customer in zip(writers, customers, strict=True)
        ]
        await asyncio.sleep(secs)
        server.process.kill()
        server.process.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return writers


async def _write_the_rest(
    server: Server, writers: list[Writer], counts: Counts
) -> list[list[str]]:
    async with http_session() as http:
        return [await _resume(http, server, writer, counts) for writer in writers]


async def _resume(
    http: aiohttp.ClientSession, server: Server, writer: Writer, counts: Counts
) -> list[str]:
    """What the customer's chat holds after the last message was sent again."""
    counts.repeated += len(writer.texts) > writer.acknowledged
    connection = await _open(http, server, writer, lambda *_: None)
    await writer.repeat_last(connection)
    await connection.close()
    told: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def heard(event: str, payload: Any, _at: float) -> None:
        if event == "history":
            told.set_result(payload)

    connection = await _open(http, server, writer, heard)
    history = await asyncio.wait_for(told, 30)
    await connection.close()
    return [one["text"] for one in history["messages"] if one["sender"] == "customer"]


async def _open(
    http: aiohttp.ClientSession, server: Server, writer: Writer, heard: Any
) -> Connection:
    connection = await Connection.connect(http, server.url, heard=heard)
    request = {"session_id": writer.session_id, "protocol": 1}
    await connection.call("session_request", request)
    return connection


if __name__ == "__main__":
    sys.exit(main())

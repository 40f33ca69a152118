"""The bridge's part of `make bench`: each figure beside a baseline of the same run.

Answers through the bridge are set beside the assistant's connector alone, relayed
messages beside a bare python-socketio echo. They take turns, round by round, so that a
machine that slows down slows both.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.report import Row, verdict
from benchmarks.speed import relay, strain
from benchmarks.speed.databases import postgres_database
from benchmarks.speed.load import CLIENTS, OUR_SCRIPTS, Door, latencies, throughput
from benchmarks.speed.relay import Relayed, Rush
from benchmarks.speed.servers import PYTHON, ROOT, Server, bridge, echo

SECTION = "The bridge"
NOTE = (
    "On SQLite if nothing else is said; the echo is python-socketio alone on uvicorn. "
    "Medians of the rounds, ratios those of each round. Growth: "
    "![messages a second by connected customers](pictures/growth.png)"
)
PICTURE = ROOT / "benchmarks" / "pictures" / "growth.png"
MANY = 50

Step = Callable[[str], None]


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    rounds: int
    conversations: int
    messages: int
    idle: int
    connected: tuple[int, ...]
    strain: strain.Size

    @property
    def steps(self) -> int:
        """How often `step` is called."""
        return 4 * self.rounds + len(self.connected) + len(strain.CASES) + 4


FULL = Size(3, 48, 40, 300, (10, 100, 1000), strain.FULL)
QUICK = Size(1, 16, 5, 40, (10, 40), strain.QUICK)


@dataclass
class Figures:
    """One value a round, or a value for each case."""

    alone: list[float] = field(default_factory=list)
    alone_ms: list[float] = field(default_factory=list)
    through: list[Relayed] = field(default_factory=list)
    through_one: list[Relayed] = field(default_factory=list)
    echo_one: list[Relayed] = field(default_factory=list)
    echo_many: list[Relayed] = field(default_factory=list)
    relay_one: list[Relayed] = field(default_factory=list)
    relay_many: list[Relayed] = field(default_factory=list)
    rushes: list[Rush] = field(default_factory=list)
    idle_kib: dict[str, float] = field(default_factory=dict)
    growth: dict[int, Relayed] = field(default_factory=dict)
    durable: Relayed | None = None
    # Processor milliseconds a message on PostgreSQL, by the number of bridges.
    postgres_ms: dict[int, float] = field(default_factory=dict)
    strained: dict[str, strain.Strained] = field(default_factory=dict)


def measure(size: Size, own: Server, work: Path, step: Step) -> Figures:
    """Starts bridges and the echo, lets them take turns, and ends them.

    `own` is our assistant, which runs already.
    """
    figures = Figures()
    with ExitStack() as stack:
        bare = stack.enter_context(echo(work))
        ours = stack.enter_context(bridge(work / "sqlite", own))
        # Before all else: later on, memory that was given back is used again.
        step("idle connections")
        for server, opens in ((bare, False), (ours, True)):
            kib = asyncio.run(relay.idle_kib(server, size.idle, opens_session=opens))
            figures.idle_kib[server.name] = kib
        asyncio.run(relay.answers(ours, OUR_SCRIPTS, 2, 4))  # to warm up
        asyncio.run(relay.through_bridge([ours], 2, size.messages))
        asyncio.run(relay.through_echo(bare, 2, size.messages))
        for _ in range(size.rounds):
            _round(figures, size, own, ours, bare, step)
        for count in size.connected:
            step(f"{count} connected customers")
            figures.growth[count] = asyncio.run(_among(ours, count, size.messages))
    with bridge(work / "durable", DURABLE_COMMITS="true") as durable:
        step("waiting for the disk")
        figures.durable = asyncio.run(
            relay.through_bridge([durable], MANY, size.messages)
        )
    _postgres(figures, size, work, step)
    figures.strained = strain.measure(size.strain, work, step)
    return figures


def _round(
    figures: Figures, size: Size, own: Server, ours: Server, bare: Server, step: Step
) -> None:
    step("answers, 16 customers")
    door = Door("connector", own, OUR_SCRIPTS, through_connector=True)
    figures.alone.append(asyncio.run(throughput(door, size.conversations))[0])
    talk = relay.answers(ours, OUR_SCRIPTS, CLIENTS, size.conversations)
    figures.through.append(asyncio.run(talk))
    step("answers, one customer")
    figures.alone_ms.append(statistics.median(asyncio.run(latencies(door, 8))))
    figures.through_one.append(asyncio.run(relay.answers(ours, OUR_SCRIPTS, 1, 8)))
    step("customer to agent")
    few = 5 * size.messages
    figures.echo_one.append(asyncio.run(relay.through_echo(bare, 1, few)))
    figures.relay_one.append(asyncio.run(relay.through_bridge([ours], 1, few)))
    figures.echo_many.append(asyncio.run(relay.through_echo(bare, MANY, size.messages)))
    many = relay.through_bridge([ours], MANY, size.messages)
    figures.relay_many.append(asyncio.run(many))
    step("50 ask for a person")
    figures.rushes.append(asyncio.run(relay.rush(ours, MANY)))


async def _among(server: Server, count: int, messages: int) -> Relayed:
    async with relay.connected(server, count):
        return await relay.through_bridge([server], 10, messages)


def _postgres(figures: Figures, size: Size, work: Path, step: Step) -> None:
    """One bridge, then two that share the customers, as far as there is a server."""
    with postgres_database() as url:
        for count in (1, 2) if url else ():
            step(f"PostgreSQL, {count} of the bridge")
            with ExitStack() as stack:
                servers = [
                    stack.enter_context(
                        bridge(
                            work / f"postgres-{count}-{number}",
                            name=f"bridge-{number}",
                            DATABASE_URL=url or "",
                            REDIS_URL="redis://127.0.0.1:6379/0",
                            REDIS_CHANNEL=f"tandem-bench-{work.name}",
                        )
                    )
                    for number in range(count)
                ]
                relayed = asyncio.run(
                    relay.through_bridge(servers, MANY, size.messages)
                )
            figures.postgres_ms[count] = relayed.busy_ms


def judge(figures: Figures) -> list[Row]:
    """Returns the rows of the table."""
    rates = [one.per_second for one in figures.through]
    ratio = _ratio(rates, figures.alone)
    alone = statistics.median(figures.alone)
    rows = [
        Row("answers a second, 16 clients: the connector alone", f"{alone:.0f}/s"),
        _judged(
            "the same through the bridge",
            f"{statistics.median(rates):.0f}/s, {ratio:.2f} x",
            ">= 0.85 x",
            ratio >= 0.85,
        ),
    ]
    waits = [one.p50 for one in figures.through_one]
    more = statistics.median(
        through - one for through, one in zip(waits, figures.alone_ms, strict=True)
    )
    figure = f"{statistics.median(waits):.1f} ms, + {more:.1f} ms"
    what = "an answer, one client, p50, beside the connector alone"
    rows.append(_judged(what, figure, "<= + 8 ms", more <= 8))
    rows += _relayed("one client", figures.relay_one, figures.echo_one, 6, None)
    rows += _relayed("50 clients", figures.relay_many, figures.echo_many, 8, 0.15)
    for what, most, values in (
        ("ack", 300, [rush.acks_ms for rush in figures.rushes]),
        ("packet at the agent's client", 500, [r.packets_ms for r in figures.rushes]),
    ):
        slow = statistics.median(map(_p95, values))
        what = f"50 customers ask for a person at once: {what}, p95"
        rows.append(_judged(what, f"{slow:.0f} ms", f"<= {most} ms", slow <= most))
    kib = figures.idle_kib
    figure = f"{kib['bridge']:.0f} KiB beside {kib['echo']:.0f} KiB"
    rows.append(_judged("an idle connection", figure, "<= 64 KiB", kib["bridge"] <= 64))
    rows += [
        Row(f"customer to agent, 10 write among {count} connected", _figure(one))
        for count, one in figures.growth.items()
    ]
    if figures.durable is not None:
        figure = _figure(figures.durable)
        rows.append(Row("customer to agent, 50 clients, durable commits", figure))
    rows += _on_postgres(figures.postgres_ms)
    rows += strain.judge(figures.strained)
    return rows


def draw(figures: Figures) -> None:
    """Draws growth; pictures are drawn in the assistant's environment."""
    points = {count: one.per_second for count, one in figures.growth.items()}
    command = [str(PYTHON), "-m", "benchmarks.pictures", str(PICTURE)]
    told = json.dumps(points)
    subprocess.run(command, input=told, text=True, cwd=ROOT, check=True)


def _relayed(
    clients: str,
    ours: Sequence[Relayed],
    bare: Sequence[Relayed],
    slower: float,
    rate: float | None,
) -> list[Row]:
    what = f"customer to agent, {clients}"
    waits = _ratio([one.p50 for one in ours], [one.p50 for one in bare])
    took = statistics.median(one.p50 for one in ours)
    figure = f"{took:.1f} ms, {waits:.1f} x the echo's"
    rows = [_judged(f"{what}, p50", figure, f"<= {slower} x", waits <= slower)]
    if rate is not None:
        rates = [one.per_second for one in ours]
        share = _ratio(rates, [one.per_second for one in bare])
        figure = f"{statistics.median(rates):.0f}/s, {share:.2f} x the echo's"
        rows.append(
            _judged(f"{what}, committed", figure, f">= {rate} x", share >= rate)
        )
    busy = statistics.median(one.busy_ms for one in ours)
    rows.append(Row(f"{what}, processor time a message", f"{busy:.1f} ms"))
    return rows


def _on_postgres(busy_ms: dict[int, float]) -> list[Row]:
    if not busy_ms:
        return [Row("on PostgreSQL", "no server on 127.0.0.1:5432")]
    more = busy_ms[2] / busy_ms[1] - 1
    return [
        Row("PostgreSQL, processor time a message, one bridge", f"{busy_ms[1]:.1f} ms"),
        _judged(
            "the same, summed over two bridges",
            f"{busy_ms[2]:.1f} ms, {100 * more:+.0f} %",
            "<= + 15 %",
            more <= 0.15,
        ),
    ]


def _figure(one: Relayed) -> str:
    return f"{one.per_second:.0f}/s, p50 {one.p50:.0f} ms"


def _judged(what: str, figure: str, target: str, reached: bool) -> Row:
    return Row(what, figure, target, verdict(reached))


def _ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]

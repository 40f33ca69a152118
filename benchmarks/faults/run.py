"""`make faults`: kills, cuts and freezes everything among conversations, and compares.

Customers and agents talk on two bridges that share a PostgreSQL and a Redis, beside a
stand-in for the assistant. All of them run on free ports in a folder of their own.
Afterwards what every client shows, the log and what the assistant was told have to be
the same, and the log has to obey the rules of ownership.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks import report
from benchmarks.faults.assistant import read
from benchmarks.faults.clients import AGENTS, CAPACITY, Agent, Customer, Run
from benchmarks.faults.comparison import CHECKS, Conversation, Finding, compare
from benchmarks.faults.injection import Injection
from benchmarks.faults.programs import House, folder, missing, running
from benchmarks.report import Row, verdict
from benchmarks.speed.relay import http_session
from benchmarks.speed.servers import CannotMeasure

SECTION = "Faults"
NOTE = (
    "Two bridges on one PostgreSQL and one Redis, a stand-in for the assistant, "
    "{customers} customers, {agents} agents; faults for {seconds} s, seed {seed}. "
    "How: `benchmarks/README.md`."
)
CUSTOMERS = 30
# After the last fault, until the last customer has an answer.
QUIET_SECS = 120.0
LOOK_SECS = 0.5
SHOWN = 20  # findings


@dataclass
class Result:
    """What was done, and what was found."""

    faults: Counter[str]
    counts: Counter[str]
    findings: dict[str, list[Finding]]
    conversations: list[Conversation] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether nothing was found."""
        return not any(self.findings.values())

    @property
    def first(self) -> Finding | None:
        """The first of the findings."""
        return next((one for found in self.findings.values() for one in found), None)


def main() -> int:
    """Prints what was found; 1 if anything was, or it could not run."""
    arguments = argparse.ArgumentParser(prog="faults", description=__doc__)
    arguments.add_argument("--seconds", type=float, default=120)
    arguments.add_argument("--times", type=int, default=1)
    arguments.add_argument("--seed", type=int, default=random.randrange(10**6))
    arguments.add_argument("--customers", type=int, default=CUSTOMERS)
    arguments.add_argument("--record", action="store_true")
    given = arguments.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    console = Console(highlight=False)
    failed = 0
    try:
        for seed in range(given.seed, given.seed + given.times):
            failed += not _once(seed, given, console)
    except CannotMeasure as error:
        console.print(str(error), style="bold red", markup=False)
        return 1
    except KeyboardInterrupt:
        console.print("Interrupted.")
        return 130
    return 1 if failed else 0


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _once(seed: int, given: argparse.Namespace, console: Console) -> bool:
    console.print(f"{given.customers} customers, {given.seconds:.0f} s, seed {seed}")
    columns = (
        *(TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()),
        TextColumn("{task.fields[told]}"),
    )
    with folder() as work, Progress(*columns, console=console) as progress:
        bar = progress.add_task("Starting", total=given.seconds, told="")

        def told(step: str, secs: float, text: str) -> None:
            progress.update(bar, description=step, completed=secs, told=text)

        result = asyncio.run(measure(work, seed, given.seconds, given.customers, told))
    show(result, console)
    if given.record:
        note = NOTE.format(agents=len(AGENTS), **{**vars(given), "seed": seed})
        report.write(SECTION, rows(result), note)
    return result.is_clean


Told = Callable[[str, float, str], None]


async def measure(
    work: Path, seed: int, seconds: float, customers: int, told: Told
) -> Result:
    """Lets them talk among faults, waits until all is quiet, and compares.

    Raises:
        CannotMeasure: something is missing, or does not come up.
    """
    if lack := missing():
        raise CannotMeasure(lack)
    chance = random.Random(seed)
    async with running(work, seed) as house, http_session() as http:
        run = Run(http, house.urls, random.Random(chance.random()))
        people = [Customer(run, number) for number in range(customers)]
        agents = [Agent(run, name) for name in AGENTS]
        for agent in agents:
            await agent.arrive()
        injection = Injection(house, people, agents, chance)
        async with _alive(people, agents) as talks:
            await _with_faults(injection, run, talks, seconds, told)
            await house.wait_until_up()
            run.is_ending.set()
            await _until_quiet(people, talks, run, told)
            await _look_everywhere(people, agents)
        conversations = await gather(house, people, agents)
    run.counts["conversations"] = len(conversations)
    found = compare(conversations, CAPACITY)
    return Result(injection.counts, run.counts, found, conversations)


@asynccontextmanager
async def _alive(
    people: list[Customer], agents: list[Agent]
) -> AsyncIterator[list[asyncio.Task[None]]]:
    """Everybody connected and at it; gives the tasks of what they do."""
    everyone: list[Customer | Agent] = [*people, *agents]
    links = [asyncio.create_task(one.link.keep()) for one in everyone]
    talks = [asyncio.create_task(one.live()) for one in everyone]
    try:
        yield talks
    finally:
        for task in (*talks, *links):
            task.cancel()
        await asyncio.gather(*talks, *links, return_exceptions=True)


async def _with_faults(
    injection: Injection,
    run: Run,
    talks: list[asyncio.Task[None]],
    seconds: float,
    told: Told,
) -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    faults = asyncio.create_task(injection.go_on())
    try:
        while (passed := loop.time() - began) < seconds:
            _raise_of([faults, *talks])
            told("Faults", passed, f"{injection.counts.total()} faults, {_said(run)}")
            await asyncio.sleep(LOOK_SECS)
    finally:
        faults.cancel()
        await asyncio.gather(faults, return_exceptions=True)
        await injection.end()


async def _until_quiet(
    people: list[Customer], talks: list[asyncio.Task[None]], run: Run, told: Told
) -> None:
    """Waits until everybody has an answer; who has none is found by comparing."""
    loop = asyncio.get_running_loop()
    until = loop.time() + QUIET_SECS
    while loop.time() < until and not all(one.is_done for one in people):
        _raise_of(talks)
        left = sum(not one.is_done for one in people)
        told("Coming to an end", 0, f"{left} still talk, {_said(run)}")
        await asyncio.sleep(LOOK_SECS)


async def _look_everywhere(people: list[Customer], agents: list[Agent]) -> None:
    """What was told to nobody is asked for, as at the next visit."""
    for customer in people:
        await customer.look_again()
    for agent in agents:
        await agent.catch_up()


def _raise_of(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        if task.done():
            task.result()


def _said(run: Run) -> str:
    return f"{sum(n for what, n in run.counts.items() if 'messages' in what)} messages"


async def gather(
    house: House, people: list[Customer], agents: list[Agent]
) -> list[Conversation]:
    """What each place holds, by conversation."""
    by_id = await _logs(house)
    for customer in people:
        _add_customer(by_id, customer)
    for agent in agents:
        _add_agent(by_id, agent)
    for told in read(house.heard):
        if told["sender"] in by_id:
            by_id[told["sender"]].heard += told["heard"]
    return [*by_id.values()]


def _add_customer(by_id: dict[str, Conversation], customer: Customer) -> None:
    """The conversation that holds their messages; a new one if there is none."""
    own = {sent.message_id for sent in customer.sent}
    for one in by_id.values():
        if any(entry["message_id"] in own for entry in one.said_by("customer")):
            break
    else:
        one = by_id[customer.name] = Conversation("")
    one.name = f"{customer.name} {one.name}"
    one.sent = customer.sent
    one.shown = [customer.shown[seq] for seq in sorted(customer.shown)]


def _add_agent(by_id: dict[str, Conversation], agent: Agent) -> None:
    for conversation_id, claim in agent.claims:
        by_id[conversation_id].claims.append(claim)
    for conversation_id, sent in agent.sent.items():
        by_id[conversation_id].sent_by_agents[agent.name] = sent
    for conversation_id, held in agent.logs.items():
        entries = [held[seq] for seq in sorted(held)]
        by_id[conversation_id].held[agent.name] = entries


async def _logs(house: House) -> dict[str, Conversation]:
    """The logs as they were committed; the database alone knows that order."""
    query = (
        "SELECT conversation_id, seq, type, message_id, prev, actor_type, actor_id,"
        " data, extract(epoch FROM pg_xact_commit_timestamp(xmin))"
        " FROM events ORDER BY conversation_id, seq"
    )
    by_id: dict[str, Conversation] = {}
    async with await psycopg.AsyncConnection.connect(house.database) as connection:
        for row in await (await connection.execute(query)).fetchall():
            conversation_id, seq, kind, message_id, prev, actor, actor_id, data, at = (
                row
            )
            one = by_id.setdefault(conversation_id, Conversation(conversation_id))
            entry: dict[str, Any] = {"seq": seq, "type": kind, "prev": prev, **data}
            entry["message_id"] = message_id
            entry["actor"] = {"type": actor, "id": actor_id}
            one.log.append(entry)
            one.committed_at.append(float(at))
    return by_id


def rows(result: Result) -> list[Row]:
    """What was done and found, for `results.md`."""
    done = [Row(name, str(count)) for name, count in result.faults.most_common()]
    done += [Row(name, str(count)) for name, count in sorted(result.counts.items())]
    found = [
        Row(
            kind,
            str(len(result.findings[kind])),
            "0",
            verdict(not result.findings[kind]),
        )
        for kind in CHECKS
    ]
    return [*done, *found]


def show(result: Result, console: Console) -> None:
    """Prints counts, and the first conversation in which something was found."""
    for row in rows(result):
        console.print(f"{row.what:<30}{row.figure:>7}")
    for found in result.findings.values():
        for finding in found[:SHOWN]:
            what = f"{finding.kind}: {finding.conversation}: {finding.what}"
            _print(console, what)
    first = result.first
    for one in result.conversations:
        if first is not None and one.name == first.conversation:
            _show_conversation(one, console)


def _show_conversation(one: Conversation, console: Console) -> None:
    _print(console, f"The log of {one.name}:")
    for entry, at in zip(one.log, one.committed_at, strict=True):
        told = {name: value for name, value in entry.items() if value is not None}
        _print(console, f"{at:.3f} {told}")
    _print(console, f"The assistant was told {[told['text'] for told in one.heard]}")


def _print(console: Console, line: str) -> None:
    console.print(line, markup=False, soft_wrap=True)


if __name__ == "__main__":
    sys.exit(main())

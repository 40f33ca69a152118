"""`make channel-faults`: does its worst to each channel, and prints what came of it.

Ends with 1 where anything was lost, doubled or reordered that need not be.
"""

import argparse
import asyncio
import logging
import secrets
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.speed.databases import postgres_database
from tests.bridge.channels.fault_platforms import PLATFORMS
from tests.bridge.channels.faults import Counts, Outcome, Plan, running
from tests.bridge.conftest import (
    SERVICE_TOKEN,
    free_port,
    prepare,
    shared_settings,
)
from tests.bridge.support import ScriptedAssistant, serving
from tests.bridge.support.bridges import Bridges
from tests.bridge.support.databases import redis_answers


def main() -> int:
    """Prints a table; 1 if it is not clean, or it could not run."""
    arguments = argparse.ArgumentParser(prog="channel-faults", description=__doc__)
    arguments.add_argument("--chats", type=int, default=30)
    arguments.add_argument("--messages", type=int, default=40)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    arguments.add_argument("--only", choices=PLATFORMS)
    given = arguments.parse_args()
    plan = Plan(
        chats=given.chats,
        with_agents=max(1, given.chats // 5),
        messages=given.messages,
        rounds=given.rounds,
        seed=given.seed,
    )
    console = Console()
    console.print(f"{plan.chats} chats of {plan.messages}, seed {plan.seed}")
    # Of requests whose sender was killed.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
    table = Table("channel", "way", "sent", "lost", "doubled", "reordered")
    is_clean = True
    for channel in [given.only] if given.only else PLATFORMS:
        outcome = play(channel, plan)
        if outcome is None:
            console.print("PostgreSQL and Redis have to answer on 127.0.0.1.")
            return 1
        console.print(f"{channel}: {outcome.faults_told}")
        for way, counts in outcome.ways.items():
            table.add_row(channel, way, *map(str, vars(counts).values()))
            is_clean &= counts.is_clean or _may_double(channel, counts)
    console.print(table)
    return 0 if is_clean else 1


def _may_double(channel: str, counts: Counts) -> bool:
    """Where the platform cannot tell what it has, twice is better than never."""
    only_doubled = not (counts.lost or counts.reordered)
    return only_doubled and not PLATFORMS[channel].knows_repeats


def play(channel: str, plan: Plan) -> Outcome | None:
    """One channel on a database of its own; None without the servers."""
    with ExitStack() as stack:
        url = stack.enter_context(postgres_database())
        if url is None or not redis_answers():
            return None
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        prepare(url)
        return asyncio.run(_play(channel, plan, url, Path(folder)))


async def _play(channel: str, plan: Plan, url: str, folder: Path) -> Outcome:
    assistant = ScriptedAssistant(SERVICE_TOKEN)
    async with serving(assistant.app) as port:
        assistant.port = port
        bridges = Bridges(shared_settings(url, port, folder), assistant)
        try:
            async with running(channel, bridges, plan, free_port()) as run:
                return await run.play()
        finally:
            await bridges.close()


if __name__ == "__main__":
    sys.exit(main())

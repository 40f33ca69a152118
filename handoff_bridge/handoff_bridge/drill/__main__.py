"""`make drill`: customers for agents to train with, at the copy that runs.

Ctrl-C ends all its chats, and tells the scores so far.
"""

import asyncio
import signal
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from random import Random

import httpx
from dotenv import dotenv_values
from rich.console import Console as Screen
from rich.live import Live
from rich.table import Table

from handoff_bridge.drill.play import Drill, play, usual_pace
from handoff_bridge.drill.scores import Chat, Score, scores
from handoff_bridge.drill.stories import mistakes_of, read_stories
from handoff_bridge.errors import InvalidDocument
from handoff_bridge.launch import Console, LaunchError, run_command
from handoff_bridge.launch.environment import ROOT, read_environment
from handoff_bridge.launch.processes import find_processes


def drill_of(asked: Namespace) -> Drill:
    """Raises LaunchError."""
    environment = read_environment(ROOT)
    if running := find_processes(environment, "bridge"):
        environment |= running[0].environ()
    secrets = dotenv_values(Path(environment["DATA_DIR"], "secrets.env"))
    secret = environment.get("IDENTITY_SECRET") or secrets.get("IDENTITY_SECRET")
    url = environment["BRIDGE_URL"]
    try:
        httpx.get(f"{url}/healthz", timeout=5, trust_env=False).raise_for_status()
    except httpx.HTTPError as error:
        raise LaunchError(f"No bridge answers at {url}: start one by make run.") from (
            error
        )
    try:
        stories = read_stories(asked.stories)
    except InvalidDocument as error:
        raise LaunchError(mistakes_of(asked.stories, error)) from error
    except OSError as error:
        raise LaunchError(f"{asked.stories}: {error.strerror}.") from error
    return Drill(url, stories, asked.customers, 60 * asked.minutes, secret)


def table_of(chats: Sequence[Chat], now: float) -> Table:
    """Everybody who has come."""
    names = ("customer", "", "state", "with", "waited", "answered in", "impatient")
    table = Table(*names, "rating", title="Drill")
    for one in chats:
        until = one.claimed or one.ended or now
        table.add_row(
            *(one.name, one.language, one.state, one.agent or ""),
            _secs(until - one.came),
            _secs(one.to_answer),
            str(one.impatience or ""),
            str(one.rating or ""),
        )
    return table


def scores_of(chats: Sequence[Chat]) -> Table:
    """What each agent reached."""
    names = ("agent", "chats", "until claimed", "until answered", "rating")
    table = Table(*names, title="Scores, on average")
    for one in scores(chats):
        rating = Score.mean(one.ratings)
        table.add_row(
            *(one.agent, str(one.chats)),
            _secs(Score.mean(one.to_claim)),
            _secs(Score.mean(one.to_answer)),
            "" if rating is None else f"{rating:.1f}",
        )
    return table


def _secs(secs: float | None) -> str:
    return "" if secs is None else f"{secs:.0f} s"


async def run(drill: Drill, screen: Screen) -> list[Chat]:
    """Plays it, with a table that follows."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, task.cancel)
    with Live(console=screen, refresh_per_second=2) as live:

        def watch(chats: Sequence[Chat]) -> None:
            live.update(table_of(chats, loop.time()))

        return await play(drill, usual_pace(Random()), watch)


def arguments(given: list[str] | None = None) -> Namespace:
    """What the command line says."""
    parser = ArgumentParser(prog="make drill", description=__doc__)
    parser.add_argument("--customers", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--stories", type=Path, default=ROOT / "drill.yml")
    return parser.parse_args(given)


def main(console: Console) -> None:
    """Plays a drill, and tells the scores."""
    drill, screen = drill_of(arguments()), Screen()
    if drill.secret is None:
        console.print(
            "IDENTITY_SECRET is not at hand: customers say that they are of a drill, "
            "and reports count them."
        )
    chats = asyncio.run(run(drill, screen))
    screen.print(scores_of(chats))
    count = sum(one.agent is None for one in chats)
    console.print(f"{count} of {len(chats)} were not served.")


if __name__ == "__main__":
    run_command(main)

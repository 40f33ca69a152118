"""`make simulate`: a day as it goes now, and as it would go by other documents.

    python -m handoff_bridge.simulate --day 2026-11-27 --rules proposal.yml

Reads the database of this copy, if there is one, and writes nothing but the picture.
"""

import asyncio
import sys
from argparse import ArgumentParser, Namespace
from datetime import UTC, date, datetime, time
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Column, Table

from handoff_bridge.errors import BridgeError, InvalidDocument
from handoff_bridge.launch.environment import ROOT, read_environment
from handoff_bridge.protocol.http import Simulated, SimulatedGroup
from handoff_bridge.routing.documents import Routing, read_rules, read_teams
from handoff_bridge.routing_files import InvalidRouting, load_texts
from handoff_bridge.service.documents import Documents
from handoff_bridge.service.ports import utc_now
from handoff_bridge.service.simulating import compared, day_of, proposed
from handoff_bridge.settings_checks import database_address
from handoff_bridge.simulation.day import Day, Person
from handoff_bridge.simulation.drawing import drawing, minutes, rows
from handoff_bridge.simulation.generated import MORNING, Mix, generated
from handoff_bridge.simulation.roster import read_roster, staff_of
from handoff_bridge.store.database import Database


class CannotSimulate(Exception):
    """Why not, in one sentence."""


def database_of(environment: dict[str, str]) -> str | None:
    """The address of this copy's database; None where there is none yet."""
    if address := environment.get("DATABASE_URL"):
        return database_address(address)
    path = Path(environment["DATA_DIR"], "bridge.db")
    return f"sqlite:///{path}" if path.exists() else None


async def prepare(
    asked: Namespace, environment: dict[str, str]
) -> tuple[Day, Routing, Routing]:
    """The day, what holds now, and what is proposed. Raises BridgeError, ..."""
    folder = ROOT
    texts = load_texts(
        folder / environment.get("TEAMS_FILE", "teams.yml"),
        folder / environment.get("ROUTING_FILE", "routing.yml"),
    )
    now = Routing(read_teams(texts[0]), read_rules(texts[1]))
    url = database_of(environment)
    if url is None:
        if asked.day:
            raise CannotSimulate("There is no database of this copy to replay from.")
        return made_up(asked, now)
    database = Database(url)
    try:
        async with database.read(long=True) as tx:
            now = await Documents(database, utc_now, *texts).load(tx)
            if asked.day is None:
                return made_up(asked, now)
            proposal = proposed(now, read(asked.rules), read(asked.teams))
            people = roster(asked, datetime.combine(asked.day, time(), UTC))
            day = await day_of(tx, asked.day, (now, proposal), people)
            return day, now, proposal
    finally:
        await database.close()


def made_up(asked: Namespace, now: Routing) -> tuple[Day, Routing, Routing]:
    """A day of the roster's agents, or of two for each team."""
    proposal = proposed(now, read(asked.rules), read(asked.teams))
    midnight = datetime.combine(MORNING.date(), time(), UTC)
    staff = roster(asked, midnight) or staff_of(now.teams)
    mix = Mix.of((now, proposal), staff)
    day = generated(staff, mix, seed=asked.seed, load=asked.load)
    return day, now, proposal


def roster(asked: Namespace, midnight: datetime) -> list[Person]:
    """None where nobody has named one."""
    text = read(asked.roster)
    return read_roster(text).people(midnight) if text is not None else []


def read(path: Path | None) -> str | None:
    """Raises CannotSimulate."""
    try:
        return path.read_text("utf-8") if path else None
    except (OSError, UnicodeDecodeError) as error:
        raise CannotSimulate(f"{path}: it cannot be read ({error}).") from error


def show(both: Simulated, console: Console) -> None:
    """Both days beside each other."""
    title = f"Waits on {both.day or 'a made-up day'}: now > proposal"
    names = ("", "came", "left", "promised", "broken", "median", "90 of 100")
    waits = Table(*(Column(name, no_wrap=True) for name in names), title=title)
    for name, before, after in rows(both):
        waits.add_row(name, *_pairs(before, after))
    console.print(waits)
    staff = Table(
        "", "team", "chats", "occupancy", "declined", "missed", title="Agents"
    )
    for one, then in zip(both.now.agents, both.proposal.agents, strict=True):
        staff.add_row(
            one.name,
            one.team or "",
            _pair(one.chats, then.chats),
            _pair(f"{one.occupancy:.0%}", f"{then.occupancy:.0%}"),
            _pair(one.declined, then.declined),
            _pair(one.missed, then.missed),
        )
    console.print(staff)


def _pairs(before: SimulatedGroup | None, after: SimulatedGroup | None) -> list[str]:
    first, second = (_cells(one) for one in (before, after))
    return [_pair(one, then) for one, then in zip(first, second, strict=True)]


def _cells(one: SimulatedGroup | None) -> list[object]:
    if one is None:
        return ["-"] * 6
    counts = (one.came, one.left, one.promised, one.broken)
    return [*counts, minutes(one.median_secs), minutes(one.p90_secs)]


def _pair(one: object, then: object) -> str:
    return str(one) if one == then else f"{one} > {then}"


def arguments(given: list[str] | None = None) -> Namespace:
    """What the command line says."""
    parser = ArgumentParser(prog="make simulate", description=__doc__)
    parser.add_argument("--day", type=date.fromisoformat, help="to replay, UTC")
    parser.add_argument("--rules", type=Path, help="a proposed routing.yml")
    parser.add_argument("--teams", type=Path, help="a proposed teams.yml")
    parser.add_argument("--roster", type=Path, help="who is there")
    parser.add_argument("--seed", type=int, default=1, help="of a made-up day")
    parser.add_argument("--load", type=float, default=1.0, help="1: all they can do")
    parser.add_argument(
        "--picture", type=Path, default=ROOT / "results" / "simulation.svg"
    )
    return parser.parse_args(given)


def main() -> None:
    """Simulates, prints and draws."""
    asked, console = arguments(), Console()
    try:
        day, now, proposal = asyncio.run(prepare(asked, read_environment(ROOT)))
    except InvalidDocument as error:
        told = [f"{one.line}:{one.column}: {one.reason}" for one in error.mistakes]
        sys.exit("\n".join([str(error), *told]))
    except (BridgeError, InvalidRouting, CannotSimulate) as error:
        sys.exit(str(error))
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task(f"{len(day.arrivals)} customers, twice", total=1.0)
        before, after = compared(
            day, now, proposal, lambda done: progress.update(task, completed=done)
        )
    name = asked.day.isoformat() if asked.day else None
    both = Simulated(day=name, now=before, proposal=after)
    show(both, console)
    asked.picture.parent.mkdir(parents=True, exist_ok=True)
    asked.picture.write_text(drawing(both), "utf-8")
    console.print(f"The picture: {asked.picture}", soft_wrap=True)


if __name__ == "__main__":
    main()

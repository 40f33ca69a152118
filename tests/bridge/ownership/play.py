"""Plays random sequences at a running bridge and prints how many agreed.

    PYTHONPATH=handoff_bridge:. handoff_bridge/.venv/bin/python \\
        -m tests.bridge.ownership.play [SEQUENCES]

On SQLite, then on PostgreSQL where a server answers. Ends with 1 at the first log that
is not what the function says, and shows the sequence that led there.
"""

import asyncio
import logging
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import structlog
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from benchmarks.speed.databases import postgres_database
from tests.bridge.conftest import SERVICE_TOKEN, prepare, settings_for
from tests.bridge.ownership.live import LiveDriver
from tests.bridge.ownership.machine import AGENTS, CAPACITY, OwnershipMachine
from tests.bridge.support import House, ScriptedAssistant
from tests.bridge.support.house import serving

SEQUENCES = 50
# Of a sequence, at most.
STEPS = 60


@asynccontextmanager
async def _house(url: str, folder: Path) -> AsyncIterator[House]:
    assistant = ScriptedAssistant(SERVICE_TOKEN)
    async with serving(assistant.app) as port:
        assistant.port = port
        # Nothing here answers before it is told to.
        patience = {"rasa_deadline_secs": 60.0, "lease_secs": 120.0}
        patient = settings_for(url, port, folder, **patience)
        async with House.open(patient, assistant) as house:
            yield house


def play_sequences(url: str, folder: Path, sequences: int) -> str:
    """Plays so many sequences on a database with the demo team; gives the counts."""
    with asyncio.Runner() as runner:
        opened = _house(url, folder)
        house = runner.run(opened.__aenter__())
        try:
            driver = runner.run(_driver(runner, house))
            return _played(driver, sequences)
        finally:
            runner.run(opened.__aexit__(None, None, None))


def _played(driver: LiveDriver, sequences: int) -> str:
    class LiveMachine(OwnershipMachine):
        pass

    LiveMachine.driver = driver
    counts = OwnershipMachine.steps, OwnershipMachine.sequences
    once = settings(
        max_examples=sequences,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    try:
        run_state_machine_as_test(LiveMachine, settings=once)
    except Exception as error:
        raise driver.failure or error from None
    steps = OwnershipMachine.steps - counts[0]
    played = OwnershipMachine.sequences - counts[1]
    return f"{played} sequences, {steps} steps, {driver.entries} log entries compared"


async def _driver(runner: asyncio.Runner, house: House) -> LiveDriver:
    agents = [await house.agent(agent.agent_id) for agent in AGENTS]
    for agent, capacity in zip(agents, CAPACITY, strict=True):
        await agent.act("presence_set", status="available", capacity=capacity)
    return LiveDriver(runner, house, agents)


@contextmanager
def _databases(folder: Path) -> Iterator[dict[str, str]]:
    found = {"SQLite": f"sqlite:///{folder / 'bridge.db'}"}
    with postgres_database() as url:
        if url is not None:
            found["PostgreSQL"] = url
        yield found


def main() -> None:
    """Prints a line of counts for each database."""
    sequences = int(sys.argv[1]) if len(sys.argv) > 1 else SEQUENCES
    quiet = structlog.make_filtering_bound_logger(logging.ERROR)
    structlog.configure(wrapper_class=quiet)
    with tempfile.TemporaryDirectory() as folder, _databases(Path(folder)) as urls:
        for name, url in urls.items():
            prepare(url)
            counts = play_sequences(url, Path(folder), sequences)
            print(f"{name}: {counts}, all as the function says", flush=True)
        if "PostgreSQL" not in urls:
            print("PostgreSQL: no server answers")


if __name__ == "__main__":
    main()

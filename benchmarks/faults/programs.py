"""The processes: two bridges, an assistant, PostgreSQL and Redis, all of them ours.

Each is started again as soon as it ends, as the launcher or a service manager would.
All are on free ports, in one folder, and die with this process.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import httpx
import psycopg
import redis.asyncio
from handoff_bridge.launch.processes import spawn

from benchmarks.ports import free_ports
from benchmarks.speed.servers import (
    BRIDGE_COMMAND,
    ROOT,
    TOKEN,
    CannotMeasure,
    bridge_settings,
    environment_of,
    prepare_bridge,
)

LOOK_SECS = 0.05
START_SECS = 120
STOP_SECS = 10
# So that what waits for a time limit comes to its end within the run.
SOON = {
    "RASA_DEADLINE_SECS": "3",
    "LEASE_SECS": "6",
    "AGENT_GRACE_SECS": "1",
    "AGENT_RETURN_SECS": "3",
    "DRAIN_SECS": "0",
    "PROMISE_RETRY_SECS": "2",
}
# PostgreSQL refuses to run as root.
POSTGRES_USER = "postgres"
POSTGRES_OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "track_commit_timestamp": "on",  # the order of what happened in several chats
    # Processes die here, the machine does not.
    "fsync": "off",
}

Answers = Callable[[], Awaitable[bool]]


@dataclass
class Program:
    """A process that is kept running, whatever ends it."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    answers: Answers
    user: str | None = None
    # What it is asked with to end in order, at the very end.
    goodbye: signal.Signals = signal.SIGTERM
    url: str = ""
    process: subprocess.Popen[bytes] | None = None

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[Program]:
        """Runs it while in the block; it has answered once by then.

        Raises:
            CannotMeasure: it does not come up.
        """
        keeping = asyncio.create_task(self._keep())
        try:
            await self.wait_until_up()
            yield self
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)
            await self._end()

    def signal(self, sent: signal.Signals) -> None:
        """Sends it a signal, if it runs."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(sent)

    async def wait_until_up(self) -> None:
        """Waits until it answers. Raises CannotMeasure where it does not."""
        try:
            async with asyncio.timeout(START_SECS):
                while not await self.answers():
                    await asyncio.sleep(LOOK_SECS)
        except TimeoutError as error:
            tail = self.log.read_text(errors="replace")[-2000:]
            raise CannotMeasure(f"{self.name} does not come up:\n{tail}") from error

    async def _keep(self) -> None:
        while True:
            self.process = spawn(
                self.command, self.environment, self.log, user=self.user
            )
            while self.process.poll() is None:
                await asyncio.sleep(LOOK_SECS)

    async def _end(self) -> None:
        if self.process is None:
            return
        self.signal(signal.SIGCONT)
        self.signal(self.goodbye)
        with suppress(subprocess.TimeoutExpired):
            await asyncio.to_thread(self.process.wait, STOP_SECS)
        self.signal(signal.SIGKILL)
        await asyncio.to_thread(self.process.wait)


@dataclass
class House:
    """All of them, and where they are."""

    bridges: tuple[Program, Program]
    urls: tuple[str, str]
    assistant: Program
    postgres: Program
    redis: Program
    database: str
    heard: Path

    @property
    def programs(self) -> tuple[Program, ...]:
        """Each process, in the order of their start."""
        return (self.postgres, self.redis, self.assistant, *self.bridges)

    async def wait_until_up(self) -> None:
        """Waits until all of them answer."""
        for program in self.programs:
            await program.wait_until_up()


def missing() -> str | None:
    """What this machine lacks for a run, as a sentence; None if nothing."""
    for program in ("redis-server", "postgres", "initdb"):
        if _find(program) is None:
            return f"There is no {program} on this machine."
    return None


@asynccontextmanager
async def running(work: Path, seed: int) -> AsyncIterator[House]:
    """Starts all of them in `work`. Raises CannotMeasure."""
    database_port, assistant_port, *ports = map(str, islice(free_ports(), 4))
    async with (
        _postgres(work, database_port).kept() as postgres,
        _redis(work).kept() as cache,
        _assistant(work, assistant_port, ports, seed).kept() as assistant,
    ):
        shared = {
            "DATA_DIR": str(work / "bridges"),
            "DATABASE_URL": f"postgresql+asyncpg://{_database(database_port)}",
            "REDIS_URL": cache.url,
            "RASA_URL": f"http://127.0.0.1:{assistant_port}",
            "ACTIONS_PORT": "9",
            **SOON,
        }
        settings = [
            bridge_settings(work, f"bridge-{n}", BRIDGE_PORT=port, **shared)
            for n, port in enumerate(ports)
        ]
        await asyncio.to_thread(prepare_bridge, settings[0])
        async with (
            _bridge(work, settings[0]).kept() as one,
            _bridge(work, settings[1]).kept() as two,
        ):
            first, second = (f"http://127.0.0.1:{port}" for port in ports)
            yield House(
                (one, two),
                (first, second),
                assistant,
                postgres,
                cache,
                f"postgresql://{_database(database_port)}",
                _heard(work),
            )


@contextmanager
def folder() -> Iterator[Path]:
    """A folder of our own, which PostgreSQL's user may pass through."""
    with tempfile.TemporaryDirectory(prefix="tandem-faults-") as name:
        os.chmod(name, 0o711)
        yield Path(name)


def _find(program: str) -> str | None:
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    path = os.pathsep.join([os.environ.get("PATH", ""), *map(str, places)])
    return shutil.which(program, path=path)


def _found(program: str) -> str:
    found = _find(program)
    if found is None:
        raise CannotMeasure(f"There is no {program} on this machine.")
    return found


def _database(port: str) -> str:
    return f"postgres@127.0.0.1:{port}/postgres"


def _heard(work: Path) -> Path:
    return work / "heard.jsonl"


def _postgres(work: Path, port: str) -> Program:
    data = work / "postgres"
    data.mkdir()
    user = POSTGRES_USER if os.geteuid() == 0 else None
    if user is not None:
        shutil.chown(data, user, user)
    made = subprocess.run(
        [_found("initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-N"],
        cwd="/",
        user=user,
        group=user,
        extra_groups=[] if user else None,
        capture_output=True,
        text=True,
    )
    if made.returncode:
        raise CannotMeasure(f"PostgreSQL could not be set up:\n{made.stderr}")
    options = {"port": port, **POSTGRES_OPTIONS}
    command = [_found("postgres"), "-D", str(data)]
    command += [f"--{name}={value}" for name, value in options.items()]

    async def answers() -> bool:
        try:
            async with await psycopg.AsyncConnection.connect(
                f"postgresql://{_database(port)}", connect_timeout=2
            ):
                return True
        except psycopg.Error:
            return False

    log = work / "postgres.log"
    return Program(
        "postgres", command, {**os.environ}, log, answers, user, signal.SIGINT
    )


def redis_command(port: int, folder: Path) -> list[str]:
    """Starts a Redis that keeps nothing. Raises CannotMeasure where there is none."""
    return [
        *(_found("redis-server"), "--port", str(port), "--bind", "127.0.0.1"),
        *("--save", "", "--appendonly", "no", "--dir", str(folder)),
    ]


def _redis(work: Path) -> Program:
    """A Redis that keeps nothing, on a port of its own."""
    port = next(free_ports())
    command = redis_command(port, work)
    url = f"redis://127.0.0.1:{port}/0"

    async def answers() -> bool:
        client = redis.asyncio.Redis.from_url(url, socket_timeout=2)
        try:
            return bool(await client.ping())
        except redis.RedisError:
            return False
        finally:
            await client.aclose()

    log = work / "redis.log"
    return Program("redis", command, {**os.environ}, log, answers, url=url)


def _assistant(work: Path, port: str, bridges: list[str], seed: int) -> Program:
    command = [sys.executable, "-m", "benchmarks.faults.assistant"]
    command += [port, str(_heard(work)), str(seed), *bridges]
    environment = environment_of(ROOT) | {"SERVICE_TOKEN": TOKEN}
    answers = _http(f"http://127.0.0.1:{port}/webhooks/bridge/")
    log = work / "assistant.log"
    return Program("assistant", command, environment, log, answers)


def _bridge(work: Path, settings: dict[str, str]) -> Program:
    name, port = settings["BRIDGE_NAME"], settings["BRIDGE_PORT"]
    command = [*BRIDGE_COMMAND, "serve"]
    environment = environment_of(ROOT) | settings
    answers = _http(f"http://127.0.0.1:{port}/healthz")
    return Program(name, command, environment, work / f"{name}.log", answers)


def _http(url: str) -> Answers:
    async def answers() -> bool:
        try:
            async with httpx.AsyncClient(timeout=2, trust_env=False) as http:
                return (await http.get(url)).is_success
        except httpx.HTTPError:
            return False

    return answers

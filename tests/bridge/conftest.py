"""A real bridge on a real port and a real database, beside a scripted assistant."""

import asyncio
import secrets
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "handoff_bridge"), str(ROOT)]

from benchmarks.ports import free_ports  # noqa: E402
from benchmarks.speed.databases import postgres_database  # noqa: E402
from handoff_bridge.cli import migrate_database  # noqa: E402
from handoff_bridge.settings import Settings  # noqa: E402
from tests.bridge.support import House, ScriptedAssistant, hire, serving  # noqa: E402
from tests.bridge.support.bridges import Bridges  # noqa: E402
from tests.bridge.support.databases import (  # noqa: E402
    REDIS,
    no_server,
    redis_answers,
)
from tests.bridge.support.mail_server import MailServer  # noqa: E402
from tests.bridge.support.receiver import Receiver  # noqa: E402
from tests.bridge.support.redis_server import RedisServer, redis_server  # noqa: E402

ONE_ARTICLE = Path(__file__).parent / "support" / "articles"
SERVICE_TOKEN = "service-token-of-the-tests"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file with the demo team, made once and copied."""
    path = tmp_path_factory.mktemp("template") / "bridge.db"
    prepare(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template() -> Iterator[str | None]:
    """The same on PostgreSQL; None where no server answers."""
    with postgres_database() as url:
        if url is not None:
            prepare(url)
        yield url


def prepare(url: str) -> None:
    """The schema, by its migrations, and the demo team."""
    migrate_database(url)
    asyncio.run(hire(url))


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A SQLite database, for what is the same on both kinds."""
    path = tmp_path / "bridge.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of each kind: the same tests run on both."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    template = request.getfixturevalue("postgres_template")
    if template is None:
        no_server()
    with postgres_database(template) as url:
        assert url is not None
        yield url


@pytest.fixture
async def assistant() -> AsyncIterator[ScriptedAssistant]:
    """An assistant that says what the test tells it to, when it tells it to."""
    scripted = ScriptedAssistant(SERVICE_TOKEN)
    async with serving(scripted.app) as port:
        scripted.port = port
        yield scripted


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis of the test's own."""
    with redis_server(free_port(), tmp_path) as server:
        yield server


def settings_for(url: str, port: int, folder: Path, **more: object) -> Settings:
    """Settings of a test's bridge, deaf to the environment."""
    values: dict[str, object] = {
        "database_url": url,
        "data_dir": folder,
        # Reading the shop's takes most of a bridge's start.
        "articles_dir": ONE_ARTICLE,
        "rasa_port": port,
        "actions_port": free_port(),
        "backoffice_port": free_port(),
        "bridge_port": free_port(),
        "service_token": SERVICE_TOKEN,
        "secret_key": "a-secret-key-of-the-tests-alone-0",
        "identity_secret": "an-identity-secret-of-the-tests-0",
        "message_limits": "500/second",
        "session_limits": "500/second",
        # Else what it asks is among the statements that tests count.
        "login_check_secs": 60.0,
        "rasa_deadline_secs": 2.0,
        "agent_grace_secs": 0.2,
        **more,
    }
    return Settings(**values)  # type: ignore[arg-type]


@pytest.fixture
async def mail_server() -> AsyncIterator[MailServer]:
    """A server that takes mails, for bridges that send some."""
    server = MailServer()
    await server.start(free_port())
    yield server
    await server.stop()


def free_port() -> int:
    """A port that nothing listens on right now."""
    return next(free_ports())


@pytest.fixture
async def house(
    sqlite_url: str, assistant: ScriptedAssistant, tmp_path: Path
) -> AsyncIterator[House]:
    """A bridge on SQLite."""
    settings = settings_for(sqlite_url, assistant.port, tmp_path)
    async with House.open(settings, assistant) as opened:
        yield opened


@pytest.fixture
async def each_house(
    database_url: str, assistant: ScriptedAssistant, tmp_path: Path
) -> AsyncIterator[House]:
    """A bridge on SQLite, then on PostgreSQL."""
    settings = settings_for(database_url, assistant.port, tmp_path)
    async with House.open(settings, assistant) as opened:
        yield opened


def shared_settings(url: str, port: int, folder: Path) -> Callable[..., Settings]:
    """What gives the settings of one more bridge on a database and a Redis."""
    channel = f"tandem-test-{secrets.token_hex(4)}"

    def settings(**more: object) -> Settings:
        shared = {"redis_url": REDIS, "redis_channel": channel, "drain_secs": 0}
        soon = {"lease_secs": 4.0, "agent_return_secs": 1.0}
        every = {**shared, **soon, **more}
        return settings_for(url, port, folder, **every)

    return settings


@pytest.fixture
async def bridges(
    postgres_template: str | None, assistant: ScriptedAssistant, tmp_path: Path
) -> AsyncIterator[Bridges]:
    """Real processes on one PostgreSQL and one Redis, for tests that kill them."""
    if postgres_template is None or not redis_answers():
        no_server("PostgreSQL and Redis have to answer on 127.0.0.1.")
    with postgres_database(postgres_template) as url:
        assert url is not None
        opened = Bridges(shared_settings(url, assistant.port, tmp_path), assistant)
        try:
            yield opened
        finally:
            await opened.close()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A program of the shop's that webhooks go to."""
    async with Receiver.listening() as listening:
        yield listening

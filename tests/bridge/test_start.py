"""A wrong setting ends the start with one sentence; two starts at once both succeed."""

import os
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from click.testing import Result
from typer.testing import CliRunner

from benchmarks.speed.databases import postgres_database
from handoff_bridge.cli import cli
from handoff_bridge.database_schema import migrate_database
from tests.bridge.conftest import free_port
from tests.bridge.support.databases import no_server
from tests.bridge.test_migrations import empty_url, engine_for, tables

ROOT = Path(__file__).resolve().parents[2]
SECRETS = {
    "SERVICE_TOKEN": "service-token-of-the-tests",
    "SECRET_KEY": "a-secret-key-of-the-tests-alone-0",
    "IDENTITY_SECRET": "an-identity-secret-of-the-tests-0",
}
WAITING = """SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'"""
__all__ = ["empty_url"]  # the fixture of another module

WRONG = [
    ("BRIDGE_PORT", "eighty"),
    ("BRIDGE_PORT", "70000"),
    ("BRIDGE_NAME", "x" * 65),
    ("RASA_URL", "127.0.0.1:5005"),
    ("ACTIONS_URL", "ftp://127.0.0.1"),
    ("BACKOFFICE_URL", "http://:8090"),
    ("BRAND_FILE", "/nowhere/brand.yml"),
    ("DATA_DIR", "/dev/null/var"),
    ("DATABASE_URL", "nonsense"),
    ("DATABASE_URL", "mysql://127.0.0.1/bridge"),
    ("DATABASE_URL", "sqlite://"),
    ("DATABASE_URL", "sqlite:////dev/null/bridge.db"),
    ("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/bridge"),
    ("DURABLE_COMMITS", "perhaps"),
    ("REDIS_URL", "localhost:6379"),
    ("SERVICE_TOKEN", "short"),
    ("SERVICE_TOKEN", "with blanks in it"),
    ("SECRET_KEY", "short"),
    ("IDENTITY_SECRET", "short"),
    ("ALLOWED_ORIGINS", "https://shop.example,shop.example"),
    ("ALLOWED_ORIGINS", "https://shop.example/page"),
    ("ALLOWED_ORIGINS", "*"),
    ("FORWARDED_ALLOW_IPS", "*"),
    ("FORWARDED_ALLOW_IPS", "proxy.example"),
    ("PUBLIC_PAYLOADS", "greet"),
    ("SESSION_DAYS", "0"),
    ("MESSAGE_LIMITS", "many"),
    ("HANDOFF_LIMITS", "5/fortnight"),
    ("LOGIN_LIMITS", "10 per"),
    ("RASA_DEADLINE_SECS", "-1"),
    ("RASA_DEADLINE_SECS", "nan"),
    ("MAX_UPLOAD_BYTES", "8 MB"),
    ("AGENT_GRACE_SECS", "inf"),
    ("AGENT_RETURN_SECS", "19"),
    ("LEASE_SECS", "19"),
    ("METRICS_PORT", "-1"),
    ("LOG_LEVEL", "loud"),
    ("TELEGRAM_TOKEN", "nonsense"),
    ("TELEGRAM_SECRET", "alone"),
    ("APP_CHANNEL_NAME", "Not a name"),
]


def run(
    command: str, data_dir: Path, *, umask: int = -1, **settings: str
) -> tuple[int, str]:
    """Status and output of a command of the bridge's that ends by itself."""
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "handoff_bridge")}
    env |= SECRETS | {"DATA_DIR": str(data_dir), "BRIDGE_PORT": str(free_port())}
    done = subprocess.run(
        [sys.executable, "-m", "handoff_bridge.cli", command],
        cwd=ROOT,
        env=env | settings,
        capture_output=True,
        text=True,
        timeout=60,
        umask=umask,
    )
    return done.returncode, done.stdout + done.stderr


def served(data_dir: Path, **settings: str) -> Result:
    """The same start in this process, which is quicker; it must not come to serving."""
    own = {"DATA_DIR": str(data_dir), "BRIDGE_PORT": str(free_port())}
    env: dict[str, str | None] = {**SECRETS, **own, **settings}
    umask = os.umask(0o077)
    try:
        return CliRunner().invoke(cli, ["serve"], env=env)
    finally:
        os.umask(umask)


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_wrong_setting_ends_the_start_with_one_sentence(
    name: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("uvicorn.Server.run")
    done = served(tmp_path / "data", **{name: value})
    assert done.exit_code == 2, done.output
    assert done.output.startswith(f"{name}: ")
    assert done.output.endswith(".\n")
    assert len(done.output.splitlines()) == 1, done.output


def test_every_wrong_setting_is_told_at_once(tmp_path: Path) -> None:
    wrong = {"LOG_LEVEL": "loud", "METRICS_PORT": "none", "RASA_URL": "here"}
    lines = served(tmp_path, **wrong).output.splitlines()
    assert sorted(line.partition(":")[0] for line in lines) == sorted(wrong)


def test_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for name in ("BRIDGE_PORT", "METRICS_PORT"):
            status, said = run("serve", tmp_path, **{name: port})
            assert status != 0
            assert said.startswith(f"{name}: {port} cannot be used"), said
            assert len(said.splitlines()) == 1, said


@pytest.fixture
def newer_url(empty_url: str) -> Iterator[str]:
    """A database that a later version has been at."""
    migrate_database(empty_url)
    engine = engine_for(empty_url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    yield empty_url


@pytest.mark.parametrize("command", ["migrate", "serve"])
def test_newer_schema_is_refused_with_one_sentence(
    newer_url: str, command: str, tmp_path: Path
) -> None:
    status, said = run(command, tmp_path, DATABASE_URL=newer_url)
    assert status == 2, said
    assert "newer than this bridge" in said
    assert len(said.splitlines()) == 1, said
    assert "logins" in tables(newer_url)


def test_four_that_migrate_an_empty_database_at_once_all_come_up(
    empty_url: str, tmp_path: Path
) -> None:
    with ThreadPoolExecutor(4) as pool:
        done = list(
            pool.map(
                lambda n: run("migrate", tmp_path / str(n), DATABASE_URL=empty_url),
                range(4),
            )
        )
    assert [status for status, _ in done] == [0] * 4, done
    assert {"logins", "alembic_version"} <= tables(empty_url)


def test_four_that_migrate_at_the_same_moment_all_come_up(tmp_path: Path) -> None:
    with postgres_database() as url, ThreadPoolExecutor(4) as pool:
        if url is None:
            no_server()
        server = url.replace("+asyncpg", "")
        with (
            psycopg.connect(server) as first,
            psycopg.connect(server, autocommit=True) as watching,
        ):
            # Nobody gets past here before all four are there: it is rolled back then.
            first.execute("CREATE TABLE alembic_version (version_num varchar(32))")
            migrating = [
                pool.submit(run, "migrate", tmp_path / str(n), DATABASE_URL=url)
                for n in range(4)
            ]
            waiting = 0
            while waiting < 4:
                assert not any(one.done() for one in migrating)
                waiting = watching.execute(WAITING).fetchone()[0]
            first.rollback()
        done = [one.result() for one in migrating]
        assert [status for status, _ in done] == [0] * 4, done
        assert {"logins", "alembic_version"} <= tables(url)


def test_databases_are_for_their_user_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    (folder / "logs").mkdir(parents=True)
    old = [folder / "bridge.db", folder / "logs" / "bridge.log"]
    for path in old:
        path.touch(0o644)
        path.chmod(0o644)
    assert run("migrate", folder)[0] == 0
    found = [path for path in folder.rglob("*") if path.is_file()]
    assert set(found) >= set(old)
    for path in found:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    for path in (folder, folder / "logs"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700, path


def test_new_database_is_for_its_user_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    # As most machines have it: others may read.
    assert run("migrate", folder, umask=0o022)[0] == 0
    assert (folder / "bridge.db").exists()
    for path in folder.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700

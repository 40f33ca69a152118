"""`make run` as an operator meets it: it comes up, heals, and leaves nothing behind."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from handoff_bridge.launch.processes import SPECS
from tests.journeys.support.running import ROOT, Launched, own_ports, until

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Launched]:
    started = Launched(tmp_path / "data")
    yield started
    started.kill_all()


def is_up(url: str) -> bool:
    with suppress(httpx.HTTPError):
        return httpx.get(url, timeout=2, trust_env=False).status_code == 200
    return False


def test_a_copy_comes_up_heals_and_goes_without_a_trace(copy: Launched) -> None:
    copy.wait_for("Stop: Ctrl-C", seconds=200)
    said = "".join(copy.output)
    for page in ("/", "/inbox", "/reports"):
        assert f"{copy.tandem.url(page)}\n" in said
        assert is_up(copy.tandem.url(page))
    assert copy.tandem.url("/outbox", "BACKOFFICE_PORT") in said
    for name in ("maria", "sam", "dana"):
        assert f"{name}@example.com   a password for this test" in said
    assert (copy.data_dir / "secrets.env").stat().st_mode & 0o777 == 0o600

    # One process is killed: it alone is started again.
    before = {name: copy.tandem.pid(name) for name in SPECS}
    os.kill(before["backoffice"], signal.SIGKILL)
    until(
        lambda: copy.tandem.pid("backoffice") not in (0, before["backoffice"]),
        seconds=20,
        what="a new back office",
    )
    until(
        lambda: is_up(copy.tandem.url("/healthz", "BACKOFFICE_PORT")),
        seconds=30,
        what="the new back office answers",
    )
    after = {name: copy.tandem.pid(name) for name in SPECS}
    assert [name for name in SPECS if before[name] != after[name]] == ["backoffice"]

    # Ctrl-C, and again by an impatient hand.
    assert len(copy.processes()) >= 6
    os.killpg(copy.process.pid, signal.SIGINT)
    copy.wait_for("Stopping", seconds=5)
    os.killpg(copy.process.pid, signal.SIGINT)
    until(lambda: not copy.processes(), seconds=30, what="everything is gone")
    copy.process.wait(timeout=5)


def test_a_taken_port_is_named_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ports = own_ports() | {"ACTIONS_PORT": str(taken.getsockname()[1])}
        done = subprocess.run(
            ["make", "run"],
            cwd=ROOT,
            env={**os.environ, **ports, "DATA_DIR": str(tmp_path)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert done.returncode != 0
    assert "Set ACTIONS_PORT to a free port" in done.stdout

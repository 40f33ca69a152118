"""`make run` as an operator meets it: it comes up, heals, and leaves nothing behind."""

import os
import queue
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
PORTS = ("BRIDGE_PORT", "RASA_PORT", "ACTIONS_PORT", "BACKOFFICE_PORT")
PROGRAMS = ("assistant", "actions", "backoffice", "bridge")

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on; held together, so that all differ."""
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def until(condition: Callable[[], bool], *, seconds: float, what: str) -> None:
    """Polls what cannot be waited for: other programs' files, ids and answers."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.05)


class Copy:
    """One copy of Tandem, started in a foreground group of its own by `make run`."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        ports = dict(zip(PORTS, map(str, free_ports(4)), strict=True))
        self.env = {**os.environ, **ports, "DATA_DIR": str(data_dir)}
        self.env["DEMO_PASSWORD"] = "a password for this test"
        self.lines: queue.Queue[str | None] = queue.Queue()
        self.output: list[str] = []
        self.process = subprocess.Popen(
            ["make", "run"],
            cwd=ROOT,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line)
        self.lines.put(None)

    def wait_for(self, words: str, *, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while True:
            try:
                line = self.lines.get(timeout=max(0, deadline - time.monotonic()))
            except queue.Empty:
                line = None
            assert line is not None, f"no {words!r} in:\n" + "".join(self.output)
            self.output.append(line)
            if words in line:
                return

    def url(self, path: str, port: str = "BRIDGE_PORT") -> str:
        return f"http://127.0.0.1:{self.env[port]}{path}"

    def pid(self, name: str) -> int:
        """The id in the process's pid file; 0 while it is being written."""
        with suppress(FileNotFoundError, ValueError):
            return int((self.data_dir / "run" / f"{name}.pid").read_text())
        return 0

    def processes(self) -> list[psutil.Process]:
        """All of the machine's processes that carry our DATA_DIR, zombies aside."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                ours = process.environ().get("DATA_DIR") == str(self.data_dir)
                if ours and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
        return found

    def kill_all(self) -> None:
        for process in self.processes():
            with suppress(psutil.Error):
                process.kill()
        self.process.wait(timeout=10)


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Copy]:
    started = Copy(tmp_path / "data")
    yield started
    started.kill_all()


def is_up(url: str) -> bool:
    with suppress(httpx.HTTPError):
        return httpx.get(url, timeout=2, trust_env=False).status_code == 200
    return False


def test_a_copy_comes_up_heals_and_goes_without_a_trace(copy: Copy) -> None:
    copy.wait_for("Stop: Ctrl-C", seconds=200)
    said = "".join(copy.output)
    for page in ("/", "/inbox", "/reports"):
        assert f"{copy.url(page)}\n" in said
        assert is_up(copy.url(page))
    assert copy.url("/outbox", "BACKOFFICE_PORT") in said
    for name in ("maria", "sam", "dana"):
        assert f"{name}@example.com   a password for this test" in said
    assert (copy.data_dir / "secrets.env").stat().st_mode & 0o777 == 0o600

    # One process is killed: it alone is started again.
    before = {name: copy.pid(name) for name in PROGRAMS}
    os.kill(before["backoffice"], signal.SIGKILL)
    until(
        lambda: copy.pid("backoffice") not in (0, before["backoffice"]),
        seconds=20,
        what="a new back office",
    )
    until(
        lambda: is_up(copy.url("/healthz", "BACKOFFICE_PORT")),
        seconds=30,
        what="the new back office answers",
    )
    after = {name: copy.pid(name) for name in PROGRAMS}
    assert [name for name in PROGRAMS if before[name] != after[name]] == ["backoffice"]

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
        ports = dict(zip(PORTS, map(str, free_ports(4)), strict=True))
        ports["ACTIONS_PORT"] = str(taken.getsockname()[1])
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

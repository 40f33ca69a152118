"""The launcher with small stand-ins for the four processes: what it must not leave."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from handoff_bridge.launch.environment import (
    SECRETS,
    CannotStart,
    add_secrets,
    check_ports,
    read,
)

ROOT = Path(__file__).resolve().parents[2]

STAND_IN = """
import http.server, os, signal, subprocess, sys, time

STRAY = "import os, signal, time; signal.signal(15, 1); os.setsid(); time.sleep(300)"

class Healthy(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args):
        pass

def main(port):
    # A child in a session of its own that does not listen, and whose parent leaves.
    subprocess.run([sys.executable, "-c", f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {STRAY!r}])"])
    address = ("127.0.0.1", int(os.environ[port]))
    http.server.ThreadingHTTPServer(address, Healthy).serve_forever()
"""  # noqa: E501


@pytest.fixture
def stage(tmp_path: Path) -> Path:
    """A project folder with our launcher, our supervisord.conf and stand-ins."""
    root = tmp_path / "a project"  # paths may hold blanks
    package = root / "handoff_bridge" / "handoff_bridge"
    own = ROOT / "handoff_bridge" / "handoff_bridge" / "launch"
    shutil.copytree(own, package / "launch", ignore=shutil.ignore_patterns("*.pyc"))
    shutil.copy(ROOT / "supervisord.conf", root)
    (root / "stand_in.py").write_text(STAND_IN)
    (package / "__init__.py").touch()
    run = "import sys; sys.path.insert(0, '.'); import stand_in; stand_in.main({!r})"
    serve = "import sys\nif sys.argv[1] == 'serve':\n    " + run.format("BRIDGE_PORT")
    (package / "cli.py").write_text(serve)
    for name, port in (
        ("serving", "RASA_PORT"),
        ("rasa_sdk", "ACTIONS_PORT"),
        ("backoffice", "BACKOFFICE_PORT"),
    ):
        (root / name).mkdir()
        (root / name / "__init__.py").touch()
        (root / name / "__main__.py").write_text(run.format(port))
    (root / ".venv").symlink_to(sys.prefix)
    (root / "handoff_bridge" / ".venv").symlink_to(sys.prefix)
    return root


def environment_of(data_dir: Path) -> dict[str, str]:
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(4)]
    ports = [str(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    names = ("BRIDGE_PORT", "RASA_PORT", "ACTIONS_PORT", "BACKOFFICE_PORT")
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return kept | dict(zip(names, ports, strict=True)) | {"DATA_DIR": str(data_dir)}


def carrying(data_dir: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            ours = process.environ().get("DATA_DIR") == str(data_dir)
            if ours and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def until(condition: Callable[[], object], *, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.05)


@pytest.fixture
def launcher(stage: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    data_dir = tmp_path / "data"
    process = subprocess.Popen(
        [sys.executable, "-m", "handoff_bridge.launch"],
        cwd=stage,
        env=environment_of(data_dir) | {"PYTHONPATH": "handoff_bridge"},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if "Stop: Ctrl-C" in line:
            break
    assert process.poll() is None
    yield process
    for left in carrying(data_dir):
        with suppress(psutil.Error):
            left.kill()
    process.wait(timeout=10)


@pytest.mark.parametrize(
    "number",
    [signal.SIGINT, signal.SIGTERM, signal.SIGHUP],
    ids=lambda number: number.name,
)
def test_a_signal_ends_everything_in_whatever_session(
    launcher: subprocess.Popen[str], tmp_path: Path, number: signal.Signals
) -> None:
    data_dir = tmp_path / "data"
    # launcher, supervisord, four programs and the stray of each
    assert len(carrying(data_dir)) == 10
    launcher.send_signal(number)
    launcher.send_signal(number)
    assert launcher.wait(timeout=30) == 0
    assert carrying(data_dir) == []


@pytest.mark.parametrize("supervisord_too", [False, True])
def test_programs_do_not_outlive_a_killed_launcher(
    launcher: subprocess.Popen[str], tmp_path: Path, supervisord_too: bool
) -> None:
    run = tmp_path / "data" / "run"
    programs = [
        psutil.Process(int((run / f"{name}.pid").read_text()))
        for name in ("assistant", "actions", "backoffice", "bridge")
    ]
    launcher.send_signal(signal.SIGSTOP)  # lest it sees supervisord die
    if supervisord_too:
        os.kill(int((run / "supervisord.pid").read_text()), signal.SIGKILL)
    launcher.kill()
    gone, alive = psutil.wait_procs(programs, timeout=30)
    assert alive == []


def test_programs_do_not_outlive_a_killed_supervisord_and_come_back(
    launcher: subprocess.Popen[str], tmp_path: Path
) -> None:
    run = tmp_path / "data" / "run"
    first = int((run / "bridge.pid").read_text())
    os.kill(int((run / "supervisord.pid").read_text()), signal.SIGKILL)
    until(lambda: not psutil.pid_exists(first), seconds=10)
    until(
        lambda: (run / "bridge.pid").read_text() not in ("", f"{first}\n"), seconds=20
    )


def test_secrets_are_made_once_and_kept_to_ourselves(tmp_path: Path) -> None:
    first = {"DATA_DIR": str(tmp_path)}
    add_secrets(first)
    assert len({first[name] for name in SECRETS}) == 3
    assert (tmp_path / "secrets.env").stat().st_mode & 0o777 == 0o600
    again = {"DATA_DIR": str(tmp_path), "SECRET_KEY": "the operator's own"}
    add_secrets(again)
    assert again == first | {"SECRET_KEY": "the operator's own"}


def test_the_environment_wins_over_the_file_and_the_file_over_defaults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text(
        "RASA_PORT=6001\nACTIONS_PORT=6002\nDATA_DIR=there\n"
    )
    monkeypatch.setenv("RASA_PORT", "7001")
    for name in ("ACTIONS_PORT", "BACKOFFICE_PORT", "DATA_DIR", "RASA_URL"):
        monkeypatch.delenv(name, raising=False)
    environment = read(tmp_path)
    assert environment["RASA_PORT"] == "7001"
    assert environment["RASA_URL"] == "http://127.0.0.1:7001"
    assert environment["ACTIONS_PORT"] == "6002"
    assert environment["BACKOFFICE_PORT"] == "8090"
    assert environment["DATA_DIR"] == str(tmp_path / "there")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("RASA_PORT", "many", "RASA_PORT=many is not a port"),
        ("RASA_PORT", "70000", "RASA_PORT=70000 is not a port"),
        ("RASA_PORT", None, "RASA_PORT and BRIDGE_PORT are both"),
        ("BRIDGE_HOST", "no such host", "BRIDGE_HOST=no such host is not an address"),
    ],
)
def test_a_wrong_address_is_named(
    tmp_path: Path, name: str, value: str | None, said: str
) -> None:
    environment = environment_of(tmp_path) | {"BRIDGE_HOST": "127.0.0.1"}
    environment[name] = environment["BRIDGE_PORT"] if value is None else value
    with pytest.raises(CannotStart, match=said):
        check_ports(environment)

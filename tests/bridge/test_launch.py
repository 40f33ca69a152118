"""The launcher with small stand-ins for the four processes: what it must not leave."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from handoff_bridge.launch import LaunchError, processes
from handoff_bridge.launch.environment import (
    SECRETS,
    add_secrets,
    check_ports,
    read_environment,
)
from handoff_bridge.launch.processes import SPECS, find_processes, rotate
from tests.journeys.support.running import carrying, own_ports, until

ROOT = Path(__file__).resolve().parents[2]

LAUNCH = "-m handoff_bridge.launch"
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
    """A project folder with our launcher and stand-ins for the processes."""
    root = tmp_path / "a project"  # paths may hold blanks
    package = root / "handoff_bridge" / "handoff_bridge"
    own = ROOT / "handoff_bridge" / "handoff_bridge" / "launch"
    shutil.copytree(own, package / "launch", ignore=shutil.ignore_patterns("*.pyc"))
    (root / "Makefile").write_text(f"run:\n\t@exec {sys.executable} {LAUNCH}\n")
    (root / "stand_in.py").write_text(STAND_IN)
    (package / "__init__.py").touch()
    shutil.copy(own.parent / "private_files.py", package)
    run = "import sys; sys.path.insert(0, '.'); import stand_in; stand_in.main({!r})"
    serve = "import sys\nif sys.argv[1] == 'serve':\n    " + run.format("BRIDGE_PORT")
    (package / "cli.py").write_text(serve)
    for name, port in (
        ("serving/__main__.py", "RASA_PORT"),
        ("serving/action_server.py", "ACTIONS_PORT"),
        ("backoffice/__main__.py", "BACKOFFICE_PORT"),
    ):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).with_name("__init__.py").touch()
        (root / name).write_text(run.format(port))
    (root / ".venv").symlink_to(sys.prefix)
    (root / "handoff_bridge" / ".venv").symlink_to(sys.prefix)
    return root


def environment_of(data_dir: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return (
        kept | own_ports() | {"DATA_DIR": str(data_dir), "PYTHONPATH": "handoff_bridge"}
    )


@contextmanager
def launched(
    command: list[str], stage: Path, data_dir: Path
) -> Iterator[subprocess.Popen[str]]:
    """Runs a command that launches, from when all is up; kills what it leaves."""
    process = subprocess.Popen(
        command,
        cwd=stage,
        env=environment_of(data_dir),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    try:
        assert any("Stop: Ctrl-C" in line for line in process.stdout)
        yield process
    finally:
        for left in carrying(data_dir):
            with suppress(psutil.Error):
                left.kill()
        process.wait(timeout=10)


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def launcher(stage: Path, data_dir: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, *LAUNCH.split()]
    with launched(command, stage, data_dir) as process:
        yield process


def refused(stage: Path, environment: dict[str, str]) -> str:
    """What a launcher says that ends by itself, with a failure."""
    done = subprocess.run(
        [sys.executable, *LAUNCH.split()],
        cwd=stage,
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def running(data_dir: Path, name: str = "") -> list[psutil.Process]:
    return find_processes({"DATA_DIR": str(data_dir)}, name)


def kill_and_await(name: str, data_dir: Path) -> None:
    """Kills a program and waits until it is there anew, without what it had started."""
    before = running(data_dir, name)
    before[0].kill()

    def is_new() -> bool:
        now = running(data_dir, name)
        return bool(now) and not {*now} & {*before}

    until(is_new, seconds=20, what=f"a new {name} without the old stray")


@pytest.mark.parametrize(
    "number",
    [signal.SIGINT, signal.SIGTERM, signal.SIGHUP],
    ids=lambda number: number.name,
)
def test_a_signal_ends_everything_in_whatever_session(
    launcher: subprocess.Popen[str], data_dir: Path, number: signal.Signals
) -> None:
    # launcher, four programs and the stray of each
    assert len(carrying(data_dir)) == 9
    launcher.send_signal(number)
    launcher.send_signal(number)
    assert launcher.wait(timeout=30) == 0
    assert carrying(data_dir) == []


def test_terminal_that_has_gone_keeps_nothing_running(
    launcher: subprocess.Popen[str], data_dir: Path
) -> None:
    assert launcher.stdout is not None
    launcher.stdout.close()
    launcher.send_signal(signal.SIGHUP)
    assert launcher.wait(timeout=30) == 0
    assert carrying(data_dir) == []


@pytest.mark.parametrize(
    "number",
    [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL],
    ids=lambda number: number.name,
)
def test_a_signal_to_make_alone_ends_everything(
    stage: Path, data_dir: Path, number: signal.Signals
) -> None:
    with launched(["make", "run"], stage, data_dir) as make:
        make.send_signal(number)
        make.wait(timeout=30)
        until(lambda: not carrying(data_dir), seconds=30, what="all is gone")


def test_programs_do_not_outlive_a_killed_launcher(
    launcher: subprocess.Popen[str], data_dir: Path
) -> None:
    programs = [running(data_dir, name)[0] for name in SPECS]
    launcher.kill()
    gone, alive = psutil.wait_procs(programs, timeout=30)
    assert alive == []


def test_killed_program_is_started_again_alone_and_each_time(
    launcher: subprocess.Popen[str], data_dir: Path
) -> None:
    others = [name for name in SPECS if name != "bridge"]
    before = [running(data_dir, name) for name in others]
    for _ in range(3):
        kill_and_await("bridge", data_dir)
    assert [running(data_dir, name) for name in others] == before


def test_next_start_ends_what_a_killed_launcher_has_left(
    launcher: subprocess.Popen[str], stage: Path, data_dir: Path
) -> None:
    launcher.kill()
    launcher.wait(timeout=10)
    until(lambda: len(carrying(data_dir)) == 4, seconds=30, what="the strays alone")
    strays = {*carrying(data_dir)}
    with launched([sys.executable, *LAUNCH.split()], stage, data_dir):
        assert not strays & {*carrying(data_dir)}
        assert len(carrying(data_dir)) == 9


def test_program_that_never_comes_up_is_named_with_its_last_words(
    stage: Path, data_dir: Path
) -> None:
    (stage / "serving" / "action_server.py").write_text(
        "raise SystemExit('no such thing')"
    )
    said = refused(stage, environment_of(data_dir))
    assert "actions does not come up" in said
    assert "no such thing" in said
    assert carrying(data_dir) == []


def test_data_dir_is_used_by_one_copy_and_another_has_its_own(
    launcher: subprocess.Popen[str], stage: Path, data_dir: Path, tmp_path: Path
) -> None:
    before = {process.pid for process in carrying(data_dir)}
    said = refused(stage, environment_of(data_dir))
    assert f"Another copy already runs with DATA_DIR={data_dir}" in said
    command = [sys.executable, *LAUNCH.split()]
    with launched(command, stage, tmp_path / "second") as second:
        second.terminate()
        assert second.wait(timeout=30) == 0
    assert {process.pid for process in carrying(data_dir)} == before


@pytest.mark.parametrize(
    ("name", "value"), [("RASA_DEADLINE_SECS", "soon"), ("RASA_PORT", "0")]
)
def test_bad_setting_is_named_before_anything_runs(
    data_dir: Path, name: str, value: str
) -> None:
    said = refused(ROOT, environment_of(data_dir) | {name: value})
    assert f"{name}: " in said
    assert not (data_dir / "logs" / "bridge.log").exists()


def test_long_log_is_moved_and_goes_on_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "LOG_BYTES", 10)
    log = tmp_path / "bridge.log"
    with log.open("ab", buffering=0) as program:
        for number in range(4):
            program.write(f"lines of round {number}\n".encode())
            rotate(log)
        program.write(b"last")
        rotate(log)
    kept = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert kept == {
        "bridge.log": "last",
        "bridge.log.1": "lines of round 3\n",
    }


def test_what_the_launcher_writes_is_for_its_user_alone(
    stage: Path, data_dir: Path
) -> None:
    command = ["/bin/sh", "-c", f"umask 022; exec {sys.executable} {LAUNCH}"]
    with launched(command, stage, data_dir):
        written = [path for path in data_dir.rglob("*") if path.is_file()]
        assert {path.parent.name for path in written} >= {"logs", "data"}
        for path in written:
            assert path.stat().st_mode & 0o077 == 0, path


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
    environment = read_environment(tmp_path)
    assert environment["RASA_PORT"] == "7001"
    assert environment["RASA_URL"] == "http://127.0.0.1:7001"
    assert environment["ACTIONS_PORT"] == "6002"
    assert environment["BACKOFFICE_PORT"] == "8090"
    assert environment["DATA_DIR"] == str(tmp_path / "there")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("RASA_PORT", "many", "many.*Set RASA_PORT to a free port"),
        ("RASA_PORT", "70000", "70000.*Set RASA_PORT to a free port"),
        ("RASA_PORT", None, "already in use.*Set RASA_PORT to a free port"),
        ("BRIDGE_HOST", "no such host", "no such host:.*not known"),
    ],
)
def test_a_wrong_address_is_named(
    tmp_path: Path, name: str, value: str | None, said: str
) -> None:
    environment = environment_of(tmp_path) | {"BRIDGE_HOST": "127.0.0.1"}
    environment[name] = environment["BRIDGE_PORT"] if value is None else value
    with pytest.raises(LaunchError, match=said):
        check_ports(environment)

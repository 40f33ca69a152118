"""The two assistants that are compared: ours, and what `rasa init` makes.

Both run as servers on free ports of this machine, die with this process, and are the
only things that it starts. Runs in the bridge's environment.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
from handoff_bridge.launch.processes import SPECS, free_ports, spawn

ROOT = Path(__file__).resolve().parents[1]
PYTHON = ROOT / ".venv" / "bin" / "python"
MODEL = ROOT / "models" / "assistant.tar.gz"
CACHE = ROOT / ".bench"  # ignored by git
BASELINE = CACHE / "rasa-init"
START_SECS = 600  # stock Rasa, on a busy small machine
STOP_SECS = 10
TOKEN = secrets.token_urlsafe(16)


class CannotMeasure(Exception):
    """One sentence that says what is missing or went wrong."""


@dataclass
class Assistant:
    """A running server."""

    name: str
    url: str
    process: subprocess.Popen[bytes]
    ready_secs: float

    def memory_mb(self) -> float:
        """Resident memory of the process and all below it."""
        return sum(process.memory_info().rss for process in self._family()) / 2**20

    def processor_secs(self) -> float:
        """Processor time that they have taken; other programs do not disturb it."""
        times = [process.cpu_times() for process in self._family()]
        return sum(time.user + time.system for time in times)

    def _family(self) -> list[psutil.Process]:
        top = psutil.Process(self.process.pid)
        return [top, *top.children(recursive=True)]


def baseline_is_trained() -> bool:
    """Returns whether the cache holds a model of the Rasa that is installed."""
    try:
        return (BASELINE / "version").read_text() == _rasa_version()
    except OSError:
        return False


def train_baseline() -> None:
    """Makes a project with `rasa init` and trains it, whole or not at all.

    Raises:
        CannotMeasure: Rasa could not; its last words are in the message.
    """
    fresh = BASELINE.with_suffix(".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    command = ["rasa", "init", "--no-prompt", "--init-dir", str(fresh)]
    log = CACHE / "rasa-init.log"
    log.unlink(missing_ok=True)
    process = spawn([str(PYTHON), "-m", *command], _environment(), log, CACHE)
    try:
        process.wait()
    finally:
        _stop(process)
    models = sorted((fresh / "models").glob("*.tar.gz"))
    if process.returncode or not models:
        tail = log.read_text(errors="replace")[-2000:]
        raise CannotMeasure(f"`rasa init` failed:\n{tail}")
    models[-1].rename(fresh / "model.tar.gz")
    (fresh / "version").write_text(_rasa_version())
    shutil.rmtree(BASELINE, ignore_errors=True)
    fresh.rename(BASELINE)


@contextmanager
def baseline(work: Path) -> Iterator[Assistant]:
    """Runs the baseline as `rasa run` does, conversations in memory."""
    credentials = work / "baseline.json"
    credentials.write_text(json.dumps({"rest": {}}))
    command = [str(PYTHON), "-m", "rasa", "run", "--port", "{RASA_PORT}"]
    command += ["--interface", "127.0.0.1", "--credentials", str(credentials)]
    command += ["--model", str(BASELINE / "model.tar.gz")]
    with _running("baseline", command, BASELINE, work) as assistant:
        yield assistant


@contextmanager
def ours(work: Path) -> Iterator[Assistant]:
    """Runs our assistant as the launcher does, with Rasa's REST webhook beside ours."""
    if not MODEL.exists():
        raise CannotMeasure("There is no trained assistant: run `make train`.")
    credentials = work / "ours.json"
    bridge = {"service_token": TOKEN, "bridge_url": "http://127.0.0.1:9"}
    channels = {"rest": {}, "channels.bridge.BridgeInput": bridge}
    credentials.write_text(json.dumps(channels))
    command = [*SPECS["assistant"].command.split(), "--credentials", str(credentials)]
    with _running("ours", command, ROOT, work) as assistant:
        yield assistant


@contextmanager
def _running(
    name: str, command: list[str], cwd: Path, work: Path
) -> Iterator[Assistant]:
    """Runs a server; `{RASA_PORT}` in its command is the port to listen on."""
    environment = _environment() | {
        "PYTHONPATH": str(cwd),
        "RASA_PORT": free_ports(1)[0],
        "TRACKER_DB": str(work / f"{name}.db"),
        "ACTIONS_PORT": "9",  # nothing that is measured needs an action
    }
    url = f"http://127.0.0.1:{environment['RASA_PORT']}"
    log = work / f"{name}.log"
    began = time.monotonic()
    command = [part.format_map(environment) for part in command]
    process = spawn(command, environment, log, cwd)
    try:
        _wait_until_up(process, f"{url}/", log)
        yield Assistant(name, url, process, time.monotonic() - began)
    finally:
        _stop(process)


def _environment() -> dict[str, str]:
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "2", "PYTHONWARNINGS": "ignore"}
    return {**os.environ, **quiet, "RASA_TELEMETRY_ENABLED": "false"}


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait_until_up(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECS
    with httpx.Client(timeout=2, trust_env=False) as client:
        while process.poll() is None and time.monotonic() < deadline:
            try:
                if client.get(url).is_success:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.1)
    tail = log.read_text(errors="replace")[-2000:]
    raise CannotMeasure(f"The assistant did not start:\n{tail}")


def _rasa_version() -> str:
    code = "from importlib.metadata import version; print(version('rasa'), end='')"
    return subprocess.check_output([str(PYTHON), "-c", code], text=True)

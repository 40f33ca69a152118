"""The two assistants that are compared: ours, and what `rasa init` makes.

Both run as servers on free ports of this machine, die with this process, and are the
only things that it starts. Runs in the bridge's environment.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import httpx
import psutil

ROOT = Path(__file__).resolve().parents[1]
PYTHON = ROOT / ".venv" / "bin" / "python"
MODEL = ROOT / "models" / "assistant.tar.gz"
CACHE = ROOT / ".bench"  # ignored by git
BASELINE = CACHE / "rasa-init"
TETHER = ROOT / "handoff_bridge" / "handoff_bridge" / "launch" / "tether.py"
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
    with log.open("wb") as file:
        process = _start("train", [str(PYTHON), "-m", *command], CACHE, {}, file)
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
    arguments = ["rasa", "run", "--credentials", str(credentials)]
    with _running("baseline", arguments, BASELINE, work) as assistant:
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
    arguments = ["serving", "--credentials", str(credentials)]
    arguments += ["--endpoints", str(ROOT / "endpoints.yml")]
    with _running("ours", arguments, ROOT, work) as assistant:
        yield assistant


@contextmanager
def _running(
    name: str, arguments: list[str], cwd: Path, work: Path
) -> Iterator[Assistant]:
    port = _free_port()
    model = MODEL if name == "ours" else BASELINE / "model.tar.gz"
    command = [str(PYTHON), "-m", *arguments, "--port", str(port)]
    command += ["--interface", "127.0.0.1", "--model", str(model)]
    variables = {
        "PYTHONPATH": str(cwd),
        "TRACKER_DB": str(work / f"{name}.db"),
        "ACTIONS_PORT": "9",  # nothing that is measured needs an action
    }
    log = work / f"{name}.log"
    began = time.monotonic()
    with log.open("wb") as file:
        process = _start(name, command, work, variables, file, cwd)
        try:
            _wait_until_up(process, f"http://127.0.0.1:{port}/", log)
            seconds = time.monotonic() - began
            yield Assistant(name, f"http://127.0.0.1:{port}", process, seconds)
        finally:
            _stop(process)


def _start(
    name: str,
    command: list[str],
    run_dir: Path,
    variables: dict[str, str],
    log: BinaryIO,
    cwd: Path = ROOT,
) -> subprocess.Popen[bytes]:
    environment = os.environ | variables
    environment |= {"RUN_DIR": str(run_dir), "RASA_TELEMETRY_ENABLED": "false"}
    environment |= {"TF_CPP_MIN_LOG_LEVEL": "2", "PYTHONWARNINGS": "ignore"}
    return subprocess.Popen(
        [sys.executable, "-I", str(TETHER), name, *command],
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
    )


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


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _rasa_version() -> str:
    code = "from importlib.metadata import version; print(version('rasa'), end='')"
    return subprocess.check_output([str(PYTHON), "-c", code], text=True)

"""The servers that are measured, and those that they are set beside.

Ours and what `rasa init` makes; the bridge and a bare python-socketio echo. All run on
free ports of this machine, die with this process, and are the only things that it
starts. Runs in the bridge's environment.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from handoff_bridge.launch import Console, LaunchError
from handoff_bridge.launch.environment import ROOT
from handoff_bridge.launch.processes import SPECS, Spec, find_processes, tail, watch

from benchmarks.ports import free_ports

PYTHON = ROOT / ".venv" / "bin" / "python"
CACHE = ROOT / ".bench"  # ignored by git
BASELINE = CACHE / "rasa-init"
TOKEN = secrets.token_urlsafe(16)
BRIDGE_COMMAND = (sys.executable, "-m", "handoff_bridge.cli")


class CannotMeasure(LaunchError):
    """One sentence that says what is missing or went wrong."""


@dataclass
class Server:
    """A running server."""

    name: str
    url: str
    process: psutil.Process
    ready_secs: float

    def memory_mb(self) -> float:
        """Resident memory of the process and all below it."""
        return sum(process.memory_info().rss for process in self._family()) / 2**20

    def processor_secs(self) -> float:
        """Processor time that they have taken; other programs do not disturb it."""
        times = [process.cpu_times() for process in self._family()]
        return sum(time.user + time.system for time in times)

    def _family(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]


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
    with log.open("wb") as output:
        done = subprocess.run(
            [str(PYTHON), "-m", *command],
            cwd=CACHE,
            env=environment_of(CACHE),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    models = sorted((fresh / "models").glob("*.tar.gz"))
    if done.returncode or not models:
        raise CannotMeasure(f"`rasa init` failed. {tail(log)}")
    models[-1].rename(fresh / "model.tar.gz")
    (fresh / "version").write_text(_rasa_version())
    shutil.rmtree(BASELINE, ignore_errors=True)
    fresh.rename(BASELINE)


@contextmanager
def baseline(work: Path) -> Iterator[Server]:
    """Runs the baseline as `rasa run` does, conversations in memory."""
    credentials = work / "baseline.json"
    credentials.write_text(json.dumps({"rest": {}}))
    command = (
        "../../.venv/bin/python -m rasa run --interface 127.0.0.1 --port {RASA_PORT}"
        " --credentials {CREDENTIALS} --model model.tar.gz"
    )
    spec = Spec(command, "http://127.0.0.1:{RASA_PORT}/", BASELINE)
    with _running("baseline", spec, work, CREDENTIALS=str(credentials)) as assistant:
        yield assistant


@contextmanager
def ours(work: Path) -> Iterator[Server]:
    """Runs our assistant as the launcher does, with Rasa's REST webhook beside ours."""
    credentials = work / "ours.json"
    bridge = {"service_token": TOKEN, "bridge_url": "http://127.0.0.1:9"}
    channels = {"rest": {}, "channels.bridge.BridgeInput": bridge}
    credentials.write_text(json.dumps(channels))
    command = SPECS["assistant"].command + " --credentials {CREDENTIALS}"
    spec = SPECS["assistant"]._replace(command=command)
    with _running("ours", spec, work, CREDENTIALS=str(credentials)) as assistant:
        yield assistant


@contextmanager
def echo(work: Path) -> Iterator[Server]:
    """Runs python-socketio alone."""
    spec = Spec(
        "handoff_bridge/.venv/bin/python -m benchmarks.speed.echo {RASA_PORT}",
        "http://127.0.0.1:{RASA_PORT}/socket.io/?EIO=4&transport=polling",
    )
    with _running("echo", spec, work) as server:
        yield server


@contextmanager
def bridge(
    work: Path,
    assistant: Server | None = None,
    name: str = "bridge",
    **settings: str,
) -> Iterator[Server]:
    """Runs a bridge as the launcher does, its limits out of the way.

    Without an assistant customers can still ask for a person. What an earlier one of
    that name left in `work` is taken up. `settings` are variables of its environment.
    """
    rasa_url = assistant.url if assistant else "http://127.0.0.1:9"
    settings = bridge_settings(work, name, **{"RASA_URL": rasa_url, **settings})
    if not Path(settings["DATA_DIR"], "bridge.db").exists():
        prepare_bridge(settings)
    spec = SPECS["bridge"]._replace(health="http://127.0.0.1:{BRIDGE_PORT}/healthz")
    with _running(name, spec, work, **settings) as server:
        yield server


def bridge_settings(work: Path, name: str, **settings: str) -> dict[str, str]:
    """Variables of a bridge whose limits are out of the way; `settings` are added."""
    return {
        "DATA_DIR": str(work / name),
        "SERVICE_TOKEN": TOKEN,
        "SECRET_KEY": TOKEN,
        "IDENTITY_SECRET": TOKEN,
        "DEMO_PASSWORD": TOKEN,
        "BACKOFFICE_PORT": "9",
        "MESSAGE_LIMITS": "1000000/second",
        "SESSION_LIMITS": "1000000/second",
        "HANDOFF_LIMITS": "1000000/second",
        "BRIDGE_NAME": name,
        **settings,
    }


def prepare_bridge(settings: dict[str, str]) -> None:
    """Makes the tables of a bridge's database, and its demo team."""
    subprocess.run(
        [*BRIDGE_COMMAND, "seed"],
        env=environment_of(ROOT) | settings,
        cwd=ROOT,
        check=True,
        capture_output=True,
    )


@contextmanager
def _running(name: str, spec: Spec, work: Path, **settings: str) -> Iterator[Server]:
    """Runs a server that listens on RASA_PORT or BRIDGE_PORT; they are the same."""
    port = str(next(free_ports()))
    environment = {
        **environment_of(spec.folder),
        "DATA_DIR": str(work / name),
        "TRACKER_DB": str(work / f"{name}.db"),
        "SERVICE_TOKEN": TOKEN,
        "RASA_PORT": port,
        "BRIDGE_PORT": port,
        "ACTIONS_PORT": "9",  # nothing that is measured needs an action
        **settings,
    }
    began = time.monotonic()
    with closing(watch({name: spec}, environment, Console(quiet=True))) as watching:
        next(filter(None, watching))
        ready_secs = time.monotonic() - began
        process = find_processes(environment, name)[0]
        yield Server(name, f"http://127.0.0.1:{port}", process, ready_secs)


def environment_of(folder: Path) -> dict[str, str]:
    """What our programs are started with in `folder`, their own settings apart."""
    return {
        **os.environ,
        "PYTHONPATH": f"{folder}{os.pathsep}{ROOT / 'handoff_bridge'}",
        "PYTHONWARNINGS": "ignore",
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "2",
    }


def _rasa_version() -> str:
    code = "from importlib.metadata import version; print(version('rasa'), end='')"
    return subprocess.check_output([str(PYTHON), "-c", code], text=True)

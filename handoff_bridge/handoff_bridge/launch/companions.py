"""The assistant, its action server and a sandbox of their own, for one terminal.

They listen on free ports, keep what they know in a temporary folder, and die with the
command that started them. No bridge: nobody but the designer is there to talk to.
"""

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from handoff_bridge.launch.environment import PORTS, SECRETS, URLS, CannotStart, read
from handoff_bridge.launch.health import answers

START_SECS = 300
STOP_SECS = 8
TETHER = Path(__file__).with_name("tether.py")
MODEL = Path("models", "assistant.tar.gz")


@contextmanager
def companions(root: Path) -> Iterator[dict[str, str]]:
    """Starts the three, waits until they answer, and gives their environment.

    Raises:
        CannotStart: there is no model, or a process ended; with its last words.
    """
    if not (root / MODEL).exists():
        raise CannotStart(f"There is no {MODEL}: run `make train` first.")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        environment = _environment(root, folder)
        running = {
            name: stack.enter_context(_process(name, command, root, environment))
            for name, command in _commands(root, environment).items()
        }
        _wait(running, environment, folder)
        yield environment


def _environment(root: Path, folder: Path) -> dict[str, str]:
    environment = read(root)
    for name in PORTS:
        environment[name] = str(_free_port())
    for url, port in URLS.items():
        environment[url] = f"http://127.0.0.1:{environment[port]}"
    for name in SECRETS:
        environment[name] = secrets.token_urlsafe(16)
    paths = os.pathsep.join([str(root / "handoff_bridge"), str(root)])
    return environment | {
        "DATA_DIR": str(folder),
        "RUN_DIR": str(folder),
        "TRACKER_DB": str(folder / "tracker.db"),
        "PYTHONPATH": paths,
        "PYTHONWARNINGS": "ignore",
    }


def _commands(root: Path, environment: dict[str, str]) -> dict[str, list[str]]:
    assistant = str(root / ".venv" / "bin" / "python")
    serving = [assistant, "-m", "serving", "--model", str(MODEL)]
    actions = [assistant, "-m", "rasa_sdk", "--actions", "actions"]
    return {
        "backoffice": [sys.executable, "-m", "backoffice"],
        "actions": [*actions, "--port", environment["ACTIONS_PORT"]],
        "assistant": [*serving, "--port", environment["RASA_PORT"]],
    }


@contextmanager
def _process(
    name: str, command: list[str], root: Path, environment: dict[str, str]
) -> Iterator["subprocess.Popen[bytes]"]:
    with Path(environment["DATA_DIR"], f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-I", str(TETHER), name, *command],
            cwd=root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            # Ctrl-C in the terminal is for the command, which ends them itself.
            start_new_session=True,
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(
    running: "dict[str, subprocess.Popen[bytes]]",
    environment: dict[str, str],
    folder: Path,
) -> None:
    deadline = time.monotonic() + START_SECS
    waiting = set(running)
    while waiting:
        for name in sorted(waiting):
            if answers(name, environment):
                waiting.discard(name)
            elif running[name].poll() is not None or time.monotonic() > deadline:
                log = Path(folder, f"{name}.log").read_text(errors="replace")
                raise CannotStart(f"The {name} does not come up:\n{log[-2000:]}")
        time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

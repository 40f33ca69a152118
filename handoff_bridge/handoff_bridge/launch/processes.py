"""The processes: how each is started, watched, started again, and stopped."""

import ctypes
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from itertools import count
from pathlib import Path
from typing import NamedTuple

import httpx
import psutil

from handoff_bridge.launch import Console, LaunchError
from handoff_bridge.launch.environment import (
    ROOT,
    add_secrets,
    check_ports,
    http_client,
)
from handoff_bridge.private_files import PRIVATE_UMASK

LOG_BYTES = 10_000_000
# A cold start on a busy small machine takes two or three minutes, mostly Rasa's.
START_SECS = 600
MOST_STARTS = 3  # without an answer
START_EVERY_SECS = 3  # at most: one that ends at once leaves the machine usable
STOP_SECS = 8
PR_SET_PDEATHSIG = 1
# In the environment of a process, and of what it starts in turn: its name.
MARK = "TANDEM_PROCESS"


class Spec(NamedTuple):
    """A command, run in a folder, and where it tells its health; with {VARIABLES}."""

    command: str
    health: str
    folder: Path = ROOT


SPECS = {
    "backoffice": Spec(
        "handoff_bridge/.venv/bin/python -m backoffice",
        "http://127.0.0.1:{BACKOFFICE_PORT}/healthz",
    ),
    "actions": Spec(
        ".venv/bin/python -m serving.action_server"
        " --actions actions --port {ACTIONS_PORT}",
        "http://127.0.0.1:{ACTIONS_PORT}/health",
    ),
    "assistant": Spec(
        ".venv/bin/python -m serving --port {RASA_PORT}",
        "http://127.0.0.1:{RASA_PORT}/webhooks/bridge/",
    ),
    "bridge": Spec(
        "handoff_bridge/.venv/bin/python -m handoff_bridge.cli serve",
        "http://{BRIDGE_LOCAL_HOST}:{BRIDGE_PORT}/readyz",
    ),
}


def watch(
    specs: Mapping[str, Spec], environment: dict[str, str], console: Console
) -> Generator[bool]:
    """Keeps processes five times a second; yields whether each has answered once.

    Whatever was started with this DATA_DIR is ended when the iterator is closed.

    Raises:
        LaunchError: one does not come up; with the end of its log.
    """
    keepers = [keep(name, spec, environment, console) for name, spec in specs.items()]
    try:
        while True:
            yield all([next(keeper) for keeper in keepers])
            time.sleep(0.2)
    finally:
        console.print("Stopping")
        stop(environment)
        console.print("Stopped.")


def keep(
    name: str, spec: Spec, environment: dict[str, str], console: Console
) -> Iterator[bool]:
    """Starts a process, and again, alone, whenever it ends.

    Does not wait for anything: call it often. Yields whether it has answered once.
    """
    # Split first: a variable may hold blanks.
    command = [part.format_map(environment) for part in spec.command.split()]
    log, http = log_of(name, environment), http_client(environment, timeout_secs=2)
    began, has_answered = time.monotonic(), False
    for starts in count(1):
        process = spawn(command, environment | {MARK: name}, log, spec.folder)
        earliest_end = time.monotonic() + START_EVERY_SECS
        while process.poll() is None or time.monotonic() < earliest_end:
            seconds = time.monotonic() - began
            if not has_answered and answers(http, spec.health.format_map(environment)):
                has_answered = True
                console.print(f"  {name} answers ({seconds:.0f} s)")
            if not has_answered and (starts > MOST_STARTS or seconds > START_SECS):
                raise LaunchError(f"{name} does not come up. {tail(log)}")
            rotate(log)
            yield has_answered
        stop(environment, name)  # what it had started must not hold its port


def answers(http: httpx.Client, url: str) -> bool:
    """Asks for a process's health."""
    with suppress(httpx.HTTPError):
        return http.get(url).is_success
    return False


def find_processes(environment: dict[str, str], name: str = "") -> list[psutil.Process]:
    """Returns what a launcher has started with this DATA_DIR, the oldest first.

    That includes what these have started in turn, in whatever session; with a name,
    that process alone and what it has started.
    """

    def is_ours(process: psutil.Process) -> bool:
        its = process.info["environ"] or {}
        is_named = MARK in its and name in ("", its[MARK])
        return is_named and its.get("DATA_DIR") == environment["DATA_DIR"]

    running = psutil.process_iter(["environ", "ppid"])
    return sorted(filter(is_ours, running), key=psutil.Process.create_time)


def stop(environment: dict[str, str], name: str = "") -> None:
    """Ends what `find_processes` finds; our own children have STOP_SECS for it."""
    found = find_processes(environment, name)
    own = [process for process in found if process.info["ppid"] == os.getpid()]
    for process in own:
        process.terminate()
    psutil.wait_procs(own, timeout=STOP_SECS)
    while left := find_processes(environment, name):
        for process in left:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(left, timeout=1)


@contextmanager
def own_data_dir(environment: dict[str, str]) -> Iterator[None]:
    """Makes DATA_DIR this launcher's alone for the block, with its secrets and ports.

    Raises:
        LaunchError: another one has it, or it or a port cannot be used.
    """
    os.umask(PRIVATE_UMASK)
    folder = Path(environment["DATA_DIR"])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "launcher.lock").open("a")
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise LaunchError(
            f"Another copy already runs with DATA_DIR={folder}. "
            "Set DATA_DIR and the ports to run a second one."
        ) from error
    except OSError as error:
        raise LaunchError(f"DATA_DIR={folder}: {error.strerror}.") from error
    with lock:
        stop(environment)  # what a launcher that was killed has left
        add_secrets(environment)
        check_ports(environment)
        yield


def spawn(
    command: Sequence[str],
    environment: dict[str, str],
    log: Path,
    folder: Path = ROOT,
    user: str | None = None,
) -> "subprocess.Popen[bytes]":
    """Starts a command that dies with this process; its output is added to `log`.

    As `user`, where that is not who runs this process.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(
            # A program that cannot be started is told in the log, by the shell.
            ["/bin/sh", "-c", 'exec "$0" "$@"', *command],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C in the terminal is for us alone
            user=user,
            group=user,
            extra_groups=[] if user else None,
            preexec_fn=partial(die_with_parent, os.getpid()),
        )


def die_with_parent(parent: int) -> None:
    """Has Linux kill this process when its parent dies; elsewhere does nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before we had asked
        os._exit(1)


def log_of(name: str, environment: dict[str, str]) -> Path:
    """Where the output of a process is kept."""
    return Path(environment["DATA_DIR"], "logs", f"{name}.log")


def rotate(log: Path) -> None:
    """Moves more than LOG_BYTES of a log to `.1`."""
    with suppress(OSError):  # on a full disk all else goes on
        if log.stat().st_size > LOG_BYTES:
            shutil.copyfile(log, f"{log}.1")
            os.truncate(log, 0)  # the process goes on adding to the same file


def tail(log: Path) -> str:
    """Returns the last lines of a log, below a line that says so."""
    lines = log.read_text(errors="replace").splitlines()[-30:]
    return "\n".join([f"The last lines of {log}:", *lines])

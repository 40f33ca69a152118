"""The processes: how each is started, watched, started again, and stopped."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from socket import create_server
from tempfile import TemporaryDirectory
from typing import NamedTuple

import httpx
import psutil

from handoff_bridge.launch import Console, LaunchError
from handoff_bridge.launch.environment import (
    PORTS,
    ROOT,
    URLS,
    add_secrets,
    read_environment,
)

MODEL = ROOT / "models" / "assistant.tar.gz"
LOG_BYTES = 5_000_000
# A cold start on a busy small machine takes two or three minutes, mostly Rasa's.
START_SECS = 600
MOST_STARTS = 3  # without an answer
STEADY_SECS = 10  # a process that ends sooner waits longer for its next start
STOP_SECS = 8
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36


class Spec(NamedTuple):
    """A command, run in ROOT, and where it tells its health; with {VARIABLES}."""

    command: str
    health: str


SPECS = {
    "backoffice": Spec(
        "handoff_bridge/.venv/bin/python -m backoffice",
        "http://127.0.0.1:{BACKOFFICE_PORT}/healthz",
    ),
    "actions": Spec(
        ".venv/bin/python -m rasa_sdk --actions actions --port {ACTIONS_PORT}",
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


class Process:
    """One process, started again, alone, whenever it ends."""

    def __init__(self, name: str, environment: dict[str, str]) -> None:
        """Does not start it yet."""
        self.name = name
        self.environment = environment
        self.log = Path(environment["DATA_DIR"], "logs", f"{name}.log")
        self.pid_file = Path(environment["DATA_DIR"], "run", f"{name}.pid")
        self.running: subprocess.Popen[bytes] | None = None
        self.starts = self.early_ends = 0
        self.started_at = self.due_at = 0.0  # seconds of time.monotonic

    def keep(self) -> None:
        """Starts the process if it does not run and its wait is over."""
        now = time.monotonic()
        if self.running and self.running.poll() is not None:
            with suppress(OSError):  # what it had started must not hold its port
                os.killpg(self.running.pid, signal.SIGKILL)
            early = now - self.started_at < STEADY_SECS
            self.early_ends = min(self.early_ends + 1, 5) if early else 0
            self.due_at = now + 2**self.early_ends / 2
            self.running = None
        if not self.running and now >= self.due_at:
            command = SPECS[self.name].command.format_map(self.environment).split()
            self.running = spawn(command, self.environment, self.log)
            with suppress(OSError):  # on a full disk the shop goes on
                self.pid_file.parent.mkdir(exist_ok=True)
                self.pid_file.write_text(f"{self.running.pid}\n")
            self.started_at = now
            self.starts += 1
        rotate(self.log)

    def answers(self) -> bool:
        """Asks the process for its health; no answer within 2 s is no."""
        url = SPECS[self.name].health.format_map(self.environment)
        headers = {"Authorization": f"Bearer {self.environment['SERVICE_TOKEN']}"}
        with suppress(httpx.HTTPError):
            # No TLS here: reading its certificates each time would slow the start.
            return httpx.get(
                url, headers=headers, timeout=2, trust_env=False, verify=False
            ).is_success
        return False


@contextmanager
def stopping(processes: Sequence[Process], console: Console) -> Iterator[None]:
    """Ends the processes after the block, and whatever else is below this one."""
    prctl(PR_SET_CHILD_SUBREAPER, 1)  # what loses its parent stays below this one
    try:
        yield
    finally:
        console.print("Stopping")
        running = [process.running for process in processes if process.running]
        for each in running:
            each.terminate()
        deadline = time.monotonic() + STOP_SECS
        for each in running:
            with suppress(subprocess.TimeoutExpired):
                each.wait(max(0, deadline - time.monotonic()))
        kill_descendants()
        for process in processes:
            process.pid_file.unlink(missing_ok=True)
        console.print("Stopped.")


def watch(processes: Sequence[Process], console: Console) -> Iterator[bool]:
    """Keeps the processes five times a second; yields whether each has answered once.

    Raises:
        LaunchError: one does not come up; with the end of its log.
    """
    began = time.monotonic()
    waiting = list(processes)
    while True:
        for process in processes:
            process.keep()
        seconds = time.monotonic() - began
        for process in list(waiting):
            if process.answers():
                waiting.remove(process)
                console.print(f"  {process.name} answers ({seconds:.0f} s)")
            elif process.starts > MOST_STARTS or seconds > START_SECS:
                why = f"{process.name} does not come up. {tail(process.log)}"
                raise LaunchError(why)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass  # something that had lost its parent has ended
        yield not waiting
        time.sleep(0.2)


@contextmanager
def dev_processes(console: Console) -> Iterator[dict[str, str]]:
    """Runs all but the bridge on free ports and a DATA_DIR that is then removed.

    Raises:
        LaunchError: there is no model, or a process does not come up.
    """
    if not MODEL.exists():
        raise LaunchError("There is no trained model: run `make train` first.")
    with TemporaryDirectory() as data_dir:
        own = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
        own |= dict.fromkeys([*URLS, "TRACKER_DB"], "") | {"DATA_DIR": data_dir}
        environment = read_environment(ROOT, own)
        add_secrets(environment)
        processes = [Process(name, environment) for name in SPECS if name != "bridge"]
        with stopping(processes, console):
            next(filter(None, watch(processes, console)))
            yield environment


def find_running(name: str, data_dir: str) -> psutil.Process | None:
    """Returns a process of the copy that runs with this DATA_DIR, if there is one."""
    with suppress(OSError, ValueError, psutil.Error):
        pid = int(Path(data_dir, "run", f"{name}.pid").read_text())
        process = psutil.Process(pid)
        if process.environ().get("DATA_DIR") == data_dir:
            return process
    return None


def free_ports(count: int) -> list[str]:
    """Returns different ports of this machine that nobody listens on."""
    with ExitStack() as stack:
        probes = [create_server(("127.0.0.1", 0)) for _ in range(count)]
        return [str(stack.enter_context(each).getsockname()[1]) for each in probes]


def spawn(
    command: Sequence[str], environment: dict[str, str], log: Path, cwd: Path = ROOT
) -> "subprocess.Popen[bytes]":
    """Starts a command that dies with this process; its output is added to `log`."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return subprocess.Popen(
            # A program that cannot be started is told in the log, by the shell.
            ["/bin/sh", "-c", 'exec "$0" "$@"', *command],
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C in the terminal is for us alone
            preexec_fn=partial(die_with_parent, os.getpid()),
        )


def die_with_parent(parent: int) -> None:
    """Has Linux kill this process when its parent dies; elsewhere does nothing."""
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before we had asked
        os._exit(1)


def prctl(option: int, value: int) -> None:
    """Calls Linux; does nothing elsewhere."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def kill_descendants() -> None:
    """Kills every process below this one, in whatever session or group."""
    deadline = time.monotonic() + STOP_SECS
    while below := psutil.Process().children(recursive=True):
        for process in below:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(below, timeout=1)
        if time.monotonic() > deadline:
            raise LaunchError(f"These do not die: {below}")


def rotate(log: Path) -> None:
    """Moves more than LOG_BYTES of a log to `.1`, and what was there to `.2`."""
    with suppress(OSError):
        if log.stat().st_size > LOG_BYTES:
            older = log.with_name(f"{log.name}.1")
            if older.exists():
                older.replace(log.with_name(f"{log.name}.2"))
            shutil.copyfile(log, older)
            os.truncate(log, 0)  # the process goes on adding to the same file


def tail(log: Path) -> str:
    """Returns the last lines of a log, below a line that says so."""
    lines = log.read_text(errors="replace").splitlines()[-30:]
    return "\n".join([f"The last lines of {log}:", *lines])

"""`python -m handoff_bridge.launch`: everything from the first check to the last kill.

The order of things: settings, secrets, ports, database, processes, health, addresses;
then it waits, and whatever ends the wait, nothing of what it started is left behind.
"""

import fcntl
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from handoff_bridge.launch.descendants import adopt_orphans
from handoff_bridge.launch.environment import (
    LOCK,
    CannotStart,
    add_secrets,
    check_ports,
    keep_addresses,
    read,
)
from handoff_bridge.launch.health import CHECKS, answers
from handoff_bridge.launch.screen import NAMES, Screen
from handoff_bridge.launch.supervision import Supervision

ROOT = Path(__file__).resolve().parents[3]
STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# A cold start on a busy small machine takes two or three minutes, mostly Rasa's.
START_SECS = 600


class Stop(BaseException):
    """Somebody wants us to stop; past every `except Exception`, as Ctrl-C is."""


class Signals:
    """Turns the first signal into Stop and swallows the rest."""

    def __init__(self) -> None:
        """Handles the signals even where a shell started us with them ignored."""
        self.stopping = False
        for number in STOPS:
            signal.signal(number, self._received)

    def _received(self, number: int, frame: FrameType | None) -> None:
        if not self.stopping:
            self.stopping = True
            raise Stop

    def stop(self) -> None:
        """From here on signals change nothing."""
        self.stopping = True


class Parent:
    """make, if it is make that runs us: it may be told to stop without us hearing."""

    def __init__(self) -> None:
        """Remembers who the parent is now."""
        self.pid = os.getppid()
        self.is_make = "MAKELEVEL" in os.environ

    def is_leaving(self) -> bool:
        """Whether make has died, or got a signal that it does not pass on.

        On SIGINT and SIGHUP GNU make waits for its child, holding that signal
        blocked, and trusts the terminal to have told the child too. A signal sent
        to make alone would otherwise leave both waiting for ever.
        """
        if not self.is_make:
            return False
        if os.getppid() != self.pid:
            return True
        try:
            status = Path(f"/proc/{self.pid}/status").read_text()
        except OSError:
            return False
        blocked = int(status.partition("SigBlk:")[2].split()[0], 16)
        return any(blocked & 1 << (number - 1) for number in STOPS)


@contextmanager
def only_one(environment: dict[str, str]) -> Iterator[None]:
    """Makes the folders and holds DATA_DIR for this launcher alone."""
    data_dir, run_dir = Path(environment["DATA_DIR"]), Path(environment["RUN_DIR"])
    try:
        (data_dir / "logs").mkdir(parents=True, exist_ok=True)
        run_dir.mkdir(mode=0o700, exist_ok=True)
        lock = (run_dir / LOCK).open("a")
    except OSError as error:
        raise CannotStart(f"DATA_DIR={data_dir}: {error.strerror}.") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CannotStart(
                f"Another copy already runs with DATA_DIR={data_dir}. "
                "Set DATA_DIR and the ports to run a second one."
            ) from error
        yield


def prepare_database(environment: dict[str, str], screen: Screen) -> None:
    """Brings the bridge's tables up to date and seeds the demo agents."""
    paths = os.pathsep.join([str(ROOT / "handoff_bridge"), str(ROOT)])
    for command in ("migrate", "seed"):
        done = subprocess.run(
            [sys.executable, "-m", "handoff_bridge.cli", command],
            cwd=ROOT,
            env=environment | {"PYTHONPATH": paths},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode:
            screen.say(done.stdout.rstrip())
            raise CannotStart(f"The database could not be prepared ({command}).")


def wait_until_ready(
    supervision: Supervision,
    environment: dict[str, str],
    screen: Screen,
    parent: Parent,
) -> None:
    """Returns when each process has answered its health check once."""
    began = time.monotonic()
    waiting = list(CHECKS)
    with screen.console.status("Starting") as status:
        while waiting:
            for name in [name for name in waiting if answers(name, environment)]:
                waiting.remove(name)
                screen.say(
                    f"  {NAMES[name]} answers ({time.monotonic() - began:.0f} s)"
                )
            states = supervision.states()
            for name in waiting:
                if states.get(name) == "FATAL" or time.monotonic() - began > START_SECS:
                    fail(name, environment, screen)
            names = ", ".join(NAMES[name] for name in waiting)
            status.update(f"Waiting for: {names} ({time.monotonic() - began:.0f} s)")
            pause(supervision, parent, 0.3)


def fail(name: str, environment: dict[str, str], screen: Screen) -> None:
    """Shows why one process does not come up, then ends the start."""
    screen.show_log(name, Path(environment["DATA_DIR"], "logs", f"{name}.log"))
    raise CannotStart(f"The {NAMES[name]} does not come up.")


def pause(supervision: Supervision, parent: Parent, seconds: float) -> None:
    """Waits a little, unless we should be gone or supervisord is."""
    if parent.is_leaving():
        raise Stop
    process = supervision.process
    if process is None or process.poll() is not None:
        supervision.keep()
    time.sleep(seconds)


def run(screen: Screen, signals: Signals, parent: Parent) -> None:
    """Everything between the first check and the signal to stop."""
    began = time.monotonic()
    environment = read(ROOT)
    check_ports(environment)
    with only_one(environment):
        add_secrets(environment)
        environment.setdefault("DEMO_PASSWORD", secrets.token_urlsafe(9))
        keep_addresses(environment)
        supervision = Supervision(ROOT, environment)
        try:
            prepare_database(environment, screen)
            supervision.start()
            wait_until_ready(supervision, environment, screen, parent)
            screen.show_ready(environment, seconds=time.monotonic() - began)
            while True:
                pause(supervision, parent, 0.5)
                supervision.keep()
        finally:
            signals.stop()
            screen.say("Stopping")
            clean = supervision.stop()
            screen.say("Stopped." if clean else "Something does not die; see ps.")


def main() -> int:
    """The exit status of the command."""
    screen = Screen()
    signals = Signals()
    parent = Parent()
    adopt_orphans()
    try:
        run(screen, signals, parent)
    except Stop:
        return 0
    except CannotStart as reason:
        screen.say(str(reason), style="bold red")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""`make run`: starts everything, and leaves nothing behind."""

import fcntl
import os
import secrets
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from handoff_bridge.launch import STOPS, Console, LaunchError, run_command
from handoff_bridge.launch.environment import (
    ROOT,
    add_secrets,
    check_ports,
    read_environment,
)
from handoff_bridge.launch.processes import SPECS, Process, spawn, stopping, tail, watch

READY = """
  Shop with chat      http://{BRIDGE_LOCAL_HOST}:{BRIDGE_PORT}/
  Agents' inbox       http://{BRIDGE_LOCAL_HOST}:{BRIDGE_PORT}/inbox
  Reports             http://{BRIDGE_LOCAL_HOST}:{BRIDGE_PORT}/reports
  Shop's mails        http://127.0.0.1:{BACKOFFICE_PORT}/outbox   (one-time codes)
  Login, agent        maria@example.com   {DEMO_PASSWORD}
  Login, agent        sam@example.com   {DEMO_PASSWORD}
  Login, supervisor   dana@example.com   {DEMO_PASSWORD}

Logs: {DATA_DIR}/logs   Stop: Ctrl-C"""


def main(console: Console) -> None:
    """Runs everything until a signal, to us or to make."""
    make = os.getppid() if "MAKELEVEL" in os.environ else None
    began = time.monotonic()
    environment = read_environment(ROOT)
    check_ports(environment)
    processes = [Process(name, environment) for name in SPECS]
    with lock_data_dir(environment["DATA_DIR"]), stopping(processes, console):
        add_secrets(environment)
        environment.setdefault("DEMO_PASSWORD", secrets.token_urlsafe(9))
        prepare_database(environment)
        ready_secs = 0.0
        for all_answered in watch(processes, console):
            if all_answered and not ready_secs:
                ready_secs = time.monotonic() - began
                ready = f"\nTandem is ready ({ready_secs:.0f} s)."
                console.print(ready, style="bold green")
                console.print(READY.format_map(environment))
            if make and make_is_stopping(make):
                return


def lock_data_dir(data_dir: str) -> TextIO:
    """Makes DATA_DIR; it is this launcher's alone as long as the result is open.

    Raises:
        LaunchError: another one has it, or it cannot be written.
    """
    try:
        Path(data_dir, "run").mkdir(parents=True, exist_ok=True)
        lock = Path(data_dir, "run", "launcher.lock").open("a")
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise LaunchError(
            f"Another copy already runs with DATA_DIR={data_dir}. "
            "Set DATA_DIR and the ports to run a second one."
        ) from error
    except OSError as error:
        raise LaunchError(f"DATA_DIR={data_dir}: {error.strerror}.") from error
    return lock


def prepare_database(environment: dict[str, str]) -> None:
    """Brings the bridge's tables up to date and seeds the demo agents."""
    for command in ("migrate", "seed"):
        log = Path(environment["DATA_DIR"], "logs", f"{command}.log")
        log.unlink(missing_ok=True)
        cli = [sys.executable, "-m", "handoff_bridge.cli", command]
        if spawn(cli, environment, log).wait():
            raise LaunchError(f"The database could not be prepared.\n{tail(log)}")


def make_is_stopping(make: int) -> bool:
    """Returns whether our parent make has died, or got a signal it does not pass on.

    On SIGINT and SIGHUP GNU make waits for its child, holding that signal blocked, and
    trusts the terminal to have told the child too.
    """
    if os.getppid() != make:
        return True
    with suppress(OSError):
        status = Path(f"/proc/{make}/status").read_text()
        blocked = int(status.partition("SigBlk:")[2].split()[0], 16)
        return any(blocked & 1 << (number - 1) for number in STOPS)
    return False


if __name__ == "__main__":
    sys.exit(run_command(main))

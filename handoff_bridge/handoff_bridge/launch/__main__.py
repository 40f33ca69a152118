"""`make run`: starts everything, and leaves nothing behind."""

import os
import secrets
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

from handoff_bridge.launch import STOPS, Console, LaunchError, run_command
from handoff_bridge.launch.environment import DEFAULTS, ROOT, read_environment
from handoff_bridge.launch.processes import (
    SPECS,
    log_of,
    own_data_dir,
    spawn,
    tail,
    watch,
)

SHOP = "backoffice"
READY = """
  Shop with chat      http://{BRIDGE_LOCAL_HOST}:{BRIDGE_PORT}/
  Agents' inbox       http://{BRIDGE_LOCAL_HOST}:{BRIDGE_PORT}/inbox
  Reports             http://{BRIDGE_LOCAL_HOST}:{BRIDGE_PORT}/reports
  People              http://{BRIDGE_LOCAL_HOST}:{BRIDGE_PORT}/admin
"""
SANDBOX = """\
  Shop's mails        http://127.0.0.1:{BACKOFFICE_PORT}/outbox (one-time codes)
"""
LOGINS = """\
  Login, agent        maria@example.com   {DEMO_PASSWORD}
  Login, agent        sam@example.com   {DEMO_PASSWORD}
  Login, supervisor   dana@example.com   {DEMO_PASSWORD}
  Login, owner        owner@example.com   {DEMO_PASSWORD}
"""
NO_LOGINS = """\
  Logins              `make people` lists them, and adds the first owner
"""
STOP = """
Logs: {DATA_DIR}/logs   Stop: Ctrl-C"""


def main(console: Console) -> None:
    """Runs everything until a signal, to us or to make."""
    began, make = time.monotonic(), os.getppid()
    environment = read_environment(ROOT)
    is_sandbox = has_sandbox(environment)
    if is_sandbox:
        environment.setdefault("DEMO_PASSWORD", secrets.token_urlsafe(9))
    specs = {name: spec for name, spec in SPECS.items() if is_sandbox or name != SHOP}
    with own_data_dir(environment):
        prepare_database(environment)
        with closing(watch(specs, environment, console)) as watching:
            while not next(watching):
                stop_with_make(make)
            seconds = time.monotonic() - began
            console.print(f"\nTandem is ready ({seconds:.0f} s).", style="bold green")
            logins = LOGINS if "DEMO_PASSWORD" in environment else NO_LOGINS
            told = READY + (SANDBOX if is_sandbox else "") + logins + STOP
            console.print(told.format_map(environment))
            for _ in watching:
                stop_with_make(make)


def has_sandbox(environment: dict[str, str]) -> bool:
    """Whether the shop is the sandbox, and not one that BACKOFFICE_URL names."""
    own = DEFAULTS["BACKOFFICE_URL"].format_map(environment)
    return environment["BACKOFFICE_URL"] == own


def prepare_database(environment: dict[str, str]) -> None:
    """Has the bridge check its settings, update its tables, and seed demo agents."""
    log = log_of("seed", environment)
    log.unlink(missing_ok=True)
    command = [sys.executable, "-m", "handoff_bridge.cli", "seed"]
    if spawn(command, environment, log).wait():
        raise LaunchError(f"The bridge cannot start. {tail(log)}")


def stop_with_make(make: int) -> None:
    """Raises KeyboardInterrupt if a make that runs us has died, or got a signal.

    On SIGINT and SIGHUP GNU make waits for its child, holding that signal blocked, and
    trusts the terminal to have told the child too.
    """
    if "MAKELEVEL" not in os.environ:
        return
    with suppress(OSError):  # on macOS
        status = Path(f"/proc/{make}/status").read_text()
        blocked = int(status.partition("SigBlk:")[2].split()[0], 16)
        if any(blocked & 1 << (number - 1) for number in STOPS):
            raise KeyboardInterrupt
    if os.getppid() != make:
        raise KeyboardInterrupt


if __name__ == "__main__":
    run_command(main)

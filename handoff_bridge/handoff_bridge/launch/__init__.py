"""Starts, watches and stops the processes of one copy of Tandem."""

import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import rich.console

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class LaunchError(Exception):
    """Why a command cannot go on, in one sentence for the operator."""


class Console(rich.console.Console):
    """Prints text as it is; a terminal that has gone away is no error."""

    def print(self, *objects: Any, **options: Any) -> None:
        """Takes rich's options."""
        options |= {"highlight": False, "markup": False, "emoji": False}
        with suppress(OSError, SystemExit):  # rich exits at a broken pipe
            super().print(*objects, soft_wrap=True, **options)


def run_command(command: Callable[[Console], None]) -> None:
    """Runs a command until its end or a signal; exits with 1 on a LaunchError."""
    console = Console()
    for number in STOPS:  # even where a shell had them ignored
        signal.signal(number, _interrupt)
    try:
        command(console)
    except LaunchError as error:
        console.print(error, style="bold red")
        sys.exit(1)
    except KeyboardInterrupt:
        console.print()


def _interrupt(*_: object) -> None:
    for number in STOPS:  # a second one must not disturb the cleaning up
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt

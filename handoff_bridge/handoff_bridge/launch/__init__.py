"""Starts, watches and stops the processes of one copy of Tandem."""

import signal
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import rich.console

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class LaunchError(Exception):
    """Why a command cannot go on, in one sentence for the operator."""


class Console(rich.console.Console):
    """Prints text as it is; a terminal that has gone away is no error."""

    def __init__(self, **options: Any) -> None:
        """Takes rich's options."""
        plain = {"highlight": False, "markup": False, "emoji": False, "soft_wrap": True}
        super().__init__(**plain | options)

    def print(self, *objects: Any, **options: Any) -> None:
        """Takes rich's options."""
        with suppress(OSError, SystemExit):  # rich exits at a broken pipe
            super().print(*objects, **options)


def run_command(command: Callable[[Console], None]) -> int:
    """Runs a command until its end or a signal; returns the exit status."""
    console = Console()
    for number in STOPS:  # even where a shell had them ignored
        signal.signal(number, _interrupt)
    try:
        command(console)
    except LaunchError as error:
        console.print(error, style="bold red")
        return 1
    except KeyboardInterrupt:
        console.print()
    return 0


def _interrupt(*_: object) -> None:
    for number in STOPS:  # a second one must not disturb the cleaning up
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt

"""Runs one program so that it dies with the supervisor, and leaves its pid in a file.

Usage: python tether.py NAME PROGRAM ARGUMENT...
The program replaces this process and keeps its pid. Standard library only: it runs
before every start of every process.
"""

import ctypes
import os
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1


def die_with_parent(signal_number: int) -> None:
    """Asks Linux for a signal when our parent dies; elsewhere this does nothing."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)


def main() -> None:
    """Ties this process to its parent, notes its pid, becomes the program."""
    parent = os.getppid()
    name, program = sys.argv[1], sys.argv[2:]
    die_with_parent(signal.SIGKILL)
    if os.getppid() != parent:  # it died before we had asked
        sys.exit(1)
    Path(os.environ["RUN_DIR"], f"{name}.pid").write_text(f"{os.getpid()}\n")
    os.execv(program[0], program)


if __name__ == "__main__":
    main()

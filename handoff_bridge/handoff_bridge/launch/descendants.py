"""Every process below this one, and their end: nothing outlives the launcher."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans() -> None:
    """Makes this process the parent of orphans below it, so that it can find them."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _parents() -> dict[int, int]:
    """The parent of every living process (zombies are as good as gone)."""
    if not sys.platform.startswith("linux"):
        command = ["ps", "-A", "-o", "pid=,ppid=,stat="]
        rows = [
            line.split()
            for line in subprocess.check_output(command, text=True).splitlines()
        ]
        return {int(pid): int(parent) for pid, parent, state in rows if state[0] != "Z"}
    parents = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            # The name in parentheses may itself hold blanks and parentheses.
            state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
        except (OSError, ValueError):
            continue  # it ended while we looked
        if state != "Z":
            parents[int(folder.name)] = int(parent)
    return parents


def descendants() -> set[int]:
    """All living processes below this one, in whatever session or group."""
    parents = _parents()
    found: set[int] = set()
    layer = {os.getpid()}
    while layer:
        layer = {pid for pid, parent in parents.items() if parent in layer} - found
        found |= layer
    return found


def reap() -> set[int]:
    """Collects children that have ended and returns their ids."""
    ended: set[int] = set()
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return ended
        if pid == 0:
            return ended
        ended.add(pid)


def sweep(seconds: float = 5.0) -> bool:
    """Kills everything below this process; True when nothing is left."""
    deadline = time.monotonic() + seconds
    while left := descendants():
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        time.sleep(0.05)
        reap()
        if time.monotonic() > deadline:
            return False
    reap()
    return True

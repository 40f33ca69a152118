"""`make people`: the bridge's own command, in the environment of this copy."""

import os
import sys
from pathlib import Path

from handoff_bridge.launch import Console, run_command
from handoff_bridge.launch.environment import ROOT, add_secrets, read_environment
from handoff_bridge.private_files import PRIVATE_UMASK


def main(_console: Console) -> None:
    """Becomes that command, with the arguments of this one."""
    become("people")


def become(command: str) -> None:
    """Becomes a command of the bridge's, with the arguments of this one."""
    os.umask(PRIVATE_UMASK)
    environment = read_environment(ROOT)
    Path(environment["DATA_DIR"]).mkdir(parents=True, exist_ok=True)
    add_secrets(environment)
    arguments = [sys.executable, "-m", "handoff_bridge.cli", command, *sys.argv[1:]]
    os.execve(sys.executable, arguments, environment)


if __name__ == "__main__":
    run_command(main)

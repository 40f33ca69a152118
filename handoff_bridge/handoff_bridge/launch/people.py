"""`make people`: the bridge's own command, in the environment of this copy."""

import os
import sys
from pathlib import Path

from handoff_bridge.launch import Console, run_command
from handoff_bridge.launch.environment import ROOT, add_secrets, read_environment
from handoff_bridge.private_files import PRIVATE_UMASK


def main(_console: Console) -> None:
    """Becomes that command, with the arguments of this one."""
    os.umask(PRIVATE_UMASK)
    environment = read_environment(ROOT)
    Path(environment["DATA_DIR"]).mkdir(parents=True, exist_ok=True)
    add_secrets(environment)
    command = [sys.executable, "-m", "handoff_bridge.cli", "people", *sys.argv[1:]]
    os.execve(sys.executable, command, environment)


if __name__ == "__main__":
    run_command(main)

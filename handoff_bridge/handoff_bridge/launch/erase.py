"""`make erase`: the bridge's own command, in the environment of this copy."""

from handoff_bridge.launch import Console, run_command
from handoff_bridge.launch.people import become


def main(_console: Console) -> None:
    """Becomes that command."""
    become("erase")


if __name__ == "__main__":
    run_command(main)

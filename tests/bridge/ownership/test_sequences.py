"""Random sequences keep the invariants of ownership, and a bridge plays them alike."""

from pathlib import Path

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.bridge.ownership.machine import OwnershipMachine
from tests.bridge.ownership.play import play_sequences


def test_random_sequences_keep_the_invariants() -> None:
    long = settings(
        max_examples=200,
        stateful_step_count=60,
        deadline=None,
        database=None,
        derandomize=True,
    )
    run_state_machine_as_test(OwnershipMachine, settings=long)


def test_running_bridge_does_what_the_function_says(
    database_url: str, tmp_path: Path
) -> None:
    """The short form of `python -m tests.bridge.ownership.play`."""
    assert play_sequences(database_url, tmp_path, sequences=5)

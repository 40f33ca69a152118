"""What the bridge writes to its log, and what must not be in it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import structlog

from handoff_bridge.cli import configure_logging

# Stands in whatever customers write in the tests of bad input.
PRIVATE = "Whiskers"


@contextmanager
def silent_about(
    private: str,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> Iterator[None]:
    """Expects that something is refused or fails, and is logged without `private`."""
    configure_logging("INFO")
    try:
        yield
    finally:
        structlog.reset_defaults()
    printed = capfd.readouterr()
    logged = printed.out + printed.err + caplog.text
    # Else this would prove nothing.
    assert "_refused" in logged or "_failed" in logged
    assert private not in logged

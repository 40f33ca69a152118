"""The order in which waiting customers are served."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

# A handoff of priority 1 is served as if it had waited this much longer. A bonus,
# not a class of its own, so that nobody can be overtaken for ever.
PRIORITY_HEAD_START = timedelta(minutes=30)


class Waiting(Protocol):
    """What the order depends on."""

    @property
    def handoff_id(self) -> str:
        """Its id, which settles ties."""

    @property
    def priority(self) -> int:
        """1 for what must not wait its turn, else 0."""

    @property
    def queued_at(self) -> datetime:
        """When the wait began."""

    @property
    def requeued_at(self) -> datetime | None:
        """When it came back to the line, its agent having been gone too long."""


def in_order[W: Waiting](
    waiting: Sequence[W], head_start: timedelta = PRIORITY_HEAD_START
) -> list[W]:
    """First come first served, with a head start for each step of priority.

    Whoever had been served already and lost their agent comes before all others.
    """

    def key(item: W) -> tuple[bool, datetime, str]:
        began = item.queued_at - head_start * item.priority
        return item.requeued_at is None, began, item.handoff_id

    return sorted(waiting, key=key)


def positions(
    waiting: Sequence[Waiting], head_start: timedelta = PRIORITY_HEAD_START
) -> dict[str, int]:
    """Place in line by handoff id, the first being 1."""
    line = in_order(waiting, head_start)
    return {item.handoff_id: n for n, item in enumerate(line, start=1)}

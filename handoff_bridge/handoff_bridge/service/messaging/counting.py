"""How often each thing happens at channels' public addresses.

Counted in memory and written down now and then: whoever floods us with forgeries does
not make us write each of them down.
"""

from collections import Counter
from typing import Literal

from handoff_bridge.service.ports import Clock
from handoff_bridge.store import channel_counts
from handoff_bridge.store.database import Database

type Counted = Literal[
    "verified", "refused", "malformed", "repeated", "taken", "given_up"
]


class ChannelCounts:
    """Counts of this bridge that are not written down yet."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """`clock` says which day it is."""
        self._database = database
        self._clock = clock
        self._found: Counter[tuple[str, str]] = Counter()

    def count(self, channel: str, name: Counted, times: int = 1) -> None:
        """It has happened so often."""
        self._found[channel, name] += times

    async def write(self) -> None:
        """Writes down what has come together."""
        found = +self._found
        if not found:
            return
        # At once: whoever else writes meanwhile must not write the same.
        self._found -= found
        try:
            async with self._database.write() as tx:
                await channel_counts.add(tx, self._clock().date(), found)
        except BaseException:
            self._found += found
            raise

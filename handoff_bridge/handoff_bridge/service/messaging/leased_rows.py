"""Works on rows of a table that are due, whichever bridge wrote them down."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sized

import structlog

from handoff_bridge.store.database import Connection, Database

logger = structlog.get_logger()

AT_ONCE = 8
# A timer that is a little early finds nothing.
LATE_SECS = 0.05
MAX_DOUBLINGS = 30


def pause_after(attempts: int, first_secs: float, longest_secs: float) -> float:
    """Seconds until the next attempt: twice as long each time, up to a bound."""
    # A platform that is down for days is tried more often than a float can double.
    return min(first_secs * 2.0 ** min(attempts, MAX_DOUBLINGS), longest_secs)


class LeasedRows[Row](ABC):
    """Leases a row after the other, and works on some of them at the same time."""

    def __init__(self, database: Database, used_for: Sized) -> None:
        """Asks the database nothing while `used_for` is empty."""
        self._database = database
        self._used_for = used_for
        self._is_due = False
        # Timers outlive it, and what they would begin would have no connections.
        self._is_stopped = False
        self._task: asyncio.Task[None] | None = None
        self._under_way: set[asyncio.Task[None]] = set()

    @abstractmethod
    async def _lease_next(self, tx: Connection) -> Row | None:
        """The row to work on next, leased to this bridge."""

    @abstractmethod
    async def _work(self, row: Row) -> None:
        """Does what there is to do about it. Raises nothing."""

    @abstractmethod
    async def _free(self, tx: Connection) -> None:
        """Leaves what this bridge was at to others."""

    def due(self) -> None:
        """There may be something to do."""
        self._is_due = True
        if self._task is None and self._used_for and not self._is_stopped:
            self._task = asyncio.create_task(self._run())

    def due_in(self, secs: float) -> None:
        """There may be something to do by then."""
        asyncio.get_running_loop().call_later(secs + LATE_SECS, self.due)

    async def look(self) -> None:
        """Takes up what is due by now."""
        self.due()

    async def stop(self) -> None:
        """Ends what is under way; it is taken up at once, by the next or another."""
        self._is_stopped = True
        tasks = [*self._under_way, *([self._task] if self._task else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._used_for:
            async with self._database.write() as tx:
                await self._free(tx)

    async def _run(self) -> None:
        try:
            while self._is_due:
                self._is_due = False
                while len(self._under_way) < AT_ONCE and (row := await self._next()):
                    task = asyncio.create_task(self._work(row))
                    self._under_way.add(task)
                    task.add_done_callback(self._done)
        except Exception:
            logger.exception("rows_not_leased", work=type(self).__name__)
        finally:
            self._task = None

    async def _next(self) -> Row | None:
        async with self._database.write() as tx:
            return await self._lease_next(tx)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            self.due()

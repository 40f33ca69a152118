"""Empties the database's own log once a used one-time code was deleted."""

import asyncio

import structlog
from sqlalchemy.exc import SQLAlchemyError

from handoff_bridge.store.database import Database

logger = structlog.get_logger()

# Somebody reads or writes: they are done in a moment.
RETRY_SECS = 0.2


class Eraser:
    """Does it beside the turns, as it has to wait for readers and writers."""

    def __init__(self, database: Database) -> None:
        """`database` is the one to erase from."""
        self._database = database
        self._task: asyncio.Task[None] | None = None
        self._due = False

    def due(self) -> None:
        """Something was deleted that may not stay in the files."""
        self._due = True
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Ends it; the next start begins with it."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while self._due:
            self._due = False
            if not await self._erased():
                self._due = True
                await asyncio.sleep(RETRY_SECS)

    async def _erased(self) -> bool:
        try:
            return await self._database.erase_deleted()
        except SQLAlchemyError:
            logger.exception("erasing_failed")
            return True

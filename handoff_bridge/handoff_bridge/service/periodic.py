"""Does something again and again, whatever it fails at."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

logger = structlog.get_logger()


class Periodic:
    """One task of its own: what is slow holds up nothing else."""

    def __init__(
        self, work: Callable[[], Awaitable[None]], name: str, every_secs: float
    ) -> None:
        """`name` is what the log calls it."""
        self._work = work
        self._name = name
        self._every_secs = every_secs
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Does it once, and then again each time so long after it was done."""
        await self._do()
        self._task = asyncio.create_task(self._repeat(), name=self._name)

    async def stop(self) -> None:
        """Ends what is under way."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _repeat(self) -> None:
        while True:
            await asyncio.sleep(self._every_secs)
            await self._do()

    async def _do(self) -> None:
        try:
            await self._work()
        except Exception:
            logger.exception("periodic_failed", work=self._name)

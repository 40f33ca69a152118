"""Runs a request's work once, whoever waits for it and whoever leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Hashable
from typing import Generic, TypeVar

Result = TypeVar("Result")


class InFlight(Generic[Result]):
    """Work under way, by key.

    Sanic cancels a request's coroutine when its caller leaves, and Rasa saves a
    turn only at its end: without the shield, what actions did would be forgotten.
    """

    def __init__(self) -> None:
        """Starts with nothing under way."""
        self._tasks: dict[Hashable, asyncio.Task[Result]] = {}

    async def run(self, key: Hashable, work: Callable[[], Awaitable[Result]]) -> Result:
        """Joins the work under this key, or starts it; it survives the caller."""
        task = self._tasks.get(key)
        if task is None:
            task = asyncio.ensure_future(work())
            self._tasks[key] = task
            task.add_done_callback(lambda done: self._forget(key, done))
        return await asyncio.shield(task)

    def under_way(self) -> Collection[asyncio.Task[Result]]:
        """Returns the tasks that have not ended, and will always be up to date."""
        return self._tasks.values()

    def _forget(self, key: Hashable, task: asyncio.Task[Result]) -> None:
        self._tasks.pop(key, None)
        # Marks the exception as seen: nobody may be left to await it.
        if not task.cancelled():
            task.exception()

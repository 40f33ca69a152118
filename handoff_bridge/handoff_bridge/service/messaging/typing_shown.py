"""Customers of platforms see that an agent writes, where their platform shows it."""

import asyncio
from collections.abc import Mapping

import structlog

from handoff_bridge.service.messaging.channel import Channel, PlatformError

logger = structlog.get_logger()


class TypingShown:
    """A courtesy: nobody waits for it, and nothing is lost where it fails."""

    def __init__(self, channels: Mapping[str, Channel]) -> None:
        """`channels` by name."""
        self._channels = channels
        # One of each customer's at a time, however fast an agent types.
        self._under_way: dict[tuple[str, str], asyncio.Task[None]] = {}

    def show(self, name: str, address: str) -> None:
        """Somebody writes to the customer at `address`; the web has its own way."""
        channel = self._channels.get(name)
        key = (name, address)
        if channel is None or not channel.limits.has_typing or key in self._under_way:
            return
        task = asyncio.create_task(self._show(channel, address))
        self._under_way[key] = task
        task.add_done_callback(lambda _: self._under_way.pop(key))

    async def stop(self) -> None:
        """Ends what is under way."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _show(self, channel: Channel, address: str) -> None:
        try:
            await channel.show_typing(address)
        except PlatformError as error:
            logger.info("typing_not_shown", channel=channel.name, reason=str(error))

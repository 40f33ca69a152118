"""Shows customers of platforms that somebody writes to them."""

import asyncio
from collections.abc import Mapping

import structlog

from handoff_bridge.service.messaging.channel import Channel, PlatformError

logger = structlog.get_logger()

# Platforms show it for about five seconds, or until the message is there.
EVERY_SECS = 4.0
MAX_REMEMBERED = 1_000


class TypingShown:
    """Where a channel can show it; nobody waits for that."""

    def __init__(self, channels: Mapping[str, Channel]) -> None:
        """`channels` by name."""
        self._channels = channels
        # When it was shown last, by channel and address.
        self._shown: dict[tuple[str, str], float] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def show(self, name: str, address: str) -> None:
        """Asked as often as one likes: the platform is every few seconds at most."""
        channel = self._channels.get(name)
        if channel is None or not channel.limits.has_typing:
            return
        now = asyncio.get_running_loop().time()
        shown_at = self._shown.get((name, address))
        if shown_at is not None and now - shown_at < EVERY_SECS:
            return
        if len(self._shown) >= MAX_REMEMBERED:
            recent = [one for one in self._shown.items() if now - one[1] < EVERY_SECS]
            self._shown = dict(recent)
        self._shown[name, address] = now
        task = asyncio.create_task(self._show(channel, address))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Ends what is under way."""
        for task in [*self._tasks]:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _show(self, channel: Channel, address: str) -> None:
        try:
            await channel.show_typing(address)
        except PlatformError as error:
            logger.info("typing_not_shown", channel=channel.name, reason=str(error))
        except Exception:
            logger.exception("typing_failed", channel=channel.name)

"""What platforms that tell of a message only once have told while nobody listened."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

import structlog

from handoff_bridge.service.messaging.channel import Channel, PlatformError
from handoff_bridge.service.messaging.inbox import ChannelInbox
from handoff_bridge.store import channel_inbox as inbox
from handoff_bridge.store.database import Database

logger = structlog.get_logger()

EVERY_SECS = 300.0
# Single messages may have been lost beside others that came; more than the pause above.
OVERLAP = timedelta(minutes=15)


class MissedMessages:
    """Asks now and then; what is known already counts once."""

    def __init__(
        self, database: Database, channels: Mapping[str, Channel], into: ChannelInbox
    ) -> None:
        """`into` is where they are kept."""
        self._database = database
        self._channels = channels
        self._inbox = into
        self._task: asyncio.Task[None] | None = None

    async def look(self) -> None:
        """Begins to ask; no start waits for a platform."""
        if self._channels and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self.ask())

    async def stop(self) -> None:
        """Ends what is under way; it is asked for again after the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def ask(self) -> None:
        """Asks each of them, of those that ever got through."""
        for channel in self._channels.values():
            async with self._database.read() as tx:
                newest = await inbox.newest(tx, channel.name)
            if newest is None:
                continue
            try:
                events = await channel.missed(newest - OVERLAP)
                await self._inbox.keep(channel, events)
            except PlatformError as error:
                logger.warning(
                    "channel_not_asked_for_missed",
                    channel=channel.name,
                    reason=str(error),
                )
            except Exception:
                logger.exception("channel_missed_failed", channel=channel.name)

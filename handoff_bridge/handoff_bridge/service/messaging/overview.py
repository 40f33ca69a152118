"""How channels are doing, for supervisors and on the shell."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from handoff_bridge.errors import ChannelNotSetUp, UnknownChannel
from handoff_bridge.protocol import channels as wire
from handoff_bridge.service.messaging.channel import Channel, PlatformError
from handoff_bridge.service.messaging.counting import ChannelCounts
from handoff_bridge.service.ports import Clock
from handoff_bridge.store import channel_counts, channel_health
from handoff_bridge.store.channel_health import Backlog, Failed
from handoff_bridge.store.database import Connection, Database

HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)
IN = ("verified", "refused", "malformed", "taken", "repeated", "given_up")
# Each state's messages have been in those before it.
OUT = {
    "sent": ("sent", "delivered", "read"),
    "delivered": ("delivered", "read"),
    "read": ("read",),
    "failed": ("failed",),
}


class ChannelOverview:
    """Reads what is written down, and asks platforms."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        public: str,
        channels: Mapping[str, Channel],
        counts: ChannelCounts | None = None,
    ) -> None:
        """`counts` are this process's own, if it counts."""
        self._database = database
        self._clock = clock
        self._public = public
        self._channels = channels
        self._counts = counts

    def find(self, name: str) -> Channel:
        """One that is set up. Raises UnknownChannel."""
        if name not in self._channels:
            raise UnknownChannel
        return self._channels[name]

    async def all(self) -> list[wire.ChannelState]:
        """Those that are set up, by name."""
        if self._counts is not None:
            await self._counts.write()
        async with self._database.read() as tx:
            return [
                await self._state(tx, self._channels[name])
                for name in sorted(self._channels)
            ]

    async def check(self, name: str) -> list[wire.ChannelCheck]:
        """What has to be so, as the platform says. Raises UnknownChannel."""
        return [
            wire.ChannelCheck(
                name=one.name, passed=one.is_ok, advice=one.advice or None
            )
            for one in await self.find(name).check()
        ]

    async def set_up(self, name: str) -> None:
        """Tells the platform where messages go.

        Raises UnknownChannel, ChannelNotSetUp.
        """
        channel = self.find(name)
        if not channel.sets_up:
            raise ChannelNotSetUp(
                f"{channel.title} is set up by hand: enter this address there, "
                f"{self.address(channel)}"
            )
        try:
            await channel.set_up()
        except PlatformError as error:
            raise ChannelNotSetUp(
                f"{channel.title} did not do it: {error.detail or error.failure}."
            ) from None

    def address(self, channel: Channel) -> str:
        """To enter at the platform, without anything secret."""
        return f"{self._public}/channels/{channel.name}/{channel.entrance()}"

    async def _state(self, tx: Connection, channel: Channel) -> wire.ChannelState:
        name, limits = channel.name, channel.limits
        today = (
            self._clock()
            .astimezone(UTC)
            .replace(hour=0, minute=0, second=0, microsecond=0)
        )
        failed = await channel_health.last_failed(tx, name)
        return wire.ChannelState(
            name=name,
            title=channel.title,
            address=self.address(channel),
            can=wire.ChannelAbilities(
                text=limits.text,
                buttons=limits.buttons,
                files=limits.sends_files,
                typing=limits.has_typing,
                templates=limits.has_templates,
                window_hours=limits.window / HOUR if limits.window else None,
                reports=[*limits.reports],
            ),
            sets_up=channel.sets_up,
            today=await _figures(tx, name, today),
            week=await _figures(tx, name, today - WEEK + timedelta(days=1)),
            incoming=_backlog(await channel_health.incoming(tx, name)),
            outgoing=_backlog(await channel_health.outgoing(tx, name)),
            heard_at=await channel_health.heard_at(tx, name),
            sent_at=await channel_health.sent_at(tx, name),
            last_failure=_failure(failed) if failed else None,
        )


async def _figures(
    tx: Connection, channel: str, since: datetime
) -> wire.ChannelFigures:
    found = await channel_counts.since(tx, since.date())
    states = await channel_health.states_since(tx, channel, since)
    came = {key: max(0, found.get((channel, key), 0)) for key in IN}
    went = {key: _sum(states, among) for key, among in OUT.items()}
    return wire.ChannelFigures(**came, **went)


def _sum(found: Mapping[str, int], names: Sequence[str]) -> int:
    return sum(found.get(name, 0) for name in names)


def _backlog(found: Backlog) -> wire.ChannelBacklog:
    return wire.ChannelBacklog(count=found.count, oldest_at=found.oldest_at)


def _failure(found: Failed) -> wire.ChannelFailure:
    return wire.ChannelFailure.model_validate(
        {
            "at": found.state_at,
            "conversation_id": found.conversation_id,
            "seq": found.seq,
            "reason": found.failure,
            "detail": found.detail,
        }
    )

"""Which agents are there, by their connections, and telling their colleagues."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from handoff_bridge.conversation.states import Presence
from handoff_bridge.errors import AccountDisabled
from handoff_bridge.protocol.inbox import Colleague, PresenceAck
from handoff_bridge.service.customer_presence import CustomerPresenceService
from handoff_bridge.service.ports import EVERYONE, ToAgents
from handoff_bridge.service.unit_of_work import ConversationRepository
from handoff_bridge.store import agents, presence
from handoff_bridge.store.agents import Agent
from handoff_bridge.store.presence import DeadBridge

# Clocks give thousandths: that much later it is certain.
MARGIN_SECS = 0.01


def presence_of(agent: Agent, chats: int) -> Colleague:
    """An agent as colleagues see them, with so many open chats."""
    return Colleague(
        agent_id=agent.agent_id,
        name=agent.name,
        team=agent.team or None,
        status=Presence(agent.status),
        capacity=agent.capacity,
        load=chats,
    )


@dataclass(frozen=True)
class BridgeIdentity:
    """One running process: `bridge_id` is its own, `name` outlives a restart.

    Without a sign of life for `lease_secs` others take it for dead.
    """

    bridge_id: str
    name: str
    lease_secs: float


class PresenceService:
    """Who is there, as far as this bridge's connections and dead bridges tell."""

    def __init__(
        self,
        held: ConversationRepository,
        bridge: BridgeIdentity,
        grace_secs: float,
        on_change: Callable[[], Awaitable[None]],
        on_death: Callable[[datetime], None],
        customers: CustomerPresenceService,
    ) -> None:
        """`held` gives the database and the telling.

        An agent is offline `grace_secs` after the last connection. `on_change` is
        called when it may be that somebody is there again, or nobody any more;
        `on_death` when a bridge has died, with a time until when it surely lived.
        `customers` had connections there, too.
        """
        self._held = held
        self._bridge = bridge
        self._grace_secs = grace_secs
        self._on_change = on_change
        self._on_death = on_death
        self._customers = customers
        # This bridge's own connections: who is behind each.
        self._agents: dict[str, str] = {}
        self._timers: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Takes over from an earlier process of this name, and from no other bridge."""
        own = self._bridge
        async with self._held.database.write() as tx:
            before = await presence.find_predecessors(tx, own.bridge_id, own.name)
            for dead in before:
                await presence.bury(tx, dead)
            await presence.register(tx, own.bridge_id, own.name)
            await presence.count_absence_anew(tx, own.bridge_id, own.lease_secs)
        self._tell_of(before)
        self._refresh_after_grace()

    async def stop(self) -> None:
        """Gives up at once what others would only take over after a lease.

        Its leases too: nothing that it has begun may still be under way.
        """
        for timer in self._timers:
            timer.cancel()
        await asyncio.gather(*self._timers, return_exceptions=True)
        async with self._held.database.write() as tx:
            own = self._bridge
            for dead in await presence.find_own(tx, own.bridge_id):
                await presence.bury(tx, dead)

    async def arrive(self, connection_id: str, agent_id: str) -> None:
        """A connection; the first one of an agent who was offline makes them available.

        If it has ended before it was written down, it is not kept.
        """
        self._agents[connection_id] = agent_id
        await self._note(connection_id, agent_id)
        if connection_id not in self._agents:
            await self._forget(connection_id, agent_id)

    async def leave(self, connection_id: str, agent_id: str) -> None:
        """A connection has ended. The last one gone, the agent is there a while yet."""
        self._agents.pop(connection_id, None)
        await self._forget(connection_id, agent_id)
        self._refresh_after_grace()

    async def set(
        self, agent_id: str, status: Presence, capacity: int | None = None
    ) -> PresenceAck:
        """Sets status and capacity, tells colleagues. Raises AccountDisabled."""
        async with self._held.database.write() as tx:
            if not await agents.set_presence(tx, agent_id, status, capacity):
                raise AccountDisabled
        told = await self.tell(agent_id)
        await self._on_change()
        return PresenceAck(status=told.status, capacity=told.capacity)

    async def refresh(self) -> None:
        """Gives a sign of life, buries dead bridges, and sees who has gone offline."""
        own = self._bridge
        async with self._held.database.write() as tx:
            is_known = await presence.beat(tx, own.bridge_id)
            if not is_known:
                await presence.register(tx, own.bridge_id, own.name)
        if not is_known:
            # Others took it for dead while it, or its way to the database, stood still.
            for connection_id, agent_id in list(self._agents.items()):
                await self.arrive(connection_id, agent_id)
        async with self._held.database.write() as tx:
            found = await presence.find_dead(tx, own.bridge_id, own.lease_secs)
            for dead in found:
                await presence.bury(tx, dead)
            await presence.note_unconnected(tx)
            offline = await presence.set_offline(tx, self._grace_secs)
        self._tell_of(found)
        if found or not is_known:
            await self._customers.write_anew()
        for agent_id in offline:
            await self.tell(agent_id)
        if offline:
            await self._on_change()

    async def tell(self, agent_id: str) -> Colleague:
        """Tells colleagues how an agent stands now."""
        async with self._held.database.read() as tx:
            found = await agents.load_with_chats(tx, agent_id)
        assert found is not None  # accounts stay, if only as a name
        told = presence_of(*found)
        await self._held.tell(ToAgents((EVERYONE,), "presence_changed", told))
        return told

    def _tell_of(self, dead: list[DeadBridge]) -> None:
        """Its telling may have stood still for as long as it still gave signs of life.

        No longer than a lease: then clients give up the connection and ask anew.
        """
        for bridge in dead:
            self._on_death(bridge.seen_at - timedelta(seconds=self._bridge.lease_secs))

    async def _note(self, connection_id: str, agent_id: str) -> None:
        async with self._held.database.write() as tx:
            was_anyone_there = await agents.is_anyone_there(tx)
            bridge_id = self._bridge.bridge_id
            agent = await presence.connect(tx, connection_id, agent_id, bridge_id)
        if agent is None or agent.status != Presence.OFFLINE:
            return
        await self.tell(agent_id)
        if not was_anyone_there:
            await self._on_change()

    async def _forget(self, connection_id: str, agent_id: str) -> None:
        async with self._held.database.write() as tx:
            await presence.disconnect(tx, connection_id, agent_id)

    def _refresh_after_grace(self) -> None:
        timer = asyncio.create_task(self._refresh_later(), name="periodic:presence")
        self._timers.add(timer)
        timer.add_done_callback(self._timers.discard)

    async def _refresh_later(self) -> None:
        await asyncio.sleep(self._grace_secs + MARGIN_SECS)
        await self.refresh()

"""Which agents are there, and telling their colleagues."""

from collections.abc import Awaitable, Callable, Mapping

from sqlalchemy.ext.asyncio import AsyncConnection

from handoff_bridge.conversation.states import Presence
from handoff_bridge.protocol.inbox import Colleague, PresenceAck
from handoff_bridge.service.ports import EVERYONE, ToAgents
from handoff_bridge.service.unit_of_work import ConversationRepository
from handoff_bridge.store import agents
from handoff_bridge.store.agents import Agent


def presence_of(agent: Agent, loads: Mapping[str, int]) -> Colleague:
    """An agent as colleagues see them."""
    return Colleague(
        agent_id=agent.agent_id,
        name=agent.name,
        team=agent.team or None,
        status=Presence(agent.status),
        capacity=agent.capacity,
        load=loads.get(agent.agent_id, 0),
    )


async def any_agent_online(tx: AsyncConnection) -> bool:
    """Whether any agent is signed in, however busy."""
    people = await agents.everyone(tx)
    return any(person.status != Presence.OFFLINE for person in people)


class PresenceService:
    """Who is there."""

    def __init__(
        self, held: ConversationRepository, on_gone: Callable[[], Awaitable[None]]
    ) -> None:
        """`held` gives the database and the telling.

        `on_gone` is called when somebody has gone offline.
        """
        self._held = held
        self._on_gone = on_gone

    async def arrive(self, agent_id: str) -> None:
        """The first tab of an agent who was offline makes them available."""
        async with self._held.database.write() as tx:
            agent = await agents.load(tx, agent_id)
            if agent is None or agent.status != Presence.OFFLINE:
                return
            await agents.set_presence(tx, agent_id, Presence.AVAILABLE)
        await self.tell(agent_id)

    async def set(
        self, agent_id: str, status: Presence, capacity: int | None = None
    ) -> PresenceAck:
        """Sets status and capacity, and tells colleagues."""
        async with self._held.database.write() as tx:
            await agents.set_presence(tx, agent_id, status, capacity)
        presence = await self.tell(agent_id)
        if status == Presence.OFFLINE:
            await self._on_gone()
        return PresenceAck(status=presence.status, capacity=presence.capacity)

    async def reset_presence(self) -> None:
        """At the start nobody is connected yet."""
        async with self._held.database.write() as tx:
            await agents.all_offline(tx)

    async def tell(self, agent_id: str) -> Colleague:
        """Tells colleagues how an agent stands now."""
        async with self._held.database.read() as tx:
            agent = await agents.load(tx, agent_id)
            loads = await agents.loads(tx)
        assert agent is not None
        presence = presence_of(agent, loads)
        await self._held.tell(ToAgents((EVERYONE,), "presence_changed", presence))
        return presence

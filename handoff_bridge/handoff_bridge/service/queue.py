"""The line of waiting customers: places, estimates, and telling of changes."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.log import compact
from handoff_bridge.conversation.states import WAITING_STATES, Owner
from handoff_bridge.routing.queue import estimate_secs, positions
from handoff_bridge.service.ports import EVERYONE, ToAgents, ToCustomer
from handoff_bridge.service.unit import Conversations
from handoff_bridge.store import agents, handoffs
from handoff_bridge.store.conversations import Conversation

RECENT = timedelta(hours=4)


async def place_of(
    tx: AsyncConnection, handoff_id: str, now: datetime
) -> dict[str, int]:
    """`position` and, where it can be said, `eta_seconds`; empty if not in line."""
    waiting = await handoffs.in_states(tx, WAITING_STATES)
    position = positions(waiting).get(handoff_id)
    if position is None:
        return {}
    waits = await handoffs.recent_waits(tx, now - RECENT)
    return _place(position, waits)


async def status_of(
    tx: AsyncConnection, conversation: Conversation, now: datetime
) -> dict[str, Any]:
    """`conversation_status` as the customer gets it."""
    status: dict[str, Any] = {"owner": conversation.owner}
    if conversation.owner == Owner.AGENT and conversation.agent_id:
        agent = await agents.load(tx, conversation.agent_id)
        if agent is not None:
            status["agent"] = compact({"name": agent.name, "team": agent.team})
    if conversation.owner == Owner.QUEUE:
        handoff = await handoffs.open_of(tx, conversation.conversation_id)
        if handoff is not None:
            status |= await place_of(tx, handoff.handoff_id, now)
    return status


class QueueWatch:
    """Tells agents the new order, and each waiting customer their place."""

    def __init__(self, held: Conversations) -> None:
        """Remembers nothing: another bridge may have told other places since."""
        self._held = held
        # What was read last has to be told last.
        self._lock = asyncio.Lock()

    async def refresh(self) -> None:
        """Reads the line and tells it."""
        async with self._lock:
            async with self._held.database.read() as tx:
                waiting = await handoffs.in_states(tx, WAITING_STATES)
                since = self._held.clock() - RECENT
                waits = await handoffs.recent_waits(tx, since)
            places = positions(waiting)
            order = {"waiting": len(places), "positions": places}
            await self._held.tell(ToAgents((EVERYONE,), "queue_changed", order))
            for item in waiting:
                await self._tell_place(item, _place(places[item.handoff_id], waits))

    async def _tell_place(self, handoff: Handoff, place: dict[str, int]) -> None:
        """Unless the customer has been told meanwhile that somebody is there."""
        conversation_id = handoff.conversation_id
        async with self._held.still(conversation_id):
            async with self._held.database.read() as tx:
                now = await handoffs.load(tx, handoff.handoff_id)
            if now is not None and now.state in WAITING_STATES:
                status = {"owner": Owner.QUEUE.value, **place}
                await self._held.tell(
                    ToCustomer(conversation_id, "conversation_status", status)
                )


def _place(position: int, waits: list[float]) -> dict[str, int]:
    return compact(
        {"position": position, "eta_seconds": estimate_secs(position, waits)}
    )

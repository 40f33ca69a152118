"""The line of waiting customers: places, estimates, and telling of changes."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from handoff_bridge.conversation.log import compact
from handoff_bridge.conversation.states import WAITING_STATES, Owner
from handoff_bridge.routing.queue import estimate_secs, positions
from handoff_bridge.service.ports import (
    EVERYONE,
    Clock,
    Tell,
    ToAgents,
    ToCustomer,
)
from handoff_bridge.store import agents, conversations, handoffs
from handoff_bridge.store.conversations import Conversation
from handoff_bridge.store.database import Database

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
    return compact(
        {"position": position, "eta_seconds": estimate_secs(position, waits)}
    )


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
    """Tells agents the new order, and each waiting customer a changed place."""

    def __init__(self, database: Database, tell: Tell, clock: Clock) -> None:
        """Remembers the places it has told, nothing else."""
        self._database = database
        self._tell = tell
        self._clock = clock
        self._told: dict[str, int] = {}

    async def refresh(self) -> None:
        """Reads the line and tells what changed since last time."""
        async with self._database.read() as tx:
            waiting = await handoffs.in_states(tx, WAITING_STATES)
            places = positions(waiting)
            moved = [
                item
                for item in waiting
                if self._told.get(item.handoff_id) != places[item.handoff_id]
            ]
            statuses = {}
            for item in moved:
                row = await conversations.load(tx, item.conversation_id)
                if row is not None:
                    status = await status_of(tx, row, self._clock())
                    statuses[item.conversation_id] = status
        if places == self._told:
            return
        self._told = places
        order = {"waiting": len(places), "positions": places}
        await self._tell(ToAgents((EVERYONE,), "queue_changed", order))
        for conversation_id, status in statuses.items():
            if status["owner"] == Owner.QUEUE:
                await self._tell(
                    ToCustomer(conversation_id, "conversation_status", status)
                )

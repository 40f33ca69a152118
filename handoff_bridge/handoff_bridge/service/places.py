"""Places in the line of waiting customers, and what a customer's status says."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.log import compact
from handoff_bridge.conversation.ownership import AgentRef, customer_status
from handoff_bridge.conversation.states import WAITING_STATES, Owner
from handoff_bridge.routing.queue import estimate_secs, positions
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
    return place(position, await recent_waits(tx, now))


async def recent_waits(tx: AsyncConnection, now: datetime) -> list[float]:
    """Seconds that customers waited lately."""
    return await handoffs.recent_waits(tx, now - RECENT)


def place(position: int, waits: list[float]) -> dict[str, int]:
    """A place in line as customers are told it."""
    return compact(
        {"position": position, "eta_seconds": estimate_secs(position, waits)}
    )


async def status_of(
    tx: AsyncConnection,
    conversation: Conversation,
    handoff: Handoff | None,
    now: datetime,
) -> dict[str, Any]:
    """`conversation_status` as it is now; `handoff` is the open one."""
    agent, in_line = None, None
    if conversation.owner == Owner.AGENT and conversation.agent_id:
        found = await agents.load(tx, conversation.agent_id)
        if found is not None:
            agent = AgentRef(found.agent_id, found.name, found.team)
    if handoff is not None and handoff.is_waiting:
        in_line = await place_of(tx, handoff.handoff_id, now)
    return customer_status(conversation.owner, agent, in_line)

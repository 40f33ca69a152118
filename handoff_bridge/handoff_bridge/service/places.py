"""Places in the line of waiting customers, and what a customer's status says."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.ownership import AgentRef, customer_status
from handoff_bridge.conversation.states import WAITING_STATES, Owner
from handoff_bridge.protocol.customer import ConversationStatus
from handoff_bridge.routing.queue import estimate_secs, positions
from handoff_bridge.store import agents, handoffs
from handoff_bridge.store.conversations import Conversation

RECENT = timedelta(hours=4)


@dataclass(frozen=True)
class Place:
    """A place in line, from 1, and the wait in seconds where it can be said."""

    position: int | None = None
    eta_seconds: int | None = None


async def place_of(tx: AsyncConnection, handoff_id: str, now: datetime) -> Place:
    """`position` and, where it can be said, `eta_seconds`; empty if not in line."""
    waiting = await handoffs.in_states(tx, WAITING_STATES)
    position = positions(waiting).get(handoff_id)
    if position is None:
        return Place()
    return place(position, await recent_waits(tx, now))


async def recent_waits(tx: AsyncConnection, now: datetime) -> list[float]:
    """Seconds that customers waited lately."""
    return await handoffs.recent_waits(tx, now - RECENT)


def place(position: int, waits: list[float]) -> Place:
    """A place in line as customers are told it."""
    return Place(position, estimate_secs(position, waits))


async def status_of(
    tx: AsyncConnection,
    conversation: Conversation,
    handoff: Handoff | None,
    now: datetime,
) -> ConversationStatus:
    """`conversation_status` as it is now; `handoff` is the open one."""
    agent, in_line = None, Place()
    if conversation.owner == Owner.AGENT and conversation.agent_id:
        found = await agents.load(tx, conversation.agent_id)
        if found is not None:
            agent = AgentRef(found.agent_id, found.name, found.team)
    if handoff is not None and handoff.is_waiting:
        in_line = await place_of(tx, handoff.handoff_id, now)
    return status_with(Owner(conversation.owner), agent, in_line)


def status_with(
    owner: Owner, agent: AgentRef | None = None, place: Place | None = None
) -> ConversationStatus:
    """`conversation_status` as the customer gets it."""
    known = {
        name: value
        for name, value in asdict(place or Place()).items()
        if value is not None
    }
    return ConversationStatus.model_validate(customer_status(owner, agent, known))

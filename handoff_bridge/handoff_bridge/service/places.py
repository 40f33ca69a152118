"""Places in the line of waiting customers, and what a customer's status says."""

from datetime import datetime, timedelta

from pydantic import JsonValue
from sqlalchemy.ext.asyncio import AsyncConnection

from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.ownership import AgentRef
from handoff_bridge.conversation.states import WAITING_STATES, Owner
from handoff_bridge.conversation.status import (
    ConversationStatus,
    Place,
    PromiseMade,
    customer_status,
)
from handoff_bridge.routing.queue import estimate_secs, positions
from handoff_bridge.store import agents, handoffs, log
from handoff_bridge.store.conversations import Conversation

RECENT = timedelta(hours=4)


async def place_of(tx: AsyncConnection, handoff: Handoff, now: datetime) -> Place:
    """Its customer's place; empty if not in line."""
    waiting = await handoffs.in_states(tx, WAITING_STATES)
    position = positions(waiting).get(handoff.handoff_id)
    if position is None:
        return Place()
    return await place(tx, handoff, position, await recent_waits(tx, now))


async def recent_waits(tx: AsyncConnection, now: datetime) -> list[float]:
    """Seconds that customers waited lately."""
    return await handoffs.recent_waits(tx, now - RECENT)


async def place(
    tx: AsyncConnection, handoff: Handoff, position: int, waits: list[float]
) -> Place:
    """A place in line as customers are told it."""
    eta = estimate_secs(position, waits)
    return Place(position, eta, await promise_of(tx, handoff))


async def promise_of(tx: AsyncConnection, handoff: Handoff) -> PromiseMade | None:
    """By when its customer hears, nobody having been there; None if not promised."""
    if not handoff.is_promised:
        return None
    opened = await log.last_of(tx, handoff.conversation_id, "ticket_opened")
    if opened is None or opened.data.get("handoff_id") != handoff.handoff_id:
        return None
    answer_by = moment(opened.data.get("answer_by"))
    if answer_by is None:
        return None
    ticket = opened.data.get("ticket_number")
    return PromiseMade(
        answer_by=answer_by, ticket=ticket if isinstance(ticket, str) else None
    )


def moment(told: JsonValue) -> datetime | None:
    """The time that somebody told, with its zone; None where it is none."""
    try:
        found = datetime.fromisoformat(told if isinstance(told, str) else "")
    except ValueError:
        return None
    return found if found.tzinfo else None


async def status_of(
    tx: AsyncConnection,
    conversation: Conversation,
    handoff: Handoff | None,
    now: datetime,
) -> ConversationStatus:
    """`conversation_status` as it is now; `handoff` is the open one."""
    agent, in_line = None, None
    if conversation.agent_id:
        found = await agents.load(tx, conversation.agent_id)
        agent = AgentRef(found.agent_id, found.name, found.team) if found else None
    if handoff is not None:
        in_line = await place_of(tx, handoff, now)
    return customer_status(Owner(conversation.owner), agent, in_line)

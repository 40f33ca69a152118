"""Handoffs. Contended moves are compare-and-set: the database settles races."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.states import (
    OPEN_STATES,
)
from handoff_bridge.store.tables import agents, handoffs


def _handoff(row: Any) -> Handoff:
    return Handoff(**row._mapping)


async def create(tx: AsyncConnection, handoff: Handoff) -> None:
    """Inserts it; a second open one for the conversation is an IntegrityError."""
    await tx.execute(sa.insert(handoffs).values(**asdict(handoff)))


async def load(tx: AsyncConnection, handoff_id: str) -> Handoff | None:
    """One handoff."""
    query = sa.select(handoffs).where(handoffs.c.handoff_id == handoff_id)
    row = (await tx.execute(query)).first()
    return _handoff(row) if row else None


async def open_of(tx: AsyncConnection, conversation_id: str) -> Handoff | None:
    """The conversation's open handoff, if there is one."""
    query = sa.select(handoffs).where(
        handoffs.c.conversation_id == conversation_id,
        handoffs.c.state.in_(OPEN_STATES),
    )
    row = (await tx.execute(query)).first()
    return _handoff(row) if row else None


async def of_message(
    tx: AsyncConnection, conversation_id: str, message_id: str
) -> Handoff | None:
    """The handoff that a message led to, whatever became of it."""
    query = (
        sa.select(handoffs)
        .where(
            handoffs.c.conversation_id == conversation_id,
            handoffs.c.message_id == message_id,
        )
        .order_by(handoffs.c.queued_seq.desc())
    )
    row = (await tx.execute(query)).first()
    return _handoff(row) if row else None


async def of_conversation(tx: AsyncConnection, conversation_id: str) -> list[Handoff]:
    """All handoffs of a conversation, oldest first."""
    query = (
        sa.select(handoffs)
        .where(handoffs.c.conversation_id == conversation_id)
        .order_by(handoffs.c.queued_at)
    )
    return [_handoff(row) for row in (await tx.execute(query)).all()]


async def in_states(
    tx: AsyncConnection,
    states: Collection[str],
    *,
    agent_id: str | None = None,
    before: datetime | None = None,
    limit: int | None = None,
) -> list[Handoff]:
    """Handoffs in any of `states`, newest first."""
    query = sa.select(handoffs).where(handoffs.c.state.in_(states))
    if agent_id is not None:
        query = query.where(handoffs.c.agent_id == agent_id)
    if before is not None:
        query = query.where(handoffs.c.queued_at < before)
    query = query.order_by(handoffs.c.queued_at.desc()).limit(limit)
    return [_handoff(row) for row in (await tx.execute(query)).all()]


async def queued_between(
    tx: AsyncConnection, start: datetime, end: datetime
) -> list[Handoff]:
    """Handoffs asked for in a span of time."""
    query = sa.select(handoffs).where(
        handoffs.c.queued_at >= start, handoffs.c.queued_at < end
    )
    return [_handoff(row) for row in (await tx.execute(query)).all()]


async def save(tx: AsyncConnection, old: Handoff, new: Handoff) -> bool:
    """Writes what differs, if the state is still that of `old`; says whether it was.

    The conversation's lock sees to it that it is.
    """
    stored, wanted = asdict(old), asdict(new)
    values = {name: wanted[name] for name in wanted if wanted[name] != stored[name]}
    if not values:
        return True
    result = await tx.execute(
        sa.update(handoffs)
        .where(handoffs.c.handoff_id == old.handoff_id, handoffs.c.state == old.state)
        .values(**values)
    )
    return result.rowcount == 1


async def load_of_agent(tx: AsyncConnection, agent_id: str) -> int:
    """How many chats an agent has.

    Locks the agent's row first, so that two claims of one agent are counted one
    after the other and capacity holds.
    """
    await tx.execute(
        sa.select(agents.c.agent_id)
        .where(agents.c.agent_id == agent_id)
        .with_for_update()
    )
    query = sa.select(sa.func.count()).where(
        handoffs.c.agent_id == agent_id, handoffs.c.state.in_(OPEN_STATES)
    )
    return (await tx.execute(query)).scalar_one()


async def recent_waits(tx: AsyncConnection, since: datetime) -> list[float]:
    """Seconds that lately claimed handoffs waited, newest first, at most 20."""
    query = (
        sa.select(handoffs.c.queued_at, handoffs.c.claimed_at)
        .where(handoffs.c.claimed_at >= since)
        .order_by(handoffs.c.claimed_at.desc())
        .limit(20)
    )
    rows = (await tx.execute(query)).all()
    return [(row.claimed_at - row.queued_at).total_seconds() for row in rows]

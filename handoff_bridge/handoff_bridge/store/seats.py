"""Agents and waiting chats, as routing needs them: a few statements for all of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from handoff_bridge.conversation.states import HandoffState
from handoff_bridge.store.database import Connection
from handoff_bridge.store.tables import (
    FREE_AT,
    HOLDS_PLACE,
    conversations,
    handoffs,
)

# Chats, and offers that hold a place for one.
_WHOSE = sa.func.coalesce(handoffs.c.agent_id, handoffs.c.offered_to)
_TAKEN = (
    sa.select(conversations.c.channel, sa.func.count().label("places"))
    .join_from(handoffs, conversations)
    .where(
        sa.or_(
            handoffs.c.agent_id == sa.bindparam("agent_id"),
            sa.and_(
                handoffs.c.offered_to == sa.bindparam("agent_id"),
                handoffs.c.state == HandoffState.OFFERED.value,
            ),
        ),
        HOLDS_PLACE,
        handoffs.c.handoff_id != sa.bindparam("but"),
    )
    .group_by(conversations.c.channel)
)


@dataclass(frozen=True)
class Activity:
    """What an agent has in hand by channel, and when something last came or went."""

    taken: dict[str, int]
    idle_since: datetime | None = None


async def taken(tx: Connection, agent_id: str, but: str = "") -> dict[str, int]:
    """How many places of an agent's are taken, by channel, `but` by that handoff.

    Lock the agent's row before, so that capacity holds.
    """
    rows = await tx.execute(_TAKEN, {"agent_id": agent_id, "but": but})
    return {row.channel: row.places for row in rows}


async def activity(tx: Connection, since: datetime) -> dict[str, Activity]:
    """By agent, with what they have claimed since then."""
    query = (
        sa.select(
            _WHOSE.label("whose"),
            conversations.c.channel,
            sa.func.sum(sa.case((HOLDS_PLACE, 1), else_=0)).label("taken"),
            sa.func.max(handoffs.c.claimed_at).label("claimed_at"),
            sa.func.max(FREE_AT).label("ended_at"),
        )
        .join_from(handoffs, conversations)
        .where(_WHOSE.is_not(None), sa.or_(HOLDS_PLACE, handoffs.c.claimed_at >= since))
        .group_by(_WHOSE, conversations.c.channel)
    )
    found: dict[str, Activity] = {}
    for row in await tx.execute(query):
        known = found.get(row.whose, Activity({}))
        found[row.whose] = Activity(
            known.taken | {row.channel: row.taken},
            _latest(known.idle_since, row.claimed_at, row.ended_at),
        )
    return found


async def offered(tx: Connection, since: datetime) -> dict[str, datetime]:
    """When each agent was last offered a chat, however that ended."""
    whom = sa.func.coalesce(handoffs.c.offered_to, handoffs.c.last_offered_to)
    query = (
        sa.select(whom, sa.func.max(handoffs.c.offered_at))
        .where(handoffs.c.offered_at >= since)
        .group_by(whom)
    )
    rows: Any = await tx.execute(query)
    return {row[0]: row[1] for row in rows}


def _latest(*times: datetime | None) -> datetime | None:
    return max((at for at in times if at is not None), default=None)


async def last_agents(
    tx: Connection, conversation_ids: Collection[str]
) -> dict[str, str]:
    """Whom each conversation's customer had last, in this chat or in another."""
    asked, other = conversations.alias("asked"), conversations.alias("other")
    had = sa.and_(handoffs.c.ended_at.is_not(None), handoffs.c.agent_id.is_not(None))
    columns = (handoffs.c.agent_id, handoffs.c.ended_at)
    here = sa.select(handoffs.c.conversation_id, *columns).where(
        handoffs.c.conversation_id.in_(conversation_ids), had
    )
    elsewhere = (
        sa.select(asked.c.conversation_id, *columns)
        .join_from(asked, other, other.c.customer_id == asked.c.customer_id)
        .join(handoffs, handoffs.c.conversation_id == other.c.conversation_id)
        .where(asked.c.conversation_id.in_(conversation_ids), had)
    )
    # Not one query with an `or`, which no index serves.
    both = sa.union_all(here, elsewhere).subquery()
    rows = await tx.execute(sa.select(both).order_by(both.c.ended_at))
    return {row.conversation_id: row.agent_id for row in rows}


async def is_any_offered(tx: Connection, agent_id: str | None = None) -> bool:
    """Whether any chat in line is offered to anybody, or to this agent."""
    query = sa.select(handoffs.c.handoff_id).where(
        handoffs.c.state == HandoffState.OFFERED.value
    )
    if agent_id is not None:
        query = query.where(handoffs.c.offered_to == agent_id)
    return (await tx.execute(query.limit(1))).first() is not None

"""A past day's handoffs, with what routing knew of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from handoff_bridge.store.agents import COLUMNS, Agent
from handoff_bridge.store.conversations import DRILL
from handoff_bridge.store.database import Connection
from handoff_bridge.store.tables import (
    FREE_AT,
    agents,
    conversations,
    customers,
    events,
    handoffs,
)

_earlier = handoffs.alias("earlier")
_other = conversations.alias("other")
_topic = events.c.data[("intent", "topic")].as_string()
_TOPIC = (
    sa.select(_topic)
    .where(
        events.c.conversation_id == handoffs.c.conversation_id,
        events.c.type == "turn",
        _topic.is_not(None),
        # The turn that asks for a person ends after it has asked.
        sa.or_(
            events.c.at <= sa.func.coalesce(handoffs.c.claimed_at, handoffs.c.ended_at),
            sa.func.coalesce(handoffs.c.claimed_at, handoffs.c.ended_at).is_(None),
        ),
    )
    .order_by(events.c.seq.desc())
    .limit(1)
    .correlate(handoffs)
    .scalar_subquery()
)
_LAST_AGENT = (
    sa.select(_earlier.c.agent_id)
    .join_from(_earlier, _other, _earlier.c.conversation_id == _other.c.conversation_id)
    .where(
        sa.or_(
            _other.c.conversation_id == handoffs.c.conversation_id,
            _other.c.customer_id == conversations.c.customer_id,
        ),
        _earlier.c.agent_id.is_not(None),
        _earlier.c.ended_at <= handoffs.c.queued_at,
    )
    .order_by(_earlier.c.ended_at.desc())
    .limit(1)
    .correlate(handoffs, conversations)
    .scalar_subquery()
)
_DAY = (
    sa.select(
        *(handoffs.c.handoff_id, handoffs.c.conversation_id, handoffs.c.state),
        *(handoffs.c.priority, handoffs.c.triggers, handoffs.c.queued_at),
        *(handoffs.c.claimed_at, FREE_AT.label("ended_at"), handoffs.c.slot_free_at),
        *(handoffs.c.agent_id, handoffs.c.is_promised, conversations.c.channel),
        sa.func.coalesce(conversations.c.language, customers.c.language).label(
            "language"
        ),
        customers.c.tier,
        _TOPIC.label("topic"),
        _LAST_AGENT.label("last_agent"),
    )
    .join_from(handoffs, conversations)
    .outerjoin(customers)
    .where(
        handoffs.c.queued_at >= sa.bindparam("since"),
        handoffs.c.queued_at < sa.bindparam("until"),
        conversations.c.channel != DRILL,
    )
    .order_by(handoffs.c.queued_at)
)


@dataclass(frozen=True)
class Asked:
    """A handoff, and what was known of its customer as it was asked for."""

    handoff_id: str
    conversation_id: str
    state: str
    priority: int
    triggers: list[str]
    queued_at: datetime
    claimed_at: datetime | None
    ended_at: datetime | None
    slot_free_at: datetime | None
    agent_id: str | None
    is_promised: bool
    channel: str
    language: str | None
    tier: str | None
    topic: str | None
    last_agent: str | None


async def asked_between(
    tx: Connection, since: datetime, until: datetime
) -> list[Asked]:
    """In the order in which they were asked for; drills are left out."""
    rows: Any = await tx.execute(_DAY, {"since": since, "until": until})
    return [Asked(**row._mapping) for row in rows]


async def agents_between(
    tx: Connection, since: datetime, until: datetime
) -> list[Agent]:
    """Who had any of them, whether or not they are there still; by name."""
    had = sa.select(handoffs.c.agent_id).where(
        handoffs.c.queued_at >= since, handoffs.c.queued_at < until
    )
    query = sa.select(*COLUMNS).where(agents.c.agent_id.in_(had))
    rows: Any = await tx.execute(query.order_by(agents.c.name))
    return [Agent.of(row._mapping) for row in rows]

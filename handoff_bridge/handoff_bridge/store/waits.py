"""How long customers waited lately, and for how long agents were theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from handoff_bridge.conversation.states import HandoffState
from handoff_bridge.store.agents import IS_AVAILABLE
from handoff_bridge.store.clock import secs_between
from handoff_bridge.store.database import Connection
from handoff_bridge.store.tables import FREE_AT, HOLDS_PLACE, agents, handoffs

_BEGAN = sa.func.coalesce(handoffs.c.requeued_at, handoffs.c.queued_at)
# Who was promised a date has waited for the team to come, not in line.
_IS_OF_LINE = sa.not_(handoffs.c.is_promised)
_NEWEST = (
    sa.select(handoffs.c.claimed_at)
    .where(handoffs.c.claimed_at.is_not(None), _IS_OF_LINE)
    .order_by(handoffs.c.claimed_at.desc())
    .limit(sa.bindparam("limit"))
)
_SINCE = sa.select(sa.func.min(_NEWEST.subquery().c.claimed_at)).scalar_subquery()
_HAVE_LEFT = (
    handoffs.c.state == HandoffState.ABANDONED.value,
    _IS_OF_LINE,
    handoffs.c.ended_at >= _SINCE,
)
_CAPACITY = (
    sa.select(
        agents.c.capacity,
        sa.select(sa.func.count())
        .where(handoffs.c.agent_id == agents.c.agent_id, HOLDS_PLACE)
        .correlate(agents)
        .scalar_subquery()
        .label("chats"),
    )
    .where(IS_AVAILABLE)
    .subquery()
)
_FREE = sa.case(
    (
        _CAPACITY.c.capacity > _CAPACITY.c.chats,
        _CAPACITY.c.capacity - _CAPACITY.c.chats,
    ),
    else_=0,
)
_SERVED = _NEWEST.with_only_columns(
    secs_between(_BEGAN, handoffs.c.claimed_at),
    secs_between(handoffs.c.slot_free_at, handoffs.c.claimed_at),
    secs_between(handoffs.c.slot_free_at, FREE_AT),
    handoffs.c.predicted_secs,
    handoffs.c.slots_awaited,
    # The same in every row, so that one statement tells all.
    *(
        query.scalar_subquery()
        for query in (
            sa.select(sa.func.sum(_CAPACITY.c.capacity)),
            sa.select(sa.func.sum(_FREE)),
            sa.select(sa.func.count()).where(*_HAVE_LEFT),
            sa.select(sa.func.sum(secs_between(_BEGAN, handoffs.c.ended_at))).where(
                *_HAVE_LEFT
            ),
        )
    ),
)


@dataclass(frozen=True)
class Served:
    """Somebody who was served; seconds, as `routing.estimate` has them."""

    waited: float
    reaction: float | None
    handled: float | None
    predicted: float | None
    awaited: int | None


@dataclass(frozen=True)
class Lately:
    """Those served last, newest first; the slots of all who take chats, and the free.

    `left` gave up since the first of those was claimed, after `left_secs` in all.
    """

    served: Sequence[Served] = ()
    slots: int = 0
    free: int = 0
    left: int = 0
    left_secs: float = 0.0


async def lately(tx: Connection, limit: int) -> Lately:
    """How it went with the last `limit` customers; nothing at all without any."""
    found = await tx.execute(_SERVED, {"limit": limit})
    rows: Sequence[Sequence[Any]] = found.all()
    if not rows:
        return Lately()
    slots, free, left, left_secs = rows[0][5:]
    served = [Served(*row[:5]) for row in rows]
    # PostgreSQL sums whole numbers up to a type of its own.
    return Lately(served, int(slots or 0), int(free or 0), left, left_secs or 0.0)

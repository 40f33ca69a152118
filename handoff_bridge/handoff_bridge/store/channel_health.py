"""How channels are doing: what waits, what was sent, and what failed last."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from handoff_bridge.store.database import Connection
from handoff_bridge.store.tables import HAS_FAILED, conversations
from handoff_bridge.store.tables import channel_inbox as inbox
from handoff_bridge.store.tables import channel_outbox as outbox


@dataclass(frozen=True)
class Backlog:
    """What waits, and since when the oldest does."""

    count: int
    oldest_at: datetime | None


@dataclass(frozen=True)
class Failed:
    """A message that did not get there."""

    conversation_id: str
    seq: int
    state_at: datetime
    failure: str | None
    detail: str | None


async def states_since(tx: Connection, channel: str, since: datetime) -> dict[str, int]:
    """How many of the messages of that time are in each state by now."""
    query = (
        sa.select(outbox.c.state, sa.func.count().label("found"))
        .where(outbox.c.channel == channel, outbox.c.created_at >= since)
        .group_by(outbox.c.state)
    )
    return {row.state: row.found for row in await tx.execute(query)}


async def incoming(tx: Connection, channel: str) -> Backlog:
    """What came in and is not worked on yet."""
    return await _waiting(tx, inbox, inbox.c.received_at, channel)


async def outgoing(tx: Connection, channel: str) -> Backlog:
    """What is not sent yet."""
    return await _waiting(tx, outbox, outbox.c.created_at, channel)


async def _waiting(
    tx: Connection, table: sa.Table, since: sa.Column[datetime], channel: str
) -> Backlog:
    query = sa.select(
        sa.func.count().label("found"), sa.func.min(since).label("oldest_at")
    ).where(table.c.channel == channel, table.c.due_at.is_not(None))
    row = (await tx.execute(query)).one()
    return Backlog(row.found, row.oldest_at)


async def heard_at(tx: Connection, channel: str) -> datetime | None:
    """When a customer last wrote."""
    query = sa.select(sa.func.max(conversations.c.heard_at))
    found: datetime | None = (
        await tx.execute(query.where(conversations.c.channel == channel))
    ).scalar()
    return found


async def sent_at(tx: Connection, channel: str) -> datetime | None:
    """When the platform last took a message."""
    query = (
        sa.select(outbox.c.state_at)
        .where(
            outbox.c.channel == channel,
            outbox.c.state.in_(("sent", "delivered", "read")),
        )
        .order_by(outbox.c.created_at.desc())
        .limit(1)
    )
    found: datetime | None = (await tx.execute(query)).scalar()
    return found


async def last_failed(tx: Connection, channel: str) -> Failed | None:
    """The newest message that did not get there."""
    query = (
        sa.select(*(outbox.c[name] for name in Failed.__annotations__))
        .where(outbox.c.channel == channel, HAS_FAILED)
        .order_by(outbox.c.created_at.desc())
        .limit(1)
    )
    row = (await tx.execute(query)).first()
    return Failed(**row._mapping) if row else None

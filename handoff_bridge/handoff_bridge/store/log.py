"""The append-only event log of a conversation."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from handoff_bridge.conversation.events import Actor
from handoff_bridge.conversation.log import LogEvent
from handoff_bridge.store.tables import events


def _row(entry: LogEvent) -> dict[str, Any]:
    return {
        "conversation_id": entry.conversation_id,
        "seq": entry.seq,
        "type": entry.type,
        "at": entry.at,
        "actor_type": entry.actor.type,
        "actor_id": entry.actor.id,
        "actor_name": entry.actor.name,
        "message_id": entry.message_id,
        "prev": entry.prev,
        "data": entry.data,
    }


def _event(row: Any) -> LogEvent:
    actor = Actor(type=row.actor_type, id=row.actor_id, name=row.actor_name)
    return LogEvent(
        row.conversation_id,
        row.seq,
        row.type,
        row.at,
        actor,
        row.data,
        row.message_id,
        row.prev,
    )


async def write(tx: AsyncConnection, entries: Sequence[LogEvent]) -> None:
    """Inserts what was appended; the key refuses a `seq` taken twice."""
    await tx.execute(sa.insert(events), [_row(entry) for entry in entries])


async def read(
    tx: AsyncConnection,
    conversation_id: str,
    *,
    after: int = 0,
    before: int | None = None,
    limit: int | None = None,
    visible: bool = False,
) -> list[LogEvent]:
    """Entries in order; with `before` and `limit`, the last ones before it."""
    query = sa.select(events).where(
        events.c.conversation_id == conversation_id, events.c.seq > after
    )
    if visible:
        query = query.where(events.c.prev.is_not(None))
    if before is not None:
        query = query.where(events.c.seq < before)
    order = events.c.seq.desc() if before is not None else events.c.seq.asc()
    rows = (await tx.execute(query.order_by(order).limit(limit))).all()
    return sorted((_event(row) for row in rows), key=lambda entry: entry.seq)


async def find_message(
    tx: AsyncConnection, conversation_id: str, message_id: str
) -> LogEvent | None:
    """The message of that id, if it is in the log already."""
    query = sa.select(events).where(
        events.c.conversation_id == conversation_id,
        events.c.message_id == message_id,
        events.c.type.in_(("message", "opened", "note")),
    )
    row = (await tx.execute(query)).first()
    return _event(row) if row else None


async def last_of(
    tx: AsyncConnection, conversation_id: str, kind: str
) -> LogEvent | None:
    """The newest entry of a type."""
    query = (
        sa.select(events)
        .where(events.c.conversation_id == conversation_id, events.c.type == kind)
        .order_by(events.c.seq.desc())
        .limit(1)
    )
    row = (await tx.execute(query)).first()
    return _event(row) if row else None


async def between(
    tx: AsyncConnection, start: datetime, end: datetime, kinds: Sequence[str]
) -> list[LogEvent]:
    """Entries of some types in a span of time, over all conversations."""
    query = (
        sa.select(events)
        .where(events.c.type.in_(kinds), events.c.at >= start, events.c.at < end)
        .order_by(events.c.at, events.c.conversation_id, events.c.seq)
    )
    return [_event(row) for row in (await tx.execute(query)).all()]


async def owners_at(
    tx: AsyncConnection, start: datetime, end: datetime
) -> dict[str, str]:
    """Who had each conversation of that span when it began; absent: the bot, as yet."""
    talked = sa.select(events.c.conversation_id).where(
        events.c.at >= start, events.c.at < end
    )
    last = (
        sa.select(events.c.conversation_id, sa.func.max(events.c.seq).label("seq"))
        .where(
            events.c.type == "owner_changed",
            events.c.at < start,
            events.c.conversation_id.in_(talked),
        )
        .group_by(events.c.conversation_id)
        .subquery()
    )
    query = sa.select(events.c.conversation_id, events.c.data).join(
        last,
        sa.and_(
            events.c.conversation_id == last.c.conversation_id,
            events.c.seq == last.c.seq,
        ),
    )
    return {row.conversation_id: row.data["to"] for row in await tx.execute(query)}

"""The append-only event log of a conversation."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from handoff_bridge.conversation.events import Actor
from handoff_bridge.conversation.log import LogEvent
from handoff_bridge.store.database import Connection
from handoff_bridge.store.tables import events

_INSERT = sa.insert(events)
# By type. It stands in the statement as it does in the index, which is only used so.
_FIND = {
    kind: sa.select(events)
    .where(
        events.c.conversation_id == sa.bindparam("conversation_id"),
        events.c.message_id == sa.bindparam("message_id"),
        events.c.type == sa.literal_column(f"'{kind}'"),
    )
    # Some tell of one thing twice: how it began, and what came of it.
    .order_by(events.c.seq.desc())
    for kind in ("message", "opened", "note", "card_action")
}


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


def event_of(row: Any) -> LogEvent:
    """A row of the log as what it says."""
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


async def write(tx: Connection, entries: Sequence[LogEvent]) -> None:
    """Inserts what was appended; the key refuses a `seq` taken twice."""
    await tx.execute(_INSERT, [_row(entry) for entry in entries])


async def read(
    tx: Connection,
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
    return sorted((event_of(row) for row in rows), key=lambda entry: entry.seq)


async def find_message(
    tx: Connection, conversation_id: str, message_id: str, kind: str = "message"
) -> LogEvent | None:
    """The newest entry of that kind and id, if there is one in the log already."""
    wanted = {"conversation_id": conversation_id, "message_id": message_id}
    row = (await tx.execute(_FIND[kind], wanted)).first()
    return event_of(row) if row else None


async def had_agent_since(
    tx: Connection, conversation_id: str, message_id: str
) -> bool:
    """Whether an agent was given the conversation after that message."""
    written = events.alias("written")
    query = (
        sa.select(events.c.seq)
        .join(written, written.c.conversation_id == events.c.conversation_id)
        .where(
            events.c.conversation_id == conversation_id,
            events.c.type == "owner_changed",
            events.c.data["to"].as_string() == "agent",
            written.c.type == "message",
            written.c.message_id == message_id,
            events.c.seq > written.c.seq,
        )
        .limit(1)
    )
    return (await tx.execute(query)).first() is not None


async def all_of(tx: Connection, conversation_id: str, kind: str) -> list[LogEvent]:
    """The conversation's entries of one kind, in order."""
    query = sa.select(events).where(
        events.c.conversation_id == conversation_id, events.c.type == kind
    )
    return [event_of(row) for row in await tx.execute(query.order_by(events.c.seq))]


async def last_of(tx: Connection, conversation_id: str, kind: str) -> LogEvent | None:
    """The newest entry of a type."""
    return (await newest(tx, [conversation_id], [kind])).get((conversation_id, kind))


async def newest(
    tx: Connection, conversation_ids: Collection[str], kinds: Collection[str]
) -> dict[tuple[str, str], LogEvent]:
    """The newest entry of each type in each conversation, as far as there is one."""
    last = (
        sa.select(
            events.c.conversation_id,
            events.c.type,
            sa.func.max(events.c.seq).label("seq"),
        )
        .where(events.c.conversation_id.in_(conversation_ids), events.c.type.in_(kinds))
        .group_by(events.c.conversation_id, events.c.type)
        .subquery()
    )
    query = sa.select(events).join(
        last,
        sa.and_(
            events.c.conversation_id == last.c.conversation_id,
            events.c.seq == last.c.seq,
        ),
    )
    found = [event_of(row) for row in await tx.execute(query)]
    return {(entry.conversation_id, entry.type): entry for entry in found}


async def between(
    tx: Connection, start: datetime, end: datetime, kinds: Sequence[str]
) -> list[LogEvent]:
    """Entries of some types in a span of time, over all conversations."""
    query = (
        sa.select(events)
        .where(events.c.type.in_(kinds), events.c.at >= start, events.c.at < end)
        .order_by(events.c.at, events.c.conversation_id, events.c.seq)
    )
    return [event_of(row) for row in (await tx.execute(query)).all()]


async def written_since(tx: Connection, start: datetime) -> set[str]:
    """The conversations that something was written to."""
    query = sa.select(events.c.conversation_id).where(events.c.at >= start).distinct()
    return set((await tx.execute(query)).scalars())


async def owners_at(tx: Connection, start: datetime, end: datetime) -> dict[str, str]:
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

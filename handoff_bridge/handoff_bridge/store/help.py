"""Help articles that were read, what readers said, and searches without a result."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from handoff_bridge.store.database import Connection, inserting
from handoff_bridge.store.tables import events, help_reads, help_searches

KEPT = timedelta(days=90)
# No flood of odd searches takes more than this.
MAX_SEARCHES = 500


@dataclass(frozen=True)
class Read:
    """One reading; `conversation_id` where the reader had a chat in that browser."""

    read_id: str
    article_id: str
    language: str
    place: str
    conversation_id: str | None
    read_at: datetime
    helped: bool | None = None


@dataclass(frozen=True)
class Missed:
    """A search without a result."""

    text: str
    language: str
    count: int
    last_at: datetime


async def add_read(tx: Connection, read: Read) -> None:
    """Counts one."""
    await tx.execute(sa.insert(help_reads).values(**read.__dict__))


async def answer(tx: Connection, read_id: str, helped: bool) -> bool:
    """Keeps what the reader says last; False where there is no such reading."""
    said = (
        sa.update(help_reads)
        .where(help_reads.c.read_id == read_id)
        .values(helped=helped)
    )
    return (await tx.execute(said)).rowcount > 0


async def reads_since(tx: Connection, since: datetime) -> list[Read]:
    """All of them, oldest first."""
    query = (
        sa.select(help_reads)
        .where(help_reads.c.read_at >= since)
        .order_by(help_reads.c.read_at)
    )
    return [Read(**row._mapping) for row in (await tx.execute(query)).all()]


async def most_read(tx: Connection, since: datetime) -> dict[str, int]:
    """By article, how often."""
    query = (
        sa.select(help_reads.c.article_id, sa.func.count().label("reads"))
        .where(help_reads.c.read_at >= since)
        .group_by(help_reads.c.article_id)
    )
    rows = (await tx.execute(query)).all()
    return {row.article_id: row.reads for row in rows}


async def contacts_of_readers(
    tx: Connection, since: datetime
) -> Sequence[tuple[str, datetime]]:
    """When those whose chat is known wrote or got into the line, by conversation."""
    readers = sa.select(help_reads.c.conversation_id).where(
        help_reads.c.read_at >= since, help_reads.c.conversation_id.is_not(None)
    )
    wrote = sa.and_(events.c.type == "message", events.c.actor_type == "customer")
    queued = sa.and_(
        events.c.type == "owner_changed", events.c.data["to"].as_string() == "queue"
    )
    query = sa.select(events.c.conversation_id, events.c.at).where(
        events.c.at >= since,
        events.c.conversation_id.in_(readers),
        sa.or_(wrote, queued),
    )
    return [(row.conversation_id, row.at) for row in (await tx.execute(query)).all()]


async def add_missed(tx: Connection, text: str, language: str, now: datetime) -> None:
    """Counts a search without a result."""
    add = inserting(tx, help_searches).values(
        text=text, language=language, count=1, last_at=now
    )
    again = {"count": help_searches.c.count + 1, "last_at": now}
    await tx.execute(
        add.on_conflict_do_update(index_elements=["language", "text"], set_=again)
    )


async def missed(tx: Connection, limit: int) -> list[Missed]:
    """Searches without a result, most frequent first."""
    query = (
        sa.select(help_searches)
        .order_by(help_searches.c.count.desc(), help_searches.c.last_at.desc())
        .limit(limit)
    )
    return [Missed(**row._mapping) for row in (await tx.execute(query)).all()]


async def prune(tx: Connection, now: datetime) -> None:
    """Forgets what is old, and of the searches all but the newest."""
    await tx.execute(sa.delete(help_reads).where(help_reads.c.read_at < now - KEPT))
    newest = (
        sa.select(help_searches.c.last_at)
        .order_by(help_searches.c.last_at.desc())
        .offset(MAX_SEARCHES)
        .limit(1)
    )
    last = (await tx.execute(newest)).scalar_one_or_none()
    too_old = help_searches.c.last_at < now - KEPT
    if last is not None:
        too_old = sa.or_(too_old, help_searches.c.last_at <= last)
    await tx.execute(sa.delete(help_searches).where(too_old))

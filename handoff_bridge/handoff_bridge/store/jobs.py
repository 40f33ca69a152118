"""The queue of the assistant's work, oldest first in each conversation."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from handoff_bridge.store.tables import turns


@dataclass(frozen=True)
class Job:
    """One call of the assistant: a message to answer, or a hand-back."""

    turn_id: int
    conversation_id: str
    message_id: str
    kind: str
    payload: dict[str, Any]
    created_at: datetime
    # What waits behind it in the same conversation, where that was asked for.
    following: tuple["Job", ...] = ()

    @property
    def has_code(self) -> bool:
        """Whether a one-time code goes with it."""
        return bool(self.payload.get("codes"))


MAX_FOLLOWING = 8
_COLUMNS = (
    turns.c.turn_id,
    turns.c.conversation_id,
    turns.c.message_id,
    turns.c.kind,
    turns.c.payload,
    turns.c.created_at,
)


@dataclass(frozen=True)
class LeasedElsewhere:
    """Another worker is at it, until then at the latest."""

    until: datetime


async def enqueue(
    tx: AsyncConnection,
    conversation_id: str,
    message_id: str,
    kind: str,
    payload: dict[str, Any],
    now: datetime,
) -> None:
    """Enqueues a job. Call inside the message's transaction."""
    await tx.execute(
        sa.insert(turns).values(
            conversation_id=conversation_id,
            message_id=message_id,
            kind=kind,
            payload=payload,
            created_at=now,
        )
    )


async def lease_next(
    tx: AsyncConnection,
    conversation_id: str,
    worker: str,
    now: datetime,
    lease: timedelta,
) -> Job | LeasedElsewhere | None:
    """Leases the conversation's oldest job; says so where another worker has it."""
    query = (
        sa.select(turns)
        .where(turns.c.conversation_id == conversation_id)
        .order_by(turns.c.turn_id)
        .limit(1 + MAX_FOLLOWING)
    )
    rows = (await tx.execute(query)).all()
    if not rows:
        return None
    row, *following = rows
    taken = row.leased_until is not None and row.leased_until > now
    if taken and row.leased_by != worker:
        return LeasedElsewhere(row.leased_until)
    await tx.execute(
        sa.update(turns)
        .where(turns.c.turn_id == row.turn_id)
        .values(leased_by=worker, leased_until=now + lease)
    )
    return _turn(row, tuple(map(_turn, following)))


def _turn(row: Any, following: tuple[Job, ...] = ()) -> Job:
    values = {column.name: row._mapping[column.name] for column in _COLUMNS}
    return Job(**values, following=following)


async def rewrite(tx: AsyncConnection, turn_id: int, payload: dict[str, Any]) -> None:
    """Changes a job's payload, so that whoever leases it again does the same."""
    await tx.execute(
        sa.update(turns).where(turns.c.turn_id == turn_id).values(payload=payload)
    )


async def complete(tx: AsyncConnection, turn: Job) -> bool:
    """Deletes a job that is done; False if another worker did, or it was enqueued anew.

    SQLite gives the number of a row that was the last one again, so that a job which
    was enqueued anew would be taken for done by the answer that came too late.
    """
    result = await tx.execute(
        sa.delete(turns).where(
            turns.c.turn_id == turn.turn_id, turns.c.created_at == turn.created_at
        )
    )
    return result.rowcount == 1


async def complete_messages(
    tx: AsyncConnection, conversation_id: str, message_ids: Collection[str]
) -> None:
    """Deletes the jobs of these messages, as far as there are any."""
    await tx.execute(
        sa.delete(turns).where(
            turns.c.conversation_id == conversation_id,
            turns.c.message_id.in_(message_ids),
        )
    )


async def withdraw(tx: AsyncConnection, conversation_id: str) -> list[Job]:
    """Deletes and returns a conversation's jobs, oldest first, a leased one too."""
    query = (
        sa.delete(turns)
        .where(turns.c.conversation_id == conversation_id)
        .returning(*_COLUMNS)
    )
    found = [_turn(row) for row in await tx.execute(query)]
    return sorted(found, key=lambda turn: turn.turn_id)


async def is_pending(
    tx: AsyncConnection, conversation_id: str, message_id: str
) -> bool:
    """Whether a message's job is still pending."""
    query = sa.select(turns.c.turn_id).where(
        turns.c.conversation_id == conversation_id, turns.c.message_id == message_id
    )
    return (await tx.execute(query)).first() is not None


async def pending_messages(tx: AsyncConnection, conversation_id: str) -> set[str]:
    """Ids of the messages whose jobs are still pending."""
    query = sa.select(turns.c.message_id).where(
        turns.c.conversation_id == conversation_id
    )
    return set((await tx.execute(query)).scalars())


async def conversations_pending(tx: AsyncConnection) -> list[str]:
    """Every conversation with a job; what a starting bridge resumes."""
    query = sa.select(turns.c.conversation_id).distinct()
    return list((await tx.execute(query)).scalars())

"""The queue of the assistant's work, oldest first in each conversation."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from handoff_bridge.store.clock import from_now
from handoff_bridge.store.database import Connection
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
    # The owner's epoch when the assistant was asked first; None if it never was.
    asked_epoch: int | None = None

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
    turns.c.asked_epoch,
)
# By the database's clock: those of several bridges need not agree. Whoever has never
# begun a job is about to, if it is a new one.
_LEASE_LEFT = sa.case(
    (turns.c.leased_until > from_now(), turns.c.leased_until), else_=None
)
_PATIENCE_SECS = 5.0

_INSERT = sa.insert(turns)
_WAITING = (
    sa.select(*_COLUMNS, turns.c.leased_by, _LEASE_LEFT.label("leased_until"))
    .where(turns.c.conversation_id == sa.bindparam("conversation_id"))
    .order_by(turns.c.turn_id)
    .limit(1 + MAX_FOLLOWING)
)
_LEASE = (
    sa.update(turns)
    .where(turns.c.turn_id == sa.bindparam("key"))
    .values(
        leased_by=sa.bindparam("worker"),
        leased_until=from_now(sa.bindparam("lease_secs", type_=sa.Float)),
        asked_epoch=sa.func.coalesce(turns.c.asked_epoch, sa.bindparam("epoch")),
    )
)
_ABANDONED = (
    sa.select(turns.c.conversation_id)
    .group_by(turns.c.conversation_id)
    .having(
        sa.func.max(sa.func.coalesce(turns.c.leased_until, from_now(-1.0)))
        < from_now(),
        sa.func.min(turns.c.created_at) < from_now(-_PATIENCE_SECS),
    )
    .order_by(turns.c.conversation_id)
)
_COMPLETE = sa.delete(turns).where(
    turns.c.turn_id == sa.bindparam("turn_id"),
    turns.c.created_at == sa.bindparam("created_at"),
)


@dataclass(frozen=True)
class LeasedElsewhere:
    """Another worker is at it, and its lease has not lapsed."""


async def enqueue(
    tx: Connection,
    conversation_id: str,
    message_id: str,
    kind: str,
    payload: dict[str, Any],
    now: datetime,
) -> None:
    """Enqueues a job. Call inside the message's transaction."""
    job = {
        "conversation_id": conversation_id,
        "message_id": message_id,
        "kind": kind,
        "payload": payload,
        "created_at": now,
    }
    await tx.execute(_INSERT, job)


async def lease_next(
    tx: Connection,
    conversation_id: str,
    worker: str,
    lease_secs: float,
    epoch: int,
) -> Job | LeasedElsewhere | None:
    """Leases the conversation's oldest job; says so where another worker has it.

    `epoch` is the owner's by now.
    """
    waiting = {"conversation_id": conversation_id}
    rows = (await tx.execute(_WAITING, waiting)).all()
    if not rows:
        return None
    row, *following = rows
    if row.leased_until is not None and row.leased_by != worker:
        return LeasedElsewhere()
    lease = {"key": row.turn_id, "worker": worker, "lease_secs": lease_secs}
    await tx.execute(_LEASE, {**lease, "epoch": epoch})
    return _turn(row, tuple(map(_turn, following)))


def _turn(row: Any, following: tuple[Job, ...] = ()) -> Job:
    values = {column.name: row._mapping[column.name] for column in _COLUMNS}
    return Job(**values, following=following)


async def rewrite(tx: Connection, turn_id: int, payload: dict[str, Any]) -> None:
    """Changes a job's payload, so that whoever leases it again does the same."""
    await tx.execute(
        sa.update(turns).where(turns.c.turn_id == turn_id).values(payload=payload)
    )


async def forget_asking(tx: Connection, job: Job) -> None:
    """The assistant never heard of it: it is as if nobody had begun it."""
    await tx.execute(
        sa.update(turns)
        .where(turns.c.turn_id == job.turn_id, turns.c.created_at == job.created_at)
        .values(asked_epoch=None)
    )


async def complete(tx: Connection, turn: Job) -> bool:
    """Deletes a job that is done; False if another worker did, or it was enqueued anew.

    SQLite gives the number of a row that was the last one again, so that a job which
    was enqueued anew would be taken for done by the answer that came too late.
    """
    done = {"turn_id": turn.turn_id, "created_at": turn.created_at}
    result = await tx.execute(_COMPLETE, done)
    return result.rowcount == 1


async def complete_messages(
    tx: Connection, conversation_id: str, message_ids: Collection[str]
) -> None:
    """Deletes the jobs of these messages, as far as there are any."""
    await tx.execute(
        sa.delete(turns).where(
            turns.c.conversation_id == conversation_id,
            turns.c.message_id.in_(message_ids),
        )
    )


async def withdraw(tx: Connection, conversation_id: str) -> list[Job]:
    """Deletes and returns a conversation's jobs, oldest first, a leased one too."""
    query = (
        sa.delete(turns)
        .where(turns.c.conversation_id == conversation_id)
        .returning(*_COLUMNS)
    )
    found = [_turn(row) for row in await tx.execute(query)]
    return sorted(found, key=lambda turn: turn.turn_id)


async def is_pending(tx: Connection, conversation_id: str, message_id: str) -> bool:
    """Whether a message's job is still pending."""
    query = sa.select(turns.c.turn_id).where(
        turns.c.conversation_id == conversation_id, turns.c.message_id == message_id
    )
    return (await tx.execute(query)).first() is not None


async def pending_messages(tx: Connection, conversation_id: str) -> set[str]:
    """Ids of the messages whose jobs are still pending."""
    query = sa.select(turns.c.message_id).where(
        turns.c.conversation_id == conversation_id
    )
    return set((await tx.execute(query)).scalars())


async def conversations_pending(tx: Connection) -> list[str]:
    """Every conversation with a job; what a starting bridge resumes."""
    query = sa.select(turns.c.conversation_id).distinct()
    return list((await tx.execute(query)).scalars())


async def conversations_abandoned(tx: Connection) -> list[str]:
    """Those with a job that nobody is at, and should have been for a while."""
    return list((await tx.execute(_ABANDONED)).scalars())

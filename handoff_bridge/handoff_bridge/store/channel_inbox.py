"""What platforms have sent: each event once, and those of a customer in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from handoff_bridge.models import JsonObject
from handoff_bridge.store.clock import from_now, secs_between
from handoff_bridge.store.database import Connection, inserting
from handoff_bridge.store.tables import channel_inbox as inbox

# A platform that repeats an event later than this is not known to exist.
KEPT = timedelta(days=30)
# An event that may have overtaken another waits so long for it.
GAP_SECS = 1.5


@dataclass(frozen=True)
class NewEvent:
    """An event that has just come in."""

    channel: str
    event_id: str
    address: str
    payload: JsonObject
    line: str | None = None
    sequence: int | None = None


@dataclass(frozen=True)
class InboxEvent:
    """One that is being worked on; `attempts` to do so in `waited_secs` have failed."""

    number: int
    channel: str
    event_id: str
    address: str
    payload: JsonObject
    line: str | None
    attempts: int
    waited_secs: float


_COLUMNS = [
    *(inbox.c[name] for name in InboxEvent.__annotations__ if name != "waited_secs"),
    secs_between(inbox.c.received_at, from_now()).label("waited_secs"),
]
_earlier = inbox.alias("earlier")
_before = inbox.alias("before")


def _place(table: sa.FromClause) -> sa.ColumnElement[int]:
    """Where it stands among the events of its customer."""
    return sa.func.coalesce(table.c.sequence, table.c.number)


_IS_HEAD = sa.or_(
    inbox.c.address == "",
    ~sa.exists().where(
        _earlier.c.channel == inbox.c.channel,
        _earlier.c.address == inbox.c.address,
        _earlier.c.due_at.is_not(None),
        _place(_earlier) < _place(inbox),
    ),
)
_HAS_NO_GAP = sa.or_(
    inbox.c.sequence.is_(None),
    inbox.c.sequence == 1,
    inbox.c.received_at <= from_now(-GAP_SECS),
    sa.exists().where(
        _before.c.channel == inbox.c.channel,
        _before.c.line == inbox.c.line,
        _before.c.sequence == inbox.c.sequence - 1,
    ),
)
_NEXT = (
    sa.select(inbox.c.number)
    .where(
        inbox.c.due_at <= from_now(),
        sa.or_(inbox.c.leased_until.is_(None), inbox.c.leased_until <= from_now()),
        _IS_HEAD,
        _HAS_NO_GAP,
    )
    .order_by(inbox.c.due_at, inbox.c.number)
    .limit(1)
    .with_for_update(skip_locked=True, of=inbox)
    .scalar_subquery()
)
_LEASE = (
    sa.update(inbox)
    .where(inbox.c.number == _NEXT)
    .values(
        leased_by=sa.bindparam("worker"),
        leased_until=from_now(sa.bindparam("lease_secs", type_=sa.Float)),
    )
    .returning(*_COLUMNS)
)
_OWN = (inbox.c.number == sa.bindparam("key"), inbox.c.leased_by == sa.bindparam("by"))
_COMPLETE = (
    sa.update(inbox)
    .where(*_OWN, inbox.c.due_at.is_not(None))
    .values(payload=None, due_at=None, leased_by=None, leased_until=None)
)
_POSTPONE = (
    sa.update(inbox)
    .where(*_OWN)
    .values(
        attempts=inbox.c.attempts + 1,
        due_at=from_now(sa.bindparam("secs", type_=sa.Float)),
        leased_by=None,
        leased_until=None,
    )
)


async def add(tx: Connection, events: Sequence[NewEvent]) -> int:
    """Keeps those that are not known yet, and says how many those were."""
    added = 0
    for event in events:
        values: dict[str, Any] = {
            **vars(event),
            "received_at": from_now(),
            "due_at": from_now(),
            "attempts": 0,
        }
        statement = inserting(tx, inbox).values(values)
        result = await tx.execute(
            statement.on_conflict_do_nothing(index_elements=["channel", "event_id"])
        )
        added += result.rowcount
    return added


async def newest(tx: Connection, channel: str) -> datetime | None:
    """When something last came in; None if nothing ever did."""
    query = sa.select(inbox.c.received_at).where(inbox.c.channel == channel)
    found: datetime | None = (
        await tx.execute(query.order_by(inbox.c.number.desc()).limit(1))
    ).scalar()
    return found


async def lease_next(
    tx: Connection, worker: str, lease_secs: float
) -> InboxEvent | None:
    """The one to work on next, leased to this worker.

    The first of its customer's, unless one before it may still be on its way.
    """
    row = (
        await tx.execute(_LEASE, {"worker": worker, "lease_secs": lease_secs})
    ).first()
    return InboxEvent(**row._mapping) if row else None


async def complete(tx: Connection, event: InboxEvent, worker: str) -> bool:
    """Nothing is left to do; False if it is another worker's by now."""
    result = await tx.execute(_COMPLETE, {"key": event.number, "by": worker})
    return result.rowcount == 1


async def postpone(tx: Connection, event: InboxEvent, worker: str, secs: float) -> None:
    """Has it tried again in so many seconds."""
    await tx.execute(_POSTPONE, {"key": event.number, "by": worker, "secs": secs})


async def abandon(tx: Connection, event: InboxEvent, worker: str) -> None:
    """Nothing can be made of it; its payload stays for whoever looks into it."""
    await tx.execute(
        sa.update(inbox)
        .where(inbox.c.number == event.number, inbox.c.leased_by == worker)
        .values(due_at=None, leased_by=None, leased_until=None)
    )


async def worked_on(
    tx: Connection, channel: str, event_ids: Sequence[str]
) -> list[int]:
    """The numbers of those events of which nothing is left to do."""
    query = sa.select(inbox.c.number).where(
        *_these(channel, event_ids), inbox.c.due_at.is_(None)
    )
    return [*(await tx.execute(query.order_by(inbox.c.number))).scalars()]


async def forget(tx: Connection, channel: str, event_ids: Sequence[str]) -> None:
    """As if they had never come."""
    await tx.execute(sa.delete(inbox).where(*_these(channel, event_ids)))


def _these(channel: str, event_ids: Sequence[str]) -> list[sa.ColumnElement[bool]]:
    return [inbox.c.channel == channel, inbox.c.event_id.in_(event_ids)]


async def free(tx: Connection, worker: str) -> None:
    """Leaves what this worker was at to others."""
    await tx.execute(
        sa.update(inbox)
        .where(inbox.c.leased_by == worker)
        .values(leased_by=None, leased_until=None)
    )


async def prune(tx: Connection) -> None:
    """Forgets the oldest that are done with."""
    old = inbox.c.received_at < from_now(-KEPT.total_seconds())
    await tx.execute(sa.delete(inbox).where(inbox.c.due_at.is_(None), old))

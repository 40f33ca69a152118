"""What goes out to platforms, in order within a conversation, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from handoff_bridge.models import JsonObject
from handoff_bridge.store.clock import from_now, secs_between
from handoff_bridge.store.database import Connection
from handoff_bridge.store.tables import channel_outbox as outbox
from handoff_bridge.store.tables import conversations

KEPT = timedelta(days=365)
# For so long what was not delivered can be sent again.
CONTENT_KEPT = timedelta(days=7)
# Beyond each of these there is no way back.
ORDER = ("pending", "sent", "delivered", "read")
# A message is as far as the part that is worst off.
_WORST_FIRST = ("failed", *ORDER)


@dataclass(frozen=True)
class NewPart:
    """One message of a platform's; `seq` is that of the log's."""

    part_id: str
    conversation_id: str
    seq: int
    channel: str
    content: JsonObject


@dataclass(frozen=True)
class OutboxPart:
    """One that is being sent; `attempts` have failed since `waited_secs`.

    `is_uncertain` if one of them may have reached the platform. `generation` is that of
    the conversation's sessions, `heard_at` when its customer last wrote.
    """

    number: int
    part_id: str
    conversation_id: str
    seq: int
    channel: str
    content: JsonObject
    attempts: int
    is_uncertain: bool
    waited_secs: float
    address: str
    heard_at: datetime | None
    reply_to: JsonObject | None
    generation: int
    # The platform's id of the last part before it that it has.
    after_message_id: str | None


@dataclass(frozen=True)
class Delivery:
    """What became of a message: of the part that is worst off.

    `agent_id` has its conversation now.
    """

    conversation_id: str
    seq: int
    state: str
    state_at: datetime
    failure: str | None
    detail: str | None
    agent_id: str | None = None


_earlier = outbox.alias("earlier")
_NEXT = (
    sa.select(outbox.c.number)
    .where(
        outbox.c.due_at <= from_now(),
        sa.or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= from_now()),
        ~sa.exists().where(
            _earlier.c.conversation_id == outbox.c.conversation_id,
            _earlier.c.due_at.is_not(None),
            _earlier.c.number < outbox.c.number,
        ),
    )
    .order_by(outbox.c.due_at, outbox.c.number)
    .limit(1)
    .with_for_update(skip_locked=True, of=outbox)
    .scalar_subquery()
)
_LEASE = (
    sa.update(outbox)
    .where(outbox.c.number == _NEXT)
    .values(
        # Whoever had it has died, perhaps after the platform had heard.
        is_uncertain=sa.or_(outbox.c.is_uncertain, outbox.c.leased_by.is_not(None)),
        leased_by=sa.bindparam("worker"),
        leased_until=from_now(sa.bindparam("lease_secs", type_=sa.Float)),
    )
    .returning(outbox.c.number)
)
_LEASED = (
    sa.select(
        *(
            outbox.c[name]
            for name in (
                *("number", "part_id", "conversation_id", "seq", "channel", "content"),
                *("attempts", "is_uncertain"),
            )
        ),
        secs_between(outbox.c.created_at, from_now()).label("waited_secs"),
        conversations.c.address,
        conversations.c.heard_at,
        conversations.c.reply_to,
        conversations.c.session_generation.label("generation"),
        sa.select(_earlier.c.platform_id)
        .where(
            _earlier.c.conversation_id == outbox.c.conversation_id,
            _earlier.c.platform_id.is_not(None),
            _earlier.c.number < outbox.c.number,
        )
        .order_by(_earlier.c.number.desc())
        .limit(1)
        .scalar_subquery()
        .label("after_message_id"),
    )
    .join_from(outbox, conversations)
    .where(outbox.c.number == sa.bindparam("key"))
)
_DELIVERY = sa.select(
    outbox.c.conversation_id,
    outbox.c.seq,
    outbox.c.state,
    outbox.c.state_at,
    outbox.c.failure,
    outbox.c.detail,
    conversations.c.agent_id,
).join_from(outbox, conversations)
_OVER: dict[str, Any] = {
    "due_at": None,
    "leased_by": None,
    "leased_until": None,
}


async def enqueue(tx: Connection, parts: Sequence[NewPart], now: datetime) -> None:
    """To be sent once this is committed. Call in the message's transaction."""
    values = [{**vars(part), "state_at": now} for part in parts]
    statement = sa.insert(outbox).values(
        state="pending",
        created_at=from_now(),
        due_at=from_now(),
        attempts=0,
        is_uncertain=False,
    )
    await tx.execute(statement, values)


async def lease_next(
    tx: Connection, worker: str, lease_secs: float
) -> OutboxPart | None:
    """The one to send next, leased to this worker: the first of its conversation."""
    leased = await tx.execute(_LEASE, {"worker": worker, "lease_secs": lease_secs})
    number = leased.scalar()
    if number is None:
        return None
    row = (await tx.execute(_LEASED, {"key": number})).one()
    return OutboxPart(**row._mapping)


async def postpone(
    tx: Connection, part: OutboxPart, worker: str, secs: float, *, is_uncertain: bool
) -> None:
    """Has it tried again in so many seconds."""
    await tx.execute(
        sa.update(outbox)
        .where(outbox.c.number == part.number, outbox.c.leased_by == worker)
        .values(
            attempts=outbox.c.attempts + 1,
            due_at=from_now(secs),
            is_uncertain=sa.or_(outbox.c.is_uncertain, sa.literal(is_uncertain)),
            leased_by=None,
            leased_until=None,
        )
    )


async def sent(
    tx: Connection, part: OutboxPart, worker: str, platform_id: str, now: datetime
) -> Delivery | None:
    """The platform has it; None if it is another worker's by now."""
    return await _change(
        tx,
        sa.and_(outbox.c.number == part.number, outbox.c.leased_by == worker),
        state="sent",
        state_at=now,
        platform_id=platform_id[:200],
        **_OVER,
    )


async def failed(
    tx: Connection,
    part: OutboxPart,
    worker: str,
    failure: str,
    detail: str,
    now: datetime,
) -> Delivery | None:
    """It will not be sent; its content stays, so that somebody may send it again."""
    return await _change(
        tx,
        sa.and_(outbox.c.number == part.number, outbox.c.leased_by == worker),
        state="failed",
        state_at=now,
        failure=failure,
        detail=detail or None,
        **_OVER,
    )


@dataclass(frozen=True)
class Report:
    """What a platform tells of one of its messages."""

    channel: str
    platform_id: str
    state: str
    failure: str | None = None
    detail: str | None = None
    part_id: str | None = None

    @property
    def concerns(self) -> sa.ColumnElement[bool]:
        """Whether it is about a row."""
        ids = [outbox.c.platform_id == self.platform_id[:200]]
        if self.part_id is not None:
            ids.append(outbox.c.part_id == self.part_id)
        return sa.and_(outbox.c.channel == self.channel, sa.or_(*ids))


async def conversation_of(tx: Connection, report: Report) -> str | None:
    """The conversation of the message that a report is about, if it is known."""
    query = sa.select(outbox.c.conversation_id).where(report.concerns)
    found: str | None = (await tx.execute(query.limit(1))).scalar()
    return found


async def reported(tx: Connection, report: Report, now: datetime) -> Delivery | None:
    """Notes what a platform tells; None if that is no news."""
    is_failure = report.state not in ORDER
    before = ORDER[:2] if is_failure else ORDER[: ORDER.index(report.state)]
    return await _change(
        tx,
        sa.and_(report.concerns, outbox.c.state.in_(before)),
        state=report.state,
        state_at=now,
        platform_id=report.platform_id[:200],
        failure=report.failure,
        detail=report.detail[:200] if report.detail else None,
        **_OVER,
    )


async def _change(
    tx: Connection, where: sa.ColumnElement[bool], **values: Any
) -> Delivery | None:
    result = await tx.execute(
        sa.update(outbox)
        .where(where)
        .values(values)
        .returning(outbox.c.conversation_id, outbox.c.seq)
    )
    changed = result.first()
    if changed is None:
        return None
    [delivery] = await of_conversation(tx, changed.conversation_id, changed.seq)
    return delivery


async def of_conversation(
    tx: Connection, conversation_id: str, seq: int | None = None
) -> list[Delivery]:
    """What became of each message of a conversation, or of one, in order."""
    query = _DELIVERY.where(outbox.c.conversation_id == conversation_id)
    if seq is not None:
        query = query.where(outbox.c.seq == seq)
    found: dict[int, Delivery] = {}
    for row in await tx.execute(query.order_by(outbox.c.number)):
        part = Delivery(**row._mapping)
        known = found.setdefault(part.seq, part)
        if _WORST_FIRST.index(part.state) < _WORST_FIRST.index(known.state):
            found[part.seq] = part
    return sorted(found.values(), key=lambda one: one.seq)


async def send_again(
    tx: Connection, conversation_id: str, seq: int, now: datetime
) -> Delivery | None:
    """Has the failed parts of a message tried again; None where nothing is left."""
    return await _change(
        tx,
        sa.and_(
            outbox.c.conversation_id == conversation_id,
            outbox.c.seq == seq,
            outbox.c.state == "failed",
            outbox.c.content.is_not(None),
        ),
        state="pending",
        state_at=now,
        failure=None,
        detail=None,
        created_at=from_now(),
        due_at=from_now(),
        attempts=0,
        # What the platform itself reported did not get there, and is sent anew.
        is_uncertain=sa.and_(outbox.c.is_uncertain, outbox.c.platform_id.is_(None)),
        platform_id=None,
    )


async def free(tx: Connection, worker: str) -> None:
    """Leaves what this worker was at to others, who may not take it for unsent."""
    await tx.execute(
        sa.update(outbox)
        .where(outbox.c.leased_by == worker)
        .values(leased_until=from_now())
    )


async def prune(tx: Connection) -> None:
    """Forgets what was sent long ago, and what became of it later."""
    sent = outbox.c.created_at < from_now(-CONTENT_KEPT.total_seconds())
    await tx.execute(
        sa.update(outbox)
        .where(outbox.c.due_at.is_(None), outbox.c.content.is_not(None), sent)
        .values(content=None)
    )
    old = outbox.c.created_at < from_now(-KEPT.total_seconds())
    await tx.execute(sa.delete(outbox).where(outbox.c.due_at.is_(None), old))

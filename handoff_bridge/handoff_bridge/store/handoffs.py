"""Handoffs. Contended moves are compare-and-set: the database settles races."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.states import WAITING_STATES
from handoff_bridge.models import JsonObject
from handoff_bridge.store.database import Connection
from handoff_bridge.store.tables import IS_OPEN, conversations, events, handoffs


def _newest(column: sa.Column[Any], kind: str) -> sa.ScalarSelect[Any]:
    """Of the newest entry of that type in a handoff's conversation."""
    return (
        sa.select(column)
        .where(
            events.c.conversation_id == handoffs.c.conversation_id,
            events.c.type == kind,
        )
        .order_by(events.c.seq.desc())
        .limit(1)
        .correlate(handoffs)
        .scalar_subquery()
    )


# The message whose turn moved a waiting one forward last.
_RAISED_BY = sa.case(
    (
        handoffs.c.state.in_(WAITING_STATES),
        _newest(events.c.message_id, "handoff_updated"),
    )
)
_OPEN_OF = sa.select(
    *(handoffs.c[field.name] for field in fields(Handoff)), _RAISED_BY
).where(
    handoffs.c.conversation_id == sa.bindparam("conversation_id"),
    IS_OPEN,
)
_OF_MESSAGE = (
    sa.select(handoffs)
    .where(
        handoffs.c.conversation_id == sa.bindparam("conversation_id"),
        handoffs.c.message_id == sa.bindparam("message_id"),
    )
    .order_by(handoffs.c.queued_seq.desc())
)
# Whoever waits, with the ticket of those who were promised an answer.
_IN_LINE = sa.select(
    handoffs.c.handoff_id,
    handoffs.c.conversation_id,
    handoffs.c.priority,
    handoffs.c.queued_at,
    handoffs.c.requeued_at,
    handoffs.c.waits_until,
    handoffs.c.overdue_seq,
    handoffs.c.contact_want,
    sa.case((handoffs.c.is_promised, _newest(events.c.data, "ticket_opened"))).label(
        "ticket"
    ),
).where(handoffs.c.state.in_(WAITING_STATES))


_ANY_IN_LINE = (
    sa.select(handoffs.c.handoff_id)
    .where(handoffs.c.state.in_(WAITING_STATES))
    .limit(1)
)


# The customer's messages in a handoff that no agent who had it has seen.
UNREAD = (
    sa.select(sa.func.count())
    .select_from(events)
    .where(
        events.c.conversation_id == handoffs.c.conversation_id,
        events.c.seq > sa.func.coalesce(handoffs.c.seen_seq, handoffs.c.queued_seq),
        events.c.type == "message",
        events.c.actor_type == "customer",
    )
    .correlate(handoffs)
    .scalar_subquery()
)


@dataclass(frozen=True)
class Waiting:
    """A customer in line; `ticket` is what was logged of the one opened for them."""

    handoff_id: str
    conversation_id: str
    priority: int
    queued_at: datetime
    requeued_at: datetime | None = None
    waits_until: datetime | None = None
    overdue_seq: int | None = None
    contact_want: str | None = None
    ticket: JsonObject | None = None


def _handoff(row: Any) -> Handoff:
    return Handoff(**row._mapping)


async def create(tx: Connection, handoff: Handoff) -> None:
    """Inserts it; a second open one for the conversation is an IntegrityError."""
    await tx.execute(sa.insert(handoffs).values(**asdict(handoff)))


async def load(tx: Connection, handoff_id: str) -> Handoff | None:
    """One handoff."""
    query = sa.select(handoffs).where(handoffs.c.handoff_id == handoff_id)
    row = (await tx.execute(query)).first()
    return _handoff(row) if row else None


async def open_of(
    tx: Connection, conversation_id: str
) -> tuple[Handoff | None, str | None]:
    """The conversation's open handoff, and the message that moved it forward last."""
    result = await tx.execute(_OPEN_OF, {"conversation_id": conversation_id})
    row = result.first()
    if row is None:
        return None, None
    values: Sequence[Any] = row[:-1]
    return Handoff(*values), row[-1]


async def of_message(
    tx: Connection, conversation_id: str, message_id: str
) -> Handoff | None:
    """The handoff that a message led to, whatever became of it."""
    asked = {"conversation_id": conversation_id, "message_id": message_id}
    row = (await tx.execute(_OF_MESSAGE, asked)).first()
    return _handoff(row) if row else None


async def of_conversation(tx: Connection, conversation_id: str) -> list[Handoff]:
    """All handoffs of a conversation, oldest first."""
    query = (
        sa.select(handoffs)
        .where(handoffs.c.conversation_id == conversation_id)
        .order_by(handoffs.c.queued_at)
    )
    return [_handoff(row) for row in (await tx.execute(query)).all()]


async def newest_of(
    tx: Connection, conversation_ids: Collection[str]
) -> dict[str, Handoff]:
    """The newest handoff of each of these conversations, as far as there is one."""
    if not conversation_ids:
        return {}
    newest = (
        sa.select(
            handoffs.c.conversation_id,
            sa.func.max(handoffs.c.queued_seq).label("queued_seq"),
        )
        .where(handoffs.c.conversation_id.in_(conversation_ids))
        .group_by(handoffs.c.conversation_id)
        .subquery()
    )
    query = sa.select(handoffs).join(
        newest,
        sa.and_(
            handoffs.c.conversation_id == newest.c.conversation_id,
            handoffs.c.queued_seq == newest.c.queued_seq,
        ),
    )
    rows = (await tx.execute(query)).all()
    return {row.conversation_id: _handoff(row) for row in rows}


async def of_customer(
    tx: Connection, customer_id: str, *, before: datetime, limit: int
) -> list[Handoff]:
    """The newest handoffs of a customer's conversations, newest first."""
    mine = sa.select(conversations.c.conversation_id).where(
        conversations.c.customer_id == customer_id
    )
    query = (
        sa.select(handoffs)
        .where(handoffs.c.conversation_id.in_(mine), handoffs.c.queued_at < before)
        .order_by(handoffs.c.queued_at.desc())
        .limit(limit)
    )
    return [_handoff(row) for row in (await tx.execute(query)).all()]


async def ended(tx: Connection, before: Handoff | None, limit: int) -> list[Handoff]:
    """Those that are over, the latest first; older than `before`, where given."""
    query = sa.select(handoffs).where(handoffs.c.ended_at.is_not(None))
    if before is not None:
        at, key = handoffs.c.ended_at, handoffs.c.handoff_id
        same = sa.and_(at == before.ended_at, key < before.handoff_id)
        query = query.where(sa.or_(at < before.ended_at, same))
    query = query.order_by(handoffs.c.ended_at.desc(), handoffs.c.handoff_id.desc())
    return [_handoff(row) for row in (await tx.execute(query.limit(limit))).all()]


async def in_states(
    tx: Connection,
    states: Collection[str],
    *,
    agent_id: str | None = None,
    before: datetime | None = None,
    limit: int | None = None,
) -> list[Handoff]:
    """Handoffs in any of `states`, newest first."""
    query = sa.select(handoffs).where(handoffs.c.state.in_(states))
    if agent_id is not None:
        query = query.where(handoffs.c.agent_id == agent_id)
    if before is not None:
        query = query.where(handoffs.c.queued_at < before)
    query = query.order_by(handoffs.c.queued_at.desc()).limit(limit)
    return [_handoff(row) for row in (await tx.execute(query)).all()]


async def wrapping_up(
    tx: Connection, *, agent_id: str | None = None, until: datetime | None = None
) -> list[Handoff]:
    """Those that one agent wraps up, or whose time for that is over by `until`."""
    query = sa.select(handoffs).where(handoffs.c.wrap_up_until.is_not(None))
    if agent_id is not None:
        query = query.where(handoffs.c.agent_id == agent_id)
    if until is not None:
        query = query.where(handoffs.c.wrap_up_until <= until)
    query = query.order_by(handoffs.c.wrap_up_until)
    return [_handoff(row) for row in (await tx.execute(query)).all()]


async def in_line(tx: Connection) -> list[Waiting]:
    """Everybody who waits for a person, in no order."""
    return [Waiting(**row._mapping) for row in await tx.execute(_IN_LINE)]


async def promised_until(
    tx: Connection, start: datetime, end: datetime
) -> list[Handoff]:
    """Handoffs whose customers were promised to hear within a span of time."""
    query = sa.select(handoffs).where(
        handoffs.c.answer_by >= start, handoffs.c.answer_by < end
    )
    return [_handoff(row) for row in (await tx.execute(query)).all()]


async def told_and_waiting(tx: Connection) -> list[Handoff]:
    """Those in line who were told a wait, and not yet that it would be longer."""
    query = sa.select(handoffs).where(
        handoffs.c.state.in_(WAITING_STATES),
        handoffs.c.eta_high.is_not(None),
        handoffs.c.overdue_seq.is_(None),
        handoffs.c.contact_want.is_(None),
    )
    return [_handoff(row) for row in (await tx.execute(query)).all()]


async def is_anyone_in_line(tx: Connection) -> bool:
    """Whether anybody waits for a person."""
    return (await tx.execute(_ANY_IN_LINE)).first() is not None


async def queued_between(
    tx: Connection, start: datetime, end: datetime
) -> list[Handoff]:
    """Handoffs asked for in a span of time."""
    query = sa.select(handoffs).where(
        handoffs.c.queued_at >= start, handoffs.c.queued_at < end
    )
    return [_handoff(row) for row in (await tx.execute(query)).all()]


async def save(tx: Connection, old: Handoff, new: Handoff) -> bool:
    """Writes what differs, if the state is still that of `old`; says whether it was.

    The conversation's lock sees to it that it is.
    """
    stored, wanted = asdict(old), asdict(new)
    values = {name: wanted[name] for name in wanted if wanted[name] != stored[name]}
    if not values:
        return True
    result = await tx.execute(
        sa.update(handoffs)
        .where(handoffs.c.handoff_id == old.handoff_id, handoffs.c.state == old.state)
        .values(**values)
    )
    return result.rowcount == 1


async def mark_read(
    tx: Connection, conversation_id: str, agent_id: str, seq: int
) -> int | None:
    """What this agent has not seen of a chat of theirs; None if it is not theirs.

    What is not written yet cannot have been seen.
    """
    theirs = sa.and_(
        handoffs.c.conversation_id == conversation_id,
        handoffs.c.agent_id == agent_id,
        IS_OPEN,
    )
    last_seq = (
        sa.select(conversations.c.last_seq)
        .where(conversations.c.conversation_id == conversation_id)
        .scalar_subquery()
    )
    is_news = sa.func.coalesce(handoffs.c.seen_seq, 0) < seq
    await tx.execute(
        sa.update(handoffs).where(theirs, is_news, last_seq >= seq).values(seen_seq=seq)
    )
    return (await tx.execute(sa.select(UNREAD).where(theirs))).scalar()

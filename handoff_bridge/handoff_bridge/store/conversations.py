"""Conversations, their sessions and customers."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import batched
from typing import Any

import sqlalchemy as sa

from handoff_bridge.models import JsonObject
from handoff_bridge.store.customer_connections import IS_CONNECTED
from handoff_bridge.store.database import Connection, inserting
from handoff_bridge.store.handoffs import UNREAD
from handoff_bridge.store.tables import (
    agents,
    conversations,
    customers,
    events,
    handoffs,
    sessions,
)

# The channel of chats that agents train with, which no report counts.
DRILL = "drill"
# Of one statement.
MAX_IDS = 500


@dataclass(frozen=True)
class Customer:
    """Somebody the shop knows."""

    customer_id: str
    name: str | None = None
    email: str | None = None
    tier: str | None = None
    language: str | None = None


@dataclass
class Conversation:
    """One row, held in memory while its lock is held; `save` writes it back."""

    conversation_id: str
    channel: str
    address: str
    created_at: datetime
    customer_id: str | None = None
    signed_until: datetime | None = None
    session_generation: int = 0
    owner: str = "bot"
    agent_id: str | None = None
    epoch: int = 0
    last_seq: int = 0
    last_visible_seq: int = 0
    last_customer_seq: int = 0
    last_bot_seq: int | None = None
    last_bot_at: datetime | None = None
    synced_seq: int = 0
    introduced: bool = False
    expects_code: bool = False
    needs_catch_up: bool = False
    new_session_due: bool = False
    open_question: str | None = None
    forget_due: bool = False
    language: str | None = None
    timezone: str | None = None
    locale: str | None = None
    topic: str | None = None
    profile_name: str | None = None
    heard_at: datetime | None = None
    reply_to: JsonObject | None = None

    @property
    def is_verified(self) -> bool:
        """Whether the customer has proved in this chat who they are."""
        return self.customer_id is not None and not self.forget_due

    def is_signed(self, now: datetime) -> bool:
        """Whether the shop's own site vouches for the customer now."""
        return self.signed_until is not None and now < self.signed_until


@dataclass(frozen=True)
class Session:
    """Who holds a session's token; `customer_id` is who signed in with it."""

    token_hash: str
    conversation_id: str
    customer_id: str | None
    bare_seq: int
    generation: int
    expires_at: datetime


@dataclass(frozen=True)
class Lifetime:
    """Of a session that nobody comes back to."""

    begins_at: datetime
    ends_at: datetime


def hash_token(token: str) -> str:
    """What is stored of a session id; the id itself is a bearer secret."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


async def create(tx: Connection, conversation: Conversation) -> None:
    """Inserts a new conversation."""
    await tx.execute(sa.insert(conversations), vars(conversation))


_COLUMNS = [conversations.c[field.name] for field in fields(Conversation)]
_CUSTOMER = [customers.c[field.name] for field in fields(Customer)]
_LOAD = sa.select(conversations).where(
    conversations.c.conversation_id == sa.bindparam("conversation_id")
)
_LOCK = _LOAD.with_for_update()
_SAVE = (
    sa.update(conversations)
    .where(conversations.c.conversation_id == sa.bindparam("key"))
    .values(
        {
            column.name: sa.bindparam(column.name)
            for column in conversations.c
            if not column.primary_key
        }
    )
)

_SESSION = sa.select(*(sessions.c[field.name] for field in fields(Session))).where(
    sessions.c.token_hash == sa.bindparam("token_hash")
)


async def load(
    tx: Connection, conversation_id: str, *, lock: bool = False
) -> Conversation | None:
    """The conversation; with `lock`, no other transaction may change it meanwhile."""
    query = _LOCK if lock else _LOAD
    row = (await tx.execute(query, {"conversation_id": conversation_id})).first()
    return Conversation(**row._mapping) if row else None


async def at_address(tx: Connection, conversation: Conversation) -> str:
    """The id of its channel's and address's chat, which it becomes if there is none."""
    # One statement: two events of a new customer may be worked on at once.
    await tx.execute(
        inserting(tx, conversations)
        .values(vars(conversation))
        .on_conflict_do_nothing(index_elements=["channel", "address"])
    )
    query = sa.select(conversations.c.conversation_id).where(
        conversations.c.channel == conversation.channel,
        conversations.c.address == conversation.address,
    )
    found: str = (await tx.execute(query)).scalar_one()
    return found


async def last_seqs(tx: Connection, ids: Sequence[str]) -> dict[str, int]:
    """The log's last number in each of these conversations."""
    found: dict[str, int] = {}
    for some in batched(ids, MAX_IDS):
        query = sa.select(
            conversations.c.conversation_id, conversations.c.last_seq
        ).where(conversations.c.conversation_id.in_(some))
        found |= {row.conversation_id: row.last_seq for row in await tx.execute(query)}
    return found


async def save(tx: Connection, conversation: Conversation) -> None:
    """Writes the row back. Call only while the transaction has it locked."""
    values = dict(vars(conversation))
    values["key"] = values.pop("conversation_id")
    await tx.execute(_SAVE, values)


async def create_session(
    tx: Connection,
    token: str,
    conversation: Conversation,
    customer_id: str | None,
    lifetime: Lifetime,
) -> Session:
    """Remembers the hash of a freshly minted token."""
    session = Session(
        token_hash=hash_token(token),
        conversation_id=conversation.conversation_id,
        customer_id=customer_id,
        bare_seq=0,
        generation=conversation.session_generation,
        expires_at=lifetime.ends_at,
    )
    values = {**vars(session), "created_at": lifetime.begins_at}
    await tx.execute(sa.insert(sessions), values)
    return session


async def find_session(tx: Connection, token: str) -> Session | None:
    """The session of a token, if it is one of ours; it may have ended."""
    row = (await tx.execute(_SESSION, {"token_hash": hash_token(token)})).first()
    return Session(**row._mapping) if row else None


async def prolong(tx: Connection, session: Session, until: datetime) -> None:
    """Somebody uses it."""
    await tx.execute(
        sa.update(sessions)
        .where(sessions.c.token_hash == session.token_hash)
        .values(expires_at=until)
    )


async def remove_expired(tx: Connection, now: datetime) -> None:
    """Removes the tokens that have run out; their conversations stay."""
    await tx.execute(sa.delete(sessions).where(sessions.c.expires_at <= now))


async def set_bare_seq(tx: Connection, token_hash: str, seq: int) -> None:
    """Notes how far a bare client was sent; never goes back."""
    await tx.execute(
        sa.update(sessions)
        .where(sessions.c.token_hash == token_hash, sessions.c.bare_seq < seq)
        .values(bare_seq=seq)
    )


async def of_drills(tx: Connection) -> set[str]:
    """The ids of those that agents trained with."""
    query = sa.select(conversations.c.conversation_id).where(
        conversations.c.channel == DRILL
    )
    return set((await tx.execute(query)).scalars())


async def put_customer(tx: Connection, customer_id: str, **known: str | None) -> None:
    """Adds a customer, or what is newly known of one."""
    known = {name: value for name, value in known.items() if value is not None}
    # One statement: two sessions of a new customer may arrive at once.
    add = inserting(tx, customers).values(customer_id=customer_id, **known)
    if known:
        await tx.execute(
            add.on_conflict_do_update(index_elements=["customer_id"], set_=known)
        )
    else:
        await tx.execute(add.on_conflict_do_nothing(index_elements=["customer_id"]))


@dataclass(frozen=True)
class AroundHandoff:
    """A handoff's conversation and customer, and agents' names.

    `agent` has it; `gone` had it, or passed it on; it is `meant` for the third, and
    `offered` to the fourth. `said` is what the customer wrote last; since this handoff
    an agent wrote last at `answered_at`, and the customer first after that at
    `asked_at`.
    """

    conversation: Conversation
    customer: Customer | None
    agent: str | None
    gone: str | None
    meant: str | None
    offered: str | None
    # Whether the customer has the chat open, and what an agent has not seen of it.
    connected: bool
    unread: int
    said: str | None
    answered_at: datetime | None
    asked_at: datetime | None


def _is_from(said: sa.FromClause, sender: str) -> sa.ColumnElement[bool]:
    return sa.and_(
        said.c.conversation_id == conversations.c.conversation_id,
        said.c.type == "message",
        said.c.actor_type == sender,
    )


def newest_message(
    sender: str, column: sa.Column[Any], after: Any = None
) -> sa.ScalarSelect[Any]:
    """A column of the newest message from `sender` in a query's conversation."""
    said = events.alias()
    query = sa.select(said.c[column.key]).where(_is_from(said, sender))
    if after is not None:
        query = query.where(said.c.seq > after)
    query = query.order_by(said.c.seq.desc()).limit(1)
    return query.correlate(conversations, handoffs).scalar_subquery()


CUSTOMER_SAID = newest_message("customer", events.c.data)
_answered = newest_message("agent", events.c.seq, handoffs.c.queued_seq)
_next = events.alias()
_ASKED_AT = (
    sa.select(_next.c.at)
    .where(_is_from(_next, "customer"), _next.c.seq > _answered)
    .order_by(_next.c.seq)
    .limit(1)
    .correlate(conversations, handoffs)
    .scalar_subquery()
)


def text_of(data: Any) -> str | None:
    """What a message says, if it has words at all."""
    text = data.get("text") if isinstance(data, dict) else None
    return text if isinstance(text, str) and text.strip() else None


async def around_handoffs(
    tx: Connection, handoff_ids: Collection[str]
) -> dict[str, AroundHandoff]:
    """What stands around handoffs, by their ids."""
    gone, meant = agents.alias("gone"), agents.alias("meant")
    offered = agents.alias("offered")
    query = (
        sa.select(
            handoffs.c.handoff_id,
            agents.c.name.label("agent"),
            gone.c.name.label("gone"),
            meant.c.name.label("meant"),
            offered.c.name.label("offered"),
            IS_CONNECTED.label("connected"),
            UNREAD.label("unread"),
            CUSTOMER_SAID.label("said"),
            newest_message("agent", events.c.at, handoffs.c.queued_seq).label(
                "answered_at"
            ),
            _ASKED_AT.label("asked_at"),
            *_COLUMNS,
            *_CUSTOMER,
        )
        .join_from(handoffs, conversations)
        .outerjoin(customers)
        .outerjoin(agents, agents.c.agent_id == handoffs.c.agent_id)
        .outerjoin(gone, gone.c.agent_id == handoffs.c.requeued_from)
        .outerjoin(meant, meant.c.agent_id == handoffs.c.for_agent)
        .outerjoin(offered, offered.c.agent_id == handoffs.c.offered_to)
        .where(handoffs.c.handoff_id.in_(handoff_ids))
    )
    found = {}
    begins = 10
    width = begins + len(_COLUMNS)
    for row in await tx.execute(query):
        conversation = Conversation(*row[begins:width])
        customer = Customer(*row[width:])
        is_known = customer.customer_id is not None
        found[row.handoff_id] = AroundHandoff(
            conversation,
            customer if is_known else None,
            row.agent,
            row.gone,
            row.meant,
            row.offered,
            row.connected,
            row.unread,
            text_of(row.said),
            row.answered_at,
            row.asked_at,
        )
    return found


async def load_customer(tx: Connection, customer_id: str | None) -> Customer | None:
    """What is known of a customer."""
    if customer_id is None:
        return None
    query = sa.select(customers).where(customers.c.customer_id == customer_id)
    row = (await tx.execute(query)).first()
    return Customer(**row._mapping) if row else None

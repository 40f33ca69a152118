"""Conversations, their sessions and customers."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from handoff_bridge.store.database import inserting
from handoff_bridge.store.tables import conversations, customers, sessions


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


def hash_token(token: str) -> str:
    """What is stored of a session id; the id itself is a bearer secret."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


async def create(tx: AsyncConnection, conversation: Conversation) -> None:
    """Inserts a new conversation."""
    await tx.execute(sa.insert(conversations).values(**asdict(conversation)))


async def load(
    tx: AsyncConnection, conversation_id: str, *, lock: bool = False
) -> Conversation | None:
    """The conversation; with `lock`, no other transaction may change it meanwhile."""
    query = sa.select(conversations).where(
        conversations.c.conversation_id == conversation_id
    )
    row = (await tx.execute(query.with_for_update() if lock else query)).first()
    return Conversation(**row._mapping) if row else None


async def save(tx: AsyncConnection, conversation: Conversation) -> None:
    """Writes the row back. Call only while it is locked by `load`."""
    values = asdict(conversation)
    key = values.pop("conversation_id")
    await tx.execute(
        sa.update(conversations)
        .where(conversations.c.conversation_id == key)
        .values(**values)
    )


async def create_session(
    tx: AsyncConnection,
    token: str,
    conversation: Conversation,
    customer_id: str | None,
    now: datetime,
) -> Session:
    """Remembers the hash of a freshly minted token."""
    session = Session(
        token_hash=hash_token(token),
        conversation_id=conversation.conversation_id,
        customer_id=customer_id,
        bare_seq=0,
        generation=conversation.session_generation,
    )
    await tx.execute(sa.insert(sessions).values(**asdict(session), created_at=now))
    return session


async def find_session(tx: AsyncConnection, token: str) -> Session | None:
    """The session of a token, if it is one of ours; it may have ended."""
    query = sa.select(
        sessions.c.token_hash,
        sessions.c.conversation_id,
        sessions.c.customer_id,
        sessions.c.bare_seq,
        sessions.c.generation,
    ).where(sessions.c.token_hash == hash_token(token))
    row = (await tx.execute(query)).first()
    return Session(**row._mapping) if row else None


async def set_bare_seq(tx: AsyncConnection, token_hash: str, seq: int) -> None:
    """Notes how far a bare client was sent; never goes back."""
    await tx.execute(
        sa.update(sessions)
        .where(sessions.c.token_hash == token_hash, sessions.c.bare_seq < seq)
        .values(bare_seq=seq)
    )


async def put_customer(
    tx: AsyncConnection, customer_id: str, **known: str | None
) -> None:
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


async def load_customer(
    tx: AsyncConnection, customer_id: str | None
) -> Customer | None:
    """What is known of a customer."""
    if customer_id is None:
        return None
    query = sa.select(customers).where(customers.c.customer_id == customer_id)
    row = (await tx.execute(query)).first()
    return Customer(**row._mapping) if row else None

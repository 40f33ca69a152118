"""Agents' accounts, presence and first answers to repeated calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from handoff_bridge.conversation.states import OPEN_STATES, Presence
from handoff_bridge.models import JsonObject
from handoff_bridge.store.database import inserting
from handoff_bridge.store.tables import agents, calls, handoffs

SUPERVISOR = "supervisor"


@dataclass(frozen=True)
class Agent:
    """A human who answers customers."""

    agent_id: str
    email: str
    name: str
    team: str | None
    role: str
    password_hash: str
    status: str
    capacity: int

    @property
    def is_supervisor(self) -> bool:
        """Whether reports and other agents' chats are theirs to see."""
        return self.role == SUPERVISOR


async def put(tx: AsyncConnection, agent: Agent) -> None:
    """Adds an account or replaces the one with that email, keeping its id."""
    values = dict(agent.__dict__)
    found = await by_email(tx, agent.email)
    if found is None:
        await tx.execute(sa.insert(agents).values(**values))
        return
    values.pop("agent_id")
    await tx.execute(
        sa.update(agents).where(agents.c.email == agent.email).values(**values)
    )


async def by_email(tx: AsyncConnection, email: str) -> Agent | None:
    """The account of an email address."""
    query = sa.select(agents).where(agents.c.email == email.strip().lower())
    row = (await tx.execute(query)).first()
    return Agent(**row._mapping) if row else None


async def load(tx: AsyncConnection, agent_id: str) -> Agent | None:
    """One account."""
    query = sa.select(agents).where(agents.c.agent_id == agent_id)
    row = (await tx.execute(query)).first()
    return Agent(**row._mapping) if row else None


async def everyone(tx: AsyncConnection) -> list[Agent]:
    """All accounts by name."""
    rows = (await tx.execute(sa.select(agents).order_by(agents.c.name))).all()
    return [Agent(**row._mapping) for row in rows]


async def loads(tx: AsyncConnection) -> dict[str, int]:
    """Open chats by agent id."""
    query = (
        sa.select(handoffs.c.agent_id, sa.func.count().label("chats"))
        .where(handoffs.c.agent_id.is_not(None), handoffs.c.state.in_(OPEN_STATES))
        .group_by(handoffs.c.agent_id)
    )
    return {row.agent_id: row.chats for row in (await tx.execute(query)).all()}


async def set_presence(
    tx: AsyncConnection, agent_id: str, status: str, capacity: int | None = None
) -> None:
    """Sets status and, where given, capacity."""
    values: JsonObject = {"status": status}
    if capacity is not None:
        values["capacity"] = capacity
    await tx.execute(
        sa.update(agents).where(agents.c.agent_id == agent_id).values(**values)
    )


async def all_offline(tx: AsyncConnection, besides: Sequence[str] = ()) -> None:
    """At the start nobody is connected yet."""
    await tx.execute(
        sa.update(agents)
        .where(agents.c.agent_id.not_in(besides))
        .values(status=Presence.OFFLINE)
    )


async def first_ack(
    tx: AsyncConnection, agent_id: str, client_id: str
) -> JsonObject | None:
    """What the first call of that `client_id` was answered."""
    query = sa.select(calls.c.ack).where(
        calls.c.agent_id == agent_id, calls.c.client_id == client_id
    )
    return (await tx.execute(query)).scalar()


async def keep_ack(
    tx: AsyncConnection,
    agent_id: str,
    client_id: str,
    ack: JsonObject,
    now: datetime,
) -> None:
    """Remembers an answer for a repeated call; one already there stays."""
    await tx.execute(
        inserting(tx, calls)
        .values(agent_id=agent_id, client_id=client_id, ack=ack, created_at=now)
        .on_conflict_do_nothing(index_elements=["agent_id", "client_id"])
    )

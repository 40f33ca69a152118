"""Agents' accounts, and the status that each has set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from handoff_bridge.conversation.states import Presence
from handoff_bridge.store.clock import from_now
from handoff_bridge.store.database import Connection, inserting
from handoff_bridge.store.tables import FREE_AT, HOLDS_PLACE, agents, handoffs

OWNER, SUPERVISOR, AGENT = "owner", "supervisor", "agent"


@dataclass(frozen=True)
class Agent:
    """A human who answers customers."""

    agent_id: str
    email: str
    name: str
    team: str | None
    role: str
    # Empty until they have set a password.
    password_hash: str = field(repr=False)
    status: str
    capacity: int
    # Since when they may not sign in, nor have chats.
    disabled_at: datetime | None = None
    # Levels from 1 to 5, by skill; codes of languages.
    skills: dict[str, int] = field(default_factory=dict)
    languages: list[str] = field(default_factory=list)
    # Of the second factor; none without.
    totp_secret: str | None = field(default=None, repr=False)

    @property
    def is_supervisor(self) -> bool:
        """Whether reports and other agents' chats are theirs to see."""
        return self.role in (SUPERVISOR, OWNER)

    @property
    def is_owner(self) -> bool:
        """Whether supervisors and owners are theirs to manage."""
        return self.role == OWNER

    @classmethod
    def of(cls, row: Mapping[Any, Any]) -> "Agent":
        """The account in a row of COLUMNS."""
        values: dict[str, Any] = {**row, "skills": row["skills"] or {}}
        return cls(**values | {"languages": row["languages"] or []})


COLUMNS = [agents.c[field.name] for field in fields(Agent)]
# Whoever is disabled or deleted is nobody's colleague.
IS_ENABLED = agents.c.disabled_at.is_(None)
_LOAD = sa.select(*COLUMNS).where(agents.c.agent_id == sa.bindparam("agent_id"))
_LOCK = _LOAD.with_for_update()
_CHATS = (
    sa.select(sa.func.count())
    .where(handoffs.c.agent_id == agents.c.agent_id, HOLDS_PLACE)
    .correlate(agents)
    .scalar_subquery()
)
_COUNTED = sa.select(*COLUMNS, _CHATS)
_WITH_CHATS = _COUNTED.where(agents.c.agent_id == sa.bindparam("agent_id"))
_OF_TEAM = _COUNTED.where(agents.c.team == sa.bindparam("team"), IS_ENABLED)
# Locked; and since when a slot was free: they came, or a chat of theirs ended.
_TO_TAKE = (
    sa.select(
        *COLUMNS,
        agents.c.available_since,
        sa.select(sa.func.max(FREE_AT))
        .where(handoffs.c.agent_id == agents.c.agent_id)
        .correlate(agents)
        .scalar_subquery(),
    )
    .where(agents.c.agent_id == sa.bindparam("agent_id"))
    .with_for_update()
)
IS_AVAILABLE = agents.c.status == Presence.AVAILABLE.value
# Whoever is away is as little there as who has no page open.
IS_THERE = agents.c.status.in_((Presence.AVAILABLE.value, Presence.BUSY.value))
_THERE = sa.select(agents.c.agent_id).where(IS_THERE, IS_ENABLED).limit(1)


async def put(tx: Connection, agent: Agent) -> None:
    """Adds an account or replaces the one with that email, keeping its id."""
    values = dict(agent.__dict__)
    found = await by_email(tx, agent.email)
    if found is None:
        await tx.execute(sa.insert(agents).values(**values))
        return
    values.pop("agent_id")
    await change(tx, found.agent_id, values)


async def add(tx: Connection, agent: Agent) -> bool:
    """Adds an account; False where somebody has its email already."""
    adding = inserting(tx, agents).values(**agent.__dict__)
    added = await tx.execute(adding.on_conflict_do_nothing(index_elements=["email"]))
    return bool(added.rowcount == 1)


async def change(tx: Connection, agent_id: str, values: Mapping[str, Any]) -> None:
    """Sets columns of one account."""
    await tx.execute(
        sa.update(agents).where(agents.c.agent_id == agent_id).values(**values)
    )


async def by_email(tx: Connection, email: str) -> Agent | None:
    """The account of an email address."""
    query = sa.select(*COLUMNS).where(agents.c.email == email.strip().lower())
    row = (await tx.execute(query)).first()
    return Agent.of(row._mapping) if row else None


async def by_subject(tx: Connection, subject: str) -> Agent | None:
    """Who has signed in by OpenID Connect as that subject before."""
    query = sa.select(*COLUMNS).where(agents.c.oidc_subject == subject)
    row = (await tx.execute(query)).first()
    return Agent.of(row._mapping) if row else None


async def bind_subject(tx: Connection, agent_id: str, subject: str) -> bool:
    """From now on they are that subject; False if they are another one already."""
    bound = await tx.execute(
        sa.update(agents)
        .where(agents.c.agent_id == agent_id, agents.c.oidc_subject.is_(None))
        .values(oidc_subject=subject)
    )
    return bound.rowcount == 1


async def load(tx: Connection, agent_id: str, *, lock: bool = False) -> Agent | None:
    """One account."""
    row = (await tx.execute(_LOCK if lock else _LOAD, {"agent_id": agent_id})).first()
    return Agent.of(row._mapping) if row else None


async def load_with_chats(tx: Connection, agent_id: str) -> tuple[Agent, int] | None:
    """An account, and how many chats it has."""
    row = (await tx.execute(_WITH_CHATS, {"agent_id": agent_id})).first()
    return _counted(row) if row else None


async def load_to_take(
    tx: Connection, agent_id: str
) -> tuple[Agent, datetime | None] | None:
    """An account, locked, and since when it could take another chat.

    Two claims of one agent are counted one after the other, so that capacity holds.
    """
    row = (await tx.execute(_TO_TAKE, {"agent_id": agent_id})).first()
    if row is None:
        return None
    values: Sequence[Any] = row
    known = dict(zip((column.name for column in COLUMNS), values, strict=False))
    times = [time for time in values[-2:] if time is not None]
    return Agent.of(known), max(times, default=None)


def _counted(row: Sequence[Any]) -> tuple[Agent, int]:
    values = zip((column.name for column in COLUMNS), row[:-1], strict=True)
    return Agent.of(dict(values)), row[-1]


async def of_team(tx: Connection, team: str) -> list[tuple[Agent, int]]:
    """Who may have chats of a team, and how many each has."""
    rows = (await tx.execute(_OF_TEAM, {"team": team})).all()
    return [_counted(row) for row in rows]


async def is_anyone_there(tx: Connection) -> bool:
    """Whether any agent is there, however busy."""
    return (await tx.execute(_THERE)).first() is not None


async def everyone(tx: Connection) -> list[Agent]:
    """All who may have chats, by name."""
    query = sa.select(*COLUMNS).where(IS_ENABLED).order_by(agents.c.name)
    return [Agent.of(row._mapping) for row in (await tx.execute(query)).all()]


async def available(tx: Connection) -> list[Agent]:
    """Accounts of those who can take chats now."""
    rows = await tx.execute(sa.select(*COLUMNS).where(IS_AVAILABLE, IS_ENABLED))
    return [Agent.of(row._mapping) for row in rows]


async def loads(tx: Connection) -> dict[str, int]:
    """Chats that hold a place, by agent id."""
    query = (
        sa.select(handoffs.c.agent_id, sa.func.count().label("chats"))
        .where(handoffs.c.agent_id.is_not(None), HOLDS_PLACE)
        .group_by(handoffs.c.agent_id)
    )
    return {row.agent_id: row.chats for row in (await tx.execute(query)).all()}


async def set_presence(
    tx: Connection, agent_id: str, status: str, capacity: int | None = None
) -> bool:
    """Sets status and, where given, capacity; False for who is disabled."""
    values: dict[str, Any] = {"status": status, "available_since": _since(status)}
    if capacity is not None:
        values["capacity"] = capacity
    done = await tx.execute(
        sa.update(agents)
        .where(agents.c.agent_id == agent_id, IS_ENABLED)
        .values(**values)
    )
    return bool(done.rowcount)


def _since(status: str) -> sa.ColumnElement[Any]:
    """Since when they take chats, who are to have this status."""
    if status != Presence.AVAILABLE.value:
        return sa.null()
    return sa.case((IS_AVAILABLE, agents.c.available_since), else_=from_now())

"""Agents' logins: a token opens nothing once its row has gone."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

import sqlalchemy as sa

from handoff_bridge.store.agents import COLUMNS, IS_ENABLED, Agent
from handoff_bridge.store.database import Connection
from handoff_bridge.store.tables import agents, logins

_AGENT = (
    sa.select(logins.c.last_seen_at, logins.c.via, *COLUMNS)
    .join_from(logins, agents)
    .where(
        logins.c.login_id == sa.bindparam("login_id"),
        logins.c.expires_at > sa.bindparam("now"),
        IS_ENABLED,
    )
)
# A sign of life is written down no more often.
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Login:
    """When and from where somebody signed in; absent in rows from before it was kept.

    `via` is `password` or `oidc`.
    """

    login_id: str
    agent_id: str
    expires_at: datetime
    created_at: datetime | None = None
    last_seen_at: datetime | None = None
    address: str | None = None
    user_agent: str | None = None
    via: str | None = None


async def create(tx: Connection, login: Login) -> None:
    """Somebody has signed in."""
    await tx.execute(sa.insert(logins).values(**login.__dict__))


async def of_agent(tx: Connection, agent_id: str, now: datetime) -> list[Login]:
    """Those of an agent's that have not ended, the newest first."""
    query = (
        sa.select(*(logins.c[field.name] for field in fields(Login)))
        .where(logins.c.agent_id == agent_id, logins.c.expires_at > now)
        .order_by(logins.c.expires_at.desc(), logins.c.login_id)
    )
    return [Login(**row._mapping) for row in await tx.execute(query)]


@dataclass(frozen=True)
class Holder:
    """Whose login it is, how they signed in, and whether to note that it is used."""

    agent: Agent
    via: str | None
    is_unseen: bool


async def holder_of(tx: Connection, login_id: str, now: datetime) -> Holder | None:
    """Whose login it is; None once it has ended."""
    row = (await tx.execute(_AGENT, {"login_id": login_id, "now": now})).first()
    if row is None:
        return None
    values = dict(row._mapping)
    seen_at, via = values.pop("last_seen_at"), values.pop("via")
    is_unseen = seen_at is None or seen_at <= now - SEEN_EVERY
    return Holder(Agent.of(values), via, is_unseen)


async def note_seen(tx: Connection, login_ids: Collection[str], now: datetime) -> None:
    """They are used right now."""
    await tx.execute(
        sa.update(logins)
        .where(logins.c.login_id.in_(login_ids))
        .values(last_seen_at=now)
    )


async def unseen(tx: Connection, login_ids: Collection[str], now: datetime) -> set[str]:
    """Those of which no sign of life was written down lately."""
    query = sa.select(logins.c.login_id).where(
        logins.c.login_id.in_(login_ids),
        sa.or_(
            logins.c.last_seen_at.is_(None), logins.c.last_seen_at <= now - SEEN_EVERY
        ),
    )
    return {*(await tx.execute(query)).scalars()}


async def living(tx: Connection, login_ids: Collection[str], now: datetime) -> set[str]:
    """Those that have not ended."""
    query = sa.select(logins.c.login_id).where(
        logins.c.login_id.in_(login_ids), logins.c.expires_at > now
    )
    return {*(await tx.execute(query)).scalars()}


async def remove(tx: Connection, login_id: str) -> None:
    """Ends one."""
    await tx.execute(sa.delete(logins).where(logins.c.login_id == login_id))


async def remove_of(
    tx: Connection, agent_id: str, *, but: str | None = None
) -> list[str]:
    """Ends all of an agent's, but one; gives those that were ended."""
    ended = sa.delete(logins).where(logins.c.agent_id == agent_id)
    if but is not None:
        ended = ended.where(logins.c.login_id != but)
    return list((await tx.execute(ended.returning(logins.c.login_id))).scalars())


async def remove_expired(tx: Connection, now: datetime) -> None:
    """Removes what is of no use to anybody."""
    await tx.execute(sa.delete(logins).where(logins.c.expires_at <= now))

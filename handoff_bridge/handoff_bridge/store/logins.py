"""Agents' logins: a token opens nothing once its row has gone."""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from handoff_bridge.store.agents import COLUMNS, IS_ENABLED, Agent
from handoff_bridge.store.database import Connection
from handoff_bridge.store.tables import agents, logins

_AGENT = (
    sa.select(*COLUMNS)
    .join_from(logins, agents)
    .where(
        logins.c.login_id == sa.bindparam("login_id"),
        logins.c.expires_at > sa.bindparam("now"),
        IS_ENABLED,
    )
)


async def create(
    tx: Connection, login_id: str, agent_id: str, expires_at: datetime
) -> None:
    """Somebody has signed in."""
    values = {"login_id": login_id, "agent_id": agent_id, "expires_at": expires_at}
    await tx.execute(sa.insert(logins).values(**values))


async def agent_of(tx: Connection, login_id: str, now: datetime) -> Agent | None:
    """Whose login it is; None once it has ended."""
    row = (await tx.execute(_AGENT, {"login_id": login_id, "now": now})).first()
    return Agent.of(row._mapping) if row else None


async def living(tx: Connection, login_ids: Collection[str], now: datetime) -> set[str]:
    """Those that have not ended."""
    query = sa.select(logins.c.login_id).where(
        logins.c.login_id.in_(login_ids), logins.c.expires_at > now
    )
    return {*(await tx.execute(query)).scalars()}


async def remove(tx: Connection, login_id: str) -> None:
    """Ends one."""
    await tx.execute(sa.delete(logins).where(logins.c.login_id == login_id))


async def remove_of(tx: Connection, agent_id: str) -> None:
    """Ends all of an agent's."""
    await tx.execute(sa.delete(logins).where(logins.c.agent_id == agent_id))


async def remove_expired(tx: Connection, now: datetime) -> None:
    """Removes what is of no use to anybody."""
    await tx.execute(sa.delete(logins).where(logins.c.expires_at <= now))

"""Links by which people set their own password, kept as hashes."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from handoff_bridge.store.agents import COLUMNS, IS_ENABLED, Agent
from handoff_bridge.store.database import Connection
from handoff_bridge.store.tables import agents, invitations


@dataclass(frozen=True)
class Invitation:
    """For whom a link is, and until when it is good."""

    agent: Agent
    expires_at: datetime


async def put(
    tx: Connection, token_hash: str, agent_id: str, now: datetime, until: datetime
) -> None:
    """A link; earlier ones of that person are good no more."""
    await remove_of(tx, agent_id)
    await tx.execute(
        sa.insert(invitations).values(
            token_hash=token_hash, agent_id=agent_id, created_at=now, expires_at=until
        )
    )


async def find(
    tx: Connection, token_hash: str, now: datetime, *, lock: bool = False
) -> Invitation | None:
    """Whose link it is; None once it has expired or somebody has used it."""
    query = (
        sa.select(invitations.c.expires_at, *COLUMNS)
        .join_from(invitations, agents)
        .where(
            invitations.c.token_hash == token_hash,
            invitations.c.expires_at > now,
            IS_ENABLED,
        )
    )
    row = (await tx.execute(query.with_for_update() if lock else query)).first()
    if row is None:
        return None
    values = dict(row._mapping)
    return Invitation(expires_at=values.pop("expires_at"), agent=Agent.of(values))


async def remove_of(tx: Connection, agent_id: str) -> None:
    """No link of theirs is good any more."""
    await tx.execute(sa.delete(invitations).where(invitations.c.agent_id == agent_id))


async def remove_expired(tx: Connection, now: datetime) -> None:
    """Removes what is of no use to anybody."""
    await tx.execute(sa.delete(invitations).where(invitations.c.expires_at <= now))

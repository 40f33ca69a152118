"""Accounts as those see them who manage them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from handoff_bridge.conversation.states import Presence
from handoff_bridge.store import invitations, logins
from handoff_bridge.store.agents import COLUMNS, IS_ENABLED, OWNER, Agent
from handoff_bridge.store.database import Connection
from handoff_bridge.store.tables import IS_OPEN, agent_connections, agents, handoffs
from handoff_bridge.store.tables import invitations as links
from handoff_bridge.store.tables import logins as sessions

NO_SECOND_FACTOR = dict.fromkeys(
    ("totp_secret", "totp_pending", "totp_used_step", "recovery_hashes")
)
_NAMES = [column.name for column in COLUMNS]
_AROUND = ("load", "invited_until", "last_seen_at", "can_sign_in")
_LOAD = (
    sa.select(sa.func.count())
    .where(handoffs.c.agent_id == agents.c.agent_id, IS_OPEN)
    .correlate(agents)
    .scalar_subquery()
    .label("load")
)
_LAST_SEEN = (
    sa.select(sa.func.max(sessions.c.last_seen_at))
    .where(sessions.c.agent_id == agents.c.agent_id)
    .correlate(agents)
    .scalar_subquery()
    .label("last_seen_at")
)
_CAN_SIGN_IN = sa.or_(agents.c.password_hash != "", agents.c.oidc_subject.is_not(None))


@dataclass(frozen=True)
class Person:
    """An account, and what stands around it."""

    agent: Agent
    load: int
    # Of a link that is good still.
    invited_until: datetime | None
    last_seen_at: datetime | None
    can_sign_in: bool


async def everyone(
    tx: Connection, now: datetime, agent_id: str | None = None
) -> list[Person]:
    """Everybody who was not deleted, by name; or one of them."""
    query = (
        sa.select(
            _LOAD,
            sa.select(sa.func.max(links.c.expires_at))
            .where(links.c.agent_id == agents.c.agent_id, links.c.expires_at > now)
            .scalar_subquery()
            .label("invited_until"),
            _LAST_SEEN,
            _CAN_SIGN_IN.label("can_sign_in"),
            *COLUMNS,
        )
        .where(agents.c.deleted_at.is_(None))
        .order_by(agents.c.name, agents.c.agent_id)
    )
    if agent_id is not None:
        query = query.where(agents.c.agent_id == agent_id)
    return [_person(dict(row._mapping)) for row in (await tx.execute(query)).all()]


def _person(row: dict[str, Any]) -> Person:
    around = {name: row.pop(name) for name in _AROUND}
    return Person(Agent.of(row), **around)


async def load(tx: Connection, agent_id: str, *, lock: bool = True) -> Agent | None:
    """One account, its row locked; None for whom nobody manages any more."""
    query = sa.select(*COLUMNS).where(
        agents.c.agent_id == agent_id, agents.c.deleted_at.is_(None)
    )
    row = (await tx.execute(query.with_for_update() if lock else query)).first()
    return Agent.of(row._mapping) if row else None


async def lock_owners(tx: Connection) -> set[str]:
    """The owners who can sign in; two changes of owners come one after the other."""
    query = (
        sa.select(agents.c.agent_id, _CAN_SIGN_IN.label("can_sign_in"))
        .where(agents.c.role == OWNER, IS_ENABLED)
        .order_by(agents.c.agent_id)
        .with_for_update()
    )
    return {row.agent_id for row in await tx.execute(query) if row.can_sign_in}


async def connections(tx: Connection, agent_id: str) -> list[str]:
    """Their open connections, on all bridges."""
    query = sa.select(agent_connections.c.connection_id).where(
        agent_connections.c.agent_id == agent_id
    )
    return list((await tx.execute(query)).scalars())


async def disable(tx: Connection, agent_id: str, now: datetime) -> None:
    """Nothing of theirs opens anything any more."""
    await tx.execute(
        sa.update(agents)
        .where(agents.c.agent_id == agent_id)
        .values(
            disabled_at=sa.func.coalesce(agents.c.disabled_at, now),
            status=Presence.OFFLINE.value,
        )
    )
    await logins.remove_of(tx, agent_id)
    await invitations.remove_of(tx, agent_id)


async def erase(tx: Connection, agent_id: str, now: datetime) -> None:
    """What is left is an id and a name, as the log has them; the email is free."""
    await disable(tx, agent_id, now)
    await tx.execute(
        sa.update(agents)
        .where(agents.c.agent_id == agent_id)
        .values(
            deleted_at=now,
            email=f"deleted:{agent_id}",
            password_hash="",
            team=None,
            skills=None,
            languages=None,
            **NO_SECOND_FACTOR,
            oidc_subject=None,
        )
    )

"""Which agents have connections, on bridges that show signs of life.

All times here are the database's. Agents' rows are locked by whoever changes what is
known of their connections, so that one's coming and another's going are no race.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from handoff_bridge.conversation.states import (
    WAITING_STATES,
    HandoffState,
    Presence,
)
from handoff_bridge.store import agents as accounts
from handoff_bridge.store import (
    channel_inbox,
    channel_outbox,
    customer_connections,
)
from handoff_bridge.store.agents import Agent
from handoff_bridge.store.clock import from_now
from handoff_bridge.store.database import Connection, inserting
from handoff_bridge.store.tables import (
    agent_connections,
    agents,
    bridges,
    handoffs,
    turns,
)

_IS_CONNECTED = (
    sa.select(agent_connections.c.agent_id)
    .where(agent_connections.c.agent_id == agents.c.agent_id)
    .correlate(agents)
    .exists()
)
_IS_OFFLINE = agents.c.status == Presence.OFFLINE.value
_BEAT = (
    sa.update(bridges)
    .where(bridges.c.bridge_id == sa.bindparam("bridge"))
    .values(seen_at=from_now())
)


@dataclass(frozen=True)
class DeadBridge:
    """A bridge that has ended, and since when its agents count as gone."""

    bridge_id: str
    gone_at: datetime
    # Its last sign of life.
    seen_at: datetime


async def register(tx: Connection, bridge_id: str, name: str) -> None:
    """A bridge has started."""
    now = from_now()
    row = {"bridge_id": bridge_id, "name": name, "started_at": now, "seen_at": now}
    await tx.execute(sa.insert(bridges).values(**row))


async def beat(tx: Connection, bridge_id: str) -> bool:
    """A sign of life; False if others have taken the bridge for dead."""
    return (await tx.execute(_BEAT, {"bridge": bridge_id})).rowcount == 1


async def find_dead(
    tx: Connection, bridge_id: str, lease_secs: float
) -> list[DeadBridge]:
    """Bridges without a sign of life for the length of a lease.

    Their agents are gone since then, but not since before this bridge was there for
    them to come to. One bridge at a time gets past here, until its transaction ends.
    """
    is_dead = bridges.c.seen_at < from_now(-lease_secs)
    query = (
        sa.select(
            bridges.c.bridge_id,
            bridges.c.started_at,
            bridges.c.seen_at,
            is_dead.label("is_dead"),
        )
        .order_by(bridges.c.bridge_id)
        .with_for_update()
    )
    rows = (await tx.execute(query)).all()
    started = [row.started_at for row in rows if row.bridge_id == bridge_id]
    return [
        DeadBridge(row.bridge_id, max([row.seen_at, *started]), row.seen_at)
        for row in rows
        if row.is_dead and row.bridge_id != bridge_id
    ]


async def find_predecessors(
    tx: Connection, bridge_id: str, name: str
) -> list[DeadBridge]:
    """Earlier processes of that name; their agents are gone from now on."""
    query = (
        sa.select(bridges.c.bridge_id, from_now().label("gone_at"), bridges.c.seen_at)
        .where(bridges.c.name == name, bridges.c.bridge_id != bridge_id)
        .order_by(bridges.c.bridge_id)
        .with_for_update()
    )
    return [DeadBridge(**row._mapping) for row in await tx.execute(query)]


async def find_own(tx: Connection, bridge_id: str) -> list[DeadBridge]:
    """This very bridge, which is about to end."""
    query = (
        sa.select(bridges.c.bridge_id, from_now().label("gone_at"), bridges.c.seen_at)
        .where(bridges.c.bridge_id == bridge_id)
        .with_for_update()
    )
    return [DeadBridge(**row._mapping) for row in await tx.execute(query)]


async def bury(tx: Connection, dead: DeadBridge) -> None:
    """Forgets a bridge with its connections, and gives its leases back."""
    ended = agent_connections.c.bridge_id == dead.bridge_id
    query = sa.select(agent_connections.c.agent_id).where(ended)
    were_there = sorted(set((await tx.execute(query)).scalars()))
    await tx.execute(sa.delete(agent_connections).where(ended))
    await customer_connections.remove_all(tx, dead.bridge_id)
    for agent_id in were_there:
        await note_gone(tx, agent_id, dead.gone_at)
    # Whatever it had begun may be taken up by any at once.
    await tx.execute(
        sa.update(turns)
        .where(turns.c.leased_by == dead.bridge_id)
        .values(leased_by=None, leased_until=None)
    )
    await channel_inbox.free(tx, dead.bridge_id)
    await channel_outbox.free(tx, dead.bridge_id)
    await tx.execute(sa.delete(bridges).where(bridges.c.bridge_id == dead.bridge_id))


async def connect(
    tx: Connection, connection_id: str, agent_id: str, bridge_id: str
) -> Agent | None:
    """Notes a connection, with which whoever was offline is available.

    Gives the agent as they were before it. Whoever is disabled stays offline.
    """
    agent = await accounts.load(tx, agent_id, lock=True)
    if agent is None or agent.disabled_at is not None:
        return None
    add = inserting(tx, agent_connections).values(
        connection_id=connection_id, agent_id=agent_id, bridge_id=bridge_id
    )
    await tx.execute(add.on_conflict_do_nothing())
    await tx.execute(
        sa.update(agents)
        .where(agents.c.agent_id == agent_id)
        .values(
            gone_at=None,
            status=sa.case(
                (_IS_OFFLINE, Presence.AVAILABLE.value), else_=agents.c.status
            ),
            available_since=sa.case(
                (_IS_OFFLINE, from_now()), else_=agents.c.available_since
            ),
        )
    )
    return agent


async def disconnect(tx: Connection, connection_id: str, agent_id: str) -> None:
    """Forgets a connection; without another the agent is gone from now on."""
    await accounts.load(tx, agent_id, lock=True)
    await tx.execute(
        sa.delete(agent_connections).where(
            agent_connections.c.connection_id == connection_id
        )
    )
    await note_gone(tx, agent_id)


async def note_gone(
    tx: Connection, agent_id: str, gone_at: datetime | None = None
) -> None:
    """An agent who has no connection left is gone since then, if not since now."""
    await accounts.load(tx, agent_id, lock=True)
    await tx.execute(
        sa.update(agents)
        .where(agents.c.agent_id == agent_id, ~_IS_CONNECTED)
        .values(gone_at=from_now() if gone_at is None else gone_at)
    )


async def count_absence_anew(tx: Connection, bridge_id: str, lease_secs: float) -> None:
    """While no other bridge was there to come to, nobody was gone: not until now."""
    others = sa.exists().where(
        bridges.c.bridge_id != bridge_id, bridges.c.seen_at >= from_now(-lease_secs)
    )
    await tx.execute(
        sa.update(agents)
        .where(agents.c.gone_at.is_not(None), ~others)
        .values(gone_at=from_now())
    )


async def note_unconnected(tx: Connection) -> None:
    """Whoever counts as there without any connection is gone from now on."""
    await tx.execute(
        sa.update(agents)
        .where(
            ~_IS_OFFLINE,
            agents.c.gone_at.is_(None),
            ~_IS_CONNECTED,
        )
        .values(gone_at=from_now())
    )


async def set_offline(tx: Connection, grace_secs: float) -> Collection[str]:
    """Those who have been gone for so long are offline; gives whom that is new of."""
    gone = await tx.execute(
        sa.update(agents)
        .where(
            ~_IS_OFFLINE,
            agents.c.gone_at <= from_now(-grace_secs),
            ~_IS_CONNECTED,
        )
        .values(status=Presence.OFFLINE.value)
        .returning(agents.c.agent_id)
    )
    return list(gone.scalars())


async def is_gone(tx: Connection, agent_id: str, secs: float) -> bool:
    """Whether an agent has had no connection for so long; their row stays locked."""
    await accounts.load(tx, agent_id, lock=True)
    query = sa.select(agents.c.agent_id).where(
        agents.c.agent_id == agent_id, _is_gone_for(secs)
    )
    return (await tx.execute(query)).first() is not None


async def chats_of_the_gone(tx: Connection, secs: float) -> list[str]:
    """Conversations whose agent has had no connection for so long.

    Not those that are on their way back to the assistant: that needs no agent.
    """
    query = (
        sa.select(handoffs.c.conversation_id)
        .join_from(handoffs, agents, agents.c.agent_id == handoffs.c.agent_id)
        .where(
            handoffs.c.state == HandoffState.CLAIMED.value,
            sa.not_(handoffs.c.is_returning),
            _is_gone_for(secs),
        )
        .order_by(handoffs.c.conversation_id)
    )
    return list((await tx.execute(query)).scalars())


async def chats_of_the_disabled(
    tx: Connection, agent_id: str | None = None
) -> list[str]:
    """Conversations whose agent, or this one, is disabled or has no account.

    Not those that are on their way back to the assistant: that needs no agent.
    """
    query = (
        sa.select(handoffs.c.conversation_id)
        .select_from(handoffs)
        .outerjoin(agents, agents.c.agent_id == handoffs.c.agent_id)
        .where(
            handoffs.c.state == HandoffState.CLAIMED.value,
            sa.not_(handoffs.c.is_returning),
            sa.or_(agents.c.agent_id.is_(None), agents.c.disabled_at.is_not(None)),
        )
        .order_by(handoffs.c.conversation_id)
    )
    if agent_id is not None:
        query = query.where(handoffs.c.agent_id == agent_id)
    return list((await tx.execute(query)).scalars())


async def reserved_for_the_disabled(tx: Connection) -> dict[str, str]:
    """Conversations in line that wait for an agent who is disabled, and for whom."""
    query = (
        sa.select(handoffs.c.conversation_id, handoffs.c.for_agent)
        .join_from(handoffs, agents, agents.c.agent_id == handoffs.c.for_agent)
        .where(
            handoffs.c.state.in_(WAITING_STATES),
            agents.c.disabled_at.is_not(None),
        )
        .order_by(handoffs.c.conversation_id)
    )
    return {row.conversation_id: row.for_agent for row in await tx.execute(query)}


def _is_gone_for(secs: float) -> sa.ColumnElement[bool]:
    return sa.and_(agents.c.gone_at <= from_now(-secs), ~_IS_CONNECTED)

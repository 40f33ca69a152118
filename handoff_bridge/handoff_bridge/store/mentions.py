"""Whom notes name, until they have seen it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from handoff_bridge.store.database import Connection
from handoff_bridge.store.tables import events, mentions


@dataclass(frozen=True)
class Mention:
    """A note that names an agent."""

    conversation_id: str
    seq: int
    at: datetime
    actor_id: str | None
    actor_name: str | None
    text: str


async def add(
    tx: Connection, conversation_id: str, seq: int, agent_ids: Collection[str]
) -> None:
    """The note of that number names these."""
    row = {"conversation_id": conversation_id, "seq": seq}
    await tx.execute(
        sa.insert(mentions), [row | {"agent_id": one} for one in agent_ids]
    )


async def of_agent(tx: Connection, agent_id: str) -> list[Mention]:
    """Where an agent is named and has not looked yet, the oldest first."""
    query = (
        sa.select(
            *(events.c.conversation_id, events.c.seq, events.c.at),
            *(events.c.actor_id, events.c.actor_name),
            events.c.data["text"].as_string().label("text"),
        )
        .join_from(
            mentions,
            events,
            sa.and_(
                events.c.conversation_id == mentions.c.conversation_id,
                events.c.seq == mentions.c.seq,
            ),
        )
        .where(mentions.c.agent_id == agent_id)
        .order_by(events.c.at)
    )
    return [Mention(**row._mapping) for row in await tx.execute(query)]


async def see(tx: Connection, agent_id: str, conversation_id: str, seq: int) -> bool:
    """An agent has read a conversation up to `seq`; says whether it named them."""
    seen = await tx.execute(
        sa.delete(mentions).where(
            mentions.c.agent_id == agent_id,
            mentions.c.conversation_id == conversation_id,
            mentions.c.seq <= seq,
        )
    )
    return bool(seen.rowcount)

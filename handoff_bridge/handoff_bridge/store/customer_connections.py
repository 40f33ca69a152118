"""Which customers have their chat open, on bridges that show signs of life."""

from collections.abc import Collection, Mapping

import sqlalchemy as sa

from handoff_bridge.store.database import Connection, inserting
from handoff_bridge.store.tables import IS_OPEN, customer_connections, handoffs

IS_CONNECTED = (
    sa.select(customer_connections.c.connection_id)
    .where(customer_connections.c.conversation_id == handoffs.c.conversation_id)
    .correlate(handoffs)
    .exists()
)


async def add(tx: Connection, bridge_id: str, opened: Mapping[str, str]) -> None:
    """Connections of a bridge: conversations by connection id."""
    rows = [
        {
            "connection_id": connection_id,
            "conversation_id": conversation_id,
            "bridge_id": bridge_id,
        }
        for connection_id, conversation_id in opened.items()
    ]
    adding = inserting(tx, customer_connections)
    await tx.execute(adding.on_conflict_do_nothing(), rows)


async def remove(tx: Connection, connection_ids: Collection[str]) -> None:
    """Connections that have ended."""
    removing = sa.delete(customer_connections).where(
        customer_connections.c.connection_id == sa.bindparam("ended")
    )
    await tx.execute(removing, [{"ended": one} for one in connection_ids])


async def remove_all(tx: Connection, bridge_id: str) -> None:
    """Those of a bridge that has ended."""
    await tx.execute(
        sa.delete(customer_connections).where(
            customer_connections.c.bridge_id == bridge_id
        )
    )


async def with_agents(
    tx: Connection, conversation_ids: Collection[str] | None = None
) -> dict[str, bool]:
    """Whether customers are connected, in conversations with an open handoff."""
    query = sa.select(
        handoffs.c.conversation_id, IS_CONNECTED.label("connected")
    ).where(IS_OPEN)
    if conversation_ids is not None:
        query = query.where(handoffs.c.conversation_id.in_(conversation_ids))
    rows = await tx.execute(query.order_by(handoffs.c.conversation_id))
    return {row.conversation_id: row.connected for row in rows}

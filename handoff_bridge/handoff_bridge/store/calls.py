"""What agents' calls were answered, by agent and `client_id`."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from handoff_bridge.models import JsonObject
from handoff_bridge.store.database import Connection, inserting
from handoff_bridge.store.tables import calls

# No client asks again for the answer of a call that old.
KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Bound:
    """What a `client_id` was used for first; `ack` is what that was answered."""

    call: str | None
    arguments: str | None
    ack: JsonObject | None


async def bind(
    tx: Connection,
    agent_id: str,
    client_id: str,
    call: str,
    arguments: str,
    now: datetime,
) -> Bound:
    """Takes a `client_id` for a call with these arguments, or tells whose it is."""
    add = inserting(tx, calls).values(
        agent_id=agent_id,
        client_id=client_id,
        call=call,
        arguments=arguments,
        created_at=now,
    )
    # A change that is none: only what is written is returned.
    bound = add.on_conflict_do_update(
        index_elements=["agent_id", "client_id"], set_={"client_id": client_id}
    ).returning(calls.c.call, calls.c.arguments, calls.c.ack)
    return Bound(**(await tx.execute(bound)).one()._mapping)


async def keep_ack(
    tx: Connection, agent_id: str, client_id: str, ack: JsonObject
) -> JsonObject:
    """Remembers an answer for a repeated call; returns the first there was."""
    new = sa.literal(ack, calls.c.ack.type)
    kept = (
        sa.update(calls)
        .where(calls.c.agent_id == agent_id, calls.c.client_id == client_id)
        .values(ack=sa.func.coalesce(calls.c.ack, new))
        .returning(calls.c.ack)
    )
    first: JsonObject = (await tx.execute(kept)).scalar_one()
    return first


async def prune(tx: Connection, now: datetime) -> None:
    """Forgets calls that nobody will ask for again."""
    await tx.execute(sa.delete(calls).where(calls.c.created_at < now - KEPT))

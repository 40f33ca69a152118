"""What is delivered to webhooks: each event to each endpoint that wants it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from handoff_bridge.models import JsonObject
from handoff_bridge.store.clock import from_now
from handoff_bridge.store.database import Connection
from handoff_bridge.store.tables import webhook_deliveries as deliveries
from handoff_bridge.store.tables import webhooks

KEPT = timedelta(days=30)
State = Literal["pending", "delivered", "failed"]


@dataclass(frozen=True)
class Delivery:
    """One event on its way to one endpoint, or what became of it.

    `tries` counts since it was made or asked for again; `attempts` are the newest ones,
    each with `at`, `duration_ms`, and `status`, `error` and `response` as far as there
    was one.
    """

    delivery_id: str
    webhook_id: str
    event: str
    conversation_id: str | None
    body: str
    created_at: datetime
    state: str = "pending"
    due_at: datetime | None = None
    tries: int = 0
    attempts: Sequence[JsonObject] = ()


_COLUMNS = [deliveries.c[one.name] for one in fields(Delivery)]
_INSERT = sa.insert(deliveries).values(due_at=from_now(), state="pending", tries=0)
_DUE = deliveries.c.due_at <= from_now()
_DUE_WEBHOOKS = (
    sa.select(webhooks.c.webhook_id)
    .where(
        webhooks.c.disabled_at.is_(None),
        sa.exists().where(deliveries.c.webhook_id == webhooks.c.webhook_id, _DUE),
    )
    .order_by(webhooks.c.webhook_id)
)
_DUE_OF = (
    sa.select(*_COLUMNS)
    .where(deliveries.c.webhook_id == sa.bindparam("webhook_id"), _DUE)
    .order_by(deliveries.c.number)
    .limit(sa.bindparam("limit"))
)


def _read(row: Any) -> Delivery:
    return Delivery(**row._mapping)


async def enqueue(tx: Connection, made: Sequence[Delivery]) -> None:
    """To be delivered once this is committed. Call in the event's transaction."""
    rows: list[dict[str, Any]] = [
        {
            "delivery_id": one.delivery_id,
            "webhook_id": one.webhook_id,
            "event": one.event,
            "conversation_id": one.conversation_id,
            "body": one.body,
            "created_at": one.created_at,
            "attempts": [],
        }
        for one in made
    ]
    await tx.execute(_INSERT, rows)


async def due_webhooks(tx: Connection) -> list[str]:
    """The endpoints for which something is due."""
    return [*(await tx.execute(_DUE_WEBHOOKS)).scalars()]


async def due_of(tx: Connection, webhook_id: str, limit: int) -> list[Delivery]:
    """What is due for an endpoint, in the order of the events."""
    asked = {"webhook_id": webhook_id, "limit": limit}
    return [_read(row) for row in await tx.execute(_DUE_OF, asked)]


async def load(tx: Connection, webhook_id: str, delivery_id: str) -> Delivery | None:
    """One of an endpoint's."""
    query = sa.select(*_COLUMNS).where(
        deliveries.c.webhook_id == webhook_id, deliveries.c.delivery_id == delivery_id
    )
    row = (await tx.execute(query)).first()
    return _read(row) if row else None


async def page(
    tx: Connection, webhook_id: str, before: str | None, limit: int
) -> list[Delivery]:
    """An endpoint's, newest first; with `before` those older than that one."""
    query = sa.select(*_COLUMNS).where(deliveries.c.webhook_id == webhook_id)
    if before is not None:
        number = sa.select(deliveries.c.number).where(
            deliveries.c.delivery_id == before
        )
        query = query.where(deliveries.c.number < number.scalar_subquery())
    rows = await tx.execute(query.order_by(deliveries.c.number.desc()).limit(limit))
    return [_read(row) for row in rows]


async def note(
    tx: Connection,
    delivery_id: str,
    attempts: Sequence[JsonObject],
    *,
    state: State,
    again_in: float | None = None,
) -> None:
    """Writes down an attempt, and when there is to be another if it is `pending`."""
    await tx.execute(
        sa.update(deliveries)
        .where(deliveries.c.delivery_id == delivery_id)
        .values(
            attempts=[*attempts],
            state=state,
            tries=deliveries.c.tries + 1,
            due_at=None if again_in is None else from_now(again_in),
        )
    )


async def again(tx: Connection, delivery_id: str) -> None:
    """Has it delivered once more, from the first attempt on."""
    await tx.execute(
        sa.update(deliveries)
        .where(deliveries.c.delivery_id == delivery_id)
        .values(state="pending", tries=0, due_at=from_now())
    )


async def prune(tx: Connection, now: datetime) -> None:
    """Forgets old ones, and those of webhooks that are gone."""
    is_gone = ~sa.exists().where(webhooks.c.webhook_id == deliveries.c.webhook_id)
    is_old = deliveries.c.created_at < now - KEPT
    await tx.execute(sa.delete(deliveries).where(sa.or_(is_old, is_gone)))

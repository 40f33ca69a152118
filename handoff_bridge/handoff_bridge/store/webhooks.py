"""Webhooks: where the shop's programs want to hear of events. Times are the bridges'.

Those of leases and pauses are the database's.
"""

from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from handoff_bridge.models import JsonObject
from handoff_bridge.store.clock import from_now
from handoff_bridge.store.database import Connection
from handoff_bridge.store.tables import webhook_deliveries, webhooks


@dataclass(frozen=True)
class Webhook:
    """One endpoint: which events it gets, and how it has been doing."""

    webhook_id: str
    url: str
    events: list[str]
    secret: str = field(repr=False)
    created_at: datetime
    description: str | None = None
    old_secret: str | None = field(default=None, repr=False)
    old_secret_until: datetime | None = None
    disabled_at: datetime | None = None
    disabled_reason: str | None = None
    failing_since: datetime | None = None
    delivered_at: datetime | None = None
    last_attempt: JsonObject | None = None

    def secrets_at(self, now: datetime) -> list[str]:
        """What a delivery is signed with: for a while by the old secret too."""
        until = self.old_secret_until
        is_good = self.old_secret is not None and until is not None and now < until
        return [self.secret, *([self.old_secret or ""] if is_good else [])]


_COLUMNS = [webhooks.c[one.name] for one in fields(Webhook)]
_ALL = sa.select(*_COLUMNS).order_by(webhooks.c.created_at, webhooks.c.webhook_id)
_IS_ENABLED = webhooks.c.disabled_at.is_(None)
_ID = webhooks.c.webhook_id == sa.bindparam("key")
_OWN = webhooks.c.leased_by == sa.bindparam("worker")
_LEASE = (
    sa.update(webhooks)
    .where(
        _ID,
        _IS_ENABLED,
        sa.or_(
            webhooks.c.paused_until.is_(None), webhooks.c.paused_until <= from_now()
        ),
        sa.or_(
            webhooks.c.leased_until.is_(None),
            webhooks.c.leased_until <= from_now(),
            _OWN,
        ),
    )
    .values(
        leased_by=sa.bindparam("worker"),
        leased_until=from_now(sa.bindparam("lease_secs", type_=sa.Float)),
    )
    .returning(*_COLUMNS)
)
_FREE = {"leased_by": None, "leased_until": None}


async def everyone(tx: Connection) -> list[Webhook]:
    """All of them, the oldest first."""
    return [Webhook(**row._mapping) for row in await tx.execute(_ALL)]


async def load(
    tx: Connection, webhook_id: str, *, lock: bool = False
) -> Webhook | None:
    """One of them; with `lock` nobody else changes it meanwhile."""
    query = sa.select(*_COLUMNS).where(webhooks.c.webhook_id == webhook_id)
    row = (await tx.execute(query.with_for_update() if lock else query)).first()
    return Webhook(**row._mapping) if row else None


async def add(tx: Connection, webhook: Webhook) -> None:
    """Keeps a new one."""
    await tx.execute(sa.insert(webhooks).values(**vars(webhook)))


async def change(tx: Connection, webhook_id: str, **values: Any) -> None:
    """Sets some of its columns."""
    query = sa.update(webhooks).where(webhooks.c.webhook_id == webhook_id)
    await tx.execute(query.values(**values))


async def remove(tx: Connection, webhook_id: str) -> None:
    """Forgets one, and what was to be delivered to it."""
    for table in (webhook_deliveries, webhooks):
        await tx.execute(sa.delete(table).where(table.c.webhook_id == webhook_id))


async def lease(
    tx: Connection, webhook_id: str, worker: str, lease_secs: float
) -> Webhook | None:
    """One to deliver to, which no other bridge does meanwhile.

    None where another is at it, it is disabled, or it has asked for a pause.
    """
    asked = {"key": webhook_id, "worker": worker, "lease_secs": lease_secs}
    row = (await tx.execute(_LEASE, asked)).first()
    return Webhook(**row._mapping) if row else None


async def free(tx: Connection, worker: str, webhook_id: str | None = None) -> None:
    """Another bridge may deliver to it, or to all that this one has leased."""
    query = sa.update(webhooks).where(webhooks.c.leased_by == worker)
    if webhook_id is not None:
        query = query.where(webhooks.c.webhook_id == webhook_id)
    await tx.execute(query.values(**_FREE))


async def pause(tx: Connection, webhook_id: str, secs: float) -> None:
    """Nothing is delivered to it for so long."""
    await change(tx, webhook_id, paused_until=from_now(secs))

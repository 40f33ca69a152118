"""What is kept of people's second factors."""

from dataclasses import dataclass

import sqlalchemy as sa

from handoff_bridge.store.database import Connection
from handoff_bridge.store.tables import agents


@dataclass(frozen=True)
class SecondFactor:
    """Secrets of codes by time, and SHA-256 of the recovery codes that are left.

    `pending` is enrolled, but not confirmed. A code of `used_step` or before was used.
    """

    secret: str | None
    pending: str | None
    used_step: int
    recovery_hashes: list[str]


async def load(tx: Connection, agent_id: str, *, lock: bool = True) -> SecondFactor:
    """With `lock` their row stays so, and a code is good once."""
    query = sa.select(
        agents.c.totp_secret,
        agents.c.totp_pending,
        agents.c.totp_used_step,
        agents.c.recovery_hashes,
    ).where(agents.c.agent_id == agent_id)
    if lock:
        query = query.with_for_update()
    row = (await tx.execute(query)).one()
    return SecondFactor(
        row.totp_secret,
        row.totp_pending,
        row.totp_used_step or 0,
        row.recovery_hashes or [],
    )

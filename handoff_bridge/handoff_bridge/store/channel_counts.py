"""What came in at each channel's public address, by day."""

from collections.abc import Mapping
from datetime import date, timedelta

import sqlalchemy as sa

from handoff_bridge.store.database import Connection, inserting
from handoff_bridge.store.tables import channel_counts as counts

KEPT = timedelta(days=400)


async def add(tx: Connection, day: date, found: Mapping[tuple[str, str], int]) -> None:
    """Adds to a day's counts, by channel and name."""
    for (channel, name), count in sorted(found.items()):
        values = {"channel": channel, "day": day, "name": name, "count": count}
        statement = inserting(tx, counts).values(values)
        await tx.execute(
            statement.on_conflict_do_update(
                index_elements=["channel", "day", "name"],
                set_={"count": counts.c.count + count},
            )
        )


async def since(tx: Connection, day: date) -> dict[tuple[str, str], int]:
    """The sums from a day on, by channel and name."""
    total = sa.func.sum(counts.c.count).label("total")
    query = (
        sa.select(counts.c.channel, counts.c.name, total)
        .where(counts.c.day >= day)
        .group_by(counts.c.channel, counts.c.name)
    )
    rows = await tx.execute(query)
    return {(row.channel, row.name): int(row.total) for row in rows}


async def prune(tx: Connection, today: date) -> None:
    """Forgets the oldest."""
    await tx.execute(sa.delete(counts).where(counts.c.day < today - KEPT))

"""Runs migrations on the address that the caller passes, SQLite or PostgreSQL."""

import asyncio
from typing import Any

import sqlalchemy as sa
from alembic import context
from sqlalchemy.ext.asyncio import create_async_engine

from handoff_bridge.store.tables import metadata

# Of this database alone, whoever else takes advisory locks there.
LOCK = int.from_bytes(b"tandem")
BUSY_SECS = 60.0


def _migrate(connection: sa.Connection) -> None:
    # Batch mode: SQLite cannot alter most of a table in place.
    context.configure(
        connection=connection, target_metadata=metadata, render_as_batch=True
    )
    with context.begin_transaction():
        context.run_migrations()


async def _run(url: sa.URL) -> None:
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            # Several bridges may start at once: the others wait, then find it done.
            await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
            await connection.run_sync(_migrate)
    finally:
        await engine.dispose()


def _run_on_file(url: sa.URL) -> None:
    engine = sa.create_engine(
        url.set(drivername="sqlite"), connect_args={"timeout": BUSY_SECS}
    )
    # The driver begins transactions by itself, but too late for us.
    sa.event.listen(engine, "connect", _begin_nothing)
    with engine.begin() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        _migrate(connection)
    engine.dispose()


def _begin_nothing(connection: Any, _record: object) -> None:
    connection.isolation_level = None


address = sa.make_url(context.config.attributes["url"])
if address.get_backend_name() == "sqlite":
    _run_on_file(address)
else:
    asyncio.run(_run(address))

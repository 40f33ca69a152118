"""Runs migrations on the address that the caller passes, SQLite or PostgreSQL."""

import asyncio

import sqlalchemy as sa
from alembic import context
from sqlalchemy.ext.asyncio import create_async_engine

from handoff_bridge.store.tables import metadata


def _migrate(connection: sa.Connection) -> None:
    # Batch mode: SQLite cannot alter most of a table in place.
    context.configure(
        connection=connection, target_metadata=metadata, render_as_batch=True
    )
    with context.begin_transaction():
        context.run_migrations()


async def _run() -> None:
    engine = create_async_engine(context.config.attributes["url"])
    async with engine.connect() as connection:
        await connection.run_sync(_migrate)
        await connection.commit()
    await engine.dispose()


asyncio.run(_run())

"""The engine and its transactions, on SQLite and PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

# How long a writer waits for another process's transaction on the same SQLite file.
SQLITE_BUSY_SECS = 15


class Database:
    """One engine; `write` and `read` are the only ways to a connection."""

    def __init__(self, url: str) -> None:
        """Makes the engine for `url`; connects on first use."""
        # Errors name the statement, never its values: those are customers' words.
        self._sqlite = make_url(url).get_backend_name() == "sqlite"
        if self._sqlite:
            self.engine = _sqlite_engine(url)
        else:
            self.engine = create_async_engine(
                url,
                pool_size=10,
                max_overflow=10,
                pool_pre_ping=True,
                hide_parameters=True,
            )
        # SQLite has one writer; waiting here is fair, its own busy loop is not.
        self._writer = asyncio.Lock()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction, committed at the end of the block or rolled back."""
        if not self._sqlite:
            async with self.engine.begin() as tx:
                yield tx
            return
        async with self._writer, self.engine.connect() as connection:
            tx = await connection.execution_options(immediate=True)
            async with tx.begin():
                yield tx

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A consistent view that never waits for writers."""
        async with self.engine.connect() as connection:
            if not self._sqlite:
                await connection.execution_options(isolation_level="REPEATABLE READ")
            async with connection.begin():
                yield connection

    async def erase_deleted(self) -> bool:
        """Takes what is deleted out of the files; False if somebody is at them.

        SQLite overwrites deleted rows, but its log keeps them until it is emptied.
        PostgreSQL has no such call: there it is the work of its vacuum.
        """
        if not self._sqlite:
            return True
        async with self.engine.connect() as connection:
            raw = (await connection.get_raw_connection()).driver_connection
            assert raw is not None
            # Nobody may have to wait for this.
            await raw.execute("PRAGMA busy_timeout=0")
            try:
                query = "PRAGMA wal_checkpoint(TRUNCATE)"
                [(busy, *_)] = await raw.execute_fetchall(query)
            finally:
                await raw.execute(f"PRAGMA busy_timeout={SQLITE_BUSY_SECS * 1000}")
        return not busy

    async def alive(self) -> bool:
        """Whether the database answers."""
        try:
            async with self.engine.connect() as connection:
                await connection.execute(sa.text("SELECT 1"))
        except (sa.exc.SQLAlchemyError, OSError):
            return False
        return True

    async def close(self) -> None:
        """Gives all connections back."""
        await self.engine.dispose()


def inserting(tx: AsyncConnection, table: sa.Table) -> Any:
    """An INSERT that can say what to do on a conflict, in the database's dialect."""
    if tx.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def _sqlite_engine(url: str) -> AsyncEngine:
    database = make_url(url).database
    if database:
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(
        url, connect_args={"timeout": SQLITE_BUSY_SECS}, hide_parameters=True
    )

    @sa.event.listens_for(engine.sync_engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        # The driver's own BEGIN comes too late for a consistent read; ours below.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        # In WAL mode NORMAL survives the death of any process; only a loss of power
        # can take the last commits, never the file's integrity.
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        # A job may have held a one-time code: what is deleted is overwritten.
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.close()

    @sa.event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        # A deferred transaction that turns into a writer fails at once when another
        # process writes; IMMEDIATE waits for its turn.
        immediate = connection.get_execution_options().get("immediate")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine

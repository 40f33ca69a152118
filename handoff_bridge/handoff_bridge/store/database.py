"""The engines and their transactions, on SQLite and PostgreSQL."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from handoff_bridge.store.sqlite import SqliteFile


class Connection(Protocol):
    """What use cases do with a database: statements of SQLAlchemy's, one at a time."""

    @property
    def dialect(self) -> sa.Dialect:
        """Which database it is."""

    async def execute(
        self,
        statement: sa.Executable,
        parameters: Sequence[dict[str, Any]] | dict[str, Any] | None = None,
    ) -> sa.CursorResult[Any]:
        """Runs one statement; its rows are there at once."""


class _Engine(Protocol):
    """One kind of database."""

    def write(self) -> AbstractAsyncContextManager[Connection]: ...
    def read(self, *, long: bool) -> AbstractAsyncContextManager[Connection]: ...
    async def erase_deleted(self) -> bool: ...
    async def close(self) -> None: ...


class Database:
    """`write` and `read` are the only ways to a connection."""

    def __init__(self, url: str, *, durable: bool = False) -> None:
        """Connects to `url` on first use.

        With `durable`, SQLite waits for the disk at each commit; PostgreSQL is set
        up for that, or not, by whoever runs it.
        """
        parts = make_url(url)
        self._engine: _Engine
        if parts.get_backend_name() == "sqlite":
            self._engine = SqliteFile(Path(parts.database or ""), durable=durable)
        else:
            self._engine = _Postgres(url)

    def write(self) -> AbstractAsyncContextManager[Connection]:
        """A transaction, committed at the end of the block or rolled back."""
        return self._engine.write()

    def read(self, *, long: bool = False) -> AbstractAsyncContextManager[Connection]:
        """A consistent view that never waits for writers.

        `long` is for what reads much: nobody else has to wait for it.
        """
        return self._engine.read(long=long)

    async def erase_deleted(self) -> bool:
        """Takes what is deleted out of the files; False if somebody is at them."""
        return await self._engine.erase_deleted()

    async def alive(self) -> bool:
        """Whether the database answers."""
        try:
            async with self.read() as tx:
                await tx.execute(sa.text("SELECT 1"))
        except (sa.exc.SQLAlchemyError, OSError):
            return False
        return True

    async def close(self) -> None:
        """Gives all connections back."""
        await self._engine.close()


def inserting(tx: Connection, table: sa.Table) -> Any:
    """An INSERT that can say what to do on a conflict, in the database's dialect."""
    if tx.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


class _Postgres:
    """A pool of connections; rows are locked by whoever changes them."""

    def __init__(self, url: str) -> None:
        # Errors name the statement, never its values: those are customers' words.
        self._engine = create_async_engine(
            url,
            pool_size=10,
            max_overflow=10,
            pool_pre_ping=True,
            hide_parameters=True,
        )

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        async with self._engine.begin() as tx:
            yield tx

    @asynccontextmanager
    async def read(self, *, long: bool) -> AsyncIterator[AsyncConnection]:
        async with self._engine.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ")
            async with connection.begin():
                yield connection

    async def erase_deleted(self) -> bool:
        """There is no such call here: it is the work of its vacuum."""
        return True

    async def close(self) -> None:
        await self._engine.dispose()

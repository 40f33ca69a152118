"""One SQLite file: what is ready at the same moment is committed together.

Statements run on the event loop's own thread: each takes microseconds, which is less
than the way to another thread and back. What may take long does not run there: waiting
for the disk at a commit, and reports.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa

# How long a writer waits for another process's transaction on the same file.
BUSY_SECS = 15.0
RETRY_SECS = 0.005

Parameters = Sequence[dict[str, Any]] | dict[str, Any] | None


class SqliteConnection:
    """Runs statements at once; others get their turn between use cases."""

    def __init__(self, connection: sa.Connection) -> None:
        """`connection` leaves transactions to whoever has it."""
        self._connection = connection
        self.dialect: sa.Dialect = connection.dialect

    async def execute(
        self, statement: sa.Executable, parameters: Parameters = None
    ) -> sa.CursorResult[Any]:
        """Runs one statement."""
        return self._connection.execute(statement, parameters)

    def close(self) -> None:
        """Gives the connection back."""
        self._connection.close()

    def run(self, command: str) -> None:
        """Begins, ends or marks a transaction."""
        driver: Any = self._connection.connection.driver_connection
        driver.execute(command)


class _InThread(SqliteConnection):
    """Runs statements in a thread."""

    async def execute(
        self, statement: sa.Executable, parameters: Parameters = None
    ) -> sa.CursorResult[Any]:
        return await _in_thread(self._connection.execute, statement, parameters)


class SqliteFile:
    """The file's one writer, and its readers."""

    def __init__(self, path: Path, *, durable: bool) -> None:
        """Makes the folder; opens the file on first use."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._engine = sa.create_engine(
            f"sqlite:///{path}",
            # A statement and its commit may run in different threads, never at once.
            connect_args={"check_same_thread": False, "timeout": BUSY_SECS},
            isolation_level="AUTOCOMMIT",
            pool_reset_on_return=None,
            # Waiting for one would stop everybody.
            max_overflow=-1,
            # Errors name the statement, never its values: those are customers' words.
            hide_parameters=True,
        )
        sa.event.listen(self._engine, "connect", _configure(durable=durable))
        self._writer: SqliteConnection | None = None
        # Whoever holds it may use the writer. It is fair: all who stand in line when
        # the commit is asked for get into its group.
        self._turn = asyncio.Lock()
        self._group: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def write(self) -> AsyncIterator[SqliteConnection]:
        """A part of a transaction that others share.

        It fails alone, and is left once the whole is committed.
        """
        async with self._turn:
            tx = self._writer = self._writer or self._connect()
            if self._group is None:
                await _begin(tx)
                self._group = asyncio.create_task(self._commit(tx))
            group = self._group
            tx.run("SAVEPOINT unit")
            try:
                yield tx
            except BaseException:
                tx.run("ROLLBACK TO unit")
                raise
            finally:
                tx.run("RELEASE unit")
        # Whoever gives up waiting takes no other with it.
        await asyncio.shield(group)

    async def _commit(self, tx: SqliteConnection) -> None:
        async with self._turn:
            self._group = None
            try:
                await _in_thread(tx.run, "COMMIT")
            except sqlite3.Error:
                with suppress(sqlite3.Error):  # where that has ended it already
                    tx.run("ROLLBACK")
                raise

    @asynccontextmanager
    async def read(self, *, long: bool) -> AsyncIterator[SqliteConnection]:
        """A snapshot of what is committed."""
        kind = _InThread if long else SqliteConnection
        with self._engine.connect() as connection:
            tx = kind(connection)
            tx.run("BEGIN")
            try:
                yield tx
            finally:
                tx.run("COMMIT")

    async def erase_deleted(self) -> bool:
        """Takes what is deleted out of the files; False if somebody is at them.

        Deleted rows are overwritten, but the log beside the file keeps them until it is
        emptied.
        """
        return await asyncio.to_thread(self._empty_log)

    def _empty_log(self) -> bool:
        with self._engine.connect() as connection:
            query = "PRAGMA wal_checkpoint(TRUNCATE)"
            busy = connection.exec_driver_sql(query).scalar_one()
        return not busy

    async def close(self) -> None:
        """Commits what is under way and closes the file."""
        if self._group is not None:
            await asyncio.gather(self._group, return_exceptions=True)
        async with self._turn:  # a commit may still be under way
            if self._writer is not None:
                self._writer.close()
                self._writer = None
        self._engine.dispose()

    def _connect(self) -> SqliteConnection:
        return SqliteConnection(self._engine.connect())


async def _in_thread[**P, R](
    function: Callable[P, R], *args: P.args, **kwargs: P.kwargs
) -> R:
    """Runs it in a thread, which is done with the connection when this ends."""
    work = asyncio.create_task(asyncio.to_thread(function, *args, **kwargs))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait([work])
        raise


async def _begin(tx: SqliteConnection) -> None:
    """Waits while another process writes.

    A deferred transaction that turns into a writer would fail at once instead.
    """
    async with asyncio.timeout(BUSY_SECS):
        while True:
            try:
                tx.run("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    raise
                await asyncio.sleep(RETRY_SECS)
            else:
                return


def _configure(*, durable: bool) -> Callable[[Any, object], None]:
    def configure(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        # NORMAL survives the death of any process; a loss of power can take the last
        # commits, never the file's integrity.
        connection.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
        connection.execute("PRAGMA foreign_keys=ON")
        # A job may have held a one-time code: what is deleted is overwritten.
        connection.execute("PRAGMA secure_delete=ON")
        # From here on whoever has to wait does so without stopping everybody else.
        connection.execute("PRAGMA busy_timeout=0")

    return configure

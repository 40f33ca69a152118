"""Opens the SQLite file and its transactions.

A write takes the database's only write lock at its beginning, so whatever it reads
is still true when it writes: two equal requests at once run one after the other.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, create_engine, event
from sqlalchemy.orm import Session

from backoffice.tables import SCHEMA_VERSION, Base


def open_engine(path: Path) -> Engine:
    """Makes the file's folder if needed; the tables are made by `create_tables`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        f"sqlite:///{path}",
        pool_size=20,
        # else a failing statement would put personal data into the log
        hide_parameters=True,
    )
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


def _configure(connection: Any, _record: Any) -> None:
    # the driver's own BEGIN would come only before the first write
    connection.isolation_level = None
    connection.execute("PRAGMA busy_timeout = 5000")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    # mails have one-time codes in them until they are used
    connection.execute("PRAGMA secure_delete = ON")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """One view of the database."""
    with Session(engine) as session:
        yield session


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """One transaction; committed unless the block raises."""
    with Session(engine.execution_options(writes=True)) as session, session.begin():
        yield session


def erase_overwritten(engine: Engine) -> None:
    """Empties the log ahead of the file, which has what was overwritten."""
    connection = engine.raw_connection()
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()


def create_tables(session: Session) -> None:
    """Makes the tables; those of another version of this sandbox are dropped."""
    connection = session.connection()
    version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    if version not in (0, SCHEMA_VERSION):
        old = MetaData()
        old.reflect(connection)
        old.drop_all(connection)
    Base.metadata.create_all(connection)
    connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")

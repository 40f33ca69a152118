"""Databases of our own on the machine's PostgreSQL, gone when they are done with."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

SERVER = "postgresql://postgres@127.0.0.1:5432/postgres"


@contextmanager
def postgres_database(template: str | None = None) -> Iterator[str | None]:
    """The address of a new database, dropped afterwards; None without a server.

    A copy of `template`, the address of another one, where that is given.
    """
    name = f"tandem_test_{secrets.token_hex(6)}"
    try:
        server = psycopg.connect(SERVER, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError:
        yield None
        return
    with server:
        source = f" TEMPLATE {template.rsplit('/', 1)[1]}" if template else ""
        server.execute(f"CREATE DATABASE {name}{source}")
        try:
            yield f"postgresql+asyncpg://postgres@127.0.0.1:5432/{name}"
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")

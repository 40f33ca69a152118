"""Migrations lead to the very tables that the code works with, and back."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from benchmarks.speed.databases import postgres_database
from handoff_bridge.database_schema import MIGRATIONS, migrate_database
from handoff_bridge.store.tables import metadata
from tests.bridge.support.databases import no_server


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    with postgres_database() as url:
        if url is None:
            no_server()
        yield url


# The full-text index and what it is kept in; PostgreSQL has an index of its own kind.
OF_SQLITE_ALONE = {"search_index"} | {
    f"search_index_{part}" for part in ("data", "idx", "docsize", "config")
}


def config_for(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url
    return config


def engine_for(url: str) -> sa.Engine:
    address = url.replace("+asyncpg", "+psycopg")
    return sa.create_engine(address)


def tables(url: str) -> set[str]:
    engine = engine_for(url)
    try:
        return set(sa.inspect(engine).get_table_names())
    finally:
        engine.dispose()


def test_upgrade_from_nothing_is_what_the_code_expects(empty_url: str) -> None:
    migrate_database(empty_url)
    engine = engine_for(empty_url)
    hidden = OF_SQLITE_ALONE
    if engine.dialect.name == "sqlite":
        hidden = hidden | {"ix_search_entries_words"}
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": True,
                "include_object": lambda _, name, *__: name not in hidden,
            },
        )
        differences = compare_metadata(context, metadata)
    engine.dispose()
    assert differences == []


def test_upgrade_twice_is_upgrade_once(empty_url: str) -> None:
    migrate_database(empty_url)
    migrate_database(empty_url)
    found = tables(empty_url) - OF_SQLITE_ALONE
    assert found == {*metadata.tables, "alembic_version"}


def test_downgrade_leaves_nothing_and_upgrade_works_again(empty_url: str) -> None:
    migrate_database(empty_url)
    command.downgrade(config_for(empty_url), "base")
    assert tables(empty_url) <= {"alembic_version"}
    migrate_database(empty_url)
    assert set(metadata.tables) <= tables(empty_url)


def test_a_conversation_outlives_the_way_up_and_down(empty_url: str) -> None:
    config = config_for(empty_url)
    command.upgrade(config, "0001")
    engine = engine_for(empty_url)
    old = sa.MetaData()
    old.reflect(engine)
    with engine.begin() as connection:
        row = {"conversation_id": "c", "channel": "web", "address": "a"}
        _fill(connection, old.tables["conversations"], **row, owner="bot")
        _fill(connection, old.tables["events"], conversation_id="c", seq=1, data={})
        button = {"payload": "/affirm", "title": "Yes"}
        _fill(connection, old.tables["offers"], conversation_id="c", **button)
    command.upgrade(config, "head")
    with engine.connect() as connection:
        kept = connection.execute(sa.select(metadata.tables["conversations"])).one()
        assert (kept.address, kept.open_question) == ("a", None)
    command.downgrade(config, "0001")
    with engine.connect() as connection:
        assert connection.execute(sa.select(old.tables["events"])).one().seq == 1
    engine.dispose()


def _fill(connection: sa.Connection, table: sa.Table, **values: object) -> None:
    """Inserts a row, with anything at all in the columns that need something."""
    anything = {int: 0, str: "", bool: False, datetime: datetime(2026, 5, 1)}
    needed = {
        column.name: anything.get(column.type.python_type)
        for column in table.columns
        if not column.nullable and column.name not in values
    }
    connection.execute(sa.insert(table).values(**needed, **values))


def test_one_open_handoff_and_one_message_of_an_id(empty_url: str) -> None:
    migrate_database(empty_url)
    engine = engine_for(empty_url)
    indexes = sa.inspect(engine)
    unique = {
        index["name"]
        for table in ("handoffs", "events")
        for index in indexes.get_indexes(table)
        if index["unique"]
    }
    engine.dispose()
    assert {"uq_handoffs_open", "uq_events_message"} <= unique


def test_history_of_migrations_is_one_line() -> None:
    scripts = ScriptDirectory(str(MIGRATIONS))
    assert len(scripts.get_heads()) == 1
    assert len(scripts.get_bases()) == 1


def test_who_was_signed_in_before_sessions_ended_has_to_sign_in_again(
    empty_url: str,
) -> None:
    command.upgrade(config_for(empty_url), "0001")
    engine = engine_for(empty_url)
    old = sa.MetaData()
    with engine.begin() as connection:
        old.reflect(connection, only=["conversations", "sessions"])
        row = dict.fromkeys(
            ("epoch", "last_seq", "last_visible_seq", "last_customer_seq"), 0
        ) | dict.fromkeys(
            ("introduced", "expects_code", "needs_catch_up", "new_session_due"), False
        )
        now = datetime.now(UTC)
        key = {"conversation_id": "c", "created_at": now}
        connection.execute(
            sa.insert(old.tables["conversations"]).values(
                **key | row,
                channel="web",
                address="a",
                is_signed=True,
                owner="bot",
                synced_seq=0,
            )
        )
        connection.execute(
            sa.insert(old.tables["sessions"]).values(
                **key, token_hash="h", customer_id="c-1", bare_seq=0
            )
        )
    migrate_database(empty_url)
    with engine.connect() as connection:
        kept = connection.execute(sa.select(metadata.tables["conversations"])).one()
        session = connection.execute(sa.select(metadata.tables["sessions"])).one()
    engine.dispose()
    assert kept.signed_until is None
    assert not kept.forget_due
    assert kept.session_generation == session.generation == 0


def test_what_was_written_before_chats_could_be_searched_is_found(
    empty_url: str,
) -> None:
    config = config_for(empty_url)
    command.upgrade(config, "0016")
    engine = engine_for(empty_url)
    old = sa.MetaData()
    old.reflect(engine)
    customer = {"customer_id": "x", "name": "Zoë", "email": "zed@mail.example"}
    entries: list[tuple[str, str, object]] = [
        ("message", "customer", {"text": "a kettle"}),
        ("message", "system", {"text": "you are in line"}),
        ("note", "agent", {"text": "a note"}),
        ("turn", "bot", {"references": ["HP-10428", "HP-10417"]}),
        ("turn", "bot", {"references": None}),
        ("message", "customer", {}),
        ("message", "customer", "odd"),
    ]
    with engine.begin() as connection:
        _fill(connection, old.tables["customers"], **customer)
        row = {"conversation_id": "c", "channel": "web", "address": "a"}
        _fill(connection, old.tables["conversations"], **row, owner="bot")
        for seq, (kind, actor, data) in enumerate(entries, start=1):
            of = {"conversation_id": "c", "seq": seq, "type": kind}
            _fill(connection, old.tables["events"], **of, actor_type=actor, data=data)
        handoff = {"handoff_id": "h", "conversation_id": "c", "state": "closed"}
        _fill(
            connection,
            old.tables["handoffs"],
            **handoff,
            triggers=[],
            evidence={},
            cards=[{"kind": "order", "id": "HP-1", "title": "Kettle"}],
            contact_email="ada@mail.example",
        )
    command.upgrade(config, "head")
    found = _searchable(engine)
    # As it is kept from then on.
    with engine.begin() as connection:
        for table in ("events", "handoffs", "customers"):
            rows = connection.execute(sa.select(metadata.tables[table])).mappings()
            kept = [dict(row) for row in rows]
            connection.execute(sa.delete(metadata.tables[table]))
            assert kept, table
            connection.execute(sa.insert(metadata.tables[table]), kept)
    assert _searchable(engine) == found
    assert [key[1] for key in found] == [1, 3, 4, None, None]
    command.downgrade(config, "0016")
    command.upgrade(config, "head")
    assert _searchable(engine) == found
    engine.dispose()


def _searchable(engine: sa.Engine) -> list[tuple[object, ...]]:
    """What chats are found by, in the order of the log."""
    with engine.connect() as connection:
        rows = connection.execute(sa.select(metadata.tables["search_entries"])).all()
    found = [tuple(row)[1:] for row in rows]
    return sorted(found, key=lambda row: (row[1] or 99, str(row)))


def test_triggers_of_the_search_outlive_all_later_migrations(empty_url: str) -> None:
    migrate_database(empty_url)
    engine = engine_for(empty_url)
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if engine.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with engine.connect() as connection:
        names = set(connection.execute(sa.text(query)).scalars())
    engine.dispose()
    for table in ("events", "customers", "handoffs"):
        assert any(name.startswith(f"search_{table}") for name in names), table

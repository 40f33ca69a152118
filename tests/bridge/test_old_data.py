"""A database that an earlier bridge wrote is read, shown and worked on by this one."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import sqlalchemy as sa
from alembic import command

from benchmarks.speed.databases import postgres_database
from handoff_bridge.cli import migrate_database
from handoff_bridge.packet.schema import packet_schema
from tests.bridge.conftest import settings_for
from tests.bridge.support import House, ScriptedAssistant
from tests.bridge.support.databases import no_server
from tests.bridge.test_migrations import config_for

DUMPS = sorted((Path(__file__).parent / "old_data").glob("*.sql"))
PACKET = jsonschema.Draft202012Validator(packet_schema())


def restore(dump: Path, path: Path) -> str:
    """Makes the SQLite file of a dump; gives the session of the one who waits."""
    text = dump.read_text(encoding="utf-8")
    with sqlite3.connect(path) as connection:
        connection.executescript(text)
    return text.partition("\n")[0].rpartition(" ")[2]


def copy(path: Path, url: str) -> None:
    """The same rows, as old, in an empty PostgreSQL database at `url`."""
    source = sa.create_engine(f"sqlite:///{path}")
    target = sa.create_engine(url.replace("+asyncpg", "+psycopg"))
    old, new = sa.MetaData(), sa.MetaData()
    old.reflect(source)
    with source.connect() as reading:
        version = reading.execute(sa.select(old.tables["alembic_version"])).scalar_one()
    command.upgrade(config_for(url), version)
    new.reflect(target)
    with source.connect() as reading, target.begin() as writing:
        for table in new.sorted_tables:
            if table.name not in old.tables:
                continue  # from after the old chats
            rows = reading.execute(sa.select(old.tables[table.name])).mappings()
            values = [{name: aware(value) for name, value in r.items()} for r in rows]
            if values and table.name != "alembic_version":
                writing.execute(sa.insert(table), values)
    source.dispose()
    target.dispose()


def aware(value: Any) -> Any:
    """SQLite keeps no time zone."""
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


@pytest.fixture(params=DUMPS, ids=lambda dump: dump.stem)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, str]:
    """The SQLite file of each dump, and the session of the one who waits in it."""
    path = tmp_path / "bridge.db"
    return path, restore(request.param, path)


@pytest.fixture(params=["sqlite", "postgresql"])
def old_url(request: pytest.FixtureRequest, old: tuple[Path, str]) -> Iterator[str]:
    """The old rows in a database of each kind, brought up to date."""
    if request.param == "sqlite":
        url = f"sqlite:///{old[0]}"
        migrate_database(url)
        yield url
        return
    with postgres_database() as postgres:
        if postgres is None:
            no_server()
        copy(old[0], postgres)
        migrate_database(postgres)
        yield postgres


@pytest.fixture
async def old_house(
    old_url: str, assistant: ScriptedAssistant, tmp_path: Path
) -> AsyncIterator[House]:
    """A bridge of today on them."""
    async with House.open(
        settings_for(old_url, assistant.port, tmp_path), assistant
    ) as house:
        yield house


async def test_logs_packets_and_rows_of_old_chats_are_shown(old_house: House) -> None:
    house = old_house
    dana = await house.agent("dana")
    rows = (await house.get("/handoffs", dana.token)).json()["handoffs"]
    assert {row["state"] for row in rows} == {
        "queued",
        "returned",
        "closed",
        "abandoned",
    }
    for row in rows:
        packet = await house.get(f"/handoffs/{row['handoff_id']}", dana.token)
        assert packet.status_code == 200, packet.text
        PACKET.validate(packet.json())
        events = await house.events(dana, row["conversation_id"])
        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    flood = next(row for row in rows if row["trigger"] == "flooded_cellar")
    assert (flood["label"], flood["priority"]) == ("Flooded cellar", 7)
    await dana.act("sync", cursors={row["conversation_id"]: 0 for row in rows})
    await house.get("/reports/today", dana.token)


async def test_customer_who_waited_goes_on(
    old_house: House, old: tuple[Path, str]
) -> None:
    house = old_house
    maria = await house.agent()
    customer = await house.customer(session_id=old[1])
    assert customer.session_id == old[1]
    [history] = customer.all("history")
    sent = [m["text"] for m in history["messages"] if m["sender"] == "customer"]
    assert sent == ["hello", "anybody there?"]
    [row] = maria.all("snapshot")[-1]["queue"]
    assert (row["trigger"], row["priority"]) == ("restricted_topic", 1)
    await maria.claim(row)
    ack = await maria.act(
        "handoff_return", handoff_id=row["handoff_id"], disposition="resolved"
    )
    assert ack["ok"], ack
    await customer.hears("I'm back.")
    await customer.say("thanks")
    await customer.hears("You said: thanks")

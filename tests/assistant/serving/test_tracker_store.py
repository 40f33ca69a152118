"""The quick tracker store stores what Rasa's stores, on both databases."""

import random
import sqlite3
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from conversations import DOMAIN, turn
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import ActionExecuted, SessionStarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from serving.tracker_store import TurnTrackerStore

SERVER = "postgresql://postgres@127.0.0.1:5432/"


@pytest.fixture(params=["sqlite", "postgresql"])
def options(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, Any]]:
    """Options of a store on an empty database."""
    if request.param == "sqlite":
        yield {"dialect": "sqlite", "db": str(tmp_path / "tracker.db")}
        return
    name = f"tracker_{uuid.uuid4().hex}"
    server = sa.create_engine(SERVER + "postgres", isolation_level="AUTOCOMMIT")
    try:
        server.execute(sa.text(f"CREATE DATABASE {name}"))
    except sa.exc.OperationalError:
        pytest.skip("no PostgreSQL on this machine")
    try:
        yield {"host": SERVER + name}
    finally:
        server.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
        server.dispose()


@pytest.fixture
def quick(options: dict[str, Any]) -> TurnTrackerStore:
    return TurnTrackerStore(DOMAIN, **options)


@pytest.fixture
def rasas(options: dict[str, Any]) -> SQLTrackerStore:
    return SQLTrackerStore(DOMAIN, **options)


def told(tracker: DialogueStateTracker | None) -> list[dict[str, Any]]:
    assert tracker is not None
    return [event.as_dict() for event in tracker.events]


async def converse(store: SQLTrackerStore, sender: str, seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(5):
        tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
        for event in turn(dice):
            tracker.update(event, DOMAIN)
        await store.save(tracker)


@pytest.mark.parametrize("seed", range(5))
async def test_reads_and_writes_what_rasa_does(
    quick: TurnTrackerStore, rasas: SQLTrackerStore, seed: int
) -> None:
    await converse(quick, "a", seed)
    await converse(rasas, "b", seed)
    for sender in ("a", "b"):
        now, whole = (
            await quick.retrieve(sender),
            await quick.retrieve_full_tracker(sender),
        )
        assert told(now) == told(await rasas.retrieve(sender))
        assert told(whole) == told(await rasas.retrieve_full_tracker(sender))
    columns = "type_name, intent_name, action_name FROM events WHERE sender_id"
    with quick.engine.connect() as connection:
        mine, theirs = (
            connection.execute(sa.text(f"SELECT {columns} = '{sender}' ORDER BY id"))
            for sender in ("a", "b")
        )
        assert mine.fetchall() == theirs.fetchall()


async def test_a_session_begins_where_rasa_begins_it(
    quick: TurnTrackerStore, rasas: SQLTrackerStore
) -> None:
    tracker = await quick.get_or_create_tracker("a", append_action_listen=False)
    tracker.update(SlotSet("number", "1"), DOMAIN)
    await quick.save(tracker)
    tracker.update(SessionStarted(), DOMAIN)
    tracker.update(ActionExecuted("action_listen"), DOMAIN)
    await quick.save(tracker)

    assert [e["event"] for e in told(await quick.retrieve("a"))] == [
        "session_started",
        "action",
    ]
    assert told(await quick.retrieve("a")) == told(await rasas.retrieve("a"))


async def test_a_save_writes_only_what_is_new(quick: TurnTrackerStore) -> None:
    for _ in range(3):
        tracker = await quick.get_or_create_tracker("a", append_action_listen=False)
        tracker.update(SlotSet("number", "1"), DOMAIN)
        await quick.save(tracker)
        tracker.update(ActionExecuted("action_listen"), DOMAIN)
        await quick.save(tracker)
        await quick.save(tracker)

    assert len(told(await quick.retrieve_full_tracker("a"))) == 6


async def test_a_tracker_made_elsewhere_is_counted_before_it_is_saved(
    quick: TurnTrackerStore,
) -> None:
    tracker = await quick.get_or_create_tracker("a", append_action_listen=False)
    tracker.update(SlotSet("number", "1"), DOMAIN)
    await quick.save(tracker)
    again = DialogueStateTracker.from_events("a", list(tracker.events), DOMAIN.slots)
    again.update(ActionExecuted("action_listen"), DOMAIN)
    await quick.save(again)

    assert len(told(await quick.retrieve("a"))) == 2


async def test_a_failed_save_stores_nothing_and_can_be_repeated(
    quick: TurnTrackerStore,
) -> None:
    tracker = await quick.get_or_create_tracker("a", append_action_listen=False)
    tracker.update(SlotSet("number", "1"), DOMAIN)
    tracker.update(SlotSet("number", object()), DOMAIN)
    with pytest.raises(TypeError):
        await quick.save(tracker)
    assert await quick.retrieve("a") is None

    tracker.events[-1].value = "2"
    await quick.save(tracker)
    assert len(told(await quick.retrieve("a"))) == 2


async def test_sqlite_writes_ahead_and_keeps_its_connection(tmp_path: Path) -> None:
    store = TurnTrackerStore(DOMAIN, dialect="sqlite", db=str(tmp_path / "tracker.db"))
    await converse(store, "a", 1)

    assert sqlite3.connect(tmp_path / "tracker.db").execute(
        "PRAGMA journal_mode"
    ).fetchone() == ("wal",)
    assert store.engine.pool.checkedin() == 1  # type: ignore[attr-defined]

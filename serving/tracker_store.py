"""Tracker store that reads and writes no more than a turn needs.

Named in `endpoints.yml`; takes the options of Rasa's SQL store and uses its table, so
that either can take over from the other.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore, create_engine_kwargs
from rasa.shared.core.events import Event, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import QueuePool

logger = logging.getLogger(__name__)

# How many of a tracker's events are in the database; set on the tracker itself.
STORED = "_stored_events"
BUSY_TIMEOUT_SECS = 15

_WHOLE = "SELECT data FROM events WHERE sender_id = :sender ORDER BY id"
# What follows the latest session's start, by its time, as Rasa has it.
_SESSION = """
SELECT data FROM events WHERE sender_id = :sender AND timestamp >= coalesce((
    SELECT max(timestamp) FROM events
    WHERE sender_id = :sender AND type_name = :start
), :beginning) ORDER BY id
"""
# A session's start is looked for among all events of a conversation, in each turn.
_INDEX = """
CREATE INDEX IF NOT EXISTS ix_events_session
ON events (sender_id, type_name, timestamp)
"""


class TurnTrackerStore(SQLTrackerStore):
    """Rasa's SQL store with one statement for a read and one for a save.

    A tracker that was read here knows how much of it is stored, so that a save need
    not count. That is safe as everything happens under the conversation's lock.
    """

    engine: sa.engine.Engine

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Connects as Rasa does, then keeps the connection."""
        super().__init__(*args, **kwargs)
        self.engine = _engine(self.engine)
        self.sessionmaker = sa.orm.session.sessionmaker(bind=self.engine)
        _add_index(self.engine)

    async def _retrieve(
        self, sender_id: str, fetch_events_from_all_sessions: bool
    ) -> DialogueStateTracker | None:
        query = _WHOLE if fetch_events_from_all_sessions else _SESSION
        with self.engine.connect() as connection:
            stored = _read(connection, query, sender_id)
        if not self.domain or not stored:
            return None
        tracker = DialogueStateTracker.from_dict(
            sender_id, [json.loads(data) for data in stored], self.domain.slots
        )
        if not fetch_events_from_all_sessions:
            setattr(tracker, STORED, len(stored))
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Writes the events that are not stored yet."""
        await self.stream_events(tracker)
        if not tracker.events:
            return  # a new conversation, before its first turn
        with self.engine.begin() as connection:
            known = getattr(tracker, STORED, None)
            if known is None:
                known = len(_read(connection, _SESSION, tracker.sender_id))
            rows = list(_rows(tracker, known))
            if rows:
                connection.execute(self.SQLEvent.__table__.insert(), rows)
        setattr(tracker, STORED, len(tracker.events))


def _engine(engine: Engine) -> Engine:
    """Returns an engine that keeps its connections, on SQLite with a log ahead.

    Rasa opens SQLite's file for each read and each save, and each save waits for the
    disk twice. With a log ahead and `NORMAL` a process that is killed loses nothing;
    a machine that loses power may forget the last turns, but never half a turn. The
    bridge's log, which waits for the disk, has every word of them.
    """
    if engine.dialect.name != "sqlite":
        return engine
    engine.dispose()
    if engine.url.database in (None, "", ":memory:"):
        return engine
    kept = sa.create_engine(
        engine.url,
        poolclass=QueuePool,
        connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_SECS},
        **create_engine_kwargs(engine.url),
    )
    sa.event.listen(kept, "connect", _write_ahead)
    return kept


def _add_index(engine: Engine) -> None:
    try:
        with engine.begin() as connection:
            connection.execute(sa.text(_INDEX))
    except sa.exc.SQLAlchemyError as error:
        # Another assistant is adding it, or this database has other words for it.
        logger.warning("The tracker store works without its index: %s", error)


def _write_ahead(connection: Any, _: Any) -> None:
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL"):
        connection.execute(f"PRAGMA {pragma}")


def _read(connection: Connection, query: str, sender_id: str) -> list[str]:
    values: dict[str, Any] = {"sender": sender_id}
    if query == _SESSION:
        values |= {"start": SessionStarted.type_name, "beginning": 0.0}
    return [data for (data,) in connection.execute(sa.text(query), values)]


def _rows(tracker: DialogueStateTracker, known: int) -> Iterator[dict[str, Any]]:
    for event in list(tracker.events)[known:]:
        yield _row(tracker.sender_id, event)


def _row(sender_id: str, event: Event) -> dict[str, Any]:
    told = event.as_dict()
    return {
        "sender_id": sender_id,
        "type_name": event.type_name,
        "timestamp": told.get("timestamp"),
        "intent_name": told.get("parse_data", {}).get("intent", {}).get("name"),
        "action_name": told.get("name"),
        "data": json.dumps(told),
    }

"""What is ready at the same moment is committed together on SQLite, and fails alone."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from handoff_bridge.store.database import Connection, Database

ADD = sa.text("INSERT INTO lines VALUES (:line)")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "lines.db"
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE lines (line TEXT PRIMARY KEY)")
    made.close()
    return path


@pytest.fixture
async def database(path: Path) -> AsyncIterator[Database]:
    opened = Database(f"sqlite:///{path}")
    yield opened
    await opened.close()


def lines_in(path: Path) -> set[str]:
    """What another process sees."""
    with sqlite3.connect(path) as other:
        found = {line for (line,) in other.execute("SELECT line FROM lines")}
    other.close()
    return found


class Units:
    """Use cases that run side by side, and when each began and was committed."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.seen: list[str] = []

    async def add(self, line: str) -> None:
        async with self.database.write() as tx:
            self.seen.append(f"{line} begins")
            await tx.execute(ADD, {"line": line})
        self.seen.append(f"{line} is committed")


async def test_units_that_are_ready_together_are_committed_together(
    database: Database, path: Path
) -> None:
    units = Units(database)
    await asyncio.gather(*(units.add(line) for line in "abcdef"))
    assert units.seen[:6] == [f"{line} begins" for line in "abcdef"]
    assert lines_in(path) == set("abcdef")


async def test_unit_that_fails_takes_no_other_with_it(
    database: Database, path: Path
) -> None:
    units = Units(database)
    results = await asyncio.gather(
        *(units.add(line) for line in ("a", "b", "a", "c")), return_exceptions=True
    )
    assert [type(result) for result in results if result is not None] == [
        sa.exc.IntegrityError
    ]
    assert lines_in(path) == {"a", "b", "c"}


async def test_unit_that_is_given_up_in_its_middle_leaves_nothing(
    database: Database, path: Path
) -> None:
    begun, forever = asyncio.Event(), asyncio.Event()

    async def stuck() -> None:
        async with database.write() as tx:
            await tx.execute(ADD, {"line": "stuck"})
            begun.set()
            await forever.wait()

    units = Units(database)
    task = asyncio.create_task(stuck())
    await begun.wait()
    other = asyncio.create_task(units.add("a"))
    task.cancel()
    await asyncio.gather(task, other, return_exceptions=True)
    assert lines_in(path) == {"a"}


async def test_nothing_is_seen_before_it_is_committed(
    database: Database, path: Path
) -> None:
    async def seen_by_others(tx: Connection) -> int:
        found: int = (await tx.execute(sa.text("SELECT count(*) FROM lines"))).scalar()
        return found

    async with database.write() as tx:
        await tx.execute(ADD, {"line": "a"})
        async with database.read() as reader:
            assert await seen_by_others(reader) == 0
        assert lines_in(path) == set()
    assert lines_in(path) == {"a"}


async def test_others_run_while_another_process_holds_the_file(
    database: Database, path: Path
) -> None:
    await Units(database).add("before")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    task = asyncio.create_task(Units(database).add("a"))
    async with database.read() as reader:
        await reader.execute(sa.text("SELECT 1"))
    async with asyncio.timeout(5):
        for _ in range(20):
            await asyncio.sleep(0)
    assert not task.done()
    other.execute("COMMIT")
    other.close()
    async with asyncio.timeout(5):
        await task
    assert lines_in(path) == {"before", "a"}


async def test_commit_that_the_disk_refuses_fails_all_of_its_group(
    database: Database, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await Units(database).add("before")
    writer = database._engine._writer  # type: ignore[attr-defined]
    run = writer.run

    def full(command: str) -> None:
        if command == "COMMIT":
            raise sqlite3.OperationalError("database or disk is full")
        run(command)

    monkeypatch.setattr(writer, "run", full)
    units = [Units(database).add(line) for line in ("a", "b")]
    refused = await asyncio.gather(*units, return_exceptions=True)
    assert [type(result) for result in refused] == [sqlite3.OperationalError] * 2
    monkeypatch.undo()
    await Units(database).add("after")
    assert lines_in(path) == {"before", "after"}


@pytest.mark.parametrize(("durable", "synchronous"), [(False, 1), (True, 2)])
async def test_durable_commits_wait_for_the_disk(
    path: Path, durable: bool, synchronous: int
) -> None:
    opened = Database(f"sqlite:///{path}", durable=durable)
    async with opened.write() as tx:
        found = (await tx.execute(sa.text("PRAGMA synchronous"))).scalar_one()
    await opened.close()
    assert found == synchronous


@pytest.fixture
async def slow_commit(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> tuple[threading.Event, threading.Event]:
    """Set when a commit has begun; to be set when it may end."""
    await Units(database).add("before")
    writer = database._engine._writer  # type: ignore[attr-defined]
    run, begun, may_end = writer.run, threading.Event(), threading.Event()

    def slow(command: str) -> None:
        if command == "COMMIT":
            begun.set()
            assert may_end.wait(10)
        run(command)

    monkeypatch.setattr(writer, "run", slow)
    return begun, may_end


async def test_whoever_gives_up_waiting_takes_no_other_with_it(
    database: Database, path: Path, slow_commit: tuple[threading.Event, threading.Event]
) -> None:
    begun, may_end = slow_commit
    given_up, other = (asyncio.create_task(Units(database).add(line)) for line in "ab")
    assert await asyncio.to_thread(begun.wait, 10)
    given_up.cancel()
    with pytest.raises(asyncio.CancelledError):
        await given_up
    may_end.set()
    async with asyncio.timeout(10):
        await other
    assert lines_in(path) == {"before", "a", "b"}


async def test_closing_waits_for_the_commit_that_is_under_way(
    database: Database, path: Path, slow_commit: tuple[threading.Event, threading.Event]
) -> None:
    begun, may_end = slow_commit
    adding = asyncio.create_task(Units(database).add("a"))
    assert await asyncio.to_thread(begun.wait, 10)
    closing = asyncio.create_task(database.close())
    await asyncio.sleep(0)
    assert not closing.done()
    may_end.set()
    async with asyncio.timeout(10):
        await asyncio.gather(adding, closing)
    assert lines_in(path) == {"before", "a"}

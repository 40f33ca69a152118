"""Erasing one customer of a channel leaves nothing of them, and figures stay."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from handoff_bridge.store import personal_data, tables
from tests.bridge.channels.made_up import MadeUp
from tests.bridge.channels.town import OpenTown, Town
from tests.bridge.support import AgentClient
from tests.bridge.support.photos import photo
from tests.bridge.test_people_command import command

ROOT = Path(__file__).resolve().parents[3]
ADDRESS = "+4915155500123"
# No two begin alike: an index keeps only what differs from the word before.
MARKS = (
    *("quokka", "wombat", "narwhal", "axolotl", "kakapo", "zebrafish"),
    ADDRESS,
)


@pytest.fixture
async def town(database_url: str, open_town: OpenTown) -> AsyncIterator[Town]:
    async with open_town(MadeUp(), database_url) as opened:
        yield opened


async def chat(town: Town) -> tuple[AgentClient, str]:
    """A chat with a person, with marks wherever something is kept."""
    town.channel.files["photo"] = photo("JPEG")
    first = {"id": "first", "text": "my quokka is ill", "name": "Nora Wombat"}
    await town.post({**first, "address": ADDRESS})
    await town.channel.sees("You said: my quokka", ADDRESS)
    maria = await town.house.agent()
    await town.post({"text": "human", "address": ADDRESS})
    row = await maria.claim(await maria.queued())
    conversation_id = str(row["conversation_id"])
    await town.post({"text": "a narwhal too", "files": ["photo"], "address": ADDRESS})
    await maria.sees("a narwhal too")
    await maria.act("note_add", conversation_id=conversation_id, text="axolotl, vip")
    sent = await maria.act(
        "message_send", conversation_id=conversation_id, text="Hello kakapo"
    )
    assert sent["ok"]
    await town.channel.sees("Hello kakapo", ADDRESS)
    assert town.house.bridge is not None
    async with town.house.bridge.database.write() as tx:
        values = {
            "delivery_id": "d",
            "webhook_id": "w",
            "event": "message.created",
            "conversation_id": conversation_id,
            "body": "zebrafish",
            "created_at": datetime.now(UTC),
            "state": "delivered",
            "tries": 1,
            "attempts": [],
        }
        await tx.execute(sa.insert(tables.webhook_deliveries).values(**values))
    return maria, conversation_id


async def erase(town: Town, who: str, address: str = ADDRESS) -> Any:
    token = (await town.house.login(who))["token"]
    return await town.house.http.post(
        "/channels/made_up/erase",
        headers={"Authorization": f"Bearer {token}"},
        json={"address": address},
    )


async def everything(town: Town, folder: Path) -> bytes:
    """All rows of all tables, and all files."""
    assert town.house.bridge is not None
    found = [
        path.name.encode() + path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    ]
    async with town.house.bridge.database.read(long=True) as tx:
        for table in tables.metadata.sorted_tables:
            found += [str(row).encode() for row in await tx.execute(sa.select(table))]
    return b"\n".join(found)


async def marks(town: Town, folder: Path) -> set[str]:
    there = (await everything(town, folder)).lower()
    return {mark for mark in MARKS if mark.encode() in there}


async def gone(town: Town, folder: Path) -> None:
    """The database's own log is emptied in a moment."""
    left: set[str] = set()
    try:
        async with asyncio.timeout(20):
            while left := await marks(town, folder):
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(left) from None


async def entries(town: Town, conversation_id: str) -> list[tuple[int, str, Any]]:
    assert town.house.bridge is not None
    events = tables.events
    query = (
        sa.select(events.c.seq, events.c.type, events.c.at)
        .where(events.c.conversation_id == conversation_id)
        .order_by(events.c.seq)
    )
    async with town.house.bridge.database.read() as tx:
        return [(row.seq, row.type, row.at) for row in await tx.execute(query)]


async def test_nothing_is_left_and_another_chat_begins(
    town: Town, tmp_path: Path
) -> None:
    await town.say("mine stays")
    await town.channel.sees("You said: mine stays")
    maria, conversation_id = await chat(town)
    assert await marks(town, tmp_path) == {*MARKS}
    before = await entries(town, conversation_id)
    for who in ("maria", "dana"):
        assert (await erase(town, who)).status_code == 403
    assert (await erase(town, "owner", "nobody")).json()["error"] == "unknown_customer"
    answer = await erase(town, "owner")
    assert answer.status_code == 200, answer.text
    assert answer.json()["conversation_ids"] == [conversation_id]
    assert answer.json()["rows"]["attachments"] == 1
    await gone(town, tmp_path)
    assert (await entries(town, conversation_id))[: len(before)] == before
    assert b"mine stays" in await everything(town, tmp_path)
    log = await town.log(maria, conversation_id)
    assert log[-1]["seq"] >= len(before)
    # What the platform repeats is known still; what is new begins a new chat.
    await town.post({"id": "first", "text": "my quokka is ill", "address": ADDRESS})
    await town.post({"text": "hello again", "address": ADDRESS})
    await town.channel.sees("You said: hello again", ADDRESS)
    assert town.house.assistant.heard.count("my quokka is ill") == 1
    assert town.house.bridge is not None
    async with town.house.bridge.database.read() as tx:
        new = await personal_data.conversations_at(tx, "made_up", ADDRESS)
    assert len(new) == 1
    assert new != [conversation_id]


async def test_a_message_that_is_not_answered_yet_is_erased_too(
    town: Town, tmp_path: Path
) -> None:
    asked, goes_on = asyncio.Event(), asyncio.Event()
    echo = town.house.assistant.script

    async def slow(body: dict[str, Any]) -> dict[str, Any]:
        asked.set()
        await goes_on.wait()
        found: dict[str, Any] = await echo(body)
        return found

    town.house.assistant.script = slow
    await town.post({"text": "wait, a quokka", "address": ADDRESS})
    await asyncio.wait_for(asked.wait(), 15)
    assert (await erase(town, "owner")).status_code == 200
    turns = [*town.house.turns.values()]
    goes_on.set()
    await asyncio.gather(*turns, return_exceptions=True)
    await gone(town, tmp_path)


async def test_command_shows_what_there_is_and_asks(
    sqlite_url: str, tmp_path: Path, open_town: OpenTown
) -> None:
    async with open_town(MadeUp(), sqlite_url) as town:
        await chat(town)
        words = ("erase", "--channel", "made_up", "--address", ADDRESS)
        code, out, _ = await command(town.house.settings, *words)
        assert code == 1
        assert "attachments" in out
        assert await marks(town, tmp_path) == {*MARKS}
        code, out, err = await command(town.house.settings, *words, "--yes")
        assert code == 0, err
        assert "Erased." in out
        await gone(town, tmp_path)
        code, _, err = await command(town.house.settings, *words, "--yes")
        assert (code, err.strip()) == (1, "Nothing is stored about this address.")


def test_every_column_is_in_the_list_or_said_to_be_nobodys() -> None:
    listed: dict[str, list[str]] = {}
    for one in personal_data.REGISTRY:
        listed.setdefault(one.table, []).extend(one.columns)
    for name, columns in personal_data.NOT_PERSONAL.items():
        listed.setdefault(name, []).extend(columns)
    for table in tables.metadata.sorted_tables:
        if table.name in personal_data.OF_NO_CUSTOMER:
            assert table.name not in listed
            continue
        found = [column.name for column in table.columns]
        assert sorted(listed.pop(table.name, [])) == sorted(found), table.name
    assert listed == {}


def test_document_has_the_list_as_it_is() -> None:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    for one in personal_data.REGISTRY:
        kept = f"{one.kept.days} days" if one.kept else "with the chat"
        cells = (f"`{one.table}`", one.what, one.why, kept, one.how.replace("_", " "))
        assert f"| {' | '.join(cells)} |" in page, one.what

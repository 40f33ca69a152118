"""How channels are doing, as supervisors see it, and samples that leave nothing."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from handoff_bridge.service.messaging.channel import (
    Channel,
    Check,
    PlatformError,
    Request,
)
from handoff_bridge.store import tables
from tests.bridge.channels.made_up import SECRET, MadeUp
from tests.bridge.channels.town import OpenTown, Town, claimed, counts
from tests.bridge.conftest import settings_for
from tests.bridge.support import House, ScriptedAssistant


class Trying(MadeUp):
    """One that can be asked and set up."""

    sets_up = True

    def __init__(self) -> None:
        super().__init__()
        self.was_set_up = 0
        self.refuses_set_up = False
        self.accepts_anything = False

    def verify(self, request: Request) -> None:
        if not self.accepts_anything:
            super().verify(request)

    async def check(self) -> list[Check]:
        return [Check("token", True), Check("webhook", False, "Set it.")]

    async def set_up(self) -> None:
        if self.refuses_set_up:
            raise PlatformError("credentials", "401 Unauthorized")
        self.was_set_up += 1


@pytest.fixture
async def town(database_url: str, open_town: OpenTown) -> AsyncIterator[Town]:
    async with open_town(Trying(), database_url) as opened:
        yield opened


async def call(town: Town, path: str, who: str = "dana") -> Any:
    token = (await town.house.login(who))["token"]
    headers = {"Authorization": f"Bearer {token}"}
    method = "POST" if path else "GET"
    return await town.house.http.request(method, f"/channels{path}", headers=headers)


async def state(town: Town) -> dict[str, Any]:
    [found] = (await call(town, "")).json()["channels"]
    assert isinstance(found, dict)
    return found


async def rows(town: Town, table: sa.Table) -> list[Any]:
    assert town.house.bridge is not None
    async with town.house.bridge.database.read() as tx:
        return [*(await tx.execute(sa.select(table)))]


async def test_state_shows_what_came_and_went_and_waits(town: Town) -> None:
    fresh = await state(town)
    assert fresh["address"].endswith("/channels/made_up/webhook")
    assert fresh["can"]["text"] == 300
    assert set(fresh["today"].values()) == {0}
    assert "heard_at" not in fresh
    maria, row = await claimed(town)
    await town.post({"id": "x", "text": "again"})
    await town.post({"id": "x", "text": "again"})
    await town.post({"text": "forged"}, secret="wrong")
    await town.raw(content=b"{")
    town.channel.fails = [PlatformError("blocked", "code 403", is_final=True)]
    conversation_id = row["conversation_id"]
    sent = await maria.act("message_send", conversation_id=conversation_id, text="Hi")
    await maria.next("delivery_changed", seq=sent["seq"], state="failed")
    town.channel.gate.clear()
    await maria.act("message_send", conversation_id=conversation_id, text="wait")
    found = await state(town)
    town.channel.gate.set()
    today = found["today"]
    assert today == found["week"]
    assert (today["refused"], today["malformed"], today["repeated"]) == (1, 1, 1)
    assert (today["taken"], today["verified"]) == (2, 4)
    assert today["failed"] == 1
    assert today["sent"] >= 2
    assert today["delivered"] == today["read"] == 0
    assert found["outgoing"]["count"] == 1
    assert found["outgoing"]["oldest_at"]
    assert found["incoming"]["count"] == 0
    assert found["heard_at"]
    assert found["sent_at"]
    failure = found["last_failure"]
    assert (failure["reason"], failure["detail"]) == ("blocked", "code 403")
    assert failure["seq"] == sent["seq"]


async def test_platform_is_asked_and_told_the_address(town: Town) -> None:
    channel = town.channel
    assert isinstance(channel, Trying)
    assert (await call(town, "/made_up/check")).json()["checks"] == [
        {"name": "token", "passed": True},
        {"name": "webhook", "passed": False, "advice": "Set it."},
    ]
    assert (await call(town, "/made_up/set-up")).status_code == 200
    assert channel.was_set_up == 1
    channel.refuses_set_up = True
    refused = await call(town, "/made_up/set-up")
    assert (refused.status_code, refused.json()["error"]) == (409, "channel_not_set_up")
    assert "401 Unauthorized" in refused.json()["message"]
    channel.sets_up = False
    by_hand = (await call(town, "/made_up/set-up")).json()["message"]
    assert "/channels/made_up/webhook" in by_hand


async def test_only_supervisors_see_it(town: Town) -> None:
    for path in ("", "/made_up/check", "/made_up/sample", "/made_up/set-up"):
        assert (await call(town, path, "maria")).status_code == 403
        unknown = path.replace("made_up", "other")
        if path:
            assert (await call(town, unknown)).json()["error"] == "unknown_channel"


async def test_sample_goes_the_whole_way_and_leaves_nothing(town: Town) -> None:
    await town.say("mine")
    await town.channel.sees("You said: mine")
    before = [len(await rows(town, one)) for one in KEPT]
    counted = await counts(town)
    found = (await call(town, "/made_up/sample")).json()
    assert found["passed"], found
    assert (found["via"], found["advice"]) == ("public", [])
    assert SECRET not in str(found)
    assert found["verified"]
    assert found["forgery_refused"]
    assert found["taken"]
    assert found["repeated"]
    assert [len(await rows(town, one)) for one in KEPT] == before
    assert await counts(town) == counted
    assert town.house.assistant.heard == ["mine"]
    await town.say("after")
    await town.channel.sees("You said: after")
    assert {one.address for one in town.channel.sent} == {"ann"}


KEPT = [
    *(tables.conversations, tables.events, tables.channel_inbox),
    *(tables.channel_outbox, tables.handoffs, tables.search_entries),
]


async def test_counts_that_two_write_at_once_are_counted_once(town: Town) -> None:
    assert town.house.bridge is not None
    counting = town.house.bridge.channel_counts
    counting.count("made_up", "taken")
    await asyncio.gather(counting.write(), counting.write())
    assert await counts(town) == {"taken": 1}


async def test_text_of_a_sample_means_nothing_without_the_secret(town: Town) -> None:
    text = "Sample of this bridge's own: 00.11"
    await town.say(text)
    await town.channel.sees(f"You said: {text}")


async def test_sample_tells_of_a_channel_that_takes_anything(town: Town) -> None:
    assert isinstance(town.channel, Trying)
    town.channel.accepts_anything = True
    found = (await call(town, "/made_up/sample")).json()
    assert not found["passed"]
    assert not found["forgery_refused"]
    assert any("changed proof" in one for one in found["advice"])


async def test_sample_in_the_process_where_the_public_address_does_not_answer(
    sqlite_url: str,
    assistant: ScriptedAssistant,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    channels: dict[str, Channel] = {"made_up": MadeUp()}
    monkeypatch.setattr("handoff_bridge.app.load_channels", lambda _: channels)
    settings = settings_for(
        sqlite_url, assistant.port, tmp_path, public_url="http://127.0.0.1:9"
    )
    async with House.open(settings, assistant) as house:
        town = Town(house, channels["made_up"])  # type: ignore[arg-type]
        found = (await call(town, "/made_up/sample")).json()
        assert (found["passed"], found["via"]) == (True, "process")
        assert "http://127.0.0.1:9 does not answer" in found["advice"][0]
        assert await counts(town) == {}

"""Chats that come back to an agent at a time, once, wherever the agent is by then."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from handoff_bridge.service.reminders import MAX_REMINDERS
from tests.bridge.support import AgentClient, House
from tests.bridge.support.people import Manager
from tests.bridge.test_two_bridges import houses as houses


async def remind(
    agent: AgentClient, row: dict[str, Any], **more: Any
) -> dict[str, Any]:
    asked = {"conversation_id": row["conversation_id"], "text": "call", **more}
    ack = await agent.act("reminder_set", **asked)
    assert ack["ok"], ack
    reminder: dict[str, Any] = ack["reminder"]
    return reminder


async def bring_back(house: House, agent: AgentClient, reminder_id: str) -> Any:
    """Looks until the reminder's time has come, and gives what its agent is told."""
    assert house.bridge is not None

    def told() -> list[Any]:
        due = [one["reminder"] for one in agent.all("reminder_due")]
        return [one for one in due if one["reminder_id"] == reminder_id]

    async with asyncio.timeout(10):
        while not told():
            await house.bridge.reminders.look()
            await asyncio.sleep(0.05)
    return told()[-1]


async def snapshot_of(house: House, name: str) -> dict[str, Any]:
    found: dict[str, Any] = (await house.agent(name)).all("snapshot")[-1]
    return found


async def test_reminder_comes_back_once_and_waits_for_the_next_login(
    each_house: House,
) -> None:
    house = each_house
    _, maria, row = await house.claimed()
    other_tab = await house.agent()
    reminder = await remind(maria, row, in_secs=1)
    assert not reminder["is_due"]
    await other_tab.next("reminder_changed", is_done=False)

    due = await bring_back(house, maria, reminder["reminder_id"])
    assert (due["is_due"], due["text"]) == (True, "call")
    assert due["handoff"]["handoff_id"] == row["handoff_id"]
    assert house.bridge is not None
    await house.bridge.reminders.look()
    await maria.act("sync", cursors={})
    assert len(maria.all("reminder_due")) == 1

    [kept] = (await snapshot_of(house, "maria"))["reminders"]
    assert kept == due
    assert (await snapshot_of(house, "sam"))["reminders"] == []


async def test_reminder_is_put_off_and_done(each_house: House) -> None:
    house = each_house
    _, maria, row = await house.claimed()
    first = await remind(maria, row, in_secs=1)
    due = await bring_back(house, maria, first["reminder_id"])
    at = datetime.now(UTC) + timedelta(hours=1)
    later = await remind(
        maria, row, due_at=at.isoformat(), reminder_id=due["reminder_id"]
    )
    assert (later["reminder_id"], later["is_due"]) == (due["reminder_id"], False)
    assert abs(datetime.fromisoformat(later["due_at"]) - at) < timedelta(seconds=1)

    done = await maria.act("reminder_done", reminder_id=due["reminder_id"])
    assert done == {"ok": True}
    await maria.next("reminder_changed", is_done=True)
    assert (await snapshot_of(house, "maria"))["reminders"] == []
    again = await maria.act("reminder_done", reminder_id=due["reminder_id"])
    assert again["error"] == "unknown_reminder"


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"due_at": "2020-01-01T09:00:00Z"}, "bad_reminder_time"),
        ({"due_at": "2126-01-01T09:00:00Z"}, "bad_reminder_time"),
        ({"in_secs": 10 * 366 * 86_400}, "bad_reminder_time"),
        ({"due_at": "2026-12-01T09:00:00"}, "bad_request"),
        ({"due_at": "2126-01-01T09:00:00Z", "in_secs": 5}, "bad_request"),
        ({}, "bad_request"),
        ({"in_secs": 60, "text": "x" * 501}, "bad_request"),
        ({"in_secs": 60, "reminder_id": "none"}, "unknown_reminder"),
    ],
)
async def test_bad_times_are_refused_clearly(
    house: House, asked: dict[str, Any], error: str
) -> None:
    _, maria, row = await house.claimed()
    ack = await maria.act(
        "reminder_set", conversation_id=row["conversation_id"], **asked
    )
    assert ack["error"] == error
    assert (await snapshot_of(house, "maria"))["reminders"] == []


async def test_nobody_touches_a_colleagues_reminder(house: House) -> None:
    _, maria, row = await house.claimed()
    reminder = await remind(maria, row, in_secs=3600)
    for name in ("sam", "dana"):
        colleague = await house.agent(name)
        asked = {"reminder_id": reminder["reminder_id"]}
        done = await colleague.act("reminder_done", **asked)
        assert done["error"] == "unknown_reminder"
        asked |= {"conversation_id": row["conversation_id"], "in_secs": 5}
        put_off = await colleague.act("reminder_set", **asked)
        assert put_off["error"] == "unknown_reminder"


async def test_reminders_have_an_end(house: House) -> None:
    _, maria, row = await house.claimed()
    for _ in range(MAX_REMINDERS):
        await remind(maria, row, in_secs=3600)
    asked = {"conversation_id": row["conversation_id"], "in_secs": 3600}
    ack = await maria.act("reminder_set", **asked)
    assert ack["error"] == "too_many_reminders"


async def test_reminder_of_who_is_disabled_goes_to_supervisors(
    each_house: House,
) -> None:
    house = each_house
    _, maria, row = await house.claimed()
    reminder = await remind(maria, row, in_secs=3600)
    olive = await Manager.of(house)
    await olive.done("PATCH", f"/people/{maria.agent_id}", {"account": "disabled"})
    dana, sam = await house.agent("dana"), await house.agent("sam")
    # What is to come is nobody else's yet.
    assert dana.all("snapshot")[-1]["reminders"] == []
    await remind(dana, row, in_secs=1, reminder_id=reminder["reminder_id"])
    due = await bring_back(house, dana, reminder["reminder_id"])
    assert due["agent"]["name"] == "Maria"
    assert sam.all("reminder_due") == []
    [inherited] = (await snapshot_of(house, "dana"))["reminders"]
    assert inherited["reminder_id"] == reminder["reminder_id"]
    assert (await snapshot_of(house, "sam"))["reminders"] == []
    done = await dana.act("reminder_done", reminder_id=reminder["reminder_id"])
    assert done["ok"]


async def test_two_bridges_bring_a_reminder_back_once(
    houses: tuple[House, House],
) -> None:
    one, two = houses
    _, maria, row = await one.claimed()
    at_two = await two.agent("maria")
    count = 5
    for _ in range(count):
        await remind(maria, row, in_secs=1)
    await asyncio.sleep(1.1)  # the database's own clock has to pass their time
    assert one.bridge is not None and two.bridge is not None
    looks = [house.bridge.reminders.look for house in houses if house.bridge]
    await asyncio.gather(*(look() for look in looks * 3))
    for agent in (maria, at_two):
        told = agent
        await agent.until(lambda: len(told.all("reminder_due")) >= count)  # noqa: B023
        await agent.act("sync", cursors={})
        ids = [one["reminder"]["reminder_id"] for one in agent.all("reminder_due")]
        assert len(ids) == len(set(ids)) == count

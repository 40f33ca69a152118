"""After a chat its place stays taken until its agent is done, or the time is over."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from handoff_bridge.settings import Settings
from tests.bridge.conftest import settings_for
from tests.bridge.support import AgentClient, House, ScriptedAssistant
from tests.bridge.test_reports import asked, at, day_report, figures


def wraps_up(
    url: str, assistant: ScriptedAssistant, folder: Path, secs: int, **more: Any
) -> Settings:
    """Settings of a bridge whose returns team, which is Maria's, wraps up."""
    path = folder / "teams.yml"
    path.write_text(
        f"teams:\n  returns:\n    wrap_up_secs: {secs}\n  orders:\n", "utf-8"
    )
    return settings_for(url, assistant.port, folder, teams_file=path, **more)


@pytest.fixture
async def wrapping(
    database_url: str, assistant: ScriptedAssistant, tmp_path: Path
) -> AsyncIterator[House]:
    """One that wraps up for ten minutes."""
    settings = wraps_up(database_url, assistant, tmp_path, 600)
    async with House.open(settings, assistant) as opened:
        yield opened


async def load_of(house: House, name: str) -> int:
    snapshot = (await house.agent("dana")).all("snapshot")[-1]
    return next(one["load"] for one in snapshot["agents"] if one["name"] == name)


async def ended(
    maria: AgentClient, row: dict[str, Any], how: str = "handoff_close"
) -> dict[str, Any]:
    ack = await maria.act(how, handoff_id=row["handoff_id"], disposition="resolved")
    assert ack["ok"], ack
    handoff: dict[str, Any] = ack["handoff"]
    return handoff


@pytest.mark.parametrize(
    ("how", "state"), [("handoff_close", "closed"), ("handoff_return", "returned")]
)
async def test_place_is_held_until_the_agent_is_done(
    wrapping: House, how: str, state: str
) -> None:
    house = wrapping
    _, maria, row = await house.claimed()
    await maria.act("presence_set", status="available", capacity=1)
    handoff = await ended(maria, row, how)
    assert handoff["state"] == state
    assert datetime.fromisoformat(handoff["wrap_up_until"]) == datetime.fromisoformat(
        handoff["ended_at"]
    ) + timedelta(seconds=600)
    assert await load_of(house, "Maria") == 1
    [mine] = (await house.agent()).all("snapshot")[-1]["mine"]
    assert mine["handoff_id"] == row["handoff_id"]

    other = await house.customer()
    maria.events.clear()
    await other.ask_for_human()
    waiting = await maria.queued()
    full = await maria.act("handoff_claim", handoff_id=waiting["handoff_id"])
    assert full["error"] == "at_capacity"

    done = await maria.act(
        "handoff_wrap_up",
        handoff_id=row["handoff_id"],
        disposition="follow_up",
        note="@Sam, the parcel is at the depot",
    )
    assert done["ok"], done
    assert done["handoff"]["disposition"] == "follow_up"
    assert "wrap_up_until" not in done["handoff"]
    assert done["state"] == state
    assert (await maria.act("handoff_claim", handoff_id=waiting["handoff_id"]))["ok"]
    log = await house.events(maria, row["conversation_id"])
    own = [entry for entry in log if entry["type"] in ("note", "wrapped_up")]
    assert [entry["type"] for entry in own] == ["note", "wrapped_up"]
    assert own[0]["mentions"] == ["Sam"]
    assert own[1]["disposition"] == "follow_up"


async def test_customer_who_comes_back_does_not_wait_for_the_wrap_up(
    wrapping: House,
) -> None:
    customer, maria, row = await wrapping.claimed()
    await ended(maria, row)
    sam = await wrapping.agent("sam")
    await customer.ask_for_human()
    again = await sam.queued()
    assert again["handoff_id"] != row["handoff_id"]
    await sam.claim(again)
    done = await maria.act("handoff_wrap_up", handoff_id=row["handoff_id"])
    assert done["ok"], done
    status = customer.all("conversation_status")[-1]
    assert (status["owner"], status["agent"]["name"]) == ("agent", "Sam")


async def test_time_that_is_over_gives_the_place_back(
    database_url: str, assistant: ScriptedAssistant, tmp_path: Path
) -> None:
    settings = wraps_up(database_url, assistant, tmp_path, 1, lease_secs=4.0)
    async with House.open(settings, assistant) as house:
        _, maria, row = await house.claimed()
        await ended(maria, row)
        over = await maria.until(
            lambda: [
                told["handoff"]
                for told in maria.all("handoff_updated")
                if told["handoff"].get("disposition")
                and "wrap_up_until" not in told["handoff"]
            ]
        )
        assert over[-1]["handoff_id"] == row["handoff_id"]
        assert await load_of(house, "Maria") == 0
        log = await house.events(maria, row["conversation_id"])
        wrapped = [entry for entry in log if entry["type"] == "wrapped_up"]
        assert [entry["actor"]["type"] for entry in wrapped] == ["system"]
        # What was being written counts all the same.
        late = await maria.act(
            "handoff_wrap_up", handoff_id=row["handoff_id"], disposition="spam"
        )
        assert late["handoff"]["disposition"] == "spam"


async def test_nobody_elses_wrap_up_is_ended(wrapping: House) -> None:
    _, maria, row = await wrapping.claimed()
    early = await maria.act("handoff_wrap_up", handoff_id=row["handoff_id"])
    assert early["error"] == "illegal_transition"
    await ended(maria, row)
    sam = await wrapping.agent("sam")
    other = await sam.act("handoff_wrap_up", handoff_id=row["handoff_id"])
    assert other["error"] == "not_owner"
    assert await load_of(wrapping, "Maria") == 1


async def test_without_the_setting_nothing_is_held(house: House) -> None:
    _, maria, row = await house.claimed()
    handoff = await ended(maria, row)
    assert "wrap_up_until" not in handoff
    assert await load_of(house, "Maria") == 0


def test_handling_time_counts_the_wrap_up() -> None:
    handoffs = [
        asked(2, state="closed", claimed_at=at(7), ended_at=at(20)),
        asked(
            *(2, "b"),
            state="closed",
            claimed_at=at(7),
            ended_at=at(20),
            wrapped_up_at=at(30),
        ),
        # Whoever still wraps up is not counted yet.
        asked(
            *(2, "c"),
            state="closed",
            claimed_at=at(7),
            ended_at=at(20),
            wrap_up_until=at(90),
        ),
    ]
    report = day_report([], handoffs, at(60)).as_json()
    assert figures(report)["median_human_time"] == (13 + 23) / 2 * 60

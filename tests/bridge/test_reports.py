"""Today's figures: from the log alone, bot, queue and human time apart."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from handoff_bridge.conversation.events import BOT, CUSTOMER, SYSTEM, Actor
from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.log import LogEvent
from handoff_bridge.service.days import day_of
from handoff_bridge.service.reports import day_report, spans_of
from handoff_bridge.service.wait_median import MedianWait, median_wait
from tests.bridge.support import House
from tests.bridge.support.refusals import http_refused

NOON = datetime(2025, 3, 4, 12, tzinfo=UTC)
MARIA = Actor(type="agent", id="m", name="Maria")


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def message(minutes: float, actor: Actor = CUSTOMER, chat: str = "c") -> LogEvent:
    return LogEvent(chat, 1, "message", at(minutes), actor, {"text": "hi"})


def move(minutes: float, old: str, new: str, chat: str = "c") -> LogEvent:
    data = {"from": old, "to": new}
    return LogEvent(chat, 1, "owner_changed", at(minutes), SYSTEM, data)


def asked(minutes: float, chat: str = "c", **more: Any) -> Handoff:
    whole = Handoff(
        handoff_id=f"h-{chat}-{minutes}",
        conversation_id=chat,
        state="queued",
        trigger="customer_request",
        triggers=["customer_request"],
        priority=0,
        queued_seq=1,
        queued_at=at(minutes),
    )
    return replace(whole, **more)


def told(minutes: float) -> dict[str, float]:
    """A wait that was expected, half and double of it being the range."""
    secs = 60 * minutes
    return {"predicted_secs": secs, "eta_low": secs / 2, "eta_high": secs * 2}


WHOLE_WAY = [
    message(0),
    message(1, BOT),
    move(2, "bot", "queue"),
    move(7, "queue", "agent"),
    message(9, MARIA),
    move(20, "agent", "bot"),
    message(21),
    message(24, BOT),
]


def test_times_of_bot_queue_and_human_do_not_mix() -> None:
    spans = spans_of(WHOLE_WAY, at(60))
    # The bot's last span ends with the last word, not now.
    assert spans.seconds == {"bot": 2 * 60 + 4 * 60, "queue": 5 * 60, "agent": 13 * 60}


def test_time_in_line_and_with_a_human_runs_on_until_it_ends() -> None:
    waiting = [message(0), move(2, "bot", "queue")]
    assert spans_of(waiting, at(10)).seconds == {"bot": 120, "queue": 480}
    talking = [*waiting, move(4, "queue", "agent")]
    assert spans_of(talking, at(10)).seconds == {"bot": 120, "queue": 120, "agent": 360}


def test_closed_time_is_nobodys() -> None:
    entries = [
        message(0),
        move(1, "bot", "queue"),
        move(2, "queue", "agent"),
        move(3, "agent", "closed"),
    ]
    assert spans_of(entries, at(60)).seconds == {"bot": 60, "queue": 60, "agent": 60}


def figures(report: dict[str, Any]) -> dict[str, Any]:
    return {figure["key"]: figure["value"] for figure in report["figures"]}


def test_empty_day_has_no_invented_figures() -> None:
    report = day_report([], [], at(0)).as_json()
    assert figures(report) == {
        "conversations": 0,
        "settled_by_bot": None,
        "with_handoff": None,
        "handoffs": 0,
        "median_wait": None,
        "wait_error": None,
        "wait_in_range": None,
        "median_human_time": None,
        "abandoned": 0,
        "promises_kept": None,
    }
    assert report["triggers"] == []
    assert report["spans"] == {
        "bot_seconds": 0,
        "queue_seconds": 0,
        "human_seconds": 0,
    }
    assert [hour["hour"] for hour in report["hours"]] == list(range(13))


def test_figures_are_named_in_plain_words() -> None:
    report = day_report([], [], NOON)
    for figure in report.figures:
        assert re.fullmatch(r"[A-Z][a-z]+(?: [a-z]+)*", figure.title)
        assert re.fullmatch(r"[A-Z][a-z]+ [^_]+\.", figure.definition)


@pytest.mark.parametrize(
    ("ended", "running", "secs", "at_least"),
    [
        ([1, 3, 5], [], 3, False),
        ([1, 3, 5, 9], [], 4, False),
        # The ordinary median of those claimed would be 1.
        ([1, 1, 1], [60, 60, 60, 60], 60, True),
        ([1, 5], [2], 5, False),
        ([5], [60], 5, False),
        ([], [7, 3], 7, True),
    ],
)
def test_waits_that_are_not_over_count(
    ended: list[float], running: list[float], secs: float, at_least: bool
) -> None:
    assert median_wait(ended, running) == MedianWait(secs, at_least)


def test_who_still_waits_and_who_left_are_in_the_median_wait() -> None:
    handoffs = [
        asked(0, "a", state="claimed", claimed_at=at(1)),
        asked(0, "b", state="abandoned", ended_at=at(30)),
        asked(0, "d"),
    ]
    report = day_report([], handoffs, at(60)).as_json()
    [wait] = [one for one in report["figures"] if one["key"] == "median_wait"]
    assert (wait["value"], wait["at_least"]) == (60 * 60, True)
    assert wait["conversations"] == ["a", "b", "d"]


def test_conversation_handed_over_twice_is_one_with_a_handoff() -> None:
    handoffs = [asked(2, claimed_at=at(3)), asked(20), asked(21, "mute")]
    entries = [*WHOLE_WAY, move(21, "bot", "queue", "mute"), message(1, chat="x")]
    report = day_report(entries, handoffs, at(60)).as_json()
    found = figures(report)
    assert (found["conversations"], found["handoffs"]) == (3, 3)
    assert found["with_handoff"] == 67


@pytest.mark.parametrize(
    ("zone", "date", "hours"),
    [
        ("UTC", "2025-03-04", 13),
        ("Pacific/Auckland", "2025-03-05", 2),
        ("America/Los_Angeles", "2025-03-04", 5),
    ],
)
def test_the_day_is_the_readers(zone: str, date: str, hours: int) -> None:
    report = day_report([message(0)], [], NOON, zone=zone).as_json()
    assert (report["date"], report["zone"]) == (date, zone)
    assert len(report["hours"]) == hours
    assert report["hours"][-1]["conversations"] == 1


def test_a_day_on_which_the_clock_changes_is_shorter_or_longer() -> None:
    for month, day, length in ((3, 30, 23), (10, 26, 25), (6, 1, 24)):
        found = day_of(datetime(2025, month, day, 12, tzinfo=UTC), "Europe/Berlin")
        assert found.end - found.start == timedelta(hours=length)
        assert found.date.day == day


async def test_a_zone_that_there_is_not_is_refused(house: House) -> None:
    token = (await house.login("dana"))["token"]
    answer = await house.get("/reports/today", token, zone="Mars/Olympus")
    http_refused(answer, 400, "bad_request")
    answer = await house.get("/reports/today", token, zone="Asia/Tokyo")
    assert answer.json()["zone"] == "Asia/Tokyo"


def test_figures_count_what_their_definitions_say() -> None:
    entries = [
        *WHOLE_WAY,
        message(-90, chat="alone"),
        message(-89, BOT, chat="alone"),
        message(3, chat="left"),
        message(5, BOT, chat="reminded"),  # no customer wrote: not counted
    ]
    handoffs = [
        # Five minutes and one, of which four and three were expected.
        asked(2, state="returned", claimed_at=at(7), ended_at=at(20), **told(4)),
        asked(30, state="claimed", claimed_at=at(31), **told(3)),
        asked(3, "left", state="abandoned", ended_at=at(4)),
    ]
    promised = [
        asked(0, "kept", answer_by=at(90), answered_at=at(20)),
        asked(0, "late", answer_by=at(10), answered_at=at(20)),
        asked(0, "silent", answer_by=at(60)),
        asked(0, "to come", answer_by=at(61)),
    ]
    report = day_report(entries, handoffs, at(60), promised=promised).as_json()
    assert figures(report) == {
        "conversations": 3,
        "settled_by_bot": 33,
        "with_handoff": 67,
        "handoffs": 3,
        # One minute until a claim, one until the customer left, five until a claim.
        "median_wait": 5 * 60,
        "wait_error": 90,
        "wait_in_range": 50,
        "median_human_time": 13 * 60,
        "abandoned": 1,
        "promises_kept": 33,
    }
    behind = {figure["key"]: figure["conversations"] for figure in report["figures"]}
    assert behind["settled_by_bot"] == ["alone"]
    assert behind["handoffs"] == ["c", "left"]
    assert behind["promises_kept"] == ["kept", "late", "silent"]
    assert report["triggers"] == [{"trigger": "customer_request", "count": 3}]
    busy = [hour for hour in report["hours"] if hour["conversations"]]
    assert [(hour["hour"], hour["conversations"]) for hour in busy] == [
        (10, 1),
        (12, 2),
    ]


async def test_report_of_a_real_day(each_house: House) -> None:
    house = each_house
    _, maria, row = await house.claimed()
    ending = {"handoff_id": row["handoff_id"], "disposition": "resolved"}
    assert (await maria.act("handoff_close", **ending))["ok"]
    alone = await house.customer()
    await alone.say("hello")
    await alone.hears("You said: hello")
    dana = await house.login("dana")
    report = (await house.get("/reports/today", dana["token"])).json()
    found = figures(report)
    assert (found["conversations"], found["handoffs"]) == (2, 1)
    assert found["settled_by_bot"] == 50
    assert found["median_wait"] >= 0
    assert report["date"] == datetime.now(UTC).date().isoformat()
    assert all(figure["title"] and figure["definition"] for figure in report["figures"])
    handed = next(f for f in report["figures"] if f["key"] == "handoffs")
    assert handed["conversations"] == [row["conversation_id"]]

"""How long a wait may take: the formula, its range, and what it is not asked for."""

import asyncio
from typing import Any

import pytest

from benchmarks.estimates.day import Day, Shop
from benchmarks.estimates.run import error, expected, is_inside
from handoff_bridge.routing.estimate import (
    HANDLED,
    MIN_HANDLED,
    MIN_RATIOS,
    Capacity,
    Left,
    Pace,
    Ratios,
    Served,
)
from tests.bridge.support import Customer, House


def pace(count: int = MIN_HANDLED, **more: Any) -> Pace | None:
    usual = {"waited": 60.0, "reaction": 0.0, "handled": 600.0}
    return Pace.of([Served(**{**usual, **more})] * count, Left())


def secs(found: Pace | None, desk: Capacity, places: int = 1) -> list[float]:
    assert found is not None
    return [round(wait.secs, 3) for wait in found.waits(desk, places)]


@pytest.mark.parametrize("count", range(MIN_HANDLED))
def test_too_few_handled_say_nothing(count: int) -> None:
    assert pace(count) is None


def test_chats_that_go_on_are_not_handled_yet() -> None:
    assert pace(handled=None) is None


def test_the_wait_is_the_line_over_the_slots() -> None:
    # Six slots of ten minutes: one becomes free every hundred seconds.
    assert secs(pace(), Capacity(6, 0), 3) == [100.0, 200.0, 300.0]


def test_who_gives_up_shortens_the_wait() -> None:
    left = Left(3, 300.0)
    found = Pace.of([Served(0.0, 0.0, 600.0)] * MIN_HANDLED, left)
    expected = [100.0, 100.0 + 1 / (0.01 + 0.01), 150.0 + 1 / (0.01 + 0.02)]
    assert secs(found, Capacity(6, 0), 3) == [round(one, 3) for one in expected]


def test_a_free_slot_is_waited_for_as_long_as_somebody_takes_to_click() -> None:
    found = pace(reaction=12.0)
    assert secs(found, Capacity(6, 2), 3) == [12.0, 12.0, 112.0]
    assert found is not None
    assert [one.awaited for one in found.waits(Capacity(6, 2), 4)] == [0, 0, 1, 2]


def test_nobody_who_takes_chats_is_no_wait_at_all() -> None:
    found = pace()
    assert found is not None
    assert found.waits(Capacity(0, 0), 3) == []


def test_only_the_newest_count() -> None:
    newest = [Served(0.0, 0.0, 60.0)] * HANDLED
    old = [Served(0.0, 900.0, 6_000.0)] * HANDLED
    found = Pace.of([*newest, *old], Left())
    assert found is not None
    assert (found.handling, found.reaction) == (60.0, 0.0)


def test_the_range_is_what_came_of_earlier_ones() -> None:
    waited = [float(tenth) for tenth in range(1, 100)]
    ratios = Ratios.of([Served(one, predicted=10.0) for one in waited])
    assert (ratios.low, ratios.high) == (1.0, 9.0)
    few = [Served(1.0, predicted=10.0)] * (MIN_RATIOS - 1)
    assert Ratios.of(few) == Ratios.of([])


@pytest.mark.parametrize("waited", [1.0, 100.0, 10_000.0])
def test_what_is_expected_lies_in_the_range(waited: float) -> None:
    found = pace(MIN_RATIOS, waited=waited, predicted=100.0, awaited=1)
    assert found is not None
    [wait] = found.waits(Capacity(3, 0), 1)
    assert wait.low <= wait.secs <= wait.high


def test_who_found_a_slot_free_says_nothing_of_the_line() -> None:
    clicked = [Served(5.0, 5.0, 600.0, predicted=10.0, awaited=0)] * MIN_RATIOS
    waited = [Served(300.0, 5.0, 600.0, predicted=100.0, awaited=2)] * MIN_RATIOS
    found = Pace.of([*clicked, *waited], Left())
    assert found is not None
    assert found.ratios == Ratios(3.0, 3.0)
    assert found.ratios_of_free == Ratios(0.5, 0.5)


async def in_line(house: House) -> tuple[Customer, dict[str, Any]]:
    customer = await house.customer()
    ack: dict[str, Any] = await customer.ask_for_human()
    return customer, ack


def is_true(status: dict[str, Any]) -> bool:
    low, high = status["eta_range"]
    return 0 <= low <= status["eta_seconds"] <= high


async def test_the_line_is_told_a_range(each_house: House) -> None:
    house = each_house
    maria = await house.agent()
    await house.serve(maria, MIN_HANDLED - 1)
    early, ack = await in_line(house)
    assert not {"eta_seconds", "eta_range"} & ack.keys()
    await early.call("leave", {"session_id": early.session_id})
    await house.serve(maria, 1)
    customer, ack = await in_line(house)
    assert is_true(ack) and ack["position"] == 1
    assert is_true(await customer.status("queue"))
    await customer.hears("first in line, about a minute")
    asked = await house.ask(
        conversation_id=(await maria.queued())["conversation_id"],
        trigger="customer_request",
    )
    assert is_true(asked.json())


async def test_the_wait_grows_once_the_slots_are_taken(each_house: House) -> None:
    house = each_house
    maria = await house.agent()
    await maria.act("presence_set", status="available", capacity=1)
    await house.serve(maria, MIN_HANDLED)
    _, free = await in_line(house)
    _, behind = await in_line(house)
    assert free["eta_seconds"] <= behind["eta_seconds"]
    assert behind["position"] == 2


async def test_agents_who_take_no_chats_are_no_capacity(each_house: House) -> None:
    house = each_house
    maria = await house.agent()
    await house.serve(maria, MIN_HANDLED)
    await maria.act("presence_set", status="busy")
    _, ack = await in_line(house)
    assert "eta_seconds" not in ack
    assert "promise" not in ack


async def test_what_was_told_is_kept_and_held_against_what_came(
    each_house: House,
) -> None:
    house = each_house
    maria, dana = await house.agent(), await house.agent("dana")
    await house.serve(maria, MIN_HANDLED + 2)
    report = (await house.get("/reports/today", dana.token)).json()
    [figure] = [one for one in report["figures"] if one["key"] == "wait_error"]
    assert len(figure["conversations"]) == 2
    assert figure["value"] is not None
    [figure] = [one for one in report["figures"] if one["key"] == "wait_in_range"]
    assert figure["value"] in (0, 50, 100)


async def test_the_line_is_told_again_while_somebody_waits(house: House) -> None:
    maria = await house.agent()
    await house.serve(maria, MIN_HANDLED)
    customer, _ = await in_line(house)
    await house.line_is_told()
    told = len(customer.all("conversation_status"))
    assert house.bridge is not None
    await house.bridge.queue.refresh()
    await asyncio.wait_for(
        customer.until(lambda: len(customer.all("conversation_status")) > told), 5
    )


def test_simulated_days_are_told_by_the_estimate_itself() -> None:
    came = Day(Shop(agents=2), seed=100).run()
    told = [one for one in came if one.claimed is not None and one.told]
    assert len(told) > 200
    assert [one.told for one in Day(Shop(agents=2), seed=100).run()] == [
        one.told for one in came
    ]
    assert error(told, expected) < error(told, lambda one: one.before)
    assert 0.7 < sum(map(is_inside, told)) / len(told) < 0.9

"""One thought in several messages is one turn; a whole one never waits."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from handoff_bridge.service.fragments import PATIENCE, join
from handoff_bridge.store.jobs import Job
from tests.bridge.support import House
from tests.bridge.support.assistant import says

pytestmark = pytest.mark.alone

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def whole(body: dict[str, Any]) -> str:
    return " ".join(
        [body["message"], *(more["message"] for more in body.get("joined", ()))]
    )


async def wants_a_verb(body: dict[str, Any]) -> Any:
    """Understands what has "is" in it, and hears on where it may."""
    ids = [body["message_id"], *(m["message_id"] for m in body.get("joined", ()))]
    if "is" not in whole(body).split() and body.get("may_wait"):
        return says(recorded=False)
    return says(f"Heard: {whole(body)}.", message_ids=ids)


async def test_fragments_are_one_turn(each_house: House) -> None:
    house = each_house
    house.assistant.script = wants_a_verb
    customer = await house.customer()
    for n, text in enumerate(["my order", "from monday", "where is it"]):
        await customer.say(text, message_id=f"m-{n}")
    await customer.hears("Heard: my order from monday where is it.")
    await customer.say("that is all", message_id="m-3")
    await customer.hears("Heard: that is all.")
    assert [t for t in customer.texts("bot") if t.startswith("Heard")] == [
        "Heard: my order from monday where is it.",
        "Heard: that is all.",
    ]
    maria = await house.agent()
    await customer.ask_for_human()
    events = await house.events(maria, (await maria.queued())["conversation_id"])
    turns = [event for event in events if event["type"] == "turn"]
    assert [turn["message_ids"] for turn in turns] == [["m-0", "m-1", "m-2"], ["m-3"]]


async def test_whole_thought_does_not_wait(house: House) -> None:
    house.assistant.script = wants_a_verb
    customer = await house.customer()
    started = asyncio.get_running_loop().time()
    await customer.say("where is it")
    await customer.hears("Heard: where is it.")
    assert asyncio.get_running_loop().time() - started < PATIENCE.total_seconds() / 2
    assert len(house.assistant.turns) == 1


async def test_fragment_alone_is_answered_after_a_moment(house: House) -> None:
    house.assistant.script = wants_a_verb
    customer = await house.customer()
    started = asyncio.get_running_loop().time()
    await customer.say("my order")
    await customer.hears("Heard: my order.")
    took = asyncio.get_running_loop().time() - started
    assert PATIENCE.total_seconds() - 0.1 < took < PATIENCE.total_seconds() + 1
    assert [turn.get("may_wait") for turn in house.assistant.turns] == [True, None]


async def test_rest_of_a_thought_ends_the_waiting(house: House) -> None:
    asked = asyncio.Event()

    async def script(body: dict[str, Any]) -> Any:
        answer = await wants_a_verb(body)
        asked.set()
        return answer

    house.assistant.script = script
    customer = await house.customer()
    started = asyncio.get_running_loop().time()
    await customer.say("my order")
    async with asyncio.timeout(10):
        await asked.wait()
    await customer.say("where is it")
    await customer.hears("Heard: my order where is it.")
    assert asyncio.get_running_loop().time() - started < PATIENCE.total_seconds() / 2


async def test_press_ends_the_waiting(house: House) -> None:
    async def script(body: dict[str, Any]) -> Any:
        if body["message"] == "hi":
            answer = says("Which?")
            answer["replies"][0]["buttons"] = [{"title": "Both", "payload": "both"}]
            return answer
        return await wants_a_verb(body)

    house.assistant.script = script
    customer = await house.customer()
    await customer.say("hi")
    await customer.hears("Which?")
    button = customer.all("bot_uttered")[-1]["quick_replies"][0]["payload"]
    await customer.say("hm")
    await customer.say(button)
    await customer.hears("Heard: hm.")
    asked = [turn for turn in house.assistant.turns if turn["message"] == "hm"]
    assert "may_wait" not in asked[-1]
    assert all("joined" not in turn for turn in house.assistant.turns)


async def test_what_the_assistant_answered_before_is_not_answered_again(
    house: House,
) -> None:
    """It knows the first message alone, from before a crash: the second stays owed."""

    async def script(body: dict[str, Any]) -> Any:
        if len(house.assistant.turns) == 1:
            return says(recorded=False)
        if body["message_id"] == "m-0":
            return says("Heard before.", message_ids=["m-0"])
        return says(f"Heard: {body['message']}.", message_ids=[body["message_id"]])

    house.assistant.script = script
    customer = await house.customer()
    await customer.say("my order", message_id="m-0")
    await customer.say("from monday", message_id="m-1")
    await customer.hears("Heard before.")
    await customer.hears("Heard: from monday.")


async def test_failed_turn_answers_for_all_that_it_joined(house: House) -> None:
    async def script(body: dict[str, Any]) -> Any:
        if not body.get("joined"):
            return says(recorded=False)
        return 400, {"ok": False, "error": "bad_request", "message": "No."}

    house.assistant.script = script
    maria = await house.agent()
    customer = await house.customer()
    await customer.say("my order")
    await customer.say("from monday")
    row = await maria.queued()
    assert row["trigger"] == "bot_failure"
    events = await house.events(maria, row["conversation_id"])
    assert [event["type"] for event in events].count("turn_failed") == 1


def owed(n: int, age_secs: float = 0.0, **payload: Any) -> Job:
    sent = NOW - timedelta(seconds=age_secs)
    return Job(n, "c", f"m-{n}", "turn", {"text": f"text {n}", **payload}, sent)


def asked(turns: list[Job], fragments: int) -> tuple[list[int], bool]:
    first, *following = turns
    head = Job(
        first.turn_id,
        first.conversation_id,
        first.message_id,
        first.kind,
        first.payload,
        first.created_at,
        tuple(following),
    )
    joined = join(head, fragments, NOW)
    return [job.turn_id for job in joined.jobs], joined.may_wait


@pytest.mark.parametrize(
    ("turns", "fragments", "expected"),
    [
        ([owed(0)], 0, ([], True)),
        ([owed(0, age_secs=1.2)], 0, ([], False)),
        ([owed(0), owed(1)], 0, ([], True)),
        # in line behind a slow turn, but the rest of it is here
        ([owed(0, age_secs=5), owed(1)], 0, ([], True)),
        ([owed(0, age_secs=5), owed(1)], 1, ([1], False)),
        ([owed(0), owed(1), owed(2)], 1, ([1], True)),
        ([owed(0), owed(1), owed(2)], 2, ([1, 2], True)),
        ([owed(0, age_secs=2), owed(1), owed(2)], 2, ([1, 2], False)),
        # what is no text stands for itself
        ([owed(0, pressed="b")], 0, ([], False)),
        ([owed(0, codes=["123456"]), owed(1)], 0, ([], False)),
        ([owed(0), owed(1, pressed="b")], 0, ([], False)),
        ([owed(0), owed(1), owed(2, payload="/x")], 1, ([1], False)),
    ],
)
def test_one_message_more_goes_along_each_time(
    turns: list[Job], fragments: int, expected: tuple[list[int], bool]
) -> None:
    assert asked(turns, fragments) == expected

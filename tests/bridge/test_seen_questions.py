"""The assistant is told where a message was sent before its sender had the question."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.bridge.conftest import settings_for
from tests.bridge.support import House, ScriptedAssistant
from tests.bridge.support.assistant import says
from tests.bridge.support.clients import Customer
from tests.bridge.support.refusals import refused

QUESTION = "Shall I cancel it?"


@pytest.fixture(autouse=True)
def script(assistant: ScriptedAssistant) -> None:
    async def questions(body: dict[str, Any]) -> Any:
        if body["message"] != "cancel":
            return says("Heard.")
        answer = says()
        yes = {"title": "Yes", "payload": "/affirm"}
        answer["replies"] = [{"text": QUESTION, "buttons": [yes]}]
        return answer

    assistant.script = questions


async def asked(customer: Customer) -> dict[str, Any]:
    await customer.say("cancel")
    question: dict[str, Any] = await customer.next("bot_uttered", text=QUESTION)
    return question


async def heard(customer: Customer, house: House, text: str, **more: Any) -> Any:
    """Says it, waits for the answer, and gives what the assistant was told."""
    count = len(house.assistant.turns)
    assert (await customer.say(text, **more))["ok"]
    await customer.until(lambda: "Heard." in customer.texts("bot"))
    [turn] = house.assistant.turns[count:]
    return turn


@pytest.mark.parametrize("behind", [0, 1])
async def test_last_seq_says_whether_the_question_was_there(
    each_house: House, behind: int
) -> None:
    customer = await each_house.customer()
    seen = (await asked(customer))["seq"] - behind
    turn = await heard(customer, each_house, "yes", last_seq=seen)
    assert turn.get("saw_last_question") == (False if behind else None)


async def test_nobody_has_seen_what_is_not_there_yet(house: House) -> None:
    customer = await house.customer()
    house.assistant.door.clear()
    await customer.say("cancel")
    await house.assistant.entered.wait()
    await customer.say("yes", last_seq=2**31 - 1)
    house.assistant.door.set()
    await customer.hears("Heard.")
    assert house.assistant.turns[-1]["saw_last_question"] is False


@pytest.mark.parametrize("wait", [False, True])
async def test_without_it_what_follows_at_once_was_not_an_answer(
    each_house: House, wait: bool
) -> None:
    customer = await each_house.customer()
    await asked(customer)
    if wait:
        # Time itself is what is tested.
        await asyncio.sleep(0.45)
    turn = await heard(customer, each_house, "yes")
    assert turn.get("saw_last_question") == (None if wait else False)


async def test_a_message_that_waits_while_the_question_is_made_is_no_answer(
    house: House,
) -> None:
    customer = await house.customer()
    house.assistant.door.clear()
    await customer.say("cancel")
    await house.assistant.entered.wait()
    await customer.say("yes")
    await asyncio.sleep(0.45)
    house.assistant.door.set()
    await customer.hears("Heard.")
    assert house.assistant.turns[-1]["saw_last_question"] is False


async def test_who_presses_an_open_button_has_seen_it(house: House) -> None:
    customer = await house.customer()
    question = await asked(customer)
    payload = question["quick_replies"][0]["payload"]
    turn = await heard(customer, house, payload, last_seq=0)
    assert turn["payload"] == "/affirm"
    assert "saw_last_question" not in turn


async def test_the_first_message_misses_nothing(house: House) -> None:
    turn = await heard(await house.customer(), house, "hello")
    assert "saw_last_question" not in turn


async def test_a_greeting_after_a_human_is_asked_by_the_bot(house: House) -> None:
    house.assistant.script = house.assistant._echo
    customer, maria, row = await house.claimed()
    await maria.act("message_send", conversation_id=row["conversation_id"], text="Hi!")
    ours = await customer.next("bot_uttered", text="Hi!")
    ending = {"handoff_id": row["handoff_id"], "disposition": "resolved"}
    assert (await maria.act("handoff_return", **ending))["ok"]
    greeting = await customer.next("bot_uttered", text="I'm back.")
    await customer.say("one", last_seq=ours["seq"])
    await customer.hears("You said: one")
    await customer.say("two", last_seq=customer.all("bot_uttered")[-1]["seq"])
    await customer.hears("You said: two")
    assert ours["seq"] < greeting["seq"]
    one, two = house.assistant.turns[-2:]
    assert one["saw_last_question"] is False
    assert "saw_last_question" not in two


@pytest.mark.parametrize("last_seq", [-1, "3", 1.5, True, 2**31, [1]])
async def test_a_last_seq_that_is_none_is_refused(house: House, last_seq: Any) -> None:
    customer = await house.customer()
    refused(await customer.say("hello", last_seq=last_seq), "bad_request")
    assert (await customer.say("hello", last_seq=None))["ok"]


async def test_it_outlives_a_restart(
    database_url: str, assistant: ScriptedAssistant, tmp_path: Path
) -> None:
    settings = settings_for(database_url, assistant.port, tmp_path)
    async with House.open(settings, assistant) as house:
        customer = await house.customer()
        await asked(customer)
        assistant.entered.clear()
        assistant.door.clear()
        await customer.say("yes", last_seq=0)
        await assistant.entered.wait()
    assistant.door.set()
    async with House.open(settings, assistant) as house:
        again = await house.customer(session_id=customer.session_id)
        await again.until(lambda: len(assistant.turns) > 2)
    assert [turn.get("saw_last_question") for turn in assistant.turns[1:3]] == [
        False,
        False,
    ]

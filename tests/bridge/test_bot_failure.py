"""The assistant is down or broken: the customer still reaches a human."""

import asyncio
from typing import Any

import pytest

from tests.bridge.conftest import free_port, settings_for
from tests.bridge.support import House, ScriptedAssistant
from tests.bridge.support.assistant import says


async def failing(body: dict[str, Any]) -> Any:
    return 500, {"ok": False, "error": "turn_failed"}


async def hanging(body: dict[str, Any]) -> Any:
    await asyncio.Event().wait()


async def empty(body: dict[str, Any]) -> Any:
    return says()


async def gibberish(body: dict[str, Any]) -> Any:
    return ["not", "an", "answer"]


async def dead_action_server(body: dict[str, Any]) -> Any:
    return says("All done!", failed_action="action_cancel_order")


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (failing, "error"),
        (hanging, "timeout"),
        (empty, "empty"),
        (gibberish, "error"),
        (dead_action_server, "failed_action"),
    ],
    ids=["error", "timeout", "empty", "gibberish", "failed_action"],
)
async def test_failed_turn_hands_off(house: House, script: Any, reason: str) -> None:
    maria, customer = await house.agent(), await house.customer()
    house.assistant.script = script
    await customer.say("cancel my order")
    row = await maria.queued()
    assert row["trigger"] == "bot_failure"
    await customer.hears("first in line")
    assert customer.texts("bot") == []
    events = await house.events(maria, row["conversation_id"])
    failed = next(event for event in events if event["type"] == "turn_failed")
    assert failed["reason"] == reason
    await maria.claim(row)
    await customer.hears("has joined")


async def test_unreachable_assistant_hands_off_and_humans_still_serve(
    sqlite_url: str, assistant: ScriptedAssistant, tmp_path: Any
) -> None:
    settings = settings_for(sqlite_url, free_port(), tmp_path)
    async with House.open(settings, assistant) as house:
        maria, customer = await house.agent(), await house.customer()
        await customer.say("anyone?")
        row = await maria.claim(await maria.queued())
        await maria.act(
            "message_send", conversation_id=row["conversation_id"], text="Yes!"
        )
        await customer.hears("Yes!")
        back = await maria.act(
            "handoff_return",
            handoff_id=row["handoff_id"],
            disposition="resolved",
        )
        assert back["error"] == "bot_unavailable"
        sent = await maria.act(
            "message_send", conversation_id=row["conversation_id"], text="Still me."
        )
        assert sent["ok"]


async def test_failed_action_of_the_asking_turn_keeps_the_reason(house: House) -> None:
    async def asks(body: dict[str, Any]) -> Any:
        trigger = {"trigger": "customer_request", "triggers": ["customer_request"]}
        return says(trigger=trigger, failed_action="action_handoff")

    maria, customer = await house.agent(), await house.customer()
    house.assistant.script = asks
    await customer.say("a person please")
    row = await maria.queued()
    assert row["trigger"] == "customer_request"
    assert row["triggers"] == ["customer_request", "bot_failure"]


async def test_button_to_a_human_works_while_the_assistant_hangs(
    house: House,
) -> None:
    maria, customer = await house.agent(), await house.customer()
    house.assistant.script = hanging
    await customer.say("hello")
    await house.assistant.entered.wait()
    await customer.ask_for_human()
    row = await maria.queued()
    assert row["trigger"] == "customer_request"


async def test_passing_error_is_retried_within_the_deadline(house: House) -> None:
    calls = 0

    async def recovers(body: dict[str, Any]) -> Any:
        nonlocal calls
        calls += 1
        if calls == 1:
            return 500, {"ok": False, "error": "turn_failed"}
        return says("Here I am.")

    house.assistant.script = recovers
    customer = await house.customer()
    await customer.say("hello")
    await customer.hears("Here I am.")
    assert [turn["message_id"] for turn in house.assistant.turns] == [
        house.assistant.turns[0]["message_id"]
    ] * 2


async def test_catching_up_and_answering_share_one_deadline(house: House) -> None:
    slow = 0.7 * house.settings.rasa_deadline_secs

    async def slowly(body: dict[str, Any]) -> Any:
        await asyncio.sleep(slow)
        return says("Here I am.")

    customer, maria, row = await house.claimed()
    await customer.say("my kettle is broken")
    await maria.act(
        "handoff_close", handoff_id=row["handoff_id"], disposition="resolved"
    )
    await customer.status("closed")
    house.assistant.handback_script = house.assistant.script = slowly
    await customer.say("hello again")
    await maria.until(lambda: len(maria.all("handoff_queued")) == 2)
    assert (await maria.queued())["trigger"] == "bot_failure"
    assert "Here I am." not in customer.texts()

"""What is owed gets done, whatever fails on the way."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from handoff_bridge.store import conversations as conversation_store
from handoff_bridge.store import jobs as job_store
from tests.bridge.conftest import settings_for
from tests.bridge.support import House, ScriptedAssistant
from tests.bridge.support.assistant import says
from tests.bridge.support.clients import BareClient


async def test_answer_is_delivered_once_the_database_is_back(
    each_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = await each_house.customer()
    complete, failed = job_store.complete, []

    async def down_once(tx: Any, turn_id: int) -> bool:
        if not failed:
            failed.append(turn_id)
            raise OSError("the database is restarting")
        return await complete(tx, turn_id)

    monkeypatch.setattr(job_store, "complete", down_once)
    await customer.say("where is my parcel?")
    await customer.hears("You said: where is my parcel?")
    assert failed
    texts = [message.get("text") for message in await customer.history()]
    assert texts.count("You said: where is my parcel?") == 1


async def test_answer_that_can_never_be_committed_hands_off(house: House) -> None:
    async def without_reason(_body: dict[str, Any]) -> Any:
        return says(trigger={"trigger": "customer_request", "triggers": []})

    house.assistant.script = without_reason
    customer, maria = await house.customer(), await house.agent()
    await customer.say("hello")
    assert (await maria.queued())["trigger"] == "bot_failure"
    await customer.status("queue")


async def test_message_is_answered_though_somebody_could_not_be_told(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = BareClient(house.url)
    session_id = await bare.open()
    customer = await house.customer(session_id=session_id)

    async def fail(*_args: object) -> None:
        raise OSError("the database is restarting")

    monkeypatch.setattr(conversation_store, "set_bare_seq", fail)
    maria = await house.agent()
    assert (await customer.ask_for_human())["ok"]
    row = await maria.claim(await maria.queued())
    ack = await maria.act(
        "message_send", conversation_id=row["conversation_id"], text="Hi there."
    )
    assert ack["ok"]
    await customer.hears("Hi there.")
    await bare.close()


async def test_turn_that_asked_for_a_human_still_says_goodbye_after_a_restart(
    database_url: str, assistant: ScriptedAssistant, tmp_path: Path
) -> None:
    settings = settings_for(database_url, assistant.port, tmp_path)
    houses: list[House] = []

    async def asks(body: dict[str, Any]) -> Any:
        if len(assistant.turns) == 1:
            ask = {"conversation_id": body["sender"], "message_id": body["message_id"]}
            await houses[-1].ask(**ask, trigger="customer_request")
            asked.set()
            await asyncio.Event().wait()
        return says(
            "I'm bringing in a colleague.",
            intent={"name": "request_human", "confidence": 0.9},
            trigger={"trigger": "customer_request", "triggers": ["customer_request"]},
        )

    assistant.script = asks
    asked = asyncio.Event()
    async with House.open(settings, assistant) as house:
        houses.append(house)
        customer = await house.customer()
        await customer.say("a person please")
        await asyncio.wait_for(asked.wait(), 10)
        token = customer.session_id
    async with House.open(settings, assistant) as house:
        maria = await house.agent()
        customer = await house.customer(session_id=token)
        before = customer.all("history")[0]["messages"]
        await customer.until(lambda: len(before + customer.all("bot_uttered")) >= 4)
        said, introduction, goodbye, line = await customer.history()
        assert said["text"] == "a person please"
        assert "automated" in introduction["text"]
        assert goodbye["text"] == "I'm bringing in a colleague."
        assert line["sender"] == "system"
        row = maria.all("snapshot")[0]["queue"][0]
        events = await house.events(maria, row["conversation_id"])
        turns = [event for event in events if event["type"] == "turn"]
        assert [turn["intent"]["name"] for turn in turns] == ["request_human"]
        assert "ticket_opened" not in [event["type"] for event in events]


async def test_what_an_agent_has_read_is_not_asked_of_the_bot_afterwards(
    each_house: House,
) -> None:
    house = each_house
    dana, customer = await house.agent("dana"), await house.customer()
    await customer.say("hello")
    await customer.hears("You said: hello")
    house.assistant.door.clear()
    house.assistant.entered.clear()
    await customer.say("one")
    await house.assistant.entered.wait()
    # Behind the turn that runs, an agent reads it, and the chat is over.
    await customer.say("two")
    sender = house.assistant.turns[-1]["sender"]
    taken = await dana.act("conversation_takeover", conversation_id=sender)
    ending = {"handoff_id": taken["handoff_id"], "disposition": "resolved"}
    assert (await dana.act("handoff_close", **ending))["ok"]
    await customer.say("three")
    house.assistant.door.set()
    await customer.hears("You said: three")
    assert house.assistant.heard == ["hello", "one", "three"]
    told = [m["text"] for m in await customer.history() if m["sender"] == "bot"]
    assert "You said: two" not in told

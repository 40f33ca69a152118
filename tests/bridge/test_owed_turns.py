"""What is owed gets done, whatever fails on the way."""

from typing import Any

import pytest
from handoff_bridge.store import conversations as conversation_store
from handoff_bridge.store import turns as turn_store

from tests.bridge.support import House
from tests.bridge.support.assistant import says
from tests.bridge.test_delivery import BareClient


async def test_answer_is_delivered_once_the_database_is_back(
    each_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = await each_house.customer()
    settle, failed = turn_store.settle, []

    async def down_once(tx: Any, turn_id: int) -> bool:
        if not failed:
            failed.append(turn_id)
            raise OSError("the database is restarting")
        return await settle(tx, turn_id)

    monkeypatch.setattr(turn_store, "settle", down_once)
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
    await bare.io.disconnect()

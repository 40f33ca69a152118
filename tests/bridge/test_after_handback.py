"""What a hand-back tells the others: colleagues a load less, customers a bot."""

from typing import Any

import pytest

from handoff_bridge.service.presence import PresenceService
from tests.bridge.support import House
from tests.bridge.support.assistant import says


async def test_colleagues_learn_that_a_returned_chat_is_no_load(house: House) -> None:
    sam = await house.agent("sam")
    _customer, maria, row = await house.claimed()
    await sam.next("presence_changed", agent_id=maria.agent_id, load=1)
    before = len(sam.events)
    ack = await maria.act(
        "handoff_return", handoff_id=row["handoff_id"], disposition="resolved"
    )
    assert ack["ok"]

    def relieved() -> list[Any]:
        return [
            told
            for name, told in sam.events[before:]
            if name == "presence_changed" and told["agent_id"] == maria.agent_id
        ]

    assert (await sam.until(relieved))[0]["load"] == 0


async def test_first_bot_message_says_so_though_it_is_a_greeting_after_a_human(
    house: House,
) -> None:
    customer, maria = await house.customer(), await house.agent()
    await customer.ask_for_human()
    row = await maria.claim(await maria.queued())
    ack = await maria.act(
        "handoff_return", handoff_id=row["handoff_id"], disposition="resolved"
    )
    assert ack["ok"]
    await customer.hears("I'm back.")
    assert "automated" in customer.texts("bot")[0]


async def test_bot_that_asks_for_a_human_at_once_has_caught_up_all_the_same(
    house: House,
) -> None:
    customer, maria, row = await house.claimed()
    message = {"conversation_id": row["conversation_id"], "text": "It was refunded."}
    await maria.act("message_send", **message)
    end = {"disposition": "resolved"}
    await maria.act("handoff_close", handoff_id=row["handoff_id"], **end)

    async def asks(body: dict[str, Any]) -> Any:
        ask = {"conversation_id": body["sender"], "message_id": body["message_id"]}
        await house.ask(**ask, trigger="customer_request")
        trigger = {"trigger": "customer_request", "triggers": ["customer_request"]}
        return says("I'm bringing in a colleague.", trigger=trigger)

    house.assistant.script = asks
    await customer.say("a person again")
    await customer.hears("I'm bringing in a colleague.", "bot")
    await maria.until(lambda: len(maria.all("handoff_queued")) == 2)
    again = await maria.claim(await maria.queued())
    await maria.act("handoff_return", handoff_id=again["handoff_id"], **end)
    caught_up, returned = house.assistant.handbacks
    assert [said["text"] for said in caught_up["messages"]] == ["It was refunded."]
    assert returned["messages"] == []


async def test_agent_who_is_back_while_being_put_offline_is_there(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    dana, maria = await house.agent("dana"), await house.agent("maria")
    tell, gone = PresenceService.tell, []

    async def meanwhile(self: PresenceService, agent_id: str) -> Any:
        if not gone:
            gone.append(agent_id)
            await house.agent("maria")
        return await tell(self, agent_id)

    monkeypatch.setattr(PresenceService, "tell", meanwhile)
    dana.events.clear()
    await maria.close()
    await dana.until(lambda: len(dana.all("presence_changed")) == 2)
    statuses = [told["status"] for told in dana.all("presence_changed")]
    assert (gone, statuses) == ([maria.agent_id], ["available", "available"])

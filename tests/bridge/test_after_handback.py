"""What a hand-back tells the others: colleagues a load less, customers a bot."""

from typing import Any

from tests.bridge.support import House


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

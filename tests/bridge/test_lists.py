"""The lists of an inbox, and what their rows say."""

from typing import Any

from tests.bridge.support import AgentClient, House
from tests.bridge.support.assistant import says


async def rows(house: House, agent: AgentClient, **asked: Any) -> list[dict[str, Any]]:
    answer = await house.get("/handoffs", agent.token, **asked)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["handoffs"]
    return found


async def test_open_and_ended_chats_are_lists_of_their_own(each_house: House) -> None:
    house = each_house
    maria, sam = await house.agent(), await house.agent("sam")
    await house.serve(maria, 3)
    _, _, mine = await house.claimed()
    waiting = await house.customer()
    await waiting.ask_for_human()
    await sam.until(lambda: sam.all("handoff_queued")[-1]["state"] == "queued")
    open_rows = await rows(house, sam, are="open")
    assert [row["state"] for row in open_rows] == ["queued", "claimed"]
    assert open_rows[1]["handoff_id"] == mine["handoff_id"]
    ended = await rows(house, sam, are="ended")
    assert [row["state"] for row in ended] == ["closed"] * 3
    times = [row["ended_at"] for row in ended]
    assert times == sorted(times, reverse=True)
    page = await rows(house, sam, are="ended", limit=2)
    rest = await rows(house, sam, are="ended", before=page[-1]["handoff_id"])
    assert [*page, *rest] == ended


async def row_now(house: House, agent: AgentClient) -> dict[str, Any]:
    [row] = await rows(house, agent, are="open")
    return row


async def test_row_says_whose_turn_it_is_and_since_when(each_house: House) -> None:
    house = each_house
    customer, maria, row = await house.claimed()
    chat = row["conversation_id"]
    assert (row["turn_of"], row["turn_since"]) == ("agent", row["queued_at"])
    await maria.act("message_send", conversation_id=chat, text="Which order is it?")
    answered = await maria.sees("Which order is it?")
    now = await row_now(house, maria)
    assert (now["turn_of"], now["turn_since"]) == ("customer", answered["at"])
    await customer.say("the kettle")
    first = await maria.sees("the kettle")
    await customer.say("the green one")
    await maria.sees("the green one")
    now = await row_now(house, maria)
    # The wait begins with the first message that has no answer.
    assert (now["turn_of"], now["turn_since"]) == ("agent", first["at"])
    assert now["customer_said"] == "the green one"
    end = {"handoff_id": row["handoff_id"], "disposition": "resolved"}
    closed = (await maria.act("handoff_close", **end))["handoff"]
    assert {"turn_of", "turn_since"}.isdisjoint(closed)


async def test_row_says_what_a_nameless_customer_wrote_and_wants(
    each_house: House,
) -> None:
    house = each_house

    async def script(_body: Any) -> Any:
        intent = {"name": "check_order", "confidence": 0.9, "topic": "order_status"}
        return says("Let me see.", intent=intent)

    house.assistant.script = script
    maria = await house.agent()
    silent = await house.customer()
    await silent.ask_for_human()
    row = await maria.queued()
    assert {"customer_said", "topic"}.isdisjoint(row)
    maria.events.clear()
    customer = await house.customer()
    await customer.say("where is my " + "very " * 100 + "late kettle")
    await customer.hears("Let me see.")
    await customer.ask_for_human()
    row = await maria.queued()
    assert row["customer_said"].startswith("where is my very")
    assert len(row["customer_said"]) == 200
    assert row["topic"] == "order_status"


async def test_one_handoff_is_listed_alone_even_once_it_has_ended(
    each_house: House,
) -> None:
    house = each_house
    maria = await house.agent()
    await house.serve(maria, 2)
    listed = (await house.get("/handoffs", maria.token)).json()["handoffs"]
    for row in listed:
        found = await house.get("/handoffs", maria.token, handoff_id=row["handoff_id"])
        [alone] = found.json()["handoffs"]
        assert (alone["handoff_id"], alone["state"]) == (row["handoff_id"], "closed")
    refused = await house.get("/handoffs", maria.token, handoff_id="none")
    assert refused.json()["error"] == "unknown_handoff"

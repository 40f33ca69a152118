"""A `client_id` is one call with one set of fields, and its answer is kept."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from handoff_bridge.service.ports import utc_now
from handoff_bridge.store import calls, tables
from tests.bridge.support import House


async def test_client_id_of_one_call_is_no_good_for_another(each_house: House) -> None:
    customer, maria, row = await each_house.claimed()
    chat = {"conversation_id": row["conversation_id"]}
    said = {**chat, "text": "one", "client_id": "x-1"}
    first = await maria.call("message_send", said)
    assert (await maria.call("message_send", said)) == first
    presence = {"status": "busy", "client_id": "x-2"}
    assert (await maria.call("presence_set", presence))["ok"]
    for event, payload in (
        ("message_send", {**said, "text": "two"}),
        ("note_add", said),
        ("presence_set", {"status": "busy", "client_id": "x-1"}),
        ("presence_set", {**presence, "status": "away"}),
        ("message_send", {**said, "client_id": "x-2"}),
    ):
        ack = await maria.call(event, payload)
        assert ack["error"] == "client_id_reused", (event, payload)
    assert (await maria.call("presence_set", presence))["status"] == "busy"
    texts = [message.get("text") for message in await customer.history()]
    assert (texts.count("one"), texts.count("two")) == (1, 0)


async def test_call_that_is_repeated_late_is_not_done_again(each_house: House) -> None:
    maria, dana = await each_house.agent(), await each_house.agent("dana")
    away = {"status": "away", "client_id": "c-1"}
    first = await maria.call("presence_set", away)
    assert (await maria.act("presence_set", status="busy"))["ok"]
    assert await maria.call("presence_set", away) == first
    again = await each_house.agent()
    assert again.all("snapshot")[0]["agent"]["status"] == "busy"
    statuses = [told["status"] for told in dana.all("presence_changed")]
    assert statuses.count("away") == 1


async def test_client_id_is_the_agents_own(house: House) -> None:
    _, maria, _ = await house.claimed()
    sam = await house.agent("sam")
    for agent, status in ((maria, "busy"), (sam, "away")):
        ack = await agent.call("presence_set", {"status": status, "client_id": "x-1"})
        assert ack["status"] == status


async def test_refusal_that_may_pass_is_not_kept(each_house: House) -> None:
    _, maria, row = await each_house.claimed()
    await maria.act("presence_set", status="available", capacity=1)
    customer = await each_house.customer()
    await customer.ask_for_human()
    wanted = await maria.until(
        lambda: [
            told["handoff_id"]
            for told in maria.all("handoff_queued")
            if told["handoff_id"] != row["handoff_id"]
        ]
    )
    claim = {"handoff_id": wanted[0], "client_id": "claim-1"}
    full = await maria.call("handoff_claim", claim)
    assert full["error"] == "at_capacity"
    end = {"handoff_id": row["handoff_id"], "disposition": "resolved"}
    assert (await maria.act("handoff_close", **end))["ok"]
    assert (await maria.call("handoff_claim", claim))["ok"]


async def test_hand_back_is_tried_anew_once_the_assistant_is_there(
    house: House,
) -> None:
    customer, maria, row = await house.claimed()
    works = house.assistant.handback_script

    async def is_down(_body: object) -> object:
        return 400, {"ok": False, "error": "bad_request", "message": "No."}

    house.assistant.handback_script = is_down
    call = {
        "handoff_id": row["handoff_id"],
        "disposition": "resolved",
        "client_id": "return-1",
    }
    down = await maria.call("handoff_return", call)
    assert down["error"] == "bot_unavailable"
    house.assistant.handback_script = works
    assert (await maria.call("handoff_return", call))["state"] == "returned"
    await customer.status("bot")


@pytest.mark.parametrize("age", [timedelta(hours=23), timedelta(hours=25)])
async def test_answers_are_kept_for_a_day(each_house: House, age: timedelta) -> None:
    maria = await each_house.agent()
    await maria.act("presence_set", status="busy")
    assert each_house.bridge is not None
    async with each_house.bridge.database.write() as tx:
        await calls.prune(tx, utc_now() + age)
        left = (await tx.execute(sa.select(tables.calls.c.client_id))).all()
    assert len(left) == (1 if age < calls.KEPT else 0)

"""The hand-back: the bot knows what happened, and nobody is talked over."""

import asyncio
from typing import Any

from tests.bridge.support import House
from tests.bridge.support.assistant import says


async def test_return_over_an_unseen_message_is_refused(each_house: House) -> None:
    customer, maria, row = await each_house.claimed()
    seen = (await customer.say("one"))["seq"]
    await customer.say("two")
    ending = {"handoff_id": row["handoff_id"], "disposition": "resolved"}
    for call in ("handoff_return", "handoff_close"):
        ack = await maria.act(call, **ending, seen_seq=seen)
        assert ack["error"] == "new_messages"
    sent = await maria.act(
        "message_send", conversation_id=row["conversation_id"], text="still here"
    )
    assert sent["ok"]
    ack = await maria.act("handoff_return", **ending, seen_seq=seen + 1)
    assert ack["ok"], ack


async def test_unknown_slot_leaves_everything_as_it_was(house: House) -> None:
    customer, maria, row = await house.claimed()

    async def refuse(body: dict[str, Any]) -> Any:
        return 422, {"ok": False, "error": "unknown_slot", "message": "no slot colour"}

    house.assistant.handback_script = refuse
    ack = await maria.act(
        "handoff_return",
        handoff_id=row["handoff_id"],
        disposition="resolved",
        slots={"colour": "red"},
    )
    assert (ack["error"], ack["message"]) == ("unknown_slot", "no slot colour")
    await customer.say("still there?")
    await maria.sees("still there?")
    assert house.assistant.heard == ["hello"]


async def test_return_sent_twice_speaks_once(each_house: House) -> None:
    customer, maria, row = await each_house.claimed()
    call = {
        "handoff_id": row["handoff_id"],
        "disposition": "resolved",
        "outcome": "Sorted.",
        "client_id": "c-1",
    }
    acks = await asyncio.gather(
        maria.call("handoff_return", call), maria.call("handoff_return", call)
    )
    assert acks[0] == acks[1]
    assert acks[0]["ok"]
    await customer.hears("I'm back. Sorted.")
    texts = [message.get("text") for message in await customer.history()]
    assert texts.count("I'm back. Sorted.") == 1


async def test_message_during_the_return_waits_for_the_greeting(house: House) -> None:
    customer, maria, row = await house.claimed()
    door = asyncio.Event()
    entered = asyncio.Event()

    async def slow(body: dict[str, Any]) -> Any:
        entered.set()
        await door.wait()
        return says("I'm back.")

    house.assistant.handback_script = slow
    returning = asyncio.create_task(
        maria.act(
            "handoff_return", handoff_id=row["handoff_id"], disposition="resolved"
        )
    )
    await entered.wait()
    await customer.say("one more thing")
    door.set()
    assert (await returning)["ok"]
    await customer.hears("You said: one more thing")
    bot = customer.texts("bot")
    assert bot.index("I'm back.") < bot.index("You said: one more thing")
    given = [message["text"] for message in house.assistant.handbacks[0]["messages"]]
    assert "one more thing" not in given


async def test_reopened_chat_lets_the_bot_catch_up_first(house: House) -> None:
    customer, maria, row = await house.claimed()
    await customer.say("my kettle is broken")
    await maria.act(
        "message_send", conversation_id=row["conversation_id"], text="A new one is due."
    )
    await maria.act(
        "handoff_close", handoff_id=row["handoff_id"], disposition="resolved"
    )
    await customer.status("closed")
    await customer.say("hello again")
    await customer.status("bot")
    await customer.hears("You said: hello again")
    caught_up = house.assistant.handbacks[0]
    assert caught_up["greet"] is False
    assert [m["text"] for m in caught_up["messages"]] == [
        "my kettle is broken",
        "A new one is due.",
    ]
    await customer.say("and again")
    await customer.hears("You said: and again")
    assert len(house.assistant.handbacks) == 1


async def test_second_handoff_gives_the_bot_only_what_it_missed(house: House) -> None:
    customer, maria, row = await house.claimed()
    await customer.say("first talk")
    await maria.act(
        "handoff_return", handoff_id=row["handoff_id"], disposition="resolved"
    )
    await customer.hears("I'm back.")
    await customer.say("with the bot")
    await customer.hears("You said: with the bot")
    await customer.ask_for_human()
    await maria.until(lambda: len(maria.all("handoff_queued")) == 2)
    again = await maria.claim(await maria.queued())
    assert again["handoff_id"] != row["handoff_id"]
    await customer.say("second talk")
    await maria.act(
        "handoff_return", handoff_id=again["handoff_id"], disposition="resolved"
    )
    given = [message["text"] for message in house.assistant.handbacks[1]["messages"]]
    assert given == ["second talk"]


async def test_new_rasa_session_after_forty_turns_with_no_form_open(
    house: House,
) -> None:
    async def long(body: dict[str, Any]) -> Any:
        form = "cancel_order_form" if body["message"] == "in a form" else None
        return says("ok", turns=40, active_loop=form)

    house.assistant.script = long
    customer = await house.customer()
    for text in ("in a form", "out of it", "next"):
        await customer.say(text)
    await customer.until(lambda: customer.texts().count("ok") == 3)
    assert [turn.get("new_session") for turn in house.assistant.turns] == [
        None,
        None,
        True,
    ]


async def test_packet_tells_the_agent_everything(house: House) -> None:
    async def tracked(body: dict[str, Any]) -> Any:
        return says(
            "Your order HP-10428 was delivered.",
            intent={"name": "check_order_status", "confidence": 0.97},
            slots={"order_number": "HP-10428"},
            entities=[{"entity": "order_number", "value": "HP-10428"}],
            actions=[{"name": "action_check_order_status", "events": 1}],
            sentiment={"label": "negative", "score": -0.4},
        )

    house.assistant.script = tracked
    maria = await house.agent()
    customer = await house.customer(
        identity=house.identity("C-1", name="Jo Marsh", email="jo@example.com")
    )
    await customer.say("where is HP-10428??")
    await customer.hears("was delivered")
    await customer.ask_for_human()
    row = await maria.queued()
    packet = (await house.get(f"/handoffs/{row['handoff_id']}", maria.token)).json()
    wanted = "handoff_id conversation_id customer trigger triggers summary intents"
    wanted += " entities slots steps authentication sentiment attachments"
    wanted += " suggestions transcript"
    assert set(wanted.split()) <= set(packet)
    assert packet["version"] == 1
    assert packet["customer"]["name"] == "Jo Marsh"
    assert packet["intents"][0]["name"] == "check_order_status"
    assert packet["slots"]["order_number"] == "HP-10428"
    assert packet["steps"][0]["action"] == "action_check_order_status"
    assert "HP-10428" in packet["summary"]["text"]
    assert house.assistant.turns[0]["identity"] == {
        "customer_id": "C-1",
        "name": "Jo Marsh",
        "email": "jo@example.com",
    }

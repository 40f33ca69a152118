"""What customers write while they wait in line is heard, mostly in silence."""

import asyncio
from typing import Any

from tests.bridge.support import Customer, House
from tests.bridge.support.assistant import says

FLOOD = {"name": "flooded_cellar", "labels": {"en": "Flooded cellar"}, "priority": 7}


def flood(body: dict[str, Any], *texts: str, **evidence: Any) -> Any:
    """An answer that has asked for a person with this reason."""
    trigger = {"trigger": FLOOD["name"], "triggers": [FLOOD], "evidence": evidence}
    return says(*texts, trigger=trigger)


async def in_line(house: House) -> Customer:
    """A customer who has asked for a person."""
    customer = await house.customer(locale="de-AT", timezone="Europe/Vienna")
    await customer.ask_for_human()
    await customer.status("queue")
    return customer


async def test_urgent_reason_in_line_is_answered_and_goes_ahead(
    each_house: House,
) -> None:
    house = each_house

    async def script(body: dict[str, Any]) -> Any:
        return flood(body, "Switch off the current first.", depth=4)

    house.assistant.waiting_script = script
    maria = await house.agent()
    first, customer = await in_line(house), await in_line(house)
    assert (await customer.status("queue"))["position"] == 2
    await customer.say("there is water everywhere", message_id="m-1")
    await customer.hears("Switch off the current first.", sender="bot")
    await customer.next("conversation_status", owner="queue", position=1)
    await first.next("conversation_status", owner="queue", position=2)
    updated = await maria.until(lambda: maria.all("handoff_updated"))
    row = updated[-1]["handoff"]
    assert (row["trigger"], row["priority"]) == ("flooded_cellar", 7)
    assert row["triggers"] == ["flooded_cellar", "customer_request"]
    [body] = house.assistant.waiting
    assert body["message"] == "there is water everywhere"
    assert body["waiting"] == {
        "triggers": ["customer_request"],
        "evidence": {"source": "button"},
    }
    assert (body["locale"], body["timezone"]) == ("de-AT", "Europe/Vienna")
    assert house.assistant.turns == []


async def test_next_message_comes_with_the_reasons_so_far(house: House) -> None:
    async def script(body: dict[str, Any]) -> Any:
        evidence = {"place": body["message"]}
        return flood(body, f"Noted: {body['message']}.", **evidence)

    house.assistant.waiting_script = script
    customer = await in_line(house)
    for place in ("cellar", "kitchen", "roof"):
        await customer.say(place)
        await customer.hears(f"Noted: {place}.")
    reasons = [body["waiting"] for body in house.assistant.waiting]
    assert [one["evidence"].get("place") for one in reasons] == [
        None,
        "cellar",
        "kitchen",
    ]
    assert reasons[-1]["triggers"] == ["flooded_cellar", "customer_request"]


async def test_silence_is_the_rule_and_the_assistant_catches_up(house: House) -> None:
    maria = await house.agent()
    customer = await in_line(house)
    said = customer.texts()
    await customer.say("hello?", message_id="m-1")
    await customer.say("are you there", message_id="m-2")
    row = await maria.claim(await maria.queued())
    await customer.status("agent")
    await maria.act("message_send", conversation_id=row["conversation_id"], text="Hi!")
    await customer.hears("Hi!", sender="agent")
    assert customer.texts("bot") == [text for text in said if "Hi, I'm" in text]
    back = {"handoff_id": row["handoff_id"], "disposition": "resolved"}
    assert (await maria.act("handoff_return", **back))["ok"]
    messages = house.assistant.handbacks[-1]["messages"]
    assert [one["text"] for one in messages] == ["hello?", "are you there", "Hi!"]


async def test_assistant_that_is_down_costs_nothing_in_line(house: House) -> None:
    came_to_the_second = asyncio.Event()

    async def broken(body: dict[str, Any]) -> Any:
        if body["message"] == "hello?":
            came_to_the_second.set()
        return 400, {"ok": False, "error": "bad_request", "message": "No."}

    house.assistant.waiting_script = broken
    maria = await house.agent()
    customer = await in_line(house)
    await customer.say("anybody?")
    await customer.say("hello?")
    # One after the other: what came of the first is in the log.
    async with asyncio.timeout(10):
        await came_to_the_second.wait()
    events = await house.events(maria, (await maria.queued())["conversation_id"])
    assert "turn_failed" not in [event["type"] for event in events]
    row = await maria.claim(await maria.queued())
    assert row["trigger"] == "customer_request"


async def test_nothing_is_said_in_line_once_an_agent_has_the_chat(house: House) -> None:
    maria = await house.agent()

    async def script(body: dict[str, Any]) -> Any:
        await maria.claim(await maria.queued())
        return flood(body, "Too late to say this.")

    house.assistant.waiting_script = script
    customer = await in_line(house)
    await customer.say("water!", message_id="m-1")
    await customer.status("agent")
    conversation = (await maria.queued())["conversation_id"]
    seen = await maria.until(
        lambda: [
            added["event"]
            for added in maria.all("event_added")
            if added["event"]["type"] == "reply_suppressed"
        ]
    )
    assert seen[0]["reason"] == "owner_changed"
    assert "Too late to say this." not in customer.texts()
    events = await house.events(maria, conversation)
    assert "turn_failed" not in [event["type"] for event in events]


async def test_wish_to_leave_leaves_the_line_and_is_settled(house: House) -> None:
    async def script(body: dict[str, Any]) -> Any:
        if body["message"] == "found it myself":
            return says("Nobody needs to come, then.", leaves_line=True)
        return says(recorded=False)

    house.assistant.waiting_script = script
    maria = await house.agent()
    customer = await in_line(house)
    await customer.say("where is it?")
    await customer.say("found it myself")
    await customer.hears("Nobody needs to come, then.")
    await customer.hears("Sie haben die Warteschlange verlassen.", sender="system")
    await customer.status("bot")
    gone = await maria.until(lambda: maria.all("handoff_updated"))
    assert gone[-1]["handoff"]["state"] == "abandoned"
    await customer.say("thanks")
    await customer.hears("You said: thanks")
    assert house.assistant.heard == ["thanks"]
    missed = house.assistant.handbacks[-1]["messages"]
    assert [one["text"] for one in missed] == ["where is it?"]


async def test_who_leaves_gets_an_answer_to_what_was_written_in_line(
    each_house: House,
) -> None:
    house = each_house
    customer = await house.customer()
    await customer.say("hello", message_id="m-0")
    await customer.hears("You said: hello")
    await customer.ask_for_human()
    await customer.say("my code is HP-10421", message_id="m-1")
    await customer.say("when are you open?", message_id="m-2")
    await customer.call("leave", {"session_id": customer.session_id})
    await customer.hears("You said: my code is HP-10421")
    await customer.hears("You said: when are you open?")
    ids = [turn["message_id"] for turn in house.assistant.turns]
    assert ids == ["m-0", "m-1", "m-2"]
    [caught_up] = house.assistant.handbacks
    assert caught_up["messages"] == []


async def test_who_ends_the_chat_from_the_line_is_answered_nothing(
    house: House,
) -> None:
    customer = await in_line(house)
    await customer.say("when are you open?")
    await customer.call("leave", {"session_id": customer.session_id, "end": True})
    await customer.next("session_ended")
    again = await house.customer()
    await again.say("hi")
    await again.hears("You said: hi")
    assert house.assistant.heard == ["hi"]


async def test_assistant_learns_who_closed_the_chat(house: House) -> None:
    customer, maria, row = await house.claimed()
    end = {"handoff_id": row["handoff_id"], "disposition": "resolved"}
    assert (await maria.act("handoff_close", **end))["ok"]
    await customer.say("No, it still leaks")
    await customer.hears("You said: No, it still leaks")
    [caught_up] = house.assistant.handbacks
    assert (caught_up["greet"], caught_up["agent"]) == (False, "Maria")
    await customer.ask_for_human()
    await customer.call("leave", {"session_id": customer.session_id})
    await customer.say("forget it")
    await customer.hears("You said: forget it")
    assert "agent" not in house.assistant.handbacks[-1]


async def test_answer_that_comes_after_the_line_was_left_does_not_settle_its_message(
    each_house: House,
) -> None:
    customer = await each_house.customer()
    each_house.assistant.door.clear()
    await customer.say("where is my parcel?")
    await each_house.assistant.entered.wait()
    await customer.ask_for_human()
    await customer.call("leave", {"session_id": customer.session_id})
    # The turn that began before the line is overtaken, and its message owed anew.
    each_house.assistant.door.set()
    await customer.hears("You said: where is my parcel?", "bot")
    assert each_house.assistant.heard == ["where is my parcel?"] * 2


async def test_late_answer_from_before_the_line_settles_nothing_written_there(
    each_house: House,
) -> None:
    customer, maria = await each_house.customer(), await each_house.agent()
    each_house.assistant.door.clear()
    await customer.say("where is my parcel?")
    await each_house.assistant.entered.wait()
    await customer.ask_for_human()
    await customer.say("when are you open?", message_id="m-2")
    in_silence = asyncio.Event()

    async def hear(_body: dict[str, Any]) -> Any:
        in_silence.set()
        return says(recorded=False)

    each_house.assistant.waiting_script = hear
    each_house.assistant.door.set()
    await maria.until(
        lambda: [
            added
            for added in maria.all("event_added")
            if added["event"]["type"] == "reply_suppressed"
        ]
    )
    await in_silence.wait()
    await customer.call("leave", {"session_id": customer.session_id})
    await customer.hears("You said: when are you open?", "bot")

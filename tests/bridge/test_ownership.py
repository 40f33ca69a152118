"""One owner: the bot never speaks while a human has the conversation."""

from typing import Any

from tests.bridge.support import House
from tests.bridge.support.assistant import says


async def test_reply_computed_before_a_handoff_is_not_delivered(
    each_house: House,
) -> None:
    house = each_house
    customer, maria = await house.customer(), await house.agent()
    house.assistant.door.clear()
    await customer.say("where is my parcel?")
    await house.assistant.entered.wait()
    await customer.ask_for_human()
    row = await maria.claim(await maria.queued())
    house.assistant.door.set()
    suppressed = await maria.until(
        lambda: [
            added["event"]
            for added in maria.all("event_added")
            if added["event"]["type"] == "reply_suppressed"
        ]
    )
    assert suppressed[0]["replies"] == [{"text": "You said: where is my parcel?"}]
    assert suppressed[0]["turn"]["intent"]["name"] == "greet"
    assert customer.texts("bot") == []
    shown = [message.get("text") for message in await customer.history()]
    assert "You said: where is my parcel?" not in shown
    events = await house.events(maria, row["conversation_id"])
    assert "reply_suppressed" in [event["type"] for event in events]


async def test_reply_computed_while_waiting_in_line_is_not_delivered(
    house: House,
) -> None:
    customer = await house.customer()
    house.assistant.door.clear()
    await customer.say("where is my parcel?")
    await house.assistant.entered.wait()
    await customer.ask_for_human()
    house.assistant.door.set()
    await customer.next("typing", active=False)
    assert customer.texts("bot") == []


async def test_goodbye_of_the_asking_turn_is_not_spoken_over_the_agent(
    house: House,
) -> None:
    customer, maria = await house.customer(), await house.agent()

    async def asks(body: dict[str, Any]) -> Any:
        await house.ask(
            conversation_id=body["sender"],
            message_id=body["message_id"],
            trigger="customer_request",
        )
        await maria.claim(await maria.queued())
        return says("I'm bringing in a colleague.", trigger=_trigger())

    house.assistant.script = asks
    await customer.say("a person please")
    await customer.next("typing", active=False)
    assert customer.texts("bot") == []
    assert not [text for text in customer.texts("system") if "in line" in text]


async def test_assistant_is_not_called_while_a_human_has_the_chat(
    house: House,
) -> None:
    customer, maria, row = await house.claimed()
    for text in ("/restart", "hello?", '/order{"order_number": "HP-1"}'):
        assert (await customer.say(text))["ok"]
        await maria.sees(text)
    assert house.assistant.heard == ["hello"]
    messages = await customer.history()
    assert [m["text"] for m in messages if m["sender"] == "customer"][1:] == [
        "/restart",
        "hello?",
        '/order{"order_number": "HP-1"}',
    ]


async def test_message_still_owed_at_the_handoff_is_left_to_the_human(
    each_house: House,
) -> None:
    house = each_house
    customer, maria = await house.customer(), await house.agent()
    house.assistant.door.clear()
    await customer.say("one")
    await house.assistant.entered.wait()
    await customer.say("two")
    await customer.ask_for_human()
    row = await maria.claim(await maria.queued())
    house.assistant.door.set()
    await customer.next("typing", active=False)
    await maria.act(
        "handoff_return", handoff_id=row["handoff_id"], disposition="resolved"
    )
    await customer.hears("I'm back.")
    assert house.assistant.heard == ["one"]
    missed = [message["text"] for message in house.assistant.handbacks[0]["messages"]]
    assert missed == ["two"]


async def test_row_says_whose_turn_it_is_and_acks_what_was_visible_before(
    each_house: House,
) -> None:
    customer, maria, row = await each_house.claimed()
    place = {"conversation_id": row["conversation_id"]}

    async def now() -> dict[str, Any]:
        found = await each_house.get("/handoffs", maria.token)
        newest: dict[str, Any] = found.json()["handoffs"][0]
        return newest

    assert (row["turn_of"], row["verified"]) == ("agent", False)
    sent = await maria.act("message_send", **place, text="Hi there.")
    assert (await now())["turn_of"] == "customer"
    await maria.act("note_add", **place, text="Only for us.")
    said = await customer.say("hello", message_id="m-9")
    assert said["prev"] == sent["seq"] == said["seq"] - 2
    assert await customer.say("hello", message_id="m-9") == said
    assert (await now())["turn_of"] == "agent"
    sent = await maria.act("message_send", **place, text="Bye.")
    assert sent["prev"] == said["seq"]
    ending = {"handoff_id": row["handoff_id"], "disposition": "resolved"}
    assert (await maria.act("handoff_close", **ending))["ok"]
    assert "turn_of" not in await now()
    # Asked again, an agent's last word of before is no answer.
    await customer.ask_for_human()
    assert (await now())["turn_of"] == "agent"


async def test_only_the_agent_who_has_the_chat_is_seen_typing(house: House) -> None:
    sam = await house.agent("sam")
    customer, maria, row = await house.claimed()
    for agent in (sam, maria):
        typing = {"conversation_id": row["conversation_id"]}
        assert await agent.act("typing", **typing) == {"ok": True}
    await customer.next("typing", sender="agent")
    seen = [told for told in customer.all("typing") if told["sender"] == "agent"]
    assert [told["agent"]["name"] for told in seen] == ["Maria"]


async def test_reminder_during_a_humans_chat_is_suppressed(house: House) -> None:
    customer, maria, row = await house.claimed()
    body = {
        "conversation_id": row["conversation_id"],
        "message_id": "reminder-1",
        "reply": {"text": "Still there?"},
    }
    headers = {"Authorization": f"Bearer {house.settings.service_token}"}
    answer = await house.http.post("/bot/messages", json=body, headers=headers)
    assert answer.json() == {"ok": True, "delivered": False}
    await maria.until(
        lambda: [
            added
            for added in maria.all("event_added")
            if added["event"]["type"] == "reply_suppressed"
        ]
    )
    assert "Still there?" not in customer.texts()


async def test_reminder_to_the_bots_own_chat_is_delivered_once(house: House) -> None:
    customer = await house.customer()
    await customer.say("hello")
    await customer.hears("You said: hello")
    body = {
        "conversation_id": house.assistant.turns[0]["sender"],
        "message_id": "reminder-1",
        "reply": {"text": "Still there?"},
    }
    headers = {"Authorization": f"Bearer {house.settings.service_token}"}
    for _ in range(2):
        await house.http.post("/bot/messages", json=body, headers=headers)
    await customer.hears("Still there?")
    messages = await customer.history()
    assert [m["text"] for m in messages].count("Still there?") == 1


async def test_several_triggers_are_ranked_and_a_complaint_has_priority(
    house: House,
) -> None:
    maria = await house.agent()
    for name in ("first", "second"):
        customer = await house.customer()
        await customer.say(name)
        await customer.hears(f"You said: {name}")
    first, second = (turn["sender"] for turn in house.assistant.turns)
    await house.ask(conversation_id=first, trigger="repeated_fallback")
    answer = await house.ask(
        conversation_id=second,
        trigger="customer_request",
        triggers=["negative_sentiment", "restricted_topic", "customer_request"],
    )
    assert answer.json()["position"] == 1
    row = await maria.next("handoff_queued")
    assert row["handoff"]["trigger"] == "repeated_fallback"
    await maria.until(lambda: len(maria.all("handoff_queued")) == 2)
    urgent = await maria.queued()
    assert urgent["triggers"] == [
        "restricted_topic",
        "customer_request",
        "negative_sentiment",
    ]
    assert urgent["priority"] == 1


async def test_asking_twice_for_a_handoff_opens_one(each_house: House) -> None:
    house = each_house
    maria, customer = await house.agent(), await house.customer()
    await customer.say("hello")
    await customer.hears("You said: hello")
    sender = house.assistant.turns[0]["sender"]
    request = {
        "conversation_id": sender,
        "message_id": "m-1",
        "trigger": "no_progress",
    }
    first, second = await house.ask(**request), await house.ask(**request)
    assert first.json()["handoff_id"] == second.json()["handoff_id"]
    other = await house.ask(**request | {"message_id": "m-2"})
    assert other.json()["handoff_id"] == first.json()["handoff_id"]
    await customer.ask_for_human()
    found = await house.get("/handoffs", maria.token, state="queued")
    assert len(found.json()["handoffs"]) == 1
    waiting = [text for text in customer.texts("system") if "in line" in text]
    assert len(waiting) == 1


def _trigger() -> dict[str, Any]:
    return {"trigger": "customer_request", "triggers": ["customer_request"]}

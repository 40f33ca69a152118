"""Customer to bot to human and back, through the public protocol."""

from tests.bridge.support import House
from tests.bridge.support.assistant import says


async def test_bot_answers_and_introduces_itself_as_automated(
    each_house: House,
) -> None:
    customer = await each_house.customer()
    ack = await customer.say("where is my parcel?")
    assert ack["ok"]
    await customer.hears("You said: where is my parcel?")
    first = customer.all("bot_uttered")[0]
    assert first["sender"] == "bot"
    assert "automated" in first["text"]


async def test_whole_way_to_a_human_and_back(each_house: House) -> None:
    house = each_house
    customer, maria, row = await house.claimed()
    await customer.hears("Maria from the returns team has joined")
    await customer.say("my kettle is broken")
    await maria.sees("my kettle is broken")
    sent = await maria.act(
        "message_send", conversation_id=row["conversation_id"], text="Hi, I'm Maria."
    )
    assert sent["ok"]
    heard = await customer.next("bot_uttered", text="Hi, I'm Maria.")
    assert heard["agent"] == {"name": "Maria"}
    assert house.assistant.heard == ["hello"]
    back = await maria.act(
        "handoff_return",
        handoff_id=row["handoff_id"],
        disposition="resolved",
        outcome="A new kettle is on its way.",
        slots={"order_number": "HP-10428"},
        seen_seq=sent["seq"],
    )
    assert back["ok"], back
    assert back["handoff"]["state"] == "returned"
    await customer.hears("I'm back. A new kettle is on its way.")
    given = house.assistant.handbacks[0]
    assert given["handoff_id"] == row["handoff_id"]
    assert given["slots"] == {"order_number": "HP-10428"}
    texts = [(m["sender"], m["text"]) for m in given["messages"]]
    assert texts == [
        ("customer", "my kettle is broken"),
        ("agent", "Hi, I'm Maria."),
    ]
    await customer.say("thanks")
    await customer.hears("You said: thanks")


async def test_history_has_everything_once_and_in_order(each_house: House) -> None:
    customer, maria, row = await each_house.claimed()
    for n in range(5):
        await customer.say(f"message {n}")
        await maria.act(
            "message_send",
            conversation_id=row["conversation_id"],
            text=f"answer {n}",
        )
    await customer.hears("answer 4")
    messages = await customer.history()
    seqs = [message["seq"] for message in messages]
    assert seqs == sorted(set(seqs))
    assert [m["prev"] for m in messages] == [0, *seqs[:-1]]
    said = [m["text"] for m in messages if "message" in m.get("text", "")]
    assert [t for t in said if t.startswith("message")] == [
        f"message {n}" for n in range(5)
    ]


async def test_log_is_gapless_and_rebuilds_ownership(each_house: House) -> None:
    customer, maria, row = await each_house.claimed()
    await maria.act(
        "handoff_close", handoff_id=row["handoff_id"], disposition="resolved"
    )
    await customer.status("closed")
    events = await each_house.events(maria, row["conversation_id"])
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    moves = [
        (e["from"], e["to"], e["epoch"]) for e in events if e["type"] == "owner_changed"
    ]
    assert moves == [("bot", "queue", 1), ("queue", "agent", 2), ("agent", "closed", 3)]


async def test_handoff_asked_for_by_the_assistant_says_goodbye_then_waits(
    house: House,
) -> None:
    customer = await house.customer()
    maria = await house.agent()

    async def asks(body: dict) -> dict:
        await house.ask(
            conversation_id=body["sender"],
            message_id=body["message_id"],
            trigger="customer_request",
        )
        trigger = {"trigger": "customer_request", "triggers": ["customer_request"]}
        return says("I'm bringing in a colleague.", trigger=trigger)

    house.assistant.script = asks
    await customer.say("a person please")
    await customer.hears("first in line")
    assert customer.texts()[1:] == [
        "I'm bringing in a colleague.",
        customer.texts("system")[-1],
    ]
    row = await maria.queued()
    assert row["trigger"] == "customer_request"
    assert len(maria.all("handoff_queued")) == 1

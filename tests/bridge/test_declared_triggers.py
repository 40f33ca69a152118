"""Triggers that the bridge has never heard of: it takes them as they are declared."""

from typing import Any

import pytest

from handoff_bridge.conversation.triggers import (
    MAX_LABEL_CHARS,
    MAX_PRIORITY,
    MAX_TRIGGERS,
    label_of,
    ranked,
    read_triggers,
)
from tests.bridge.support import House
from tests.bridge.support.assistant import says

LABELS = {"en": "Flooded cellar", "de": "Keller unter Wasser"}
FLOOD = {"name": "flooded_cellar", "labels": LABELS, "priority": 7, "skill": "pumps"}


async def conversation(house: House, customer: Any, text: str = "hello") -> str:
    """The id of the conversation in which a customer has said something."""
    await customer.say(text)
    await customer.hears(f"You said: {text}")
    return str(house.assistant.turns[-1]["sender"])


async def test_unknown_trigger_is_kept_as_declared_and_goes_ahead(
    each_house: House,
) -> None:
    house = each_house
    maria = await house.agent()
    first, second = await house.customer(), await house.customer()
    await house.ask(
        conversation_id=await conversation(house, first),
        trigger="restricted_topic",
    )
    answer = await house.ask(
        conversation_id=await conversation(house, second),
        trigger="flooded_cellar",
        triggers=[FLOOD, "customer_request"],
        evidence={"centimetres": 40},
    )
    assert answer.json()["position"] == 1
    await maria.until(lambda: len(maria.all("handoff_queued")) == 2)
    row = maria.all("handoff_queued")[-1]["handoff"]
    assert row["triggers"] == ["flooded_cellar", "customer_request"]
    assert (row["trigger"], row["priority"]) == ("flooded_cellar", 7)
    assert (row["label"], row["skill"]) == ("Flooded cellar", "pumps")
    assert row["labels"] == {"flooded_cellar": LABELS}
    assert row["reason"] == "Flooded cellar; also asked for a person"

    path = f"/handoffs/{row['handoff_id']}"
    packet = (await house.get(path, maria.token)).json()
    assert (packet["label"], packet["skill"]) == ("Flooded cellar", "pumps")
    assert packet["evidence"] == {"centimetres": 40}
    headers = {"Authorization": f"Bearer {maria.token}", "Accept-Language": "de-AT,en"}
    german = (await house.http.get(path, headers=headers)).json()
    assert german["label"] == "Keller unter Wasser"
    assert german["reason"].startswith("Keller unter Wasser; also")

    events = await house.events(maria, row["conversation_id"])
    asked = next(event for event in events if event["type"] == "handoff_requested")
    assert asked["labels"] == {"flooded_cellar": LABELS}
    dana = (await house.login("dana"))["token"]
    report = (await house.get("/reports/today", dana)).json()
    counted = {"trigger": "flooded_cellar", "count": 1, "labels": LABELS}
    assert counted in report["triggers"]


async def test_turn_report_may_declare_one(house: House) -> None:
    async def script(_body: dict[str, Any]) -> Any:
        trigger = {"trigger": "flooded_cellar", "triggers": [FLOOD], "evidence": {}}
        return says("I'm getting somebody with a pump.", trigger=trigger)

    house.assistant.script = script
    customer, maria = await house.customer(), await house.agent()
    await customer.say("there is water everywhere")
    row = await maria.queued()
    assert (row["trigger"], row["priority"]) == ("flooded_cellar", 7)
    await customer.hears("I'm getting somebody with a pump.")


@pytest.mark.parametrize(
    "malformed",
    [
        {"triggers": [{"name": "No Name!"}, FLOOD, 5, None, {"labels": LABELS}]},
        {"triggers": [{**FLOOD, "name": "x" * 41}, FLOOD]},
        {"triggers": FLOOD},
    ],
)
async def test_malformed_trigger_costs_no_handoff(
    house: House, malformed: dict[str, Any]
) -> None:
    async def script(_body: dict[str, Any]) -> Any:
        return says("Somebody comes.", trigger={"evidence": {"depth": 4}, **malformed})

    house.assistant.script = script
    customer, maria = await house.customer(), await house.agent()
    await customer.say("help")
    row = await maria.queued()
    assert row["triggers"] == ["flooded_cellar"]
    await customer.hears("Somebody comes.")


async def test_request_without_a_valid_trigger_still_brings_somebody(
    house: House,
) -> None:
    customer, maria = await house.customer(), await house.agent()
    sender = await conversation(house, customer)
    answer = await house.ask(conversation_id=sender, trigger={"name": "?"})
    assert answer.json()["handoff_id"]
    assert (await maria.queued())["trigger"] == "bot_failure"


async def test_more_urgent_reason_moves_a_waiting_customer_forward(
    house: House,
) -> None:
    maria = await house.agent()
    waiting = [await house.customer() for _ in range(2)]
    ids = [await conversation(house, customer) for customer in waiting]
    for number, sender in enumerate(ids):
        await house.ask(
            conversation_id=sender,
            message_id=f"m-{number}",
            trigger="customer_request",
        )
    urgent = {
        "conversation_id": ids[1],
        "message_id": "m-9",
        "trigger": FLOOD,
        "evidence": {"depth": 4},
    }
    first = (await house.ask(**urgent)).json()
    again = (await house.ask(**urgent)).json()
    assert first == again
    assert first["position"] == 1
    found = await house.get(f"/handoffs/{first['handoff_id']}", maria.token)
    packet = found.json()
    assert packet["triggers"] == ["flooded_cellar", "customer_request"]
    assert packet["evidence"] == {"depth": 4}
    events = await house.events(maria, ids[1])
    raised = [e for e in events if e["type"] == "handoff_updated"]
    assert [event["trigger"] for event in raised] == ["flooded_cellar"]


async def test_turn_that_moves_a_handoff_forward_may_still_speak(house: House) -> None:
    """The customer presses the button while the assistant is still thinking."""
    customer = await house.customer()

    async def script(body: dict[str, Any]) -> Any:
        await customer.ask_for_human()
        ask = {"conversation_id": body["sender"], "message_id": body["message_id"]}
        await house.ask(**ask, trigger=FLOOD)
        trigger = {"trigger": "flooded_cellar", "triggers": [FLOOD], "evidence": {}}
        return says("Switch off the current first.", trigger=trigger)

    house.assistant.script = script
    maria = await house.agent()
    await customer.say("water!")
    await customer.hears("Switch off the current first.")
    await maria.until(lambda: maria.all("handoff_updated"))
    assert maria.all("handoff_updated")[-1]["handoff"]["trigger"] == "flooded_cellar"


def test_what_is_valid_of_a_trigger_is_kept() -> None:
    odd = {
        "name": "odd_one",
        "labels": {
            "en": "  An \n odd one ",
            "de": "",
            "fr": 5,
            "not a language": "x",
            "es": "x" * 500,
        },
        "priority": "high",
        "skill": "Not A Skill",
    }
    [read] = read_triggers([odd])
    assert read.labels == {"en": "An odd one", "es": "x" * MAX_LABEL_CHARS}
    assert (read.priority, read.skill) == (None, None)
    assert read_triggers([{"name": "a", "priority": 10**9}])[0].priority == MAX_PRIORITY
    assert read_triggers([{"name": "a", "priority": -1}])[0].priority == 0
    assert read_triggers([{"name": "a", "priority": True}])[0].priority is None
    assert len(read_triggers([f"t{n}" for n in range(500)])) == MAX_TRIGGERS
    for nothing in (None, 5, "", {}, [[]], [None]):
        assert read_triggers(nothing) == []


def test_order_is_priority_then_the_senders() -> None:
    sent = [
        {"name": "late", "priority": 0, "labels": {"en": "Late"}},
        "customer_request",
        {"name": "urgent", "priority": 3},
        {"name": "no_progress", "priority": 0},
        {"name": "customer_request", "priority": 0, "labels": {"en": "Asked"}},
    ]
    names = [trigger.name for trigger in ranked(read_triggers(sent))]
    assert names == ["urgent", "late", "customer_request", "no_progress"]


def test_label_is_in_the_agents_language_or_in_words() -> None:
    assert label_of("flooded_cellar", LABELS, "de-AT") == "Keller unter Wasser"
    assert label_of("flooded_cellar", LABELS, "fr") == "Flooded cellar"
    assert label_of("flooded_cellar", {"fr": "Cave"}, "de") == "Cave"
    assert label_of("flooded_cellar", None) == "Flooded cellar"

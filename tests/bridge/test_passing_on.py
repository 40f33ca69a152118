"""Chats that agents put back, pass on, or take over from others."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from handoff_bridge.conversation.passing_on import (
    WAIT_FOR_THE_ABSENT,
    WAIT_FOR_THE_PRESENT,
)
from handoff_bridge.routing.estimate import MIN_HANDLED
from tests.bridge.support import AgentClient, Customer, House
from tests.bridge.support.assistant import says


async def presented(
    agent: AgentClient, status: str = "available", capacity: int = 5
) -> AgentClient:
    await agent.act("presence_set", status=status, capacity=capacity)
    return agent


async def back_in_line(agent: AgentClient, handoff_id: str) -> dict[str, Any]:
    """The row with which an agent hears that a chat is in line again."""
    found = await agent.until(
        lambda: [
            told["handoff"]
            for told in agent.all("handoff_queued")
            if told["handoff_id"] == handoff_id and "requeued" in told["handoff"]
        ]
    )
    row: dict[str, Any] = found[-1]
    return row


def wait_of(row: dict[str, Any], since: datetime) -> timedelta:
    until = datetime.fromisoformat(row["waits_until"])
    assert until <= datetime.now(UTC) + WAIT_FOR_THE_ABSENT
    return until - since


async def loads(agent: AgentClient, wanted: dict[str, int]) -> None:
    """Waits until an agent was told of these loads."""
    await agent.until(
        lambda: (
            wanted.items()
            <= {
                told["name"]: told["load"] for told in agent.all("presence_changed")
            }.items()
        ),
        str(wanted),
    )


async def test_chat_that_is_put_back_is_the_first_in_line(each_house: House) -> None:
    house = each_house
    customer, maria, row = await house.claimed()
    second = await house.customer()
    await second.ask_for_human()
    sam = await house.agent("sam")
    released = await maria.act(
        "handoff_release", handoff_id=row["handoff_id"], note="wants the invoice"
    )
    assert released["ok"], released
    assert (released["state"], released["handoff"].get("agent")) == ("queued", None)
    back = await back_in_line(sam, row["handoff_id"])
    assert back["requeued"]["agent"]["name"] == "Maria"
    assert back["requeued"]["reason"] == "released"
    assert "waits_until" not in back
    await customer.hears("Maria is putting you back at the front of the line")
    await customer.hears("first in line")
    await customer.status("queue")
    found = (await house.get("/handoffs", sam.token, state="queued")).json()
    places = {one["handoff_id"]: one["position"] for one in found["handoffs"]}
    assert places[row["handoff_id"]] == 1
    await loads(sam, {"Maria": 0})
    events = await house.events(sam, row["conversation_id"])
    assert [e["text"] for e in events if e["type"] == "note"] == ["wants the invoice"]
    texts = [message.get("text") for message in await customer.history()]
    assert "wants the invoice" not in texts
    await sam.claim(back)
    await customer.hears("Sam from the orders team has joined")


async def test_chat_is_not_put_back_over_what_nobody_has_read(house: House) -> None:
    customer, maria, row = await house.claimed()
    said = await customer.say("one more thing")
    wanted = {"handoff_id": row["handoff_id"]}
    blind = await maria.act("handoff_release", **wanted, seen_seq=said["seq"] - 1)
    assert blind["error"] == "new_messages"
    seeing = await maria.act("handoff_release", **wanted, seen_seq=said["seq"])
    assert seeing["ok"]


async def test_repeated_call_puts_back_once(house: House) -> None:
    _, maria, row = await house.claimed()
    call = {"handoff_id": row["handoff_id"], "client_id": "again"}
    first = await maria.act("handoff_release", **call)
    await maria.claim(row)
    assert await maria.act("handoff_release", **call) == first
    mine = (await house.get("/handoffs", maria.token, state="claimed")).json()
    assert [one["handoff_id"] for one in mine["handoffs"]] == [row["handoff_id"]]


async def test_chat_that_is_passed_on_waits_for_the_one_who_is_meant(
    each_house: House,
) -> None:
    house = each_house
    customer, maria, row = await house.claimed()
    sam, dana = await presented(await house.agent("sam")), await house.agent("dana")
    since = datetime.now(UTC)
    passed = await maria.act(
        "handoff_transfer",
        handoff_id=row["handoff_id"],
        agent_id=sam.agent_id,
        note="knows the courier",
    )
    assert passed["ok"], passed
    back = await back_in_line(sam, row["handoff_id"])
    assert back["for_agent"] == {"agent_id": sam.agent_id, "name": "Sam"}
    assert back["requeued"]["reason"] == "transferred"
    secs = wait_of(back, since).total_seconds()
    assert WAIT_FOR_THE_PRESENT.total_seconds() - 1 <= secs < 300
    await customer.hears("Maria is passing you on to Sam.")
    await customer.status("queue")
    wanted = {"handoff_id": row["handoff_id"]}
    lost = await maria.act(
        "message_send", conversation_id=row["conversation_id"], text="wait"
    )
    assert lost["error"] == "not_owner"
    refused = await maria.act("handoff_claim", **wanted)
    assert refused["error"] == "offered_to_another"
    events = await house.events(dana, row["conversation_id"])
    [logged] = [e for e in events if "waits_until" in e]
    assert (logged["for_agent"]["name"], logged["requeued_from"]["name"]) == (
        "Sam",
        "Maria",
    )
    assert logged["waits_until"] == back["waits_until"]
    path = f"/handoffs/{row['handoff_id']}"
    packet = (await house.get(path, sam.token)).json()
    assert packet["kept"] == {
        "for_agent": "Sam",
        "waits_until": back["waits_until"],
        "passed_on_by": "Maria",
    }
    claimed = await sam.claim(back)
    assert {"for_agent", "waits_until"}.isdisjoint(claimed)
    assert "kept" not in (await house.get(path, sam.token)).json()
    await loads(dana, {"Maria": 0, "Sam": 1})


async def test_supervisor_takes_or_passes_on_what_waits_for_another(
    house: House,
) -> None:
    customer, maria, row = await house.claimed()
    sam, dana = await presented(await house.agent("sam")), await house.agent("dana")
    wanted = {"handoff_id": row["handoff_id"]}
    passed = await maria.act("handoff_transfer", **wanted, agent_id=sam.agent_id)
    assert passed["ok"]
    epoch = await _epoch(house, dana, row)
    again = await dana.act("handoff_transfer", **wanted, team="returns")
    assert again["ok"], again
    assert again["handoff"]["for_team"] == "returns"
    assert "for_agent" not in again["handoff"]
    await customer.hears("Dana is passing you on to the returns team.")
    assert await _epoch(house, dana, row) == epoch
    refused = await sam.act("handoff_claim", **wanted)
    assert refused["error"] == "offered_to_another"
    not_hers = await maria.act("handoff_transfer", **wanted, agent_id=sam.agent_id)
    assert not_hers["error"] == "illegal_transition"
    assert (await dana.act("handoff_claim", **wanted))["ok"]


async def _epoch(house: House, agent: AgentClient, row: dict[str, Any]) -> int:
    events = await house.events(agent, row["conversation_id"])
    return max(e["epoch"] for e in events if e["type"] == "owner_changed")


@pytest.mark.parametrize(
    ("status", "capacity", "wait"),
    [
        ("available", 1, WAIT_FOR_THE_PRESENT),
        ("available", 0, WAIT_FOR_THE_ABSENT),
        ("busy", 0, WAIT_FOR_THE_PRESENT),
        ("away", 5, WAIT_FOR_THE_ABSENT),
    ],
)
async def test_chat_waits_as_long_as_they_may_take_to_come(
    house: House, status: str, capacity: int, wait: timedelta
) -> None:
    _, maria, row = await house.claimed()
    await presented(await house.agent("sam"), status, capacity)
    since = datetime.now(UTC)
    passed = await maria.act(
        "handoff_transfer", handoff_id=row["handoff_id"], team="orders"
    )
    found = wait_of(passed["handoff"], since)
    assert abs(found - wait) < timedelta(seconds=20)


async def test_after_its_time_anybody_takes_it_by_the_clock_alone(
    house: House,
) -> None:
    _, maria, row = await house.claimed()
    wanted = {"handoff_id": row["handoff_id"]}
    passed = await maria.act("handoff_transfer", **wanted, team="orders")
    until = datetime.fromisoformat(passed["handoff"]["waits_until"])
    claim = {**wanted, "client_id": "until it is free"}
    assert house.bridge is not None
    for late, code in ((-1, "offered_to_another"), (1, "ok")):
        house.bridge.held.clock = lambda late=late: until + timedelta(seconds=late)
        ack = await maria.act("handoff_claim", **claim)
        assert ack.get("error", "ok") == code


async def test_whom_a_chat_cannot_be_passed_on_to(house: House) -> None:
    _, maria, row = await house.claimed()
    wanted = {"handoff_id": row["handoff_id"]}
    cases: list[tuple[dict[str, Any], str]] = [
        ({}, "bad_request"),
        ({"agent_id": "a", "team": "orders"}, "bad_request"),
        ({"agent_id": maria.agent_id}, "transfer_to_self"),
        ({"team": "returns"}, "transfer_to_self"),
        ({"agent_id": "nobody"}, "unknown_agent"),
        ({"team": "nobody's"}, "unknown_team"),
    ]
    for to, code in cases:
        ack = await maria.act("handoff_transfer", **wanted, **to)
        assert (ack["ok"], ack["error"]) == (False, code), to
        assert ack["message"].endswith(".")
    sam = await house.agent("sam")
    to_dana = {"agent_id": (await house.agent("dana")).agent_id}
    stolen = await sam.act("handoff_transfer", **wanted, **to_dana)
    assert stolen["error"] == "not_owner"
    put_back = await sam.act("handoff_release", **wanted)
    assert put_back["error"] == "not_owner"


async def test_no_estimate_for_who_waits_for_somebody_in_particular(
    house: House,
) -> None:
    customer, maria, row = await house.claimed()
    await house.serve(maria, MIN_HANDLED)
    assert "eta_seconds" in await _place_of_a_new_one(house)
    customer.events.clear()
    await maria.act("handoff_transfer", handoff_id=row["handoff_id"], team="orders")
    told = await customer.status("queue")
    assert told["position"] == 1
    assert "eta_seconds" not in told


async def _place_of_a_new_one(house: House) -> dict[str, Any]:
    customer = await house.customer()
    ack: dict[str, Any] = await customer.ask_for_human()
    await customer.call("leave", {"session_id": customer.session_id})
    return ack


async def chat_with(house: House) -> tuple[Customer, AgentClient, dict[str, str]]:
    """A customer with the bot, a supervisor, and the call that takes the chat over."""
    dana = await house.agent("dana")
    customer = await house.customer()
    await customer.say("hello")
    await customer.hears("You said: hello")
    return customer, dana, {"conversation_id": house.assistant.turns[-1]["sender"]}


async def test_supervisor_takes_over_from_the_assistant(each_house: House) -> None:
    house = each_house
    customer, dana, wanted = await chat_with(house)
    ack = await dana.act("conversation_takeover", **wanted)
    assert ack["ok"], ack
    row = ack["handoff"]
    assert (row["state"], row["trigger"]) == ("claimed", "agent_takeover")
    assert set(row["labels"]["agent_takeover"]) == {"en", "de", "es", "fr"}
    assert row["reason"] == "Dana took over the chat"
    await customer.hears("Dana has joined")
    await customer.status("agent")
    await customer.say("who is this?")
    await dana.sees("who is this?")
    assert "You said: who is this?" not in customer.texts()
    again = await dana.act("conversation_takeover", **wanted)
    assert again["ok"] and again["handoff_id"] == row["handoff_id"]
    packet = await house.get(f"/handoffs/{row['handoff_id']}", dana.token)
    assert packet.json()["trigger"] == "agent_takeover"
    closed = await dana.act(
        "handoff_close", handoff_id=row["handoff_id"], disposition="resolved"
    )
    assert closed["ok"]
    late = await dana.act("conversation_takeover", **wanted)
    assert late["error"] == "conversation_closed"


async def test_turn_under_way_is_not_heard_after_a_takeover(house: House) -> None:
    customer, dana, wanted = await chat_with(house)
    house.assistant.door.clear()
    house.assistant.entered.clear()
    await customer.say("too late")
    await house.assistant.entered.wait()
    assert (await dana.act("conversation_takeover", **wanted))["ok"]
    house.assistant.door.set()
    await dana.until(
        lambda: [
            told
            for told in dana.all("event_added")
            if told["event"]["type"] == "reply_suppressed"
        ]
    )
    texts = [message.get("text") for message in await customer.history()]
    assert "You said: too late" not in texts


async def test_what_an_agent_said_after_a_takeover_the_assistant_learns(
    house: House,
) -> None:
    customer, dana, wanted = await chat_with(house)
    row = (await dana.act("conversation_takeover", **wanted))["handoff"]
    await dana.act("message_send", **wanted, text="it is on its way")
    await dana.act(
        "handoff_close", handoff_id=row["handoff_id"], disposition="resolved"
    )
    await customer.say("and again")
    await customer.hears("You said: and again")
    told = house.assistant.handbacks[-1]["messages"]
    assert "it is on its way" in [message["text"] for message in told]


async def test_supervisor_takes_over_from_the_line_and_from_an_agent(
    each_house: House,
) -> None:
    house = each_house
    customer, maria, row = await house.claimed()
    wanted = {"conversation_id": row["conversation_id"]}
    dana = await presented(await house.agent("dana"), capacity=1)
    refused = await maria.act("conversation_takeover", **wanted)
    assert refused["error"] == "forbidden"
    ack = await dana.act("conversation_takeover", **wanted)
    assert ack["ok"], ack
    assert ack["handoff_id"] == row["handoff_id"]
    await customer.hears("Dana has taken over from Maria and has read the chat.")
    lost = await maria.until(
        lambda: [
            told["handoff"]
            for told in maria.all("handoff_updated")
            if told["handoff"].get("agent", {}).get("name") == "Dana"
        ]
    )
    assert lost[-1]["state"] == "claimed"
    await loads(maria, {"Maria": 0, "Dana": 1})
    late = await maria.act("message_send", **wanted, text="one more thing")
    assert late["error"] == "not_owner"
    other = await house.customer()
    await other.ask_for_human()
    waiting = await maria.queued()
    full = {"conversation_id": waiting["conversation_id"]}
    assert (await dana.act("conversation_takeover", **full))["error"] == "at_capacity"
    await presented(dana, capacity=2)
    assert (await dana.act("conversation_takeover", **full))["ok"]
    await other.hears("Dana has joined")


async def test_nothing_is_passed_on_while_it_is_given_back(house: House) -> None:
    customer, maria, row = await house.claimed()
    dana, sam = await house.agent("dana"), await house.agent("sam")
    wanted = {"handoff_id": row["handoff_id"]}
    entered, door = asyncio.Event(), asyncio.Event()

    async def slow(_body: dict[str, Any]) -> Any:
        entered.set()
        await door.wait()
        return says("I'm back.")

    house.assistant.handback_script = slow
    await maria.io.emit(
        "handoff_return", {**wanted, "disposition": "resolved"}, namespace="/inbox"
    )
    await entered.wait()
    for agent, call, more in (
        (maria, "handoff_release", wanted),
        (maria, "handoff_transfer", {**wanted, "agent_id": sam.agent_id}),
        (
            dana,
            "conversation_takeover",
            {"conversation_id": row["conversation_id"]},
        ),
    ):
        ack = await agent.act(call, **more)
        assert ack["error"] == "illegal_transition", call
    door.set()
    await customer.status("bot")


async def test_supervisor_whispers_to_the_agent_and_no_customer_hears(
    house: House,
) -> None:
    customer, maria, row = await house.claimed()
    dana = await house.agent("dana")
    conversation_id = row["conversation_id"]
    said = {"conversation_id": conversation_id, "text": "half of it back"}
    assert (await dana.act("note_add", **said, whisper=True))["ok"]
    heard = await maria.until(
        lambda: [
            told["event"]
            for told in maria.all("event_added")
            if told["event"]["type"] == "note"
        ]
    )
    assert (heard[0]["text"], heard[0]["whisper"]) == ("half of it back", True)
    assert all(
        "half of it" not in (m.get("text") or "") for m in await customer.history()
    )
    refused = await maria.act("note_add", **said, whisper=True)
    assert refused["error"] == "forbidden"

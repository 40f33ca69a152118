"""Chats that are offered to one agent at a time, in teams that work so."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.bridge.support import AgentClient, Customer, House
from tests.bridge.support.assistant import says

OFFERS = """
teams:
  returns: {{mode: offers, accept_secs: {accept}, pause_secs: {pause}, order: {order}}}
  orders: {{mode: offers, accept_secs: {accept}, pause_secs: {pause}, order: {order}}}
"""


async def put(house: House, name: str, text: str) -> None:
    """A supervisor saves a document."""
    dana = await house.login("dana")
    headers = {"Authorization": f"Bearer {dana['token']}"}
    known = (await house.http.get(f"/{name}", headers=headers)).json()
    body = {"version": known["version"], "text": text}
    answer = await house.http.put(f"/{name}", json=body, headers=headers)
    assert answer.status_code == 200, answer.text


async def offering(
    house: House, *, accept: int = 30, pause: int = 0, order: str = "longest_idle"
) -> None:
    """Both teams of the demo are offered their chats; no rules hold."""
    await put(house, "routing", "steps: []\n")
    text = OFFERS.format(accept=accept, pause=pause, order=order)
    await put(house, "teams", text)


async def offer_to(agent: AgentClient, *, count: int = 1) -> dict[str, Any]:
    """The agent's newest offer once there were so many."""
    found = await agent.until(
        lambda: (
            len(agent.all("handoff_offered")) >= count
            and agent.all("handoff_offered")[-1]
        ),
        f"offer {count}",
    )
    offered: dict[str, Any] = found
    return offered


async def asking(house: House) -> Customer:
    customer = await house.customer()
    await customer.ask_for_human()
    return customer


async def offered_now(house: House, agent: AgentClient) -> list[Any]:
    """What is offered to anybody once the bridge has looked at the line again."""
    assert house.bridge is not None
    await house.bridge.offering.look()
    answer = await house.get("/handoffs", agent.token, state="offered")
    rows: list[Any] = answer.json()["handoffs"]
    return rows


def endings(events: list[Any]) -> list[tuple[str, str | None]]:
    return [(e["state"], e.get("reason")) for e in events if e["type"] == "offer"]


async def test_offer_is_one_agents_until_they_accept(each_house: House) -> None:
    house = each_house
    await offering(house)
    maria, sam = await house.agent("maria"), await house.agent("sam")
    customer = await asking(house)
    first = await next_offered(maria, sam)
    agent, other = (maria, sam) if first is maria else (sam, maria)
    offer = await offer_to(agent)
    row = offer["handoff"]
    assert row["state"] == "offered"
    assert row["offer"]["agent"]["agent_id"] == agent.agent_id
    left = datetime.fromisoformat(offer["expires_at"]) - datetime.now(UTC)
    assert timedelta(seconds=20) < left <= timedelta(seconds=30)
    refused = await other.act("handoff_claim", handoff_id=row["handoff_id"])
    assert refused["error"] == "offered_to_another"
    late = await other.act("offer_decline", handoff_id=row["handoff_id"], reason="busy")
    assert late["error"] == "offer_over"
    taken = await agent.act("handoff_claim", handoff_id=row["handoff_id"])
    assert taken["ok"], taken
    await customer.status("agent")
    events = await house.events(agent, row["conversation_id"])
    assert endings(events) == [("made", None), ("accepted", None)]
    assert not other.all("handoff_offered")
    twice = await agent.act("offer_decline", handoff_id=row["handoff_id"])
    assert twice["error"] == "offer_over"


async def next_offered(*agents: AgentClient) -> AgentClient:
    """Who of them hears of an offer first."""
    tasks = {asyncio.create_task(offer_to(one)): one for one in agents}
    done, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
    return tasks[done.pop()]


async def test_declined_offer_goes_to_another_and_not_back_to_the_same(
    each_house: House,
) -> None:
    house = each_house
    await offering(house)
    maria = await house.agent("maria")
    customer = await asking(house)
    offer = await offer_to(maria)
    handoff_id = offer["handoff"]["handoff_id"]
    declined = await maria.act("offer_decline", handoff_id=handoff_id, reason="break")
    assert (declined["state"], declined["handoff"].get("offer")) == ("queued", None)
    # Nobody else is there: it waits, and she may still take it by hand.
    sam = await house.agent("sam")
    again = await offer_to(sam)
    assert again["handoff"]["handoff_id"] == handoff_id
    assert len(maria.all("handoff_offered")) == 1
    refused = await maria.act("handoff_claim", handoff_id=handoff_id)
    assert refused["error"] == "offer_over"
    await sam.act("offer_decline", handoff_id=handoff_id, reason="not_mine")
    assert (await offer_to(maria, count=2))["handoff"]["handoff_id"] == handoff_id
    await customer.io.emit("leave", {"session_id": customer.session_id})
    await maria.next("handoff_updated", state="abandoned")
    events = await house.events(sam, offer["handoff"]["conversation_id"])
    assert endings(events) == [
        ("made", None),
        ("declined", "break"),
        ("made", None),
        ("declined", "not_mine"),
        ("made", None),
        ("customer_left", None),
    ]


async def test_offer_that_runs_out_goes_to_another(each_house: House) -> None:
    house = each_house
    await offering(house, accept=5)
    maria = await house.agent("maria")
    await asking(house)
    offer = await offer_to(maria)
    sam = await house.agent("sam")
    again = await offer_to(sam)
    assert again["handoff"]["handoff_id"] == offer["handoff"]["handoff_id"]
    ended = datetime.fromisoformat(again["expires_at"]) - timedelta(seconds=5)
    assert ended >= datetime.fromisoformat(offer["expires_at"])
    events = await house.events(sam, offer["handoff"]["conversation_id"])
    assert endings(events) == [("made", None), ("timed_out", None), ("made", None)]


async def test_offer_holds_a_place(each_house: House) -> None:
    house = each_house
    await offering(house)
    maria = await house.agent("maria")
    await maria.act("presence_set", status="available", capacity=1)
    await asking(house)
    offer = await offer_to(maria)
    second = await asking(house)
    await second.status("queue")
    queued = (await house.get("/handoffs", maria.token, state="queued")).json()
    full = await maria.act(
        "handoff_claim", handoff_id=queued["handoffs"][0]["handoff_id"]
    )
    assert full["error"] == "at_capacity"
    handoff_id = offer["handoff"]["handoff_id"]
    assert (await maria.act("handoff_claim", handoff_id=handoff_id))["ok"]
    assert len(maria.all("handoff_offered")) == 1


@pytest.mark.parametrize("status", ["away", "busy", "offline"])
async def test_offer_to_somebody_who_is_not_available_any_more_is_withdrawn(
    house: House, status: str
) -> None:
    await offering(house)
    maria = await house.agent("maria")
    await asking(house)
    offer = await offer_to(maria)
    await maria.act("presence_set", status=status)
    back = await maria.next("handoff_updated", state="queued")
    assert "offer" not in back["handoff"]
    events = await house.events(maria, offer["handoff"]["conversation_id"])
    assert endings(events) == [("made", None), ("withdrawn", None)]


async def test_supervisor_takes_what_is_offered(house: House) -> None:
    await offering(house)
    maria, dana = await house.agent("maria"), await house.agent("dana")
    await asking(house)
    offer = await offer_to(maria)
    taken = await dana.act(
        "conversation_takeover", conversation_id=offer["handoff"]["conversation_id"]
    )
    assert taken["ok"], taken
    events = await house.events(dana, offer["handoff"]["conversation_id"])
    assert endings(events) == [("made", None), ("withdrawn", None)]


async def test_chats_go_in_turn_with_a_pause_between_two(house: House) -> None:
    await offering(house, pause=60)
    maria, sam = await house.agent("maria"), await house.agent("sam")
    for _ in range(2):
        await asking(house)
    offers = [await offer_to(maria), await offer_to(sam)]
    assert offers[0]["handoff"]["handoff_id"] != offers[1]["handoff"]["handoff_id"]
    for agent, offer in zip((maria, sam), offers, strict=True):
        handoff_id = offer["handoff"]["handoff_id"]
        assert (await agent.act("handoff_claim", handoff_id=handoff_id))["ok"]
    third = await asking(house)
    await third.status("queue")
    assert await offered_now(house, maria) == []


async def test_topic_is_what_was_asked_for_before_the_wish_for_a_person(
    each_house: House,
) -> None:
    house = each_house
    step = "{name: one, when: {topic: [refund]}, team: orders, expires_secs: 60}"
    await put(house, "routing", f"steps: [{step}]\n")
    said = {"refund please": {"name": "get_refund", "topic": "refund"}}

    async def script(body: dict[str, Any]) -> Any:
        intent = said.get(body["message"], {"name": "small_talk"})
        return says("Hm.", intent=intent, message_ids=[body["message_id"]])

    house.assistant.script = script
    maria, customer = await house.agent(), await house.customer()
    for text in ("refund please", "a person"):
        await customer.say(text)
    await customer.until(lambda: customer.texts("bot").count("Hm.") == 2)
    await customer.ask_for_human()
    row = await maria.queued()
    assert row["team"] == "orders"
    # Once it is settled, it is over.
    await maria.claim(row)
    ending = {"handoff_id": row["handoff_id"], "disposition": "resolved"}
    assert (await maria.act("handoff_close", **ending))["ok"]
    await customer.say("hello again")
    await customer.until(lambda: customer.texts("bot").count("Hm.") == 3)
    await customer.ask_for_human()
    rows = await maria.until(
        lambda: len(maria.all("handoff_queued")) == 2 and maria.all("handoff_queued")
    )
    assert "team" not in rows[-1]["handoff"]


async def test_rules_say_who_is_wanted_first(house: House) -> None:
    await offering(house)
    await put(
        house,
        "routing",
        "steps: [{name: orders, team: orders, expires_secs: 60}]\n",
    )
    maria = await house.agent("maria")
    await asking(house)
    row = await maria.queued()
    assert row["team"] == "orders"
    refused = await maria.act("handoff_claim", handoff_id=row["handoff_id"])
    assert refused["error"] == "offered_to_another"
    sam = await house.agent("sam")
    offer = await offer_to(sam)
    assert offer["handoff"]["handoff_id"] == row["handoff_id"]
    assert not maria.all("handoff_offered")


async def test_chat_passed_on_to_one_who_declines_it_is_anybodys(house: House) -> None:
    await offering(house)
    maria, dana = await house.agent("maria"), await house.agent("dana")
    await asking(house)
    first = await offer_to(maria)
    handoff_id = first["handoff"]["handoff_id"]
    taken = await dana.act(
        "conversation_takeover", conversation_id=first["handoff"]["conversation_id"]
    )
    assert taken["ok"], taken
    # She was the one who was offered it last: being passed on to her is something else.
    passed = await dana.act(
        "handoff_transfer", handoff_id=handoff_id, agent_id=maria.agent_id
    )
    assert passed["ok"], passed
    again = await offer_to(maria, count=2)
    assert again["handoff"]["for_agent"]["agent_id"] == maria.agent_id
    declined = await maria.act("offer_decline", handoff_id=handoff_id, reason="busy")
    assert "for_agent" not in declined["handoff"]
    sam = await house.agent("sam")
    assert (await offer_to(sam))["handoff"]["handoff_id"] == handoff_id


async def test_pause_holds_after_a_declined_offer_too(house: House) -> None:
    await offering(house, pause=60)
    maria = await house.agent("maria")
    await asking(house)
    offer = await offer_to(maria)
    second = await asking(house)
    await second.status("queue")
    declined = {"handoff_id": offer["handoff"]["handoff_id"], "reason": "busy"}
    assert (await maria.act("offer_decline", **declined))["ok"]
    assert await offered_now(house, maria) == []


async def test_agent_who_answers_no_offer_is_away(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handoff_bridge.service.offers.MISSED_OFFERS", 1)
    await offering(house, accept=5)
    maria = await house.agent("maria")
    await asking(house)
    await offer_to(maria)
    gone = await maria.next("presence_changed", status="away")
    assert gone["agent_id"] == maria.agent_id


async def test_supervisor_takes_over_what_they_are_offered_themselves(
    house: House,
) -> None:
    await put(house, "routing", "steps: []\n")
    await put(house, "teams", "default: {mode: offers}\n")
    dana = await house.agent("dana")
    await dana.act("presence_set", status="available", capacity=1)
    await asking(house)
    offer = await offer_to(dana)
    chat = {"conversation_id": offer["handoff"]["conversation_id"]}
    taken = await dana.act("conversation_takeover", **chat)
    assert taken["ok"], taken

"""Claims, offers, transfers, departures and dismissals at the same moment."""

import asyncio
import secrets
from typing import Any

import pytest

from handoff_bridge.service.accounts import Accounts, NewAgent
from handoff_bridge.service.ports import utc_now
from handoff_bridge.store.database import Database
from tests.bridge.support import AgentClient, Customer, House
from tests.bridge.support.bridges import Bridges
from tests.bridge.support.house import PASSWORD
from tests.bridge.support.people import Manager
from tests.bridge.test_offers import offering

AGENTS, CLAIMS, RACES = 50, 10, 24
LOST = {"already_claimed", "offered_to_another", "offer_over", "illegal_transition"}


async def hire_many(house: House) -> list[str]:
    """As many agents beside the demo's; gives what they log in as."""
    database = Database(house.settings.database)
    accounts = Accounts(database, utc_now, secrets.token_hex(16))
    names = [f"agent{n}" for n in range(AGENTS)]
    for name in names:
        new = NewAgent(f"{name}@example.com", name.title(), "agent", "returns")
        await accounts.put(new, PASSWORD)
    await database.close()
    return names


async def asking(house: House, agent: AgentClient) -> tuple[Customer, dict[str, Any]]:
    known = len(agent.all("handoff_queued"))
    customer = await house.customer()
    await customer.ask_for_human()
    await agent.until(lambda: len(agent.all("handoff_queued")) > known)
    row: dict[str, Any] = agent.all("handoff_queued")[-1]["handoff"]
    return customer, row


@pytest.mark.timeout(600)
async def test_of_fifty_agents_at_two_bridges_one_gets_the_chat(
    bridges: Bridges,
) -> None:
    many = {"login_limits": "1000/minute"}
    one, two = await bridges.two(**many)
    names = await hire_many(one.house)
    agents = [
        await (one.house, two.house)[n % 2].agent(name) for n, name in enumerate(names)
    ]
    for _ in range(CLAIMS):
        _, row = await asking(one.house, agents[0])
        wanted = {"handoff_id": row["handoff_id"]}
        acks = await asyncio.gather(*(a.act("handoff_claim", **wanted) for a in agents))
        winners = [a for a, ack in zip(agents, acks, strict=True) if ack["ok"]]
        assert len(winners) == 1, acks
        lost = {ack["error"] for ack in acks if not ack["ok"]}
        assert lost == {"already_claimed"}
        ending = {**wanted, "disposition": "spam"}
        assert (await winners[0].act("handoff_close", **ending))["ok"]


def check_offers(events: list[dict[str, Any]]) -> None:
    """Each offer ends once, before the next one and before anybody has the chat."""
    standing = None
    for event in events:
        if event["type"] == "offer":
            agent = event["agent"]["id"]
            assert (standing is None) == (event["state"] == "made"), events
            assert standing in (None, agent), events
            standing = agent if event["state"] == "made" else None
        if event["type"] == "owner_changed":
            assert standing is None or event["to"] == "queue", events
    owners = [e for e in events if e["type"] == "owner_changed"]
    assert [e["epoch"] for e in owners] == [*range(1, len(owners) + 1)]


async def test_whatever_meets_an_offer_leaves_one_owner_and_nobody_stuck(
    bridges: Bridges,
) -> None:
    one, two = await bridges.two()
    await offering(one.house)
    maria, again = await one.house.agent(), await two.house.agent()
    dana = await two.house.agent("dana")
    olive = await Manager.of(one.house)
    ids = {name: (await olive.person(name))["agent_id"] for name in ("Maria", "Dana")}
    seen = set()
    for n in range(RACES):
        known = len(maria.all("handoff_offered"))
        customer, row = await asking(two.house, dana)
        await maria.until(lambda k=known: len(maria.all("handoff_offered")) > k)
        handoff_id, chat = row["handoff_id"], row["conversation_id"]
        wanted = {"handoff_id": handoff_id}
        moves = [
            maria.act("handoff_claim", **wanted),
            again.act("offer_decline", **wanted, reason="busy"),
            dana.act("handoff_transfer", **wanted, agent_id=ids["Maria"]),
            dana.act("conversation_takeover", conversation_id=chat),
            customer.call("leave", {"session_id": customer.session_id}),
        ]
        racing = [moves[n % 5], moves[(n // 5 + n + 1) % 5]]
        for move in moves:
            if move not in racing:
                move.close()
        acks = await asyncio.gather(*racing)
        seen |= {ack.get("error", "ok") for ack in acks}
        assert any(ack["ok"] for ack in acks), acks
        taken = await dana.act("conversation_takeover", conversation_id=chat)
        if taken["ok"]:
            ending = {"handoff_id": taken["handoff_id"], "disposition": "spam"}
            assert (await dana.act("handoff_close", **ending))["ok"]
        check_offers(await two.house.events(dana, chat))
    assert seen <= LOST | {"ok", "not_owner", "conversation_closed"}, seen


async def test_agent_who_is_disabled_loses_what_they_are_offered(
    bridges: Bridges,
) -> None:
    one, two = await bridges.two()
    await offering(one.house)
    maria, dana = await one.house.agent(), await two.house.agent("dana")
    olive = await Manager.of(two.house)
    maria_id = (await olive.person("Maria"))["agent_id"]
    _, row = await asking(two.house, dana)
    await maria.next("handoff_offered")
    answer = await olive.call("PATCH", f"/people/{maria_id}", {"account": "disabled"})
    assert answer.status_code == 200, answer.text
    back = await dana.next("handoff_updated", state="queued")
    assert back["handoff_id"] == row["handoff_id"]
    check_offers(await two.house.events(dana, row["conversation_id"]))

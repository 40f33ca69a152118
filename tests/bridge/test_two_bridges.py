"""Two bridges on one database and one Redis behave as one."""

import asyncio
import secrets
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.speed.databases import postgres_database
from tests.bridge.conftest import settings_for
from tests.bridge.support import (
    AgentClient,
    Customer,
    House,
    ScriptedAssistant,
)
from tests.bridge.support.databases import REDIS, no_server, redis_answers


@pytest.fixture
async def houses(
    postgres_template: str | None,
    assistant: ScriptedAssistant,
    tmp_path: Path,
) -> AsyncIterator[tuple[House, House]]:
    if postgres_template is None or not redis_answers():
        no_server("PostgreSQL and Redis have to answer on 127.0.0.1.")
    with postgres_database(postgres_template) as url:
        assert url is not None
        more: dict[str, Any] = {
            "redis_url": REDIS,
            "redis_channel": f"tandem-test-{secrets.token_hex(4)}",
        }
        ports = assistant.port, tmp_path
        first, second = (settings_for(url, *ports, **more) for _ in range(2))
        async with House.open(first, assistant) as one:
            async with House.open(second, assistant) as two:
                yield one, two


async def test_customer_and_agent_meet_across_bridges(
    houses: tuple[House, House],
) -> None:
    one, two = houses
    customer, maria = await one.customer(), await two.agent()
    await customer.say("hello")
    await customer.hears("You said: hello")
    await customer.ask_for_human()
    row = await maria.claim(await maria.queued())
    await customer.hears("Maria from the returns team has joined")
    for n in range(10):
        await customer.say(f"line {n}")
        ack = await maria.act(
            "message_send", conversation_id=row["conversation_id"], text=f"reply {n}"
        )
        assert ack["ok"]
    await maria.sees("line 9")
    await customer.hears("reply 9")
    tab = await two.customer(session_id=customer.session_id)
    messages = tab.all("history")[0]["messages"]
    seqs = [message["seq"] for message in messages]
    assert [m["prev"] for m in messages] == [0, *seqs[:-1]]
    texts = [m["text"] for m in messages if m["text"].startswith(("line", "reply"))]
    assert texts == [f"{word} {n}" for n in range(10) for word in ("line", "reply")]


async def test_one_of_two_claims_on_two_bridges_wins(
    houses: tuple[House, House],
) -> None:
    one, two = houses
    maria, sam = await one.agent("maria"), await two.agent("sam")
    for agent in (maria, sam):
        await agent.act("presence_set", status="available", capacity=50)
    for _ in range(8):
        customer = await one.customer()
        await customer.ask_for_human()
        found = await one.get("/handoffs", maria.token, state="queued")
        handoff_id = found.json()["handoffs"][0]["handoff_id"]
        acks = await asyncio.gather(
            maria.act("handoff_claim", handoff_id=handoff_id),
            sam.act("handoff_claim", handoff_id=handoff_id),
        )
        assert sorted(a.get("error", "ok") for a in acks) == ["already_claimed", "ok"]


def check_owners(events: list[dict[str, Any]]) -> dict[str, Any]:
    """Each owner came after the last, and agents spoke in their time; the last one."""
    owner: dict[str, Any] = {"to": "bot", "epoch": 0}
    for event in events:
        if event["type"] == "owner_changed":
            assert event["from"] == owner["to"], events
            assert event["epoch"] == owner["epoch"] + 1, events
            owner = event
        if event["type"] == "message" and event["actor"]["type"] == "agent":
            assert owner["agent"]["id"] == event["actor"]["id"], events
    return owner


async def check_loads(house: House, agent: AgentClient) -> None:
    """What agents are told to have is what they have."""
    found = (await house.get("/handoffs", agent.token, state="claimed")).json()
    rows: list[dict[str, Any]] = found["handoffs"]
    have = Counter(row["agent"]["agent_id"] for row in rows)
    again = await house.agent("dana")
    told = {one["agent_id"]: one["load"] for one in again.all("snapshot")[0]["agents"]}
    assert told == {agent_id: have[agent_id] for agent_id in told}
    await again.close()


async def in_line(
    house: House, agent: AgentClient, customer: Customer
) -> dict[str, Any]:
    await customer.ask_for_human()
    found = (await house.get("/handoffs", agent.token, state="queued")).json()
    row: dict[str, Any] = found["handoffs"][0]
    return row


def code_of(ack: dict[str, Any]) -> str:
    return str(ack.get("error", "ok"))


async def test_claim_transfer_and_leaving_at_once_on_two_bridges(
    houses: tuple[House, House],
) -> None:
    one, two = houses
    maria, sam, dana = [
        await house.agent(name)
        for house, name in ((one, "maria"), (two, "sam"), (one, "dana"))
    ]
    for agent in (maria, sam, dana):
        await agent.act("presence_set", status="available", capacity=50)
    seen = set()
    for n in range(12):
        customer = await two.customer()
        row = await in_line(one, maria, customer)
        wanted = {"handoff_id": row["handoff_id"]}
        to_sam = {**wanted, "agent_id": sam.agent_id}
        acts = [
            dana.act("handoff_transfer", **to_sam),
            maria.act("handoff_claim", **wanted),
            sam.act("handoff_claim", **wanted),
            customer.call("leave", {"session_id": customer.session_id}),
        ]
        if n % 2:
            await maria.claim(row)
            acts[0].close()
            acts[0] = maria.act("handoff_transfer", **to_sam)
        # Whoever is named first is often faster.
        acts = acts[n % 4 :] + acts[: n % 4]
        acks = await asyncio.gather(*acts)
        codes = [code_of(ack) for ack in acks]
        assert set(codes) <= {
            *("ok", "already_claimed", "offered_to_another"),
            *("illegal_transition", "not_owner"),
        }
        seen.add(tuple(sorted(codes)))
        events = await one.events(dana, row["conversation_id"])
        last = check_owners(events)
        state = (await one.get("/handoffs", dana.token)).json()["handoffs"][0]
        assert state["handoff_id"] == row["handoff_id"]
        of_state = {"queued": "queue", "claimed": "agent", "abandoned": "bot"}
        assert last["to"] == of_state[state["state"]]
        if last["to"] == "agent":
            assert state["agent"]["agent_id"] == last["agent"]["id"]
    await check_loads(one, dana)
    assert len(seen) > 1, "every time it went alike"


async def test_takeover_writing_and_closing_at_once_on_two_bridges(
    houses: tuple[House, House],
) -> None:
    one, two = houses
    maria, dana = await one.agent("maria"), await two.agent("dana")
    for agent in (maria, dana):
        await agent.act("presence_set", status="available", capacity=50)
    for n in range(12):
        customer = await one.customer()
        row = await maria.claim(await in_line(one, maria, customer))
        wanted = {"conversation_id": row["conversation_id"]}
        ending = {"handoff_id": row["handoff_id"], "disposition": "resolved"}
        acts = [
            dana.act("conversation_takeover", **wanted),
            maria.act("message_send", **wanted, text="hello"),
            maria.act("handoff_close", **ending),
        ]
        turned = acts[n % 3 :] + acts[: n % 3]
        acks = await asyncio.gather(*turned)
        taken, written, closed = (code_of(acks[turned.index(act)]) for act in acts)
        assert (taken, closed) in {("ok", "not_owner"), ("conversation_closed", "ok")}
        assert written in {"ok", "not_owner", "conversation_closed"}
        events = await one.events(dana, row["conversation_id"])
        last = check_owners(events)
        if taken == "ok":
            assert last["agent"]["id"] == dana.agent_id
        else:
            assert last["to"] == "closed"
        said = [e for e in events if e.get("text") == "hello"]
        assert len(said) == (written == "ok")
    await check_loads(one, dana)


async def test_capacity_holds_when_a_supervisor_takes_over_on_two_bridges(
    houses: tuple[House, House],
) -> None:
    one, two = houses
    here, there, maria = [
        await house.agent(name)
        for house, name in ((one, "dana"), (two, "dana"), (one, "maria"))
    ]
    await here.act("presence_set", status="available", capacity=1)
    for n in range(6):
        rows = [await in_line(one, maria, await one.customer()) for _ in (0, 1)]
        if n % 2:
            await maria.act("presence_set", status="available", capacity=50)
            await maria.claim(rows[1])
        acks = await asyncio.gather(
            here.act("conversation_takeover", conversation_id=_of(rows[0])),
            there.act("conversation_takeover", conversation_id=_of(rows[1])),
        )
        assert sorted(map(code_of, acks)) == ["at_capacity", "ok"]
        for agent in (here, maria):
            found = (await one.get("/handoffs", agent.token, state="claimed")).json()
            for row in found["handoffs"]:
                if row["agent"]["agent_id"] == agent.agent_id:
                    await agent.act(
                        "handoff_close",
                        handoff_id=row["handoff_id"],
                        disposition="spam",
                    )


def _of(row: dict[str, Any]) -> str:
    return str(row["conversation_id"])

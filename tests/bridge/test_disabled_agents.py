"""Nobody who is disabled keeps a chat: at the moment of a claim, on other bridges."""

import asyncio
from typing import Any

import pytest
import sqlalchemy as sa

from handoff_bridge.store.tables import agents, handoffs, logins
from tests.bridge.support import House
from tests.bridge.support.bridges import Bridges
from tests.bridge.support.people import Manager, database_of
from tests.bridge.support.refusals import refused
from tests.bridge.test_logins import has_ended, opens_nothing
from tests.bridge.test_two_bridges import houses as houses

ROUNDS = 12


async def chats_of_the_disabled(house: House) -> list[Any]:
    async with database_of(house) as tx:
        query = (
            sa.select(handoffs.c.handoff_id)
            .join_from(handoffs, agents, agents.c.agent_id == handoffs.c.agent_id)
            .where(handoffs.c.state == "claimed", agents.c.disabled_at.is_not(None))
        )
        return list((await tx.execute(query)).all())


async def test_disabled_while_claiming_keeps_no_chat(
    houses: tuple[House, House],
) -> None:
    one, two = houses
    olive = await Manager.of(one)
    maria_id = (await olive.person("Maria"))["agent_id"]
    path, seen = f"/people/{maria_id}", set()
    for n in range(ROUNDS):
        maria = await two.agent("maria")
        await maria.act("presence_set", status="available", capacity=50)
        rows = []
        for _ in range(3):
            customer = await one.customer()
            await customer.ask_for_human()
            found = await one.get("/handoffs", maria.token, state="queued", limit=1)
            rows.append(found.json()["handoffs"][0])

        async def disable(delay: float = 0.004 * n) -> Any:
            await asyncio.sleep(delay)
            return await olive.call("PATCH", path, {"account": "disabled"})

        claims = [
            asyncio.create_task(maria.act("handoff_claim", handoff_id=r["handoff_id"]))
            for r in rows
        ]
        assert (await disable()).status_code == 200
        await has_ended(maria)
        acks = await asyncio.gather(*claims, return_exceptions=True)
        seen |= {
            ack.get("error", "ok") if isinstance(ack, dict) else "cut" for ack in acks
        }
        assert await chats_of_the_disabled(one) == []
        answer = await olive.call("PATCH", path, {"account": "active"})
        assert answer.status_code == 200
    assert "ok" in seen


async def test_claim_of_who_was_disabled_is_refused(house: House) -> None:
    maria = await house.agent()
    customer = await house.customer()
    await customer.ask_for_human()
    row = await maria.queued()
    assert house.bridge is not None
    # Behind the bridge's back, so that the connection is open still.
    async with house.bridge.database.write() as tx:
        await tx.execute(
            sa.update(agents)
            .where(agents.c.agent_id == maria.agent_id)
            .values(disabled_at=sa.func.now())
        )
    ack = await maria.act("handoff_claim", handoff_id=row["handoff_id"])
    refused(ack, "account_disabled")
    refused(await maria.act("presence_set", status="busy"), "account_disabled")


async def test_take_over_of_who_was_demoted_is_refused(house: House) -> None:
    _, _, row = await house.claimed()
    dana = await house.agent("dana")
    assert house.bridge is not None
    async with house.bridge.database.write() as tx:
        await tx.execute(
            sa.update(agents)
            .where(agents.c.agent_id == dana.agent_id)
            .values(role="agent")
        )
    ack = await dana.act(
        "conversation_takeover", conversation_id=row["conversation_id"]
    )
    refused(ack, "forbidden")


async def test_disabling_at_one_bridge_acts_at_the_other_at_once(
    houses: tuple[House, House],
) -> None:
    one, two = houses
    # Logins are looked for once a minute there: only Redis can be as quick.
    customer, maria, row = await two.claimed()
    sam, olive = await one.agent("sam"), await Manager.of(one)
    await olive.change("Maria", account="disabled")
    async with asyncio.timeout(5):
        await has_ended(maria)
    await opens_nothing(two, maria.token)
    again = await sam.next("handoff_queued", handoff_id=row["handoff_id"])
    assert again["handoff"]["requeued"]["reason"] == "agent_disabled"
    await customer.hears("Maria can't go on with this chat")


@pytest.mark.parametrize("is_known", [True, False])
async def test_bridge_that_dies_in_the_middle_is_made_up_for(
    bridges: Bridges, is_known: bool
) -> None:
    one, two = await bridges.two()
    _, maria, row = await two.house.claimed()
    sam = await one.house.agent("sam")
    await two.kill()
    # As the other one leaves it between its commit and the chats.
    engine = sa.create_engine(
        one.settings.database.replace("postgresql+asyncpg", "postgresql+psycopg")
    )
    of_maria = agents.c.agent_id == maria.agent_id
    with engine.begin() as tx:
        if is_known:
            tx.execute(
                sa.update(agents).where(of_maria).values(disabled_at=sa.func.now())
            )
        else:
            tx.execute(sa.delete(logins).where(logins.c.agent_id == maria.agent_id))
            tx.execute(sa.delete(agents).where(of_maria))
    engine.dispose()
    again = await sam.next("handoff_queued", handoff_id=row["handoff_id"])
    if is_known:
        assert again["handoff"]["requeued"]["reason"] == "agent_disabled"
    events = await one.house.events(sam, row["conversation_id"])
    assert any("Maria can't go on" in (event.get("text") or "") for event in events)

"""What an agent has not seen of a chat, and whether its customer is still there."""

import asyncio
from typing import Any

import sqlalchemy as sa

from handoff_bridge.store import customer_connections, presence, tables
from tests.bridge.support import AgentClient, Customer, House
from tests.bridge.test_two_bridges import houses as houses  # a fixture


async def mine(agent: AgentClient) -> dict[str, Any]:
    """The agent's one chat, as an inbox that is opened now has it."""
    before = len(agent.all("snapshot"))
    assert (await agent.act("sync", cursors={}))["ok"]
    await agent.until(lambda: len(agent.all("snapshot")) > before)
    [row] = agent.all("snapshot")[-1]["mine"]
    assert isinstance(row, dict)
    return row


async def is_connected(agent: AgentClient, expected: bool = True) -> None:
    """Waits until the customer of the agent's one chat is connected, or not."""
    async with asyncio.timeout(10):
        while (await mine(agent))["connected"] != expected:
            pass


async def test_unread_survives_a_login_and_ends_in_every_tab(each_house: House) -> None:
    customer, maria, row = await each_house.claimed()
    chat = row["conversation_id"]
    for n in range(3):
        await customer.say(f"line {n}")
    last = (await maria.sees("line 2"))["seq"]
    other_tab = await each_house.agent()
    assert (await mine(other_tab))["unread"] == 3

    assert (await maria.act("mark_read", conversation_id=chat, seq=last - 1))["ok"]
    await other_tab.next("marked_read", conversation_id=chat, unread=1)
    # What was read stays read, and nobody has read what is not written yet.
    for seq in (1, last + 100):
        assert (await maria.act("mark_read", conversation_id=chat, seq=seq))["ok"]
    assert (await mine(await each_house.agent()))["unread"] == 1
    await maria.act("mark_read", conversation_id=chat, seq=last)
    assert (await mine(other_tab))["unread"] == 0


async def test_only_the_agent_who_has_the_chat_reads_it(each_house: House) -> None:
    customer, maria, row = await each_house.claimed()
    chat = row["conversation_id"]
    await customer.say("are you there?")
    seq = (await maria.sees("are you there?"))["seq"]
    sam = await each_house.agent("sam")
    ack = await sam.act("mark_read", conversation_id=chat, seq=seq)
    assert ack["error"] == "not_owner"
    ack = await sam.act("mark_read", conversation_id="nobody's", seq=seq)
    assert ack["error"] == "not_owner"
    for odd in (-1, "1", 1.5, None, 2**70):
        ack = await maria.act("mark_read", conversation_id=chat, seq=odd)
        assert ack["error"] == "bad_request"
    assert (await mine(maria))["unread"] == 1


async def test_an_agent_hears_when_the_customer_goes_and_comes_back(
    each_house: House,
) -> None:
    customer, maria, row = await each_house.claimed()
    chat = row["conversation_id"]
    await is_connected(maria)
    await customer.close()
    await maria.next("customer_presence", conversation_id=chat, connected=False)
    await is_connected(maria, expected=False)
    again = Customer(each_house.url)
    await again.open(session_id=customer.session_id)
    await maria.next("customer_presence", conversation_id=chat, connected=True)
    await is_connected(maria)
    await again.close()


async def test_a_second_tab_keeps_the_customer_connected(each_house: House) -> None:
    customer, maria, row = await each_house.claimed()
    second = Customer(each_house.url)
    await second.open(session_id=customer.session_id)
    await maria.next(
        "customer_presence", conversation_id=row["conversation_id"], connected=True
    )
    told = len(maria.all("customer_presence"))
    await customer.close()
    await maria.until(lambda: len(maria.all("customer_presence")) > told)
    assert maria.all("customer_presence")[-1]["connected"]
    await second.close()


async def test_a_customer_at_another_bridge_is_connected(
    houses: tuple[House, House],
) -> None:
    one, two = houses
    customer, maria = await one.customer(), await two.agent()
    await customer.ask_for_human()
    row = await maria.claim(await maria.queued())
    await is_connected(maria)
    # What the agent's bridge writes anew takes nothing from the other's customers.
    assert two.bridge is not None
    await two.bridge.customer_presence.write_anew()
    await is_connected(maria)
    await customer.close()
    await maria.next(
        "customer_presence", conversation_id=row["conversation_id"], connected=False
    )


async def test_customers_of_a_bridge_that_ends_are_gone_and_no_others(
    each_house: House,
) -> None:
    customer, maria, row = await each_house.claimed()
    await is_connected(maria)
    bridge = each_house.bridge
    assert bridge is not None
    chats = {"mine": row["conversation_id"], "another's": "c-another"}
    for bridge_id, dead in (("one", False), ("two", True)):
        async with bridge.database.write() as tx:
            await presence.register(tx, bridge_id, bridge_id)
            await customer_connections.add(
                tx, bridge_id, {f"{bridge_id} {name}": chats[name] for name in chats}
            )
            if dead:
                [found] = await presence.find_own(tx, bridge_id)
                await presence.bury(tx, found)
    async with bridge.database.read() as tx:
        kept = sa.select(tables.customer_connections.c.connection_id)
        ids = set((await tx.execute(kept)).scalars())
    assert {"one mine", "one another's"} < ids
    assert not {"two mine", "two another's"} & ids
    await is_connected(maria)

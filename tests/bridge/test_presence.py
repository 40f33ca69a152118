"""Who is there is what connections say, and what follows where nobody is."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from handoff_bridge.app import Bridge
from handoff_bridge.routing.estimate import MIN_HANDLED
from handoff_bridge.service.customer_presence import CustomerPresenceService
from handoff_bridge.service.ports import utc_now
from handoff_bridge.service.presence import BridgeIdentity, PresenceService
from handoff_bridge.service.requeueing import Requeueing
from handoff_bridge.store import agents, presence, tables
from tests.bridge.support import AgentClient, House


async def nothing() -> None:
    """Nobody wants to know of changes."""


def inside(house: House) -> Bridge:
    assert house.bridge is not None
    return house.bridge


def another_bridge(house: House, lease_secs: float = 600.0) -> PresenceService:
    """As a second process would see who is there, with no grace at all."""
    identity = BridgeIdentity("another", "another", lease_secs)
    held = inside(house).held
    customers = CustomerPresenceService(held, identity.bridge_id)
    return PresenceService(held, identity, 0.0, nothing, lambda _: None, customers)


async def status_of(house: House, agent: AgentClient) -> str:
    async with inside(house).database.read() as tx:
        found = await agents.load(tx, agent.agent_id)
    assert found is not None
    return found.status


async def leave(house: House, agent: AgentClient) -> None:
    """The agent's connections end, as the house learns at once."""
    for sid in list(inside(house).attendance._agents):
        await inside(house).attendance.leave(sid, agent.agent_id)


async def test_agent_stays_as_long_as_any_bridge_has_a_connection(
    each_house: House,
) -> None:
    maria = await each_house.agent()
    other = another_bridge(each_house)
    await other.start()
    await other.arrive("a tab there", maria.agent_id)
    await other.leave("a tab there", maria.agent_id)
    async with inside(each_house).database.write() as tx:
        gone_at = sa.select(tables.agents.c.gone_at)
        mine = tables.agents.c.agent_id == maria.agent_id
        assert (await tx.execute(gone_at.where(mine))).scalar() is None
        # Should it ever say so all the same, what counts is the connection.
        wrong = {"gone_at": utc_now() - timedelta(hours=1)}
        await tx.execute(sa.update(tables.agents).where(mine).values(**wrong))
    await other.refresh()
    assert await status_of(each_house, maria) == "available"
    await leave(each_house, maria)
    await other.refresh()
    assert await status_of(each_house, maria) == "offline"
    await other.stop()


async def test_start_takes_over_from_no_other_bridge(each_house: House) -> None:
    maria = await each_house.agent()
    other = another_bridge(each_house)
    await other.start()
    await other.refresh()
    assert await status_of(each_house, maria) == "available"
    async with inside(each_house).database.read() as tx:
        assert not await presence.is_gone(tx, maria.agent_id, 0.0)
    await other.stop()


async def test_agents_of_a_bridge_without_a_sign_of_life_are_gone(
    each_house: House,
) -> None:
    maria = await each_house.agent()
    # A lease that has always lapsed: whoever else there is, is dead.
    other = another_bridge(each_house, lease_secs=-600.0)
    await other.start()
    found = "available"
    for _ in range(5):  # the first one's own sign of life may come in between
        await other.refresh()
        found = await status_of(each_house, maria)
        if found == "offline":
            break
    assert found == "offline"
    await other.stop()  # else it would bury the first one again
    # It only stood still: with its next sign of life its agents are there again.
    await inside(each_house).attendance.refresh()
    assert await status_of(each_house, maria) == "available"


@pytest.mark.parametrize("is_alone", [True, False])
async def test_nobody_is_gone_while_there_is_no_bridge_to_come_to(
    each_house: House, is_alone: bool
) -> None:
    maria = await each_house.agent()
    await leave(each_house, maria)
    async with inside(each_house).database.write() as tx:
        hour_ago = utc_now() - timedelta(hours=1)
        await presence.note_gone(tx, maria.agent_id, hour_ago)
    other = another_bridge(each_house, lease_secs=-600.0 if is_alone else 600.0)
    await other.start()
    async with inside(each_house).database.write() as tx:
        assert await presence.is_gone(tx, maria.agent_id, 1800.0) is not is_alone
    await other.stop()


async def test_connection_that_ended_before_it_was_noted_is_not_kept(
    each_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    maria = await each_house.agent()
    other = another_bridge(each_house)
    await other.start()
    note = other._note

    async def ends_meanwhile(sid: str, agent_id: str) -> None:
        await other.leave(sid, agent_id)
        await note(sid, agent_id)

    monkeypatch.setattr(other, "_note", ends_meanwhile)
    await other.arrive("a tab", maria.agent_id)
    await leave(each_house, maria)
    await other.refresh()
    assert await status_of(each_house, maria) == "offline"
    await other.stop()


@pytest.mark.parametrize("status", ["away", "offline"])
async def test_who_is_away_is_not_there(house: House, status: str) -> None:
    maria = await house.agent()
    await maria.act("presence_set", status=status)
    customer = await house.customer()
    await customer.ask_for_human()
    # Nor is there a back office that could give a date.
    await customer.hears("Nobody from the team is here right now")
    assert not [text for text in customer.texts() if "in line," in text]
    await maria.act("presence_set", status="busy")
    another = await house.customer()
    await another.ask_for_human()
    await another.hears("second in line")


async def test_with_nobody_there_no_wait_is_told(house: House) -> None:
    maria = await house.agent()
    await house.serve(maria, MIN_HANDLED)
    customer = await house.customer()
    assert "eta_seconds" in await customer.ask_for_human()
    await maria.act("presence_set", status="away")
    await customer.until(
        lambda: "eta_seconds" not in customer.all("conversation_status")[-1]
    )
    again = await house.customer(session_id=customer.session_id)
    assert "eta_seconds" not in again.all("conversation_status")[-1]
    await maria.act("presence_set", status="available")
    await customer.until(
        lambda: "eta_seconds" in customer.all("conversation_status")[-1]
    )


async def test_chat_of_an_agent_who_is_gone_is_the_next_in_line(
    each_house: House,
) -> None:
    house = each_house
    customer, maria, row = await house.claimed()
    dana = await house.agent("dana")
    requeueing = Requeueing(inside(house).held, 0.0)
    await requeueing.requeue_all()
    await customer.say("are you there?")
    assert customer.all("conversation_status")[-1]["owner"] == "agent"
    async with inside(house).database.write() as tx:
        await presence.disconnect(tx, maria.io.get_sid("/inbox"), maria.agent_id)
    await requeueing.requeue_all()
    await customer.hears("Maria can't be reached any more")
    assert (await customer.status("queue"))["position"] == 1
    told = await dana.until(
        lambda: [t for t in dana.all("handoff_queued") if "requeued" in t["handoff"]]
    )
    assert told[0]["handoff"]["requeued"]["agent"]["name"] == "Maria"
    events = await house.events(dana, row["conversation_id"])
    requeued = [one for one in events if "requeued_from" in one]
    assert requeued[0]["requeued_from"]["id"] == maria.agent_id
    ack = await maria.act(
        "message_send", conversation_id=row["conversation_id"], text="Back!"
    )
    assert ack["error"] == "not_owner"
    # What an agent has read is not owed an answer by the assistant.
    await customer.call("leave", {"session_id": customer.session_id})
    await customer.status("bot")
    await customer.say("never mind")
    await customer.hears("You said: never mind")
    assert house.assistant.heard == ["hello", "never mind"]


async def test_agent_who_has_come_back_keeps_the_chat(house: House) -> None:
    customer, maria, row = await house.claimed()
    requeueing = Requeueing(inside(house).held, 0.0)
    found: list[Any] = []

    async def comes_back(tx: Any, secs: float) -> list[str]:
        found.append(row["conversation_id"])
        return [row["conversation_id"]]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(presence, "chats_of_the_gone", comes_back)
        await requeueing.requeue_all()
    assert found
    ack = await maria.act(
        "message_send", conversation_id=row["conversation_id"], text="Here I am."
    )
    assert ack["ok"]
    await customer.hears("Here I am.")

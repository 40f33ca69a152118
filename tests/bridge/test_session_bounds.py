"""Sessions run out and are revoked; what they answer and may ask for is bounded."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from handoff_bridge.protocol.customer import MAX_HISTORY
from handoff_bridge.store.database import Database
from handoff_bridge.store.tables import events, sessions
from tests.bridge.conftest import settings_for
from tests.bridge.support import Customer, House, ScriptedAssistant
from tests.bridge.support.refusals import http_refused, refused
from tests.bridge.test_identities import refused_everywhere


async def set_expiry(house: House, moment: datetime) -> None:
    database = Database(house.settings.database)
    async with database.write() as tx:
        await tx.execute(sa.update(sessions).values(expires_at=moment))
    await database.close()


async def test_session_that_nobody_came_back_to_is_over(each_house: House) -> None:
    house = each_house
    customer = await house.customer()
    await customer.say("before")
    await customer.hears("You said: before")
    await set_expiry(house, datetime.now(UTC))
    another = await house.customer()
    await refused_everywhere(another, customer.session_id, "unknown_session")
    again = await house.customer(session_id=customer.session_id)
    assert again.session_id != customer.session_id
    assert again.all("history")[0]["messages"] == []


async def test_coming_back_makes_a_session_last_longer(house: House) -> None:
    customer = await house.customer()
    soon = datetime.now(UTC) + timedelta(hours=2)
    await set_expiry(house, soon)
    again = await house.customer(session_id=customer.session_id)
    assert again.session_id == customer.session_id
    database = Database(house.settings.database)
    async with database.read() as tx:
        kept = (await tx.execute(sa.select(sessions.c.expires_at))).scalar_one()
    await database.close()
    assert kept > soon + timedelta(days=20)


async def test_supervisor_revokes_the_sessions_of_a_chat(each_house: House) -> None:
    house = each_house
    customer, maria, row = await house.claimed()
    dana = await house.login("dana")
    path = f"/conversations/{row['conversation_id']}/sessions/revoke"
    bearer = {"Authorization": f"Bearer {maria.token}"}
    http_refused(await house.http.post(path, headers=bearer), 403, "forbidden")
    assert (await customer.say("still here"))["ok"]
    bearer = {"Authorization": f"Bearer {dana['token']}"}
    assert (await house.http.post(path, headers=bearer)).json() == {"ok": True}
    assert await customer.next("session_ended") == {"reason": "revoked"}
    await refused_everywhere(customer, customer.session_id, "unknown_session")
    # The chat itself goes on being the agent's.
    sent = await maria.act(
        "message_send", conversation_id=row["conversation_id"], text="for nobody"
    )
    assert sent["ok"]
    assert "for nobody" not in str(customer.events)


async def long_talk(house: House, messages: int) -> Customer:
    """A customer with so many messages, put into the log as they would be."""
    customer = await house.customer()
    await customer.say("first")
    await customer.hears("You said: first")
    conversation_id = house.assistant.turns[0]["sender"]
    database = Database(house.settings.database)
    async with database.write() as tx:
        query = sa.select(events).order_by(events.c.seq.desc()).limit(1)
        last = (await tx.execute(query)).one()
        rows = [
            {
                **last._mapping,
                "seq": seq,
                "prev": seq - 1,
                "type": "message",
                "message_id": f"m-{seq}",
                "data": {"text": f"number {seq}"},
                "actor_type": "customer",
            }
            for seq in range(last.seq + 1, last.seq + 1 + messages)
        ]
        await tx.execute(sa.insert(events), rows)
        newest = last.seq + messages
        await tx.execute(
            sa.text(
                "UPDATE conversations SET last_seq = :seq, last_visible_seq = :seq "
                "WHERE conversation_id = :key"
            ),
            {"seq": newest, "key": conversation_id},
        )
    await database.close()
    return customer


async def test_history_is_bounded_and_the_rest_is_asked_for(each_house: House) -> None:
    house = each_house
    customer = await long_talk(house, 2 * MAX_HISTORY)
    again = await house.customer(session_id=customer.session_id)
    history = again.all("history")[0]
    assert len(history["messages"]) == MAX_HISTORY
    assert history["more"] is True
    seqs = [message["seq"] for message in history["messages"]]
    assert history["last_seq"] == seqs[-1]
    more = True
    while more:
        ack = await again.call(
            "history_request", {"session_id": again.session_id, "before": seqs[0]}
        )
        assert ack["ok"], ack
        assert len(ack["messages"]) <= MAX_HISTORY
        seqs = [message["seq"] for message in ack["messages"]] + seqs
        more = ack.get("more", False)
    assert seqs == sorted(set(seqs))
    assert len(seqs) > 2 * MAX_HISTORY
    newest = await house.customer(session_id=customer.session_id, last_seq=seqs[-3])
    history = newest.all("history")[0]
    assert [message["seq"] for message in history["messages"]] == seqs[-2:]
    assert "more" not in history


@pytest.mark.parametrize("limit", [0, MAX_HISTORY + 1, "all"])
async def test_no_more_history_than_that_is_given_at_once(
    house: House, limit: object
) -> None:
    customer = await house.customer()
    call = {"session_id": customer.session_id, "before": 5, "limit": limit}
    refused(await customer.call("history_request", call), "bad_request")


async def test_wishes_for_a_human_are_counted_by_address(
    sqlite_url: str, assistant: ScriptedAssistant, tmp_path: Path
) -> None:
    settings = settings_for(
        sqlite_url, assistant.port, tmp_path, handoff_limits="2/minute"
    )
    async with House.open(settings, assistant) as house:
        for _ in range(2):
            assert (await (await house.customer()).ask_for_human())["ok"]
        refused(await (await house.customer()).ask_for_human(), "rate_limited")

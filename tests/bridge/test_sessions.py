"""Sessions, identities, offered buttons, and what is taken out at the door."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from handoff_bridge.store.conversations import hash_token
from handoff_bridge.store.database import Database
from handoff_bridge.store.tables import metadata
from tests.bridge.support import House
from tests.bridge.support.assistant import says
from tests.bridge.support.refusals import refused

EARLIER = datetime.now(UTC) - timedelta(minutes=1)


@pytest.fixture
async def database(house: House) -> AsyncIterator[Database]:
    opened = Database(house.settings.database)
    yield opened
    await opened.close()


async def everything(database: Database) -> str:
    """All that the database holds, as text."""
    async with database.read() as tx:
        rows = {
            table.name: [tuple(row) for row in await tx.execute(sa.select(table))]
            for table in metadata.sorted_tables
        }
    return json.dumps(rows, default=str, ensure_ascii=False)


async def rows(database: Database, table: str) -> list[Any]:
    async with database.read() as tx:
        found = await tx.execute(sa.select(metadata.tables[table]))
        return list(found.mappings())


async def test_session_id_is_a_secret_that_is_stored_hashed(
    house: House, database: Database
) -> None:
    customers = [await house.customer() for _ in range(5)]
    ids = {customer.session_id for customer in customers}
    assert len(ids) == 5
    # 22 characters of base 64 are 132 bits.
    assert all(len(session_id) >= 22 for session_id in ids)
    stored = await everything(database)
    assert all(session_id not in stored for session_id in ids)
    hashes = {row["token_hash"] for row in await rows(database, "sessions")}
    assert hashes == {hash_token(session_id) for session_id in ids}


async def test_assistant_and_agents_never_see_the_session_id(house: House) -> None:
    customer, maria, row = await house.claimed()
    sender = house.assistant.turns[0]["sender"]
    assert sender == row["conversation_id"]
    packet = await house.get(f"/handoffs/{row['handoff_id']}", maria.token)
    events = await house.events(maria, row["conversation_id"])
    seen = [packet.text, events, maria.events, house.assistant.turns]
    assert customer.session_id not in repr(seen)
    # And what agents know does not open the chat.
    refused(
        await customer.call("user_uttered", {"session_id": sender, "message": "hi"}),
        "unknown_session",
    )


async def test_unknown_id_that_a_client_proposes_is_replaced(house: House) -> None:
    proposed = "an-id-of-my-own-choosing-000000000000"
    customer = await house.customer(session_id=proposed)
    assert customer.session_id != proposed
    refused(
        await customer.call("user_uttered", {"session_id": proposed, "message": "hi"}),
        "unknown_session",
    )


async def test_signed_identity_reaches_the_assistant(house: House) -> None:
    identity = house.identity("c-1", name="Jo Ash", email="jo@example.com")
    customer = await house.customer(identity=identity)
    await customer.say("hello")
    await customer.hears("You said: hello")
    assert house.assistant.turns[0]["identity"] == {
        "customer_id": "c-1",
        "name": "Jo Ash",
        "email": "jo@example.com",
    }


async def test_customer_who_signs_in_keeps_the_chat(house: House) -> None:
    customer = await house.customer()
    await customer.say("hello")
    await customer.hears("You said: hello")
    same = await house.customer(
        session_id=customer.session_id, identity=house.identity("c-1")
    )
    assert same.session_id != customer.session_id
    assert len(same.all("history")[0]["messages"]) == 3
    await same.say("again")
    await same.hears("You said: again")
    assert "identity" not in house.assistant.turns[0]
    assert house.assistant.turns[1]["identity"]["customer_id"] == "c-1"


async def test_another_identity_on_a_known_session_gets_a_new_one(
    each_house: House,
) -> None:
    house = each_house
    first = await house.customer(identity=house.identity("c-1"))
    await first.say("my secret")
    await first.hears("You said: my secret")
    second = await house.customer(
        session_id=first.session_id, identity=house.identity("c-2"), last_seq=0
    )
    assert second.session_id != first.session_id
    assert second.all("history")[0] == {"messages": [], "last_seq": 0}
    await first.say("still mine")
    await first.hears("You said: still mine")
    await second.say("hello")
    await second.hears("You said: hello")
    assert "still mine" not in str(second.events)
    same = await house.customer(
        session_id=first.session_id, identity=house.identity("c-1")
    )
    assert same.session_id == first.session_id


async def test_identity_that_has_run_out_opens_nothing(house: House) -> None:
    customer = await house.customer(identity=house.identity("c-1"))
    late = house.identity("c-1", exp=EARLIER)
    nobody = await house.customer()
    for session_id in (None, nobody.session_id, customer.session_id):
        request = {"protocol": 1, "session_id": session_id, "identity": late}
        refused(await nobody.call("session_request", request), "token_expired")


async def test_history_after_the_end_is_empty(house: House) -> None:
    customer = await house.customer()
    await customer.say("hello")
    await customer.hears("You said: hello")
    for last_seq in (1_000, 2**31 - 1):
        again = await house.customer(session_id=customer.session_id, last_seq=last_seq)
        history = again.all("history")[0]
        assert history["messages"] == []
        assert history["last_seq"] == customer.all("bot_uttered")[-1]["seq"]


async def test_last_seq_of_a_lost_session_hides_nothing(house: House) -> None:
    first = await house.customer(session_id="lost", last_seq=500)
    await first.say("hello")
    await first.hears("You said: hello")
    assert first.all("history")[0] == {"messages": [], "last_seq": 0}


@pytest.mark.parametrize("payload", ["/greet", "/get_started", " /greet\n"])
async def test_opening_a_widget_gets_the_introduction_once(
    house: House, payload: str
) -> None:
    customer = await house.customer()
    for _ in range(2):
        assert (await customer.say(payload))["ok"]
    await customer.say("hello")
    await customer.hears("You said: hello")
    texts = [message["text"] for message in await customer.history()]
    assert "automated" in texts[0]
    assert texts[1:] == ["hello", "You said: hello"]
    assert house.assistant.heard == ["hello"]


async def offers(body: dict[str, Any]) -> Any:
    if body["message"] != "hello":
        return says(f"You said: {body['message']}")
    answer = says()
    button = {"title": "Track an order", "payload": '/track{"order": "HP-1"}'}
    answer["replies"] = [{"text": "How can I help?", "buttons": [button]}]
    return answer


async def test_offered_button_runs_and_shows_as_its_title(each_house: House) -> None:
    house = each_house
    house.assistant.script = offers
    customer, tab = await house.customer(), None
    tab = await house.customer(session_id=customer.session_id)
    await customer.say("hello")
    shown = await customer.next("bot_uttered", text="How can I help?")
    payload = shown["quick_replies"][0]["payload"]
    assert shown["quick_replies"] == [
        {"content_type": "text", "title": "Track an order", "payload": payload}
    ]
    pressed = await customer.say(payload, metadata={"title": "Something else"})
    await customer.hears("You said: Track an order")
    turn = house.assistant.turns[1]
    command = '/track{"order": "HP-1"}'
    assert (turn["payload"], turn["message"]) == (command, "Track an order")
    echo = await tab.next("user_echo", message_id=pressed["message_id"])
    assert echo["text"] == "Track an order"
    texts = [message["text"] for message in await customer.history()]
    assert "Track an order" in texts
    assert payload not in texts


async def test_an_intent_is_text_even_if_a_button_would_send_it(house: House) -> None:
    house.assistant.script = offers
    customer = await house.customer()
    await customer.say("hello")
    await customer.next("bot_uttered", text="How can I help?")
    typed = ['/track{"order": "HP-1"}', "/restart", "/session_start", " /x"]
    for text in typed:
        await customer.say(text)
        await customer.hears(f"You said: {text}")
    turns = house.assistant.turns[1:]
    assert [turn["message"] for turn in turns] == typed
    assert all("payload" not in turn for turn in turns)
    said = [m["text"] for m in await customer.history() if m["sender"] == "customer"]
    assert said == ["hello", *typed]


CARD = "4111 1111 1111 1111"


async def test_cards_and_passwords_go_no_further_than_the_door(
    house: House, database: Database
) -> None:
    customer, maria = await house.customer(), await house.agent()
    await customer.say(f"my card is {CARD} thanks")
    await customer.say("my password is hunter2-forever")
    await customer.hears("[password removed]")
    await customer.ask_for_human()
    row = await maria.claim(await maria.queued())
    await customer.say(f"again: {CARD}")
    seen = await maria.sees("again:")
    assert seen["text"] == "again: [card number removed, ends in 1111]"
    assert seen["redacted"] == ["card"]
    survey = {"session_id": customer.session_id, "score": 1, "comment": CARD}
    assert (await customer.call("survey", survey))["ok"]
    packet = await house.get(f"/handoffs/{row['handoff_id']}", maria.token)
    everywhere = [
        packet.text,
        maria.events,
        house.assistant.turns,
        await everything(database),
    ]
    for secret in (CARD, "hunter2"):
        assert secret not in repr(everywhere)


async def test_code_reaches_the_assistant_and_is_kept_nowhere(
    house: House, database: Database
) -> None:
    async def asks(body: dict[str, Any]) -> Any:
        if "cancel" in body["message"]:
            return says("Which code?", asks_secret=True)
        return says("Done.")

    house.assistant.script = asks
    customer = await house.customer()
    await customer.say("order 654321 please")  # no code was asked for
    await customer.hears("Done.")
    await customer.say("cancel my order")
    await customer.hears("Which code?")
    house.assistant.entered.clear()
    house.assistant.door.clear()
    await customer.say("it is 123 456")
    await house.assistant.entered.wait()
    assert house.assistant.heard[-1] == "it is 123 456"
    # Owed, it has to be kept; once answered, not.
    assert "123 456" in str(await rows(database, "turns"))
    assert "123 456" not in str(await rows(database, "events"))
    house.assistant.door.set()
    await customer.until(lambda: customer.texts().count("Done.") == 2)
    assert await rows(database, "turns") == []
    assert "123 456" not in await everything(database)
    texts = [message["text"] for message in await customer.history()]
    assert "it is [code]" in texts
    assert "order 654321 please" in texts
    await customer.say("and 222333 is my number")  # it has been given by now
    await customer.until(lambda: customer.texts().count("Done.") == 3)
    assert (await customer.history())[-2]["text"] == "and 222333 is my number"

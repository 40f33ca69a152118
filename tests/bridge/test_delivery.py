"""Nothing is lost or doubled, and order holds."""

import asyncio
from typing import Any

import pytest

from handoff_bridge.store import log as log_store
from tests.bridge.conftest import settings_for
from tests.bridge.support import House, ScriptedAssistant
from tests.bridge.support.assistant import says
from tests.bridge.support.clients import BareClient
from tests.bridge.support.published import check


async def test_message_sent_twice_is_one_message(each_house: House) -> None:
    customer = await each_house.customer()
    acks = await asyncio.gather(
        *(customer.say("hello", message_id="m-1") for _ in range(5))
    )
    assert len({ack["seq"] for ack in acks}) == 1
    assert all(ack["ok"] and ack["message_id"] == "m-1" for ack in acks)
    await customer.hears("You said: hello")
    again = await customer.say("hello", message_id="m-1")
    assert again == acks[0]
    assert each_house.assistant.heard == ["hello"]
    messages = await customer.history()
    assert [m["text"] for m in messages if m["sender"] == "customer"] == ["hello"]


async def test_messages_keep_their_order_without_waiting_for_acks(
    each_house: House,
) -> None:
    customer, maria, row = await each_house.claimed()
    acks: list[asyncio.Future[object]] = []
    loop = asyncio.get_running_loop()
    for n in range(30):
        done = loop.create_future()
        acks.append(done)
        await customer.io.emit(
            "user_uttered",
            {"session_id": customer.session_id, "message": f"line {n}"},
            callback=done.set_result,
        )
    await asyncio.wait_for(asyncio.gather(*acks), 20)
    await maria.sees("line 29")
    seen = [
        added["event"]["text"]
        for added in maria.all("event_added")
        if added["event"].get("text", "").startswith("line")
    ]
    assert seen == [f"line {n}" for n in range(30)]


async def test_writers_at_once_are_told_of_in_the_logs_order(
    each_house: House,
) -> None:
    customer, maria, row = await each_house.claimed()
    tabs = [await each_house.customer(session_id=customer.session_id) for _ in range(4)]
    watching = tabs.pop()
    await asyncio.gather(
        *(tab.say(f"line {n}") for n in range(8) for tab in tabs),
        *(
            maria.act(
                "message_send",
                conversation_id=row["conversation_id"],
                text=f"reply {n}",
            )
            for n in range(8)
        ),
    )
    told = ("user_echo", "bot_uttered")
    await watching.until(
        lambda: len([name for name, _ in watching.events if name in told]) >= 32
    )
    seqs = [payload["seq"] for name, payload in watching.events if name in told]
    assert seqs == sorted(seqs)
    prevs = [payload["prev"] for name, payload in watching.events if name in told]
    assert prevs[1:] == seqs[:-1]


async def test_bot_answers_a_burst_one_turn_at_a_time_in_order(house: House) -> None:
    customer = await house.customer()
    house.assistant.door.clear()
    for n in range(4):
        await customer.say(f"line {n}")
    await house.assistant.entered.wait()
    assert house.assistant.heard == ["line 0"]
    house.assistant.door.set()
    await customer.hears("You said: line 3")
    assert house.assistant.heard == [f"line {n}" for n in range(4)]


async def test_reconnecting_client_gets_what_it_missed(house: House) -> None:
    customer, maria, row = await house.claimed()
    last = customer.all("bot_uttered")[-1]["seq"]
    await customer.close()
    for n in range(3):
        await maria.act(
            "message_send", conversation_id=row["conversation_id"], text=f"word {n}"
        )
    back = await house.customer(session_id=customer.session_id, last_seq=last)
    assert back.session_id == customer.session_id
    history = back.all("history")[0]
    assert [m["text"] for m in history["messages"]] == [f"word {n}" for n in range(3)]
    assert history["messages"][0]["prev"] == last
    assert history["last_seq"] == history["messages"][-1]["seq"]
    assert back.all("conversation_status")[0]["agent"] == {
        "name": "Maria",
        "team": "returns",
    }


async def test_tabs_of_a_customer_keep_in_step(house: House) -> None:
    first = await house.customer()
    second = await house.customer(session_id=first.session_id)
    await first.say("hello", message_id="m-1")
    echo = await second.next("user_echo", message_id="m-1")
    assert echo["text"] == "hello"
    await second.hears("You said: hello")
    await first.hears("You said: hello")
    assert first.all("user_echo") == []


async def test_agents_tabs_and_reload_lose_nothing(house: House) -> None:
    customer, maria, row = await house.claimed()
    seen = (await maria.sees("has joined"))["seq"]
    await maria.close()
    await customer.say("are you there?")
    again = await house.agent()
    assert [r["handoff_id"] for r in again.all("snapshot")[0]["mine"]] == [
        row["handoff_id"]
    ]
    ack = await again.call("sync", {"cursors": {row["conversation_id"]: seen}})
    found = ack["conversations"][row["conversation_id"]]
    assert "are you there?" in [event.get("text") for event in found["events"]]
    assert all(event["seq"] > seen for event in found["events"])


async def test_repeated_client_id_gets_the_first_ack(each_house: House) -> None:
    customer, maria, row = await each_house.claimed()
    message = {
        "conversation_id": row["conversation_id"],
        "text": "once",
        "client_id": "c-1",
    }
    first = await maria.call("message_send", message)
    assert await maria.call("message_send", message) == first
    note = message | {"text": "a note", "client_id": "c-2"}
    first = await maria.call("note_add", note)
    assert await maria.call("note_add", note) == first
    close = {
        "handoff_id": row["handoff_id"],
        "disposition": "resolved",
        "client_id": "c-3",
    }
    first = await maria.call("handoff_close", close)
    assert first["ok"]
    assert await maria.call("handoff_close", close) == first
    texts = [message.get("text") for message in await customer.history()]
    assert texts.count("once") == 1
    assert "a note" not in texts


async def test_nothing_is_told_when_the_commit_fails(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer, maria, row = await house.claimed()
    before = len(maria.events)

    async def refuse(*_args: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(log_store, "write", refuse)
        ack = await customer.say("is anyone there?", message_id="m-9")
    assert ack == {
        "ok": False,
        "error": "internal",
        "message": "Something went wrong on our side.",
    }
    assert maria.events[before:] == []
    again = await customer.say("is anyone there?", message_id="m-9")
    assert again["ok"]
    await maria.sees("is anyone there?")


async def test_owed_turn_is_taken_up_by_the_next_process(
    database_url: str, assistant: ScriptedAssistant, tmp_path: object
) -> None:
    settings = settings_for(database_url, assistant.port, tmp_path)  # type: ignore[arg-type]
    assistant.door.clear()
    async with House.open(settings, assistant) as house:
        customer = await house.customer()
        await customer.say("where is my parcel?")
        await assistant.entered.wait()
        token = customer.session_id
    assistant.door.set()
    async with House.open(settings, assistant) as house:
        customer = await house.customer(session_id=token)
        await customer.until(
            lambda: (
                "You said: where is my parcel?" in customer.texts()
                or "You said: where is my parcel?"
                in [m.get("text") for m in customer.all("history")[0]["messages"]]
            )
        )
        messages = [m.get("text") for m in await customer.history()]
        assert messages.count("You said: where is my parcel?") == 1
        assert messages.count("where is my parcel?") == 1


async def test_client_of_the_bare_form_hears_bot_and_agent(house: House) -> None:
    bare = BareClient(house.url)
    session_id = await bare.open()
    await bare.io.emit(
        "user_uttered", {"session_id": session_id, "message": "hello", "customData": {}}
    )
    assert "automated" in str((await bare.next_message())["text"])
    assert await bare.next_message() == {"text": "You said: hello"}
    maria = await house.agent()
    await bare.io.emit("request_human", {"session_id": session_id})
    row = await maria.claim(await maria.queued())
    texts = [await bare.next_message() for _ in range(3)]
    assert all(list(text) == ["text"] for text in texts)
    await maria.act(
        "message_send", conversation_id=row["conversation_id"], text="Hi there."
    )
    assert await bare.next_message() == {"text": "Maria: Hi there."}
    await bare.close()
    await maria.act(
        "message_send", conversation_id=row["conversation_id"], text="Still there?"
    )
    again = BareClient(house.url)
    assert await again.open(session_id) == session_id
    assert await again.next_message() == {"text": "Maria: Still there?"}
    await again.close()


async def test_refusal_without_an_ack_comes_as_an_event(house: House) -> None:
    customer = await house.customer()
    await customer.io.emit(
        "user_uttered",
        {"session_id": "nobody's", "message": "hello", "message_id": "m-1"},
    )
    refusal = await customer.next("message_refused")
    assert refusal["error"] == "unknown_session"
    assert refusal["message_id"] == "m-1"


async def test_client_of_the_bare_form_gets_each_part_in_its_own_shape(
    house: House,
) -> None:
    async def script(_body: dict[str, Any]) -> Any:
        answer = says("Which one?")
        yes = {"title": "Yes", "payload": "/affirm"}
        answer["replies"][0] |= {"buttons": [yes], "image": "https://shop/kettle.png"}
        return answer

    house.assistant.script = script
    bare = BareClient(house.url)
    session_id = await bare.open()
    await bare.io.emit("user_uttered", {"session_id": session_id, "message": "hello"})
    introduction, buttons, picture = [await bare.next_message() for _ in range(3)]
    check("#/components/schemas/BareText", introduction, "a text")
    check("#/components/schemas/BareButtons", buttons, "buttons")
    check("#/components/schemas/BarePicture", picture, "a picture")
    await bare.close()

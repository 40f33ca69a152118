"""Customers in Telegram, a real bridge, and agents in the inbox."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Protocol

import pytest

from handoff_bridge.channels.telegram.channel import Telegram
from tests.bridge.channels.fake_telegram import (
    RENEWED,
    TOKEN,
    FakeTelegram,
    Person,
)
from tests.bridge.conftest import settings_for
from tests.bridge.support import AgentClient, House, ScriptedAssistant
from tests.bridge.support.assistant import says
from tests.bridge.support.photos import pdf, photo
from tests.bridge.test_files import bearer, send, uploaded
from tests.bridge.test_promises import TicketDesk, desk

SECRET = "a-secret_of-the-tests"
__all__ = ["desk"]  # the fixture of another module
INTRODUCED = "automated assistant"


class Open(Protocol):
    """Opens a bridge; keywords are settings."""

    def __call__(self, **more: Any) -> AbstractAsyncContextManager[House]: ...


@pytest.fixture
async def telegram(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram.running() as fake:
        monkeypatch.setenv("TELEGRAM_TOKEN", TOKEN)
        monkeypatch.setenv("TELEGRAM_SECRET", SECRET)
        monkeypatch.setenv("TELEGRAM_API", fake.url)
        yield fake


@pytest.fixture
def opening(sqlite_url: str, assistant: ScriptedAssistant, tmp_path: Path) -> Open:
    def opened(**more: Any) -> AbstractAsyncContextManager[House]:
        settings = settings_for(sqlite_url, assistant.port, tmp_path, **more)
        return House.open(settings, assistant)

    return opened


async def set_webhook(house: House) -> None:
    """As the operator does once."""
    assert house.bridge is not None
    channel = house.bridge.channels["telegram"]
    assert isinstance(channel, Telegram)
    await channel.set_up()


@pytest.fixture
async def house(opening: Open, telegram: FakeTelegram) -> AsyncIterator[House]:
    async with opening() as opened:
        await set_webhook(opened)
        yield opened


@pytest.fixture
def nora(telegram: FakeTelegram) -> Person:
    return telegram.person("Nora", "en")


async def claimed(house: House, nora: Person) -> tuple[AgentClient, str, str]:
    """Maria has the chat that Nora asked a person into: handoff and conversation."""
    maria = await house.agent()
    await nora.writes("hello")
    await nora.sees("You said: hello")
    await nora.writes("human")
    row = await maria.claim(await maria.queued())
    await nora.sees("Maria")
    return maria, row["handoff_id"], row["conversation_id"]


# ---- the assistant


async def test_start_introduces_once_and_tells_the_ways(
    house: House, nora: Person
) -> None:
    await nora.writes("/start")
    shown = await nora.sees(INTRODUCED)
    assert "HUMAN" in shown.text
    assert house.assistant.heard == []
    await nora.writes("/start from-the-parcel")
    await nora.sees("To reach a person, just write HUMAN")
    assert len([text for text in nora.texts if INTRODUCED in text]) == 1
    assert house.assistant.heard == []


async def test_text_is_answered_by_the_assistant(house: House, nora: Person) -> None:
    await nora.writes("Where is *my* order? 😀")
    await nora.sees("You said: Where is *my* order? 😀")
    assert INTRODUCED in nora.texts[0]
    assert house.assistant.heard == ["Where is *my* order? 😀"]


async def questions(body: dict[str, Any]) -> Any:
    answer = says()
    if "payload" in body:
        answer["replies"] = [{"text": f"Did {body['payload']}"}]
    else:
        buttons = [
            {"title": "Yes, cancel it", "payload": "/affirm"},
            {"title": "No, keep it", "payload": "/deny"},
        ]
        answer["replies"] = [{"text": "Cancel it?", "buttons": buttons}]
    return answer


async def test_button_is_pressed_and_its_spinner_ends(
    house: House, nora: Person
) -> None:
    house.assistant.script = questions
    await nora.writes("cancel")
    await nora.sees("Cancel it?")
    query_id = await nora.presses("Yes, cancel it")
    await nora.sees("Did /affirm")
    await nora.telegram.is_answered(query_id)
    late = await nora.presses("No, keep it")
    await nora.sees("That button belongs to an earlier question")
    await nora.telegram.is_answered(late)


async def test_picture_of_the_assistants_is_a_photo(house: House, nora: Person) -> None:
    kept = nora.telegram.keep(photo("PNG"))["file_id"]
    url = f"{nora.telegram.url}/file/bot{TOKEN}/photos/{kept}.jpg"

    async def shows(body: dict[str, Any]) -> Any:
        answer = says()
        answer["replies"] = [{"text": "This one?", "image": url}]
        return answer

    house.assistant.script = shows
    await nora.writes("which?")
    await nora.sees("This one?")
    assert any("photo" in one.more for one in nora.telegram.shown)


# ---- people


async def test_main_road(
    telegram: FakeTelegram, each_house: House, nora: Person
) -> None:
    house = each_house
    await set_webhook(house)
    maria = await house.agent()
    await nora.writes("hello")
    await nora.sees("You said: hello")
    await nora.writes("Human!")
    await nora.sees("in line")
    row = await maria.claim(await maria.queued())
    await nora.sees("Maria from the returns team has joined")
    chat = row["conversation_id"]
    said = {"conversation_id": chat, "text": "Hi <b>Nora</b> & co."}
    assert (await maria.act("message_send", **said))["ok"]
    shown = await nora.sees("Nora")
    assert shown.text == "Maria: Hi <b>Nora</b> & co."
    await nora.writes("The lid is broken")
    await maria.sees("The lid is broken")
    assert "The lid is broken" not in house.assistant.heard
    done = {"handoff_id": row["handoff_id"], "disposition": "resolved"}
    assert (await maria.act("handoff_return", **done))["ok"]
    asked = await nora.sees("Did Maria settle it?")
    assert [button["text"] for button in asked.buttons] == ["1", "2", "3", "4", "5"]
    query_id = await nora.presses("5")
    await nora.telegram.is_answered(query_id)
    events = await house.events(maria, chat)
    (survey,) = [one for one in events if one["type"] == "survey"]
    assert survey["score"] == 5
    await nora.writes("thanks")
    await nora.sees("You said: thanks")


async def test_photos_go_both_ways_with_their_words(house: House, nora: Person) -> None:
    maria, _, chat = await claimed(house, nora)
    await nora.sends(photo=nora.photo(photo("JPEG", (64, 32))), caption="the crack")
    seen = await maria.sees("the crack")
    (kept,) = seen["attachments"]
    path = f"/uploads/{kept['attachment_id']}"
    response = await house.http.get(path, headers=bearer(maria.token))
    assert response.headers["content-type"] == "image/jpeg"
    file = ("new.jpg", photo("JPEG", (80, 40)), "image/jpeg")
    mine = await uploaded(house, maria.token, file, chat)
    assert (await send(maria, chat, [mine["attachment_id"]], "Like this?"))["ok"]
    shown = await nora.sees("Like this?")
    assert shown.text == "Maria: Like this?"
    assert shown.more["photo"][-1]["width"] == 80
    bill = ("Bill.pdf", pdf(), "application/pdf")
    mine = await uploaded(house, maria.token, bill, chat)
    assert (await send(maria, chat, [mine["attachment_id"]]))["ok"]
    await nora.telegram.until(
        lambda: nora.telegram.shown[-1].more.get("document") is not None
    )
    assert nora.telegram.shown[-1].more["document"]["file_name"] == "Bill.pdf"


async def test_file_that_is_too_large_is_not_asked_for(
    house: House, nora: Person
) -> None:
    kept = nora.telegram.keep(b"x" * (21 * 1024 * 1024))
    bills = {**kept, "file_name": "all.pdf", "mime_type": "application/pdf"}
    await nora.sends(document=bills, caption="my bills")
    await nora.sees("Pictures and PDFs up to 8 MB reach us here")
    assert "getFile" not in [method for method, _ in nora.telegram.requests]
    await nora.sees("You said: my bills")


async def test_nobody_there_is_told_with_a_promise(house: House, nora: Person) -> None:
    await nora.writes("talk to a person")
    await nora.sees("Nobody from the team is here right now")


async def test_promise_says_when_and_is_kept(
    opening: Open, telegram: FakeTelegram, nora: Person, desk: TicketDesk
) -> None:
    port = desk.port  # type: ignore[attr-defined]
    async with opening(backoffice_port=port, promise_retry_secs=0.1) as house:
        await set_webhook(house)
        await nora.writes("human")
        await nora.sees("you'll have an answer by Monday at")
        maria = await house.agent()
        row = await maria.claim(maria.all("snapshot")[0]["queue"][0])
        said = {"conversation_id": row["conversation_id"], "text": "Here I am."}
        assert (await maria.act("message_send", **said))["ok"]
        await nora.sees("Maria: Here I am.")


async def test_line_is_left_by_a_word(house: House, nora: Person) -> None:
    maria = await house.agent()
    await nora.writes("/human")
    await maria.queued()
    await nora.sees("LEAVE")
    await nora.writes("/leave")
    await nora.sees("You've left the line")


async def test_customer_sees_that_an_agent_writes(house: House, nora: Person) -> None:
    maria, _, chat = await claimed(house, nora)
    await maria.call("typing", {"conversation_id": chat, "active": True})
    await nora.telegram.is_typing_to(nora.chat_id)
    nora.telegram.is_down = True
    again = {"conversation_id": chat, "active": True}
    assert (await maria.call("typing", again))["ok"]
    assert (await maria.call("typing", again | {"active": False}))["ok"]


async def test_agent_hears_that_the_customer_has_blocked_the_bot(
    house: House, nora: Person
) -> None:
    maria, _, chat = await claimed(house, nora)
    nora.telegram.blocked.add(nora.chat_id)
    said = {"conversation_id": chat, "text": "Are you there?"}
    ack = await maria.act("message_send", **said)

    def failed() -> Any:
        added = [one["event"] for one in maria.all("event_added")]
        return [one for one in added if one["type"] == "delivery_failed"]

    (event,) = await maria.until(failed, "delivery_failed")
    assert (event["of_seq"], event["reason"]) == (ack["seq"], "blocked")
    assert event["channel"] == "telegram"
    assert event["detail"] == "Forbidden: bot was blocked by the user"


# ---- what comes in


async def chats(house: House) -> list[Any]:
    dana = await house.login("dana")
    response = await house.get("/conversations", dana["token"])
    found: list[Any] = response.json()["conversations"]
    return found


async def test_forged_update_is_refused_and_nothing_kept(
    house: House, nora: Person
) -> None:
    for secret in ("", "another-secret", SECRET[:-1]):
        forged = nora.update(text="I am Nora")
        response = await nora.telegram.push_once(forged, secret)
        assert response.status_code == 401
    await nora.writes("hello")
    await nora.sees("You said: hello")
    assert house.assistant.heard == ["hello"]
    assert len(await chats(house)) == 1


async def test_malformed_update_is_400(house: House, nora: Person) -> None:
    for body in (b"", b"{", b"[1]", b'{"message": {}}'):
        response = await nora.telegram.push_once(body)
        assert response.status_code == 400
    assert await chats(house) == []


async def test_repeated_update_is_one_message(house: House, nora: Person) -> None:
    update = nora.update(text="only once")
    for _ in range(3):
        await nora.telegram.push(update)
    await nora.writes("and then")
    await nora.sees("You said: and then")
    await nora.telegram.push(update)
    await nora.writes("at last")
    await nora.sees("You said: at last")
    assert house.assistant.heard == ["only once", "and then", "at last"]


async def test_updates_that_overtake_each_other_keep_their_order(
    house: House, nora: Person
) -> None:
    await nora.writes("first")
    await nora.sees("You said: first")
    updates = [nora.update(text=text) for text in ("second", "third", "fourth")]
    for update in reversed(updates):
        await nora.telegram.push(update)
    await nora.sees("You said: fourth")
    assert house.assistant.heard == ["first", "second", "third", "fourth"]


async def test_two_customers_do_not_wait_for_each_other(
    house: House, nora: Person
) -> None:
    omar = nora.telegram.person("Omar", "de")
    await asyncio.gather(
        *(nora.writes(f"n{number}") for number in range(5)),
        *(omar.writes(f"o{number}") for number in range(5)),
    )
    await nora.sees("You said: n4")
    await omar.sees("You said: o4")
    for person, letter in ((nora, "n"), (omar, "o")):
        answers = [text for text in person.texts if text.startswith("You said")]
        assert answers == [f"You said: {letter}{number}" for number in range(5)]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ({"sticker": {"emoji": "🙂"}}, "I can't see stickers"),
        ({"location": {"latitude": 1.0, "longitude": 2.0}}, "I can't see locations"),
        ({"contact": {"phone_number": "1"}}, "I can't open contacts"),
        ({"voice": {"duration": 3}}, "I can't listen to voice messages"),
        ({"video_note": {"duration": 3}}, "I can't watch videos"),
        ({"dice": {"value": 6}}, "I can't open that kind of message"),
    ],
)
async def test_what_nobody_can_read_gets_an_honest_line(
    house: House, nora: Person, content: dict[str, Any], line: str
) -> None:
    await nora.sends(**content)
    await nora.sees(line)
    assert house.assistant.heard == []


async def test_change_to_a_message_gets_an_honest_line(
    house: House, nora: Person
) -> None:
    await nora.writes("my order is 1")
    await nora.sees("You said: my order is 1")
    edited = nora.message(text="my order is 2")
    await nora.telegram.push(nora.telegram.update("edited_message", edited))
    await nora.sees("Changes to a message don't reach us")
    assert house.assistant.heard == ["my order is 1"]


async def test_group_gets_nothing(house: House, nora: Person) -> None:
    group = {"id": -100, "type": "supergroup", "title": "Friends"}
    message = {**nora.message(text="hello all"), "chat": group}
    await nora.telegram.push(nora.telegram.update("message", message))
    await nora.writes("hello you")
    await nora.sees("You said: hello you")
    assert house.assistant.heard == ["hello you"]
    assert len(await chats(house)) == 1
    assert {one.address for one in nora.telegram.shown} == {nora.address}


async def test_text_with_nul_and_half_a_sign_is_taken(
    telegram: FakeTelegram, each_house: House, nora: Person
) -> None:
    await set_webhook(each_house)
    await nora.writes("nul \x00 and \ud83d half")
    await nora.sees("You said: nul")


# ---- what goes out


def words(count: int) -> str:
    """A text of so many characters, each word another one."""
    numbered = " ".join(f"{number:05}" for number in range(count // 6 + 1))
    return numbered[:count]


async def test_long_texts_go_both_ways_whole_and_in_order(
    house: House, nora: Person
) -> None:
    maria, _, chat = await claimed(house, nora)
    long = words(5_000)
    await nora.writes(long)
    assert (await maria.sees("00000 00001"))["text"] == long
    nora.telegram.shown.clear()
    for text in (words(5_000), "😀 " * 2_400):
        said = {"conversation_id": chat, "text": text}
        assert (await maria.act("message_send", **said))["ok"]
    said = {"conversation_id": chat, "text": "That was it."}
    assert (await maria.act("message_send", **said))["ok"]
    await nora.sees("That was it.")
    whole = " ".join(nora.texts)
    assert whole.split() == [
        *("Maria:", *words(5_000).split(), "Maria:", *["😀"] * 2_400),
        *("Maria:", "That", "was", "it."),
    ]


async def says_long(body: dict[str, Any]) -> Any:
    return says(f"{words(10_000)} the end")


async def test_answer_of_ten_thousand_characters_is_split(
    house: House, nora: Person
) -> None:
    house.assistant.script = says_long
    await nora.writes("tell me all")
    await nora.sees("the end")
    pieces = [text for text in nora.texts if INTRODUCED not in text]
    assert len(pieces) == 3
    assert " ".join(pieces).split() == [*words(10_000).split(), "the", "end"]


async def test_answers_wait_for_telegram_in_their_order(
    house: House, nora: Person
) -> None:
    await nora.writes("before")
    await nora.sees("You said: before")
    nora.telegram.is_down = True
    await nora.writes("one")
    await nora.writes("two")
    while len(house.assistant.heard) < 3:
        await asyncio.sleep(0.01)
    nora.telegram.is_down, nora.telegram.throttled = False, 2
    await nora.sees("You said: two")
    answers = [text for text in nora.texts if text.startswith("You said")]
    assert answers == [f"You said: {text}" for text in ("before", "one", "two")]


async def test_answer_that_was_lost_is_sent_again(house: House, nora: Person) -> None:
    await nora.writes("before")
    await nora.sees("You said: before")
    nora.telegram.mute = 1
    await nora.writes("one")
    await nora.writes("two")
    await nora.sees("You said: two")
    assert nora.texts.count("You said: one") == 2  # Telegram has no key against it
    assert nora.texts.count("You said: two") == 1


async def test_token_that_is_mended_sends_what_has_waited(
    opening: Open, telegram: FakeTelegram, nora: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opening() as house:
        await set_webhook(house)
        telegram.token = RENEWED
        await nora.writes("hello")
        while not house.assistant.heard:
            await asyncio.sleep(0.01)
    monkeypatch.setenv("TELEGRAM_TOKEN", RENEWED)
    async with opening():
        await nora.sees("You said: hello")
    assert nora.texts.count("You said: hello") == 1


async def test_updates_wait_while_the_bridge_is_down(
    opening: Open, telegram: FakeTelegram, nora: Person
) -> None:
    async with opening() as house:
        await set_webhook(house)
        port = house.settings.bridge_port
    waiting = [asyncio.create_task(nora.writes(f"{number}")) for number in range(3)]
    async with opening(bridge_port=port):
        await asyncio.gather(*waiting)
        await nora.sees("You said: 2")
    answers = [text for text in nora.texts if text.startswith("You said")]
    assert answers == ["You said: 0", "You said: 1", "You said: 2"]

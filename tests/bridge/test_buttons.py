"""A button is bound to its question: late, twice or elsewhere, a press does nothing."""

import asyncio
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from handoff_bridge.store.database import Database
from handoff_bridge.store.tables import events, offers
from tests.bridge.conftest import settings_for
from tests.bridge.support import House, ScriptedAssistant
from tests.bridge.support.assistant import says
from tests.bridge.support.clients import BareClient, Customer

LATE = "That button belongs to an earlier question, so I've changed nothing."
NEWSLETTER = ("Yes, take it off", "No, leave it on")
CANCEL = ("Yes, cancel it", "No, keep it")
ASKED = {"newsletter": NEWSLETTER, "cancel": CANCEL}


def asks(text: str, *titles: str) -> dict[str, Any]:
    """A reply with a yes and a no, which say the same to the assistant everywhere."""
    commands = ("/affirm", "/deny")
    pairs = zip(titles, commands, strict=True)
    return {"text": text, "buttons": [{"title": t, "payload": p} for t, p in pairs]}


async def questions(body: dict[str, Any]) -> Any:
    """Asks what is named; does what a button says; echoes all else."""
    answer = says()
    if body["message"] in ASKED:
        titles = ASKED[body["message"]]
        answer["replies"] = [asks(f"{body['message']}?", *titles)]
    else:
        done = f"Did {body['payload']}" if "payload" in body else "Heard"
        answer["replies"] = [{"text": f"{done}: {body['message']}"}]
    return answer


@pytest.fixture(autouse=True)
def script(assistant: ScriptedAssistant) -> None:
    assistant.script = questions


async def asked(customer: Customer, what: str) -> dict[str, str]:
    """Has a question asked; payloads by title."""
    await customer.say(what)
    return payloads(await customer.next("bot_uttered", text=f"{what}?"))


def payloads(message: dict[str, Any]) -> dict[str, str]:
    return {each["title"]: each["payload"] for each in message["quick_replies"]}


async def late(customer: Customer, times: int = 1) -> dict[str, Any]:
    """Waits for the line about a late press, and gives the newest."""
    await customer.until(lambda: customer.texts("bot").count(LATE) >= times, LATE)
    lines = [m for m in customer.all("bot_uttered") if m.get("text") == LATE]
    assert len(lines) == times
    return dict(lines[-1])


def commands(house: House) -> list[str]:
    """What ran."""
    turns = house.assistant.turns
    return [turn["payload"] for turn in turns if turn.get("payload")]


async def said(customer: Customer) -> list[str]:
    """What the customer said, as the log has it."""
    history = await customer.history()
    return [message["text"] for message in history if message["sender"] == "customer"]


async def test_payloads_are_opaque_and_stay_the_same(each_house: House) -> None:
    customer = await each_house.customer()
    first = await asked(customer, "newsletter")
    second = await asked(customer, "cancel")
    other = await asked(await each_house.customer(), "cancel")
    every = [*first.values(), *second.values(), *other.values()]
    assert len(set(every)) == 6
    assert not any("affirm" in each or each.startswith("/") for each in every)
    again = [m for m in await customer.history() if "quick_replies" in m]
    assert [payloads(message) for message in again] == [first, second]
    bare = BareClient(each_house.url)
    await bare.open(customer.session_id)
    shown = [await bare.next_message() for _ in range(3)]
    assert [payloads(m) for m in shown if "quick_replies" in m] == [first, second]
    await bare.close()


async def test_an_old_yes_is_not_a_yes_to_the_open_question(each_house: House) -> None:
    customer = await each_house.customer()
    old = await asked(customer, "newsletter")
    new = await asked(customer, "cancel")
    ack = await customer.say(old["Yes, take it off"])
    assert ack["ok"]
    line = await late(customer)
    assert (line["sender"], payloads(line)) == ("bot", new)
    assert commands(each_house) == []
    assert await said(customer) == ["newsletter", "cancel", "Yes, take it off"]
    # The open question is offered again, and still works, once.
    await customer.say(payloads(line)["Yes, cancel it"])
    await customer.hears("Did /affirm: Yes, cancel it")
    await customer.say(new["No, keep it"])
    assert "quick_replies" not in await late(customer, 2)
    assert commands(each_house) == ["/affirm"]


async def test_a_press_counts_once_whatever_its_message_id(each_house: House) -> None:
    customer = await each_house.customer()
    tab = await each_house.customer(session_id=customer.session_id)
    yes = (await asked(customer, "cancel"))["Yes, cancel it"]
    acks = await asyncio.gather(
        customer.say(yes, message_id="m-1"),
        customer.say(yes, message_id="m-1"),
        tab.say(yes, message_id="m-2"),
    )
    assert acks[0] == acks[1]
    await customer.hears("Did /affirm: Yes, cancel it")
    await late(customer)
    assert await customer.say(yes, message_id="m-1") == acks[0]
    assert await customer.say(yes, message_id="m-2") == acks[2]
    await tab.say(yes)
    await late(customer, 2)
    assert commands(each_house) == ["/affirm"]


async def test_a_press_takes_its_question_before_it_is_answered(house: House) -> None:
    customer = await house.customer()
    both = await asked(customer, "cancel")
    house.assistant.entered.clear()
    house.assistant.door.clear()
    await customer.say(both["Yes, cancel it"])
    await house.assistant.entered.wait()
    await customer.say(both["No, keep it"])
    assert "quick_replies" not in await late(customer)
    house.assistant.door.set()
    await customer.hears("Did /affirm: Yes, cancel it")
    assert commands(house) == ["/affirm"]


async def test_a_button_works_in_its_own_conversation_only(each_house: House) -> None:
    customer, other = await each_house.customer(), await each_house.customer()
    yes = (await asked(customer, "cancel"))["Yes, cancel it"]
    await asked(other, "cancel")
    await other.say(yes)
    line = await late(other)
    assert set(payloads(line)) == set(CANCEL)
    assert await said(other) == ["cancel", "Yes, cancel it"]
    # It has lost nothing where it belongs.
    await customer.say(yes)
    await customer.hears("Did /affirm: Yes, cancel it")
    assert commands(each_house) == ["/affirm"]
    # In a conversation that is new, the bot says first what it is.
    third = await each_house.customer()
    await third.say(yes)
    await late(third)
    assert "automated" in third.texts("bot")[0]


async def test_a_made_up_button_is_none(house: House) -> None:
    customer = await house.customer()
    await customer.say(f"button:{secrets.token_hex(12)}:0")
    await late(customer)
    assert await said(customer) == ["(an earlier button)"]
    assert house.assistant.turns == []


async def test_a_press_waits_to_see_what_an_earlier_message_leads_to(
    each_house: House,
) -> None:
    customer = await each_house.customer()
    old = await asked(customer, "newsletter")
    each_house.assistant.entered.clear()
    each_house.assistant.door.clear()
    await customer.say("cancel")
    await each_house.assistant.entered.wait()
    await customer.say(old["Yes, take it off"])  # the question on screen as yet
    each_house.assistant.door.set()
    line = await late(customer)
    assert set(payloads(line)) == set(CANCEL)
    assert commands(each_house) == []
    assert customer.texts("bot")[-2:] == ["cancel?", LATE]


async def test_a_question_is_over_once_anything_else_is_answered(house: House) -> None:
    customer = await house.customer()
    old = await asked(customer, "newsletter")
    await customer.say("what is the weather like?")
    await customer.hears("Heard: what is")
    await customer.say(old["Yes, take it off"])
    assert "quick_replies" not in await late(customer)


async def test_all_messages_of_a_turn_are_one_question(house: House) -> None:
    async def two(body: dict[str, Any]) -> Any:
        if body.get("payload"):
            return says(f"Did {body['payload']}")
        answer = says()
        stars = [{"title": f"{n} stars", "payload": "/rate"} for n in range(12)]
        answer["replies"] = [
            asks("Cancel it?", *CANCEL),
            {"text": "Or rate us:", "buttons": stars},
            {"text": "Take your time."},
        ]
        return answer

    house.assistant.script = two
    customer = await house.customer()
    for title, command in (("No, keep it", "/deny"), ("11 stars", "/rate")):
        await customer.say("hello")
        count = len(customer.texts("bot"))
        await customer.until(lambda seen=count: len(customer.texts("bot")) > seen)
        await customer.hears("Take your time.")
        shown = [m for m in await customer.history() if "quick_replies" in m][-2:]
        both = {**payloads(shown[0]), **payloads(shown[1])}
        # Twelve that do the same are still twelve.
        assert len(set(both.values())) == len(both) == 14
        await customer.say(both[title])
        await customer.hears(f"Did {command}")
        assert (await said(customer))[-1] == title
    await customer.say("hello")
    await customer.until(lambda: customer.texts("bot").count("Take your time.") == 3)
    await customer.say(both["11 stars"])
    again = (await late(customer))["quick_replies"]
    assert [each["title"] for each in again][:3] == [*CANCEL, "0 stars"]
    assert again[-1]["title"] == "11 stars"


async def test_words_typed_are_words_even_if_they_stand_on_a_button(
    house: House,
) -> None:
    customer = await house.customer()
    await asked(customer, "cancel")
    for text in ("Yes, cancel it", "/affirm"):
        await customer.say(text)
        await customer.hears(f"Heard: {text}")
    assert commands(house) == []


async def test_a_button_without_an_intent_says_its_words(house: House) -> None:
    async def offers_words(body: dict[str, Any]) -> Any:
        if body["message"] != "hello":
            return says(f"You said: {body['message']}, {body.get('payload')}")
        button = {"title": "Track it", "payload": "where is my order?"}
        answer = says()
        answer["replies"] = [{"text": "How can I help?", "buttons": [button]}]
        return answer

    house.assistant.script = offers_words
    customer = await house.customer()
    await customer.say("hello")
    shown = await customer.next("bot_uttered", text="How can I help?")
    await customer.say(payloads(shown)["Track it"])
    await customer.hears("You said: where is my order?, None")
    assert (await said(customer))[-1] == "Track it"


async def test_with_a_human_a_press_is_its_words(each_house: House) -> None:
    customer, maria = await each_house.customer(), await each_house.agent()
    old = await asked(customer, "cancel")
    await customer.ask_for_human()
    await customer.say(old["No, keep it"])  # in line
    row = await maria.claim(await maria.queued())
    await customer.say(old["Yes, cancel it"])
    assert (await maria.sees("Yes, cancel it"))["actor"]["type"] == "customer"
    packet = await each_house.get(f"/handoffs/{row['handoff_id']}", maria.token)
    spoken = [line["text"] for line in packet.json()["transcript"]]
    assert spoken[-1] == "Yes, cancel it"
    assert "No, keep it" in spoken
    assert LATE not in spoken
    assert commands(each_house) == []

    # Back with the assistant: what it asks in greeting works, what it asked before not.
    async def greets(body: dict[str, Any]) -> Any:
        answer = says()
        answer["replies"] = [asks("Did this settle it?", "It did", "It did not")]
        return answer

    each_house.assistant.handback_script = greets
    ending = {"handoff_id": row["handoff_id"], "disposition": "resolved"}
    assert (await maria.act("handoff_return", **ending))["ok"]
    greeting = await customer.next("bot_uttered", text="Did this settle it?")
    await customer.say(old["Yes, cancel it"])
    assert payloads(await late(customer)) == payloads(greeting)
    await customer.say(payloads(greeting)["It did not"])
    await customer.hears("Did /deny: It did not")


async def test_a_press_reopens_a_closed_chat_and_changes_nothing(house: House) -> None:
    customer, maria = await house.customer(), await house.agent()
    old = await asked(customer, "cancel")
    await customer.ask_for_human()
    row = await maria.claim(await maria.queued())
    ending = {"handoff_id": row["handoff_id"], "disposition": "resolved"}
    assert (await maria.act("handoff_close", **ending))["ok"]
    await customer.status("closed")
    await customer.say(old["Yes, cancel it"])
    assert "quick_replies" not in await late(customer)
    assert commands(house) == []


async def test_the_assistant_never_hears_of_a_late_press(house: House) -> None:
    customer, maria = await house.customer(), await house.agent()
    old = await asked(customer, "newsletter")
    await asked(customer, "cancel")
    await customer.say(old["Yes, take it off"])
    await late(customer)
    await customer.ask_for_human()
    row = await maria.claim(await maria.queued())
    await customer.say("hello Maria")
    await maria.sees("hello Maria")
    ending = {"handoff_id": row["handoff_id"], "disposition": "resolved"}
    assert (await maria.act("handoff_return", **ending))["ok"]
    [told] = house.assistant.handbacks
    assert [message["text"] for message in told["messages"]] == ["hello Maria"]


async def test_buttons_of_a_reminder_work_and_news_leaves_the_question_open(
    each_house: House,
) -> None:
    customer, maria = await each_house.customer(), await each_house.agent()
    old = await asked(customer, "newsletter")
    await customer.ask_for_human()
    conversation_id = (await maria.queued())["conversation_id"]
    await customer.call("leave", {"session_id": customer.session_id})
    await customer.status("bot")

    async def remind(reply: dict[str, Any]) -> dict[str, Any]:
        token = each_house.settings.service_token
        body = {"conversation_id": conversation_id, "message_id": secrets.token_hex(8)}
        await each_house.http.post(
            "/bot/messages",
            json={**body, "reply": reply},
            headers={"Authorization": f"Bearer {token}"},
        )
        found: dict[str, Any] = await customer.next("bot_uttered", text=reply["text"])
        return found

    reminder = payloads(await remind(asks("Still there?", "I am", "I am not")))
    await remind({"text": "Your parcel has left."})
    await customer.say(old["Yes, take it off"])
    assert payloads(await late(customer)) == reminder
    await customer.say(reminder["I am"])
    await customer.hears("Did /affirm: I am")


async def test_a_press_that_was_taken_is_finished_after_a_restart(
    database_url: str, assistant: ScriptedAssistant, tmp_path: Path
) -> None:
    settings = settings_for(database_url, assistant.port, tmp_path)
    async with House.open(settings, assistant) as house:
        customer = await house.customer()
        yes = (await asked(customer, "cancel"))["Yes, cancel it"]
        assistant.entered.clear()
        assistant.door.clear()
        await customer.say(yes)
        await assistant.entered.wait()
    assistant.door.set()
    async with House.open(settings, assistant) as house:
        again = await house.customer(session_id=customer.session_id)
        await again.until(
            lambda: any(
                message.get("text") == "Did /affirm: Yes, cancel it"
                for message in again.all("history")[0]["messages"]
                + again.all("bot_uttered")
            )
        )
        assert LATE not in [message.get("text") for message in await again.history()]
        same = {turn["message_id"] for turn in assistant.turns if turn.get("payload")}
        assert len(same) == 1


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("es", "no he cambiado nada"),
        ("de", "nichts geändert"),
        ("fr", "rien changé"),
    ],
)
async def test_the_line_is_in_the_customers_language(
    house: House, language: str, words: str
) -> None:
    customer = await house.customer(locale=language)
    old = await asked(customer, "cancel")
    await asked(customer, "newsletter")
    await customer.say(old["Yes, cancel it"])
    await customer.hears(words, "bot")


async def test_an_old_log_with_intents_under_its_buttons_shows_none(
    house: House, database: Database
) -> None:
    customer = await house.customer()
    await asked(customer, "cancel")
    async with database.write() as tx:
        raw = {"content_type": "text", "title": "Yes, cancel it", "payload": "/affirm"}
        data = {"text": "cancel?", "quick_replies": [raw]}
        shown = events.c.data["text"].as_string() == "cancel?"
        await tx.execute(sa.update(events).where(shown).values(data=data))
    assert (await customer.history())[-1]["text"] == "cancel?"
    assert "quick_replies" not in (await customer.history())[-1]


async def test_old_buttons_are_forgotten(
    house: House, database: Database, sqlite_url: str
) -> None:
    customer = await house.customer()
    old = await asked(customer, "newsletter")
    async with database.write() as tx:
        [(at,)] = set(await tx.execute(sa.select(offers.c.created_at)))
        long_ago = at - timedelta(days=31)
        await tx.execute(sa.update(offers).values(created_at=long_ago))
    await asked(customer, "cancel")
    async with database.read() as tx:
        kept = (await tx.execute(sa.select(offers.c.title))).scalars()
        assert set(kept) == set(CANCEL)
    await customer.say(old["Yes, take it off"])
    assert set(payloads(await late(customer))) == set(CANCEL)


@pytest.fixture
async def database(sqlite_url: str) -> Any:
    """The bridge's database, beside the bridge."""
    opened = Database(sqlite_url)
    yield opened
    await opened.close()

"""Customers on WhatsApp and by SMS, through a real bridge and a made-up Twilio."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.bridge.channels.fake_platform import Shown
from tests.bridge.channels.fake_twilio import (
    ACCOUNT,
    PIXEL,
    SMS,
    TOKEN,
    WHATSAPP,
    FakeTwilio,
    Message,
)
from tests.bridge.conftest import settings_for
from tests.bridge.support import AgentClient, House, ScriptedAssistant
from tests.bridge.support.assistant import says
from tests.bridge.support.photos import photo
from tests.bridge.test_files import uploaded

ADA = "+15017122661"
CHANNELS = ("whatsapp", "sms")


class Town:
    """A bridge with both channels, a Twilio, and Ada, who uses one of them."""

    def __init__(self, house: House, twilio: FakeTwilio, channel: str) -> None:
        self.house = house
        self.twilio = twilio
        self.channel = channel
        assert house.bridge is not None
        # What fails is tried again at once.
        house.bridge.channel_outbox._pause_secs = 0.01
        house.bridge.channel_inbox._pause_secs = 0.01

    async def say(self, text: str = "", **more: Any) -> None:
        answer = await self.twilio.says(self.channel, ADA, text, **more)
        assert (answer.status_code, answer.content) == (200, b"<Response/>")

    async def sees(self, text: str) -> Shown:
        return await self.twilio.sees(ADA, text)

    async def claimed(self) -> tuple[AgentClient, dict[str, Any]]:
        """Maria, and Ada's chat, which she has."""
        maria = await self.house.agent()
        await self.say("HUMAN")
        await self.sees("in line")
        row = await maria.claim(await maria.queued())
        await self.sees("has joined")
        return maria, row

    async def answers(
        self, maria: AgentClient, row: dict[str, Any], text: str, **more: Any
    ) -> int:
        """Maria writes to her: the entry's number."""
        sent = await maria.act(
            "message_send", conversation_id=row["conversation_id"], text=text, **more
        )
        assert sent["ok"]
        return int(sent["seq"])

    def message(self, text: str) -> Message:
        """The newest to Ada that begins so."""
        return [one for one in self.twilio.messages if one.body.startswith(text)][-1]


@asynccontextmanager
async def town_of(
    url: str,
    assistant: ScriptedAssistant,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    channel: str,
    **more: str,
) -> AsyncIterator[Town]:
    async with FakeTwilio.running() as twilio:
        given = {
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_WHATSAPP_FROM": WHATSAPP,
            "TWILIO_SMS_FROM": SMS,
            "TWILIO_API": twilio.url,
            "TWILIO_CONTENT_API": twilio.url,
            **more,
        }
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        # Nothing here is about an assistant that takes long.
        settings = settings_for(
            url, assistant.port, folder, rasa_deadline_secs=10.0, lease_secs=30.0
        )
        for name in CHANNELS:
            twilio.webhooks[name] = f"{settings.public}/channels/{name}/message"
        async with House.open(settings, assistant) as house:
            yield Town(house, twilio, channel)
            await twilio.settled()


@pytest.fixture(params=CHANNELS)
async def town(
    request: pytest.FixtureRequest,
    sqlite_url: str,
    assistant: ScriptedAssistant,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Town]:
    async with town_of(
        sqlite_url, assistant, tmp_path, monkeypatch, request.param
    ) as opened:
        yield opened


@pytest.fixture(params=CHANNELS)
async def each_town(
    request: pytest.FixtureRequest,
    database_url: str,
    assistant: ScriptedAssistant,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Town]:
    async with town_of(
        database_url, assistant, tmp_path, monkeypatch, request.param
    ) as opened:
        yield opened


async def asks(_body: dict[str, Any]) -> dict[str, Any]:
    """A question with two buttons."""
    answer = says("Which one?")
    answer["replies"][0]["buttons"] = [
        {"title": title, "payload": f'/pick{{"colour": "{title}"}}'}
        for title in ("Red", "Blue")
    ]
    return answer


async def test_main_road(each_town: Town) -> None:
    town = each_town
    await town.say("hello")
    await town.sees("automated assistant")
    await town.sees("write HUMAN")
    await town.sees("You said: hello")
    maria, row = await town.claimed()
    assert row["channel"] == town.channel
    await town.answers(maria, row, "Hi, I am looking into it.")
    await town.sees("Maria: Hi, I am looking into it.")
    await town.say("thanks 👍")
    await maria.sees("thanks 👍")
    back = await maria.act(
        "handoff_return",
        handoff_id=row["handoff_id"],
        disposition="resolved",
        outcome="Done.",
    )
    assert back["ok"]
    await town.sees("from 1 (not at all) to 5")
    await town.say("4")
    await town.sees("Thank you for your answer.")
    log = await town.house.events(maria, row["conversation_id"])
    assert [one["score"] for one in log if one["type"] == "survey"] == [4]
    await town.say("and the bot?")
    await town.sees("You said: and the bot?")


@pytest.mark.parametrize("answer", ["2", "blue"])
async def test_questions_are_lists_that_a_number_or_the_words_answer(
    town: Town, answer: str
) -> None:
    town.house.assistant.script = asks
    await town.say("which?")
    assert (await town.sees("Which one?")).text.endswith("1. Red\n2. Blue")
    town.house.assistant.script = town.house.assistant._echo
    await town.say(answer)
    await town.sees("You said: Blue")
    assert "pick" in str(town.house.assistant.turns[-1])


async def test_nobody_there_is_a_promise(town: Town) -> None:
    await town.say("human")
    await town.sees("Nobody from the team is here right now.")


async def test_customers_are_told_apart_by_number_and_channel(town: Town) -> None:
    maria, row = await town.claimed()
    other = CHANNELS[1 - CHANNELS.index(town.channel)]
    for channel, address in ((other, ADA), (town.channel, "+15017122662")):
        await town.twilio.says(channel, address, f"hello by {channel}")
    await town.sees(f"You said: hello by {other}")
    await town.twilio.sees("+15017122662", f"You said: hello by {town.channel}")
    names = [e["text"] for e in await chat(town, maria, row) if e["type"] == "message"]
    assert not any("hello by" in text for text in names)


async def chat(town: Town, maria: AgentClient, row: dict[str, Any]) -> list[Any]:
    return await town.house.events(maria, row["conversation_id"])


# What is refused, and what counts once.


async def test_only_what_twilio_signs_comes_in(town: Town) -> None:
    url = town.twilio.webhooks[town.channel]
    form = town.twilio.incoming(town.channel, ADA, "forged")
    headers = town.twilio.headers(url, form)
    unsigned = {"Content-Type": headers["Content-Type"]}
    changed = form | {"Body": "forged anew"}
    port = town.house.settings.bridge_port
    elsewhere = url.replace(f"127.0.0.1:{port}", "elsewhere.example")
    for sent, given in [
        (form, unsigned),
        (form, town.twilio.headers(url, form, token="another")),
        (form, town.twilio.headers(elsewhere, form)),
        (changed, headers),
    ]:
        answer = await town.twilio.post(url, content=urlencode(sent), headers=given)
        assert answer.status_code == 401
    await town.say("hello")
    await town.sees("You said: hello")
    assert not any("forged" in text for text in town.twilio.texts(ADA))


async def test_what_is_not_for_this_channel_is_malformed(town: Town) -> None:
    url = town.twilio.webhooks[town.channel]
    form = town.twilio.incoming(town.channel, ADA, "lost")
    for changed in (
        {"To": "+15005550001"},
        {"AccountSid": f"AC{'f' * 32}"},
        {"MessageSid": "", "SmsSid": ""},
    ):
        answer = await town.twilio.send_form(url, form | changed)
        assert answer.status_code == 400
    answer = await town.twilio.post(
        url,
        content=b'{"MessageSid": "SM1"}',
        headers=town.twilio.headers(url, {}) | {"Content-Type": "application/json"},
    )
    assert answer.status_code == 400


async def test_a_repeated_message_is_one(each_town: Town) -> None:
    town = each_town
    url = town.twilio.webhooks[town.channel]
    form = town.twilio.incoming(town.channel, ADA, "once")
    for _ in range(3):
        answer = await town.twilio.send_form(url, form)
        assert answer.status_code == 200
    await town.say("and then")
    await town.sees("You said: and then")
    assert town.house.assistant.heard == ["once", "and then"]


async def test_stop_is_left_to_twilio(town: Town) -> None:
    await town.say("STOP", OptOutType="STOP")
    await town.say("hello")
    await town.sees("You said: hello")
    assert town.house.assistant.heard == ["hello"]


# What is no text.


async def test_photos_go_both_ways(each_town: Town) -> None:
    town = each_town
    maria, row = await town.claimed()
    await town.say("look", media=[("image/jpeg", photo("JPEG"))])
    [came] = (await maria.sees("look"))["attachments"]
    assert came["content_type"].startswith("image/")
    await town.say(media=[("image/png", PIXEL)])
    await maria.next("event_added")
    assert town.twilio.leaked == []
    file = ("shelf.png", photo("PNG"), "image/png")
    chat_id = row["conversation_id"]
    kept = await uploaded(town.house, maria.token, file, chat_id)
    await town.answers(maria, row, "Like this?", attachments=[kept["attachment_id"]])
    shown = await town.sees("Maria: Like this?")
    if town.channel == "sms":
        link = shown.text.split()[-1]
        answer = await town.twilio._http.get(link)
        assert answer.headers["Content-Type"].startswith("image/")
    else:
        # Twilio has to fetch it first, and may show the text before it.
        await town.twilio.until(
            lambda: any(one.more["media"] for one in town.twilio.shown)
        )
        [media] = [one.more["media"] for one in town.twilio.shown if one.more["media"]]
        assert media[0][0].startswith("image/")
        assert len(media[0][1]) > 0


async def test_a_photo_without_text_is_a_turn(town: Town) -> None:
    await town.say(media=[("image/png", PIXEL)])
    await town.twilio.until(lambda: len(town.twilio.texts(ADA)) >= 2)
    assert len(town.house.assistant.turns) == 1


@pytest.mark.parametrize(
    ("content_type", "told"),
    [
        ("audio/ogg", "I can't listen to voice messages"),
        ("text/vcard", "I can't open contacts here"),
        ("video/mp4", "I can't watch videos here"),
    ],
)
async def test_what_cannot_be_read_is_told_and_text_beside_it_is_heard(
    town: Town, content_type: str, told: str
) -> None:
    await town.say(media=[(content_type, b"...")])
    await town.sees(told)
    await town.say("my order is late", media=[(content_type, b"...")])
    await town.sees("You said: my order is late")
    count = sum(told in text for text in town.twilio.texts(ADA))
    assert (count, town.house.assistant.heard) == (2, ["my order is late"])


async def test_a_place_is_told_honestly(town: Town) -> None:
    await town.say(Latitude="37.787890", Longitude="-122.391664")
    await town.sees("I can't see locations here.")


async def test_long_texts_come_in_pieces_that_twilio_takes(town: Town) -> None:
    maria, row = await town.claimed()
    words = " ".join(f"word{n}" for n in range(500))
    await town.answers(maria, row, words)
    await town.sees("word499")
    pieces = [text for text in town.twilio.texts(ADA) if "word" in text]
    assert len(pieces) == 3
    assert " ".join(pieces) == f"Maria: {words}"


# What became of it.


async def test_the_agent_sees_delivered_and_read(each_town: Town) -> None:
    town = each_town
    maria, row = await town.claimed()
    seq = await town.answers(maria, row, "Hi!")
    await maria.next("delivery_changed", seq=seq, state="delivered")
    if town.channel == "whatsapp":
        await town.twilio.report(town.message("Maria: Hi!"), "read")
        await maria.next("delivery_changed", seq=seq, state="read")


async def test_reports_may_come_in_any_order_and_twice(town: Town) -> None:
    maria, row = await town.claimed()
    await town.twilio.settled()
    town.twilio.holds_reports = True
    seq = await town.answers(maria, row, "Hi!")
    await town.sees("Maria: Hi!")
    await town.twilio.settled()
    await town.twilio.release(1, 0, 0)
    await maria.next("delivery_changed", seq=seq, state="delivered")
    town.twilio.holds_reports = False
    await town.answers(maria, row, "Anything else?")
    await town.sees("Anything else?")
    await town.twilio.settled()
    states = [
        one["state"] for one in maria.all("delivery_changed") if one["seq"] == seq
    ]
    assert states[-1] == "delivered"


async def test_a_handset_that_is_off_is_told_to_the_agent(each_town: Town) -> None:
    town = each_town
    maria, row = await town.claimed()
    await town.twilio.settled()
    town.twilio.fail_with = 30003
    seq = await town.answers(maria, row, "Hi!")
    changed = await maria.next("delivery_changed", seq=seq, state="failed")
    assert (changed["reason"], changed["detail"]) == ("unreachable", "30003")
    [failed] = [e for e in await chat(town, maria, row) if e["type"] == _FAILED]
    assert (failed["of_seq"], failed["channel"]) == (seq, town.channel)


_FAILED = "delivery_failed"


async def test_somebody_who_opted_out_gets_nothing(town: Town) -> None:
    maria, row = await town.claimed()
    prefix = "whatsapp:" if town.channel == "whatsapp" else ""
    town.twilio.opted_out.add(f"{prefix}{ADA}")
    seq = await town.answers(maria, row, "Hi!")
    changed = await maria.next("delivery_changed", seq=seq, state="failed")
    assert (changed["reason"], changed["detail"]) == ("blocked", "21610")


async def test_twilio_finds_the_window_closed_afterwards(town: Town) -> None:
    if town.channel == "sms":
        pytest.skip("texts have no window")
    maria, row = await town.claimed()
    await town.twilio.settled()
    town.twilio.open_windows.clear()
    seq = await town.answers(maria, row, "Too late?")
    changed = await maria.next("delivery_changed", seq=seq, state="failed")
    assert (changed["reason"], changed["detail"]) == ("window_closed", "63016")


async def test_after_a_day_nothing_but_templates_is_sent(town: Town) -> None:
    maria, row = await town.claimed()
    bridge = town.house.bridge
    assert bridge is not None
    late = bridge.held.clock() + timedelta(days=1, minutes=1)
    original, bridge.held.clock = bridge.held.clock, lambda: late
    try:
        seq = await town.answers(maria, row, "Still there?")
        if town.channel == "sms":
            await town.sees("Maria: Still there?")
            return
        changed = await maria.next("delivery_changed", seq=seq, state="failed")
    finally:
        bridge.held.clock = original
    assert (changed["reason"], changed.get("detail")) == ("window_closed", None)
    assert not any("Still there?" in one.body for one in town.twilio.messages)


async def test_a_template_goes_where_the_window_is_closed(
    sqlite_url: str,
    assistant: ScriptedAssistant,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with town_of(
        sqlite_url, assistant, tmp_path, monkeypatch, "whatsapp"
    ) as town:
        sid = town.twilio.approve("answer", "Hello {{1}}, we have an answer.")
        maria, row = await town.claimed()
        await town.twilio.settled()
        town.twilio.open_windows.clear()
        sent = await maria.act(
            "message_send",
            conversation_id=row["conversation_id"],
            template={"template_id": sid, "variables": {"1": "Ada"}},
        )
        assert sent["ok"], sent
        shown = await town.sees("Hello Ada, we have an answer.")
        assert shown.more["template"]
        await maria.next("delivery_changed", seq=sent["seq"], state="delivered")


# What goes wrong in between.


async def test_a_lost_answer_is_one_message(each_town: Town) -> None:
    """Found in Twilio's list, since its reports do not come."""
    town = each_town
    maria, row = await town.claimed()
    await town.twilio.settled()
    town.twilio.holds_reports = True
    await town.answers(maria, row, "ok")
    await town.sees("Maria: ok")
    town.twilio.mute = 1
    seq = await town.answers(maria, row, "ok")
    await maria.next("delivery_changed", seq=seq, state="sent")
    await town.answers(maria, row, "bye")
    await town.sees("Maria: bye")
    assert town.twilio.texts(ADA)[-3:] == ["Maria: ok", "Maria: ok", "Maria: bye"]


async def test_a_report_tells_of_a_lost_answer(town: Town) -> None:
    """Its part is sent, though nobody may ask Twilio again for an hour."""
    maria, row = await town.claimed()
    await town.twilio.settled()
    assert town.house.bridge is not None
    town.house.bridge.channel_outbox._pause_secs = 3600.0
    town.twilio.mute = 1
    seq = await town.answers(maria, row, "ok")
    await maria.next("delivery_changed", seq=seq, state="delivered")
    await town.answers(maria, row, "bye")
    await town.sees("Maria: bye")
    assert town.twilio.texts(ADA)[-2:] == ["Maria: ok", "Maria: bye"]


async def test_what_came_while_nobody_listened_is_fetched(each_town: Town) -> None:
    """Twilio calls once, and says nothing of it later."""
    town, twilio = each_town, each_town.twilio
    twilio.incoming(town.channel, ADA, "before there was a bridge")
    twilio.received[0]["MessageSid"] = "SM0"
    assert town.house.bridge is not None
    missed = town.house.bridge.missed_messages
    await missed.ask()
    await town.say("first")
    await town.sees("You said: first")
    twilio.received.pop(0)
    for n in range(3):
        twilio.incoming(town.channel, ADA, f"missed {n}")
    twilio.incoming(town.channel, ADA, "look", media=[("image/png", PIXEL)])
    twilio.page_size = 2
    for n in range(2):
        await missed.ask()
        await town.say(f"and now {n}")
        await town.sees(f"You said: and now {n}")
    heard = [f"missed {n}" for n in range(3)]
    assert town.house.assistant.heard == [
        *("first", *heard, "look", "and now 0", "and now 1"),
    ]


async def test_a_twilio_that_cannot_be_asked_for_them_harms_nobody(town: Town) -> None:
    await town.say("hello")
    await town.sees("You said: hello")
    assert town.house.bridge is not None
    town.twilio.is_down = True
    await town.house.bridge.missed_messages.ask()
    town.twilio.is_down = False
    await town.say("still there?")
    await town.sees("You said: still there?")


async def test_a_twilio_that_is_down_or_busy_gets_it_later_and_in_order(
    each_town: Town,
) -> None:
    town = each_town
    maria, row = await town.claimed()
    town.twilio.is_down = True
    for n in range(5):
        await town.answers(maria, row, f"n{n}")
    town.twilio.throttled, town.twilio.retry_after_secs = 2, 0
    town.twilio.is_down = False
    await town.sees("Maria: n4")
    found = [text for text in town.twilio.texts(ADA) if text.startswith("Maria: n")]
    assert found == [f"Maria: n{n}" for n in range(5)]

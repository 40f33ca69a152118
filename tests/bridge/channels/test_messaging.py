"""What is the same on every channel, shown on one that is made up."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from handoff_bridge.service.messaging import outbox as sending
from handoff_bridge.service.messaging.channel import (
    FileReference,
    Part,
    PlatformError,
)
from handoff_bridge.service.messaging.inbox import ChannelInbox
from handoff_bridge.store import (
    channel_inbox,
    channel_outbox,
    tables,
)
from tests.bridge.channels.made_up import MadeUp
from tests.bridge.channels.town import OpenTown, Town, claimed, counts
from tests.bridge.support.assistant import says
from tests.bridge.support.photos import photo


@pytest.fixture
async def town(sqlite_url: str, open_town: OpenTown) -> AsyncIterator[Town]:
    async with open_town(MadeUp(), sqlite_url) as opened:
        yield opened


@pytest.fixture
async def each_town(database_url: str, open_town: OpenTown) -> AsyncIterator[Town]:
    async with open_town(MadeUp(), database_url) as opened:
        yield opened


@pytest.fixture
async def plain_town(sqlite_url: str, open_town: OpenTown) -> AsyncIterator[Town]:
    """A channel without buttons or files, with a window of a day."""
    channel = MadeUp(buttons=0, sends_files=False, caption=0, window=timedelta(days=1))
    async with open_town(channel, sqlite_url) as opened:
        yield opened


async def test_main_road(each_town: Town) -> None:
    town, channel = each_town, each_town.channel
    await town.say("hello", language="en", name="Ann")
    await channel.sees("automated assistant")
    await channel.sees("write HUMAN")
    await channel.sees("You said: hello")
    maria, row = await claimed(town)
    assert row["channel"] == "made_up"
    conversation_id = row["conversation_id"]
    sent = await maria.act("message_send", conversation_id=conversation_id, text="Hi!")
    assert sent["ok"]
    await channel.sees("Maria: Hi!")
    await town.say("thanks")
    await maria.sees("thanks")
    back = await maria.act(
        "handoff_return",
        handoff_id=row["handoff_id"],
        disposition="resolved",
        outcome="Done.",
    )
    assert back["ok"]
    asks = await channel.sees("Did Maria settle it?")
    assert [button.title for button in asks.buttons] == ["1", "2", "3", "4", "5"]
    await channel.sees("I'm back")
    await town.post({"payload": asks.buttons[3].payload})
    await channel.sees("Thank you for your answer.")
    await town.post({"payload": asks.buttons[0].payload})
    await town.say("again")
    await channel.sees("You said: again")
    log = await town.log(maria, conversation_id)
    assert [one["score"] for one in log if one["type"] == "survey"] == [4]


async def test_chats_of_an_address_are_one_and_of_two_are_two(town: Town) -> None:
    await town.say("one")
    await town.say("two", address="ben")
    await town.say("three")
    await town.channel.sees("You said: three")
    await town.channel.sees("You said: two", "ben")
    introductions = [one for one in town.channel.sent if "automated" in one.text]
    assert [one.address for one in introductions] == ["ann", "ben"]


async def test_a_repeated_event_is_one_message(each_town: Town) -> None:
    town = each_town
    event = {"id": "same", "address": "ann", "text": "once"}
    for _ in range(3):
        assert (await town.raw(json=[event, event])).status_code == 200
    await town.say("twice")
    await town.channel.sees("You said: twice")
    assert town.house.assistant.heard == ["once", "twice"]


async def test_a_batch_keeps_its_order_and_every_message(each_town: Town) -> None:
    town = each_town
    await town.post(*({"text": f"n{n}"} for n in range(20)))
    await town.channel.sees("You said: n19")
    assert town.house.assistant.heard == [f"n{n}" for n in range(20)]
    echoes = [one for one in town.channel.texts() if one.startswith("You said")]
    assert echoes == [f"You said: n{n}" for n in range(20)]


async def test_a_flood_from_one_customer_holds_up_no_other(each_town: Town) -> None:
    town = each_town
    await town.post(*({"text": f"n{n}"} for n in range(60)))
    await town.say("me too", address="ben")
    await town.channel.sees("You said: me too", "ben")
    await town.channel.sees("You said: n59")
    said = [one.text for one in town.channel.sent if one.text.startswith("You said")]
    assert said.index("You said: me too") < said.index("You said: n59")
    assert [one for one in said if "me too" not in one] == [
        f"You said: n{n}" for n in range(60)
    ]


async def test_events_that_overtake_each_other_are_put_in_order(
    each_town: Town,
) -> None:
    town = each_town
    order = [2, 1, 4, 5, 3]
    for n in order:
        await town.say(f"n{n}", sequence=n)
    await town.channel.sees("You said: n5")
    assert town.house.assistant.heard == ["n1", "n2", "n3", "n4", "n5"]


async def test_one_that_never_comes_holds_up_nobody_for_long(town: Town) -> None:
    await town.say("n1", sequence=1)
    await town.say("n3", sequence=3)
    await town.channel.sees("You said: n3")
    assert town.house.assistant.heard == ["n1", "n3"]


async def test_what_nobody_has_signed_is_refused_and_kept_nowhere(
    town: Town,
) -> None:
    refused = await town.post({"text": "let me in"}, secret="wrong")
    assert refused.status_code == 401
    assert refused.json()["error"] == "invalid_signature"
    await town.say("mine")
    await town.channel.sees("You said: mine")
    assert town.house.assistant.heard == ["mine"]
    assert await counts(town) == {"refused": 1, "verified": 1, "taken": 1}


@pytest.mark.parametrize("body", [b"", b"{", b"7", b'[{"text": "no id"}]', b"\xff"])
async def test_malformed_requests_get_a_clear_answer(town: Town, body: bytes) -> None:
    answer = await town.raw(content=body)
    assert (answer.status_code, answer.json()["error"]) == (400, "bad_request")
    assert await counts(town) == {"verified": 1, "malformed": 1}


async def test_oversized_requests_are_refused(town: Town) -> None:
    answer = await town.raw(content=b"[" + b" " * 1024 * 1024 + b"]")
    assert (answer.status_code, answer.json()["error"]) == (400, "bad_request")


async def test_an_unknown_channel_is_told(town: Town) -> None:
    answer = await town.house.http.post(f"{town.house.url}/channels/other/webhook")
    assert (answer.status_code, answer.json()["error"]) == (404, "unknown_channel")


async def test_an_event_that_nothing_can_be_made_of_holds_up_nobody(
    town: Town,
) -> None:
    bridge = town.house.bridge
    assert bridge is not None
    bridge.channel_inbox._pause_secs = 0.01
    await town.post({"explodes": True}, {"text": "after"})
    await town.channel.sees("You said: after")
    assert (await counts(town))["given_up"] == 1


@pytest.mark.parametrize(
    "kind",
    ["audio", "contact", "deleted", "edited", "location", "other", "sticker", "video"],
)
async def test_what_cannot_be_read_is_told_honestly(town: Town, kind: str) -> None:
    await town.post({"kind": kind})
    text = town.house.bridge.held.texts("en").say(f"unreadable_{kind}")  # type: ignore[union-attr]
    await town.channel.sees(text)
    assert town.house.assistant.heard == []


async def test_buttons_are_pressed_and_the_platform_stops_waiting(
    town: Town,
) -> None:
    town.house.assistant.script = asks
    await town.say("which?")
    question = await town.channel.sees("Which one?")
    town.house.assistant.script = town.house.assistant._echo
    await town.post({"payload": question.buttons[1].payload})
    await town.channel.sees("You said: Blue")
    assert town.channel.acknowledged == 1


async def asks(_body: dict[str, Any]) -> dict[str, Any]:
    answer = says("Which one?")
    answer["replies"][0]["buttons"] = [
        {"title": title, "payload": f'/pick{{"colour": "{title}"}}'}
        for title in ("Red", "Blue")
    ]
    return answer


@pytest.mark.parametrize("answer", ["2", "2.", "blue", " Blue "])
async def test_without_buttons_a_number_or_the_title_answers(
    plain_town: Town, answer: str
) -> None:
    town = plain_town
    town.house.assistant.script = asks
    await town.say("which?")
    question = await town.channel.sees("Which one?")
    assert question.text.endswith("1. Red\n2. Blue")
    assert not question.buttons
    town.house.assistant.script = town.house.assistant._echo
    await town.say(answer)
    await town.channel.sees("You said:")
    assert town.house.assistant.turns[-1]["message"] == "Blue"
    assert "pick" in str(town.house.assistant.turns[-1])


async def test_lists_of_one_turn_are_numbered_through(plain_town: Town) -> None:
    town = plain_town

    async def asks_twice(body: dict[str, Any]) -> dict[str, Any]:
        first, second = await asks(body), says("Or this?")
        second["replies"][0]["buttons"] = [{"title": "Green", "payload": "/green"}]
        first["replies"] += second["replies"]
        return first

    town.house.assistant.script = asks_twice
    await town.say("which?")
    question = await town.channel.sees("Or this?")
    assert question.text.endswith("3. Green")
    town.house.assistant.script = town.house.assistant._echo
    await town.say("3")
    await town.channel.sees("You said: Green")


async def test_numbers_that_answer_nothing_are_text(plain_town: Town) -> None:
    town = plain_town
    await town.say("2")
    await town.channel.sees("You said: 2")
    town.house.assistant.script = asks
    await town.say("which?")
    await town.channel.sees("Which one?")
    town.house.assistant.script = town.house.assistant._echo
    await town.say("7")
    await town.channel.sees("You said: 7")


async def test_a_survey_without_buttons_is_answered_with_a_number(
    plain_town: Town,
) -> None:
    town = plain_town
    maria, row = await claimed(town)
    chat = {"conversation_id": row["conversation_id"]}
    await maria.act("message_send", **chat, text="There you are.")
    await maria.act(
        "handoff_close", handoff_id=row["handoff_id"], disposition="resolved"
    )
    await town.channel.sees("from 1 (not at all) to 5")
    await town.say("5")
    await town.channel.sees("Thank you for your answer.")
    await town.say("5")
    await town.channel.sees("You said: 5")
    log = await town.log(maria, row["conversation_id"])
    assert [one["score"] for one in log if one["type"] == "survey"] == [5]


async def test_a_chat_is_begun_without_words_and_words_behind_it_are_heard(
    town: Town,
) -> None:
    await town.say("/start")
    await town.channel.sees("automated assistant")
    await town.say("/start")
    await town.channel.sees("To reach a person, just write HUMAN.")
    await town.say("/start my parcel is late")
    await town.channel.sees("You said: /start my parcel is late")
    assert town.house.assistant.heard == ["/start my parcel is late"]


async def test_leaving_the_line_by_a_word(town: Town) -> None:
    await town.house.agent()
    await town.say("Talk to a person!")
    await town.channel.sees("To leave the line, write LEAVE.")
    await town.say("leave")
    await town.channel.sees("You've left the line")
    await town.say("hello")
    await town.channel.sees("You said: hello")


async def test_nobody_there_is_a_dated_promise(town: Town) -> None:
    await town.say("human")
    await town.channel.sees("Nobody from the team is here right now.")


async def test_a_photo_with_its_caption_is_one_message(each_town: Town) -> None:
    town = each_town
    town.channel.files["a.jpg"] = photo("JPEG")
    maria, row = await claimed(town)
    await town.say("look", files=["a.jpg"])
    seen = await maria.sees("look")
    assert len(seen["attachments"]) == 1


async def test_a_photo_to_the_bot_is_one_turn(town: Town) -> None:
    town.channel.files["a.jpg"] = photo("JPEG")
    await town.post({"files": ["a.jpg"]})
    await town.channel.sees("You said:")
    assert len(town.house.assistant.turns) == 1


async def test_a_file_of_no_use_is_told_and_its_text_stays(town: Town) -> None:
    town.channel.files["a.exe"] = b"MZ"
    await town.say("look", files=["a.exe"])
    await town.channel.sees("You said: look")
    await town.channel.sees("Pictures and PDFs up to 8 MB")


async def test_what_follows_waits_for_an_event_that_is_tried_again(
    each_town: Town,
) -> None:
    town = each_town
    bridge = town.house.bridge
    assert bridge is not None
    bridge.channel_inbox._pause_secs = 0.05
    tried = asyncio.Event()
    fetch = town.channel.fetch

    async def fails_once(file: FileReference) -> bytes:
        if tried.is_set():
            return await fetch(file)
        tried.set()
        raise PlatformError("unreachable")

    town.channel.files["a.jpg"] = photo("JPEG")
    town.channel.fetch = fails_once  # type: ignore[method-assign]
    await town.post({"text": "look", "files": ["a.jpg"]}, {"text": "after"})
    await town.channel.sees("You said: after")
    assert town.house.assistant.heard == ["look", "after"]


async def test_a_file_that_does_not_come_holds_up_nothing_for_long(
    town: Town,
) -> None:
    bridge = town.house.bridge
    assert bridge is not None
    bridge.channel_inbox._pause_secs = 0.05
    await town.say("look", files=["late.jpg"])
    await town.channel.sees("has not come through yet")
    await town.say("and now?")
    await town.channel.sees("You said: and now?")
    town.channel.files["late.jpg"] = photo("JPEG")
    await town.channel.sees("You said: ")
    async with asyncio.timeout(10):
        while len(town.house.assistant.turns) < 3:
            await asyncio.sleep(0.05)
    assert town.house.assistant.turns[-1].get("photos")


async def test_long_texts_go_out_in_pieces_and_in_order(town: Town) -> None:
    words = " ".join(f"w{n}" for n in range(300))
    town.house.assistant.script = lambda _: ready(says(words))
    await town.say("tell me")
    await town.channel.sees("w299")
    pieces = [one for one in town.channel.texts() if one.startswith("w")]
    assert " ".join(pieces) == words
    assert max(map(len, pieces)) <= 300


async def ready(answer: dict[str, Any]) -> dict[str, Any]:
    return answer


async def test_long_texts_come_in_whole(town: Town) -> None:
    words = " ".join(f"word{n}" for n in range(1500))
    await town.say(words)
    await town.channel.sees("word1499")
    assert " ".join(town.house.assistant.heard) == words


async def test_a_platform_that_fails_is_tried_again_in_order(
    each_town: Town,
) -> None:
    town = each_town
    bridge = town.house.bridge
    assert bridge is not None
    bridge.channel_outbox._pause_secs = 0.01
    town.channel.fails = [PlatformError("unreachable") for _ in range(5)]
    for n in range(5):
        await town.say(f"n{n}")
    await town.channel.sees("You said: n4")
    echoes = [one for one in town.channel.texts() if one.startswith("You said")]
    assert echoes == [f"You said: n{n}" for n in range(5)]


async def test_an_outage_of_hours_is_outlasted(
    each_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = each_town
    bridge = town.house.bridge
    assert bridge is not None
    monkeypatch.setattr(sending, "LONGEST_PAUSE_SECS", 0.05)
    failed = asyncio.Event()
    send = town.channel.send

    async def down(part: Part) -> str:
        failed.set()
        raise PlatformError("unreachable", "503")

    town.channel.send = down  # type: ignore[method-assign]
    for n in range(3):
        await town.say(f"n{n}")
    await failed.wait()
    hours_ago = bridge.held.clock() - timedelta(hours=23)
    async with bridge.database.write() as tx:
        tried = {"attempts": 5_000, "created_at": hours_ago}
        await tx.execute(sa.update(tables.channel_outbox).values(**tried))
    failed.clear()
    await failed.wait()
    town.channel.send = send  # type: ignore[method-assign]
    await town.channel.sees("You said: n2")
    echoes = [one for one in town.channel.texts() if one.startswith("You said")]
    assert echoes == [f"You said: n{n}" for n in range(3)]


async def test_a_failure_for_good_is_told_to_the_agent(each_town: Town) -> None:
    town = each_town
    maria, row = await claimed(town)
    conversation_id = row["conversation_id"]
    town.channel.fails = [PlatformError("blocked", "403", is_final=True)]
    sent = await maria.act("message_send", conversation_id=conversation_id, text="Hi!")
    changed = await maria.next("delivery_changed", state="failed")
    assert (changed["seq"], changed["reason"]) == (sent["seq"], "blocked")
    [failed] = [
        one
        for one in await town.log(maria, conversation_id)
        if one["type"] == "delivery_failed"
    ]
    assert (failed["of_seq"], failed["reason"]) == (sent["seq"], "blocked")


async def test_the_agent_hears_of_delivery(each_town: Town) -> None:
    town = each_town
    maria, row = await claimed(town)
    sent = await maria.act(
        "message_send", conversation_id=row["conversation_id"], text="Hi!"
    )
    await maria.next("delivery_changed", seq=sent["seq"], state="sent")
    number = town.channel.sent.index(await town.channel.sees("Maria: Hi!")) + 1
    for state in ("read", "delivered"):  # they may overtake each other
        report = {"message_id": f"m{number}", "state": state, "address": ""}
        await town.post(report)
        if state == "read":
            await maria.next("delivery_changed", seq=sent["seq"], state="read")
    await town.say("ok")
    await maria.sees("ok")
    states = [one["state"] for one in maria.all("delivery_changed")]
    assert states[-1] == "read"


async def test_a_closed_window_sends_nothing(plain_town: Town) -> None:
    town = plain_town
    bridge = town.house.bridge
    assert bridge is not None
    maria, row = await claimed(town)
    now = bridge.held.clock()
    sending = bridge.channel_outbox
    original, sending._held.clock = sending._held.clock, lambda: now + timedelta(days=2)
    try:
        await maria.act(
            "message_send", conversation_id=row["conversation_id"], text="Hi!"
        )
        changed = await maria.next("delivery_changed", state="failed")
    finally:
        sending._held.clock = original
    assert changed["reason"] == "window_closed"


async def test_card_numbers_do_not_get_in(town: Town) -> None:
    await town.say("my card is 4111 1111 1111 1111")
    await town.channel.sees("For your safety")
    assert "4111 1111 1111 1111" not in str(town.house.assistant.turns)


async def test_an_event_is_done_once_however_often_it_is_leased(
    each_town: Town,
) -> None:
    """A bridge that stood still comes back to an event that another has done."""
    town = each_town
    bridge = town.house.bridge
    assert bridge is not None
    entered, door = asyncio.Event(), asyncio.Event()
    fetch = town.channel.fetch

    async def slow(file: FileReference) -> bytes:
        entered.set()
        await door.wait()
        return await fetch(file)

    town.channel.files["a.jpg"] = photo("JPEG")
    town.channel.fetch = slow  # type: ignore[method-assign]
    await town.say("look", files=["a.jpg"])
    await entered.wait()
    town.channel.fetch = fetch  # type: ignore[method-assign]
    other = ChannelInbox(
        bridge.held, bridge.channels, bridge.uploads, bridge.channel_counts, "other"
    )
    async with bridge.database.write() as tx:
        await channel_inbox.free(tx, bridge.channel_inbox._worker)
    other.due()
    await town.channel.sees("You said: look")
    door.set()
    await asyncio.gather(*bridge.channel_inbox._under_way)
    await town.say("after")
    await town.channel.sees("You said: after")
    assert town.house.assistant.heard == ["look", "after"]


async def test_a_part_of_a_bridge_that_died_may_have_been_sent(
    each_town: Town,
) -> None:
    town = each_town
    bridge = town.house.bridge
    assert bridge is not None
    town.channel.gate.clear()
    await town.say("hello")
    async with asyncio.timeout(15):
        while not bridge.channel_outbox._under_way:
            await asyncio.sleep(0.01)
    for task in bridge.channel_outbox._under_way:
        task.cancel()
    async with bridge.database.write() as tx:
        await channel_outbox.free(tx, bridge.channel_outbox._worker)
    town.channel.gate.set()
    bridge.channel_outbox.due()
    await town.channel.sees("You said: hello")
    assert [one.is_repeated for one in town.channel.sent][0] is True
    assert [one.is_repeated for one in town.channel.sent][1:] == [False]

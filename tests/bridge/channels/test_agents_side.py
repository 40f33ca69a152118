"""What agents get to know and can do where a customer writes by a platform."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from handoff_bridge.service.messaging.channel import PlatformError, Template
from handoff_bridge.service.messaging.typing_shown import TypingShown
from handoff_bridge.store import conversations, mails
from tests.bridge.channels.made_up import MadeUp
from tests.bridge.channels.town import OpenTown, Town
from tests.bridge.support import AgentClient

PHONE = "+4915123456742"
OVER = timedelta(microseconds=1)
REPLY = Template("t1", "order_ready", "en", "Hello {{1}}, order {{2}} is ready.")


@pytest.fixture
async def town(database_url: str, open_town: OpenTown) -> AsyncIterator[Town]:
    """A channel with a window of a day, approved texts, and numbers as addresses."""
    channel = MadeUp(window=timedelta(days=1), has_templates=True)
    channel.approved = [REPLY]
    async with open_town(channel, database_url) as one:
        yield one


async def claimed(town: Town) -> tuple[AgentClient, dict[str, Any]]:
    maria = await town.house.agent()
    await town.say("human", name="Ann Lee", address=PHONE)
    row = await maria.claim(await maria.queued())
    await town.channel.sees("has joined", PHONE)
    return maria, row


def close_window(town: Town) -> None:
    town.channel.limits = replace(town.channel.limits, window=OVER)


async def send(maria: AgentClient, row: dict[str, Any], **more: Any) -> Any:
    chat = row["conversation_id"]
    return await maria.act("message_send", conversation_id=chat, **more)


async def look(maria: AgentClient, town: Town, row: dict[str, Any], what: str) -> Any:
    path = f"/conversations/{row['conversation_id']}/{what}"
    return (await town.house.get(path, maria.token)).json()


async def delivery(
    maria: AgentClient, town: Town, row: dict[str, Any], seq: int
) -> dict[str, Any]:
    found = (await look(maria, town, row, "deliveries"))["deliveries"]
    [one] = [one for one in found if one["seq"] == seq]
    return dict(one)


async def failed(maria: AgentClient, row: dict[str, Any], town: Town) -> int:
    """A message that the platform refuses for good."""
    town.channel.fails = [PlatformError("blocked", "403", is_final=True)]
    sent = await send(maria, row, text="Hi!")
    await maria.next("delivery_changed", seq=sent["seq"], state="failed")
    return int(sent["seq"])


async def test_a_row_tells_what_the_channel_allows(town: Town) -> None:
    _, row = await claimed(town)
    assert row["customer"]["name"] == "Ann Lee"
    assert row["customer"]["name_from"] == "channel"
    reach = row["reach"]
    ends_at = datetime.fromisoformat(reach.pop("window_ends_at"))
    left = ends_at - town.house.bridge.held.clock()  # type: ignore[union-attr]
    assert timedelta(hours=23) < left < timedelta(days=1)
    assert reach == {
        "title": "Made up",
        "address": "+49 ••• 42",
        "is_open": True,
        "has_templates": True,
        "has_typing": True,
        "reports": ["sent", "delivered", "read"],
    }


async def test_our_own_chat_has_no_reach(town: Town) -> None:
    _, _, row = await town.house.claimed()
    assert "reach" not in row
    assert "name_from" not in row["customer"]


async def test_agents_hear_when_the_window_moves(town: Town) -> None:
    maria, row = await claimed(town)
    await town.say("one more thing", address=PHONE)
    changed = await maria.next("reach_changed", conversation_id=row["conversation_id"])
    assert changed["reach"]["window_ends_at"] > row["reach"]["window_ends_at"]


async def test_once_it_is_closed_only_approved_texts_go(town: Town) -> None:
    maria, row = await claimed(town)
    close_window(town)
    refused = await send(maria, row, text="Are you there?")
    assert refused["error"] == "window_closed"
    sent = await send(
        maria,
        row,
        template={"template_id": "t1", "variables": {"1": "Ann", "2": " HP\n7 "}},
    )
    assert sent["ok"], sent
    seen = await maria.sees("Hello Ann, order HP 7 is ready.")
    assert seen["template"] == {
        "template_id": "t1",
        "variables": {"1": "Ann", "2": "HP 7"},
    }
    await maria.next("delivery_changed", seq=sent["seq"], state="sent")
    template = town.channel.sent[-1].template
    assert template is not None
    assert (template.template_id, template.variables["2"]) == ("t1", "HP 7")
    assert not town.channel.sent[-1].text


@pytest.mark.parametrize(
    ("template", "error"),
    [
        ({"template_id": "t2"}, "unknown_template"),
        ({"template_id": "t1", "variables": {"1": "Ann"}}, "invalid_fields"),
        ({"template_id": "t1", "variables": {"1": "Ann", "2": " "}}, "bad_request"),
        ({"template_id": "t1", "variables": {"1": "A", "2": "B"}}, ""),
    ],
)
async def test_a_template_goes_only_whole(
    town: Town, template: dict[str, Any], error: str
) -> None:
    maria, row = await claimed(town)
    ack = await send(maria, row, template=template)
    assert ack.get("error", "") == error
    both = await send(maria, row, text="Hi!", template=template)
    assert both["error"] == "bad_request"


async def test_templates_are_for_who_has_the_chat(town: Town) -> None:
    maria, row = await claimed(town)
    sam = await town.house.agent("sam")
    told = await look(maria, town, row, "templates")
    assert told == {"templates": [vars(REPLY)]}
    await look(maria, town, row, "templates")
    assert town.channel.asked_for_templates == 1
    for what in ("templates", "ways"):
        assert (await look(sam, town, row, what))["error"] == "not_owner"
    template = {"template_id": "t1", "variables": {"1": "A", "2": "B"}}
    assert (await send(sam, row, template=template))["error"] == "not_owner"


async def test_templates_of_a_platform_that_is_down(town: Town) -> None:
    maria, row = await claimed(town)
    town.channel.approved = PlatformError("unreachable")
    told = await look(maria, town, row, "templates")
    assert told["error"] == "platform_unavailable"


async def test_a_channel_without_templates_says_so(town: Town) -> None:
    _, maria, row = await town.house.claimed()
    assert (await look(maria, town, row, "templates"))["error"] == "not_available"


async def test_a_long_message_is_as_far_as_its_worst_part(town: Town) -> None:
    maria, row = await claimed(town)
    town.channel.gate.clear()
    sent = await send(maria, row, text="word " * 100)  # two parts of 300
    assert (await delivery(maria, town, row, sent["seq"]))["state"] == "pending"
    town.channel.fails = [PlatformError("refused", "too odd", is_final=True)]
    town.channel.gate.set()
    await town.channel.sees("word", PHONE)
    await maria.next("delivery_changed", seq=sent["seq"], state="failed")
    assert await delivery(maria, town, row, sent["seq"]) | {"at": ""} == {
        "seq": sent["seq"],
        "state": "failed",
        "at": "",
        "reason": "refused",
        "detail": "too odd",
    }


async def test_what_has_failed_is_sent_again(town: Town) -> None:
    maria, row = await claimed(town)
    seq = await failed(maria, row, town)
    chat = row["conversation_id"]
    again = await maria.act("delivery_retry", conversation_id=chat, seq=seq)
    assert again["ok"], again
    await maria.next("delivery_changed", seq=seq, state="sent")
    await town.channel.sees("Maria: Hi!", PHONE)
    assert (await delivery(maria, town, row, seq))["state"] == "sent"
    log = await town.log(maria, chat)
    [noted] = [one for one in log if one["type"] == "sent_again"]
    assert (noted["of_seq"], noted["by"], noted["actor"]["name"]) == (
        seq,
        "channel",
        "Maria",
    )
    twice = await maria.act("delivery_retry", conversation_id=chat, seq=seq)
    assert twice["error"] == "not_failed"


async def test_what_the_platform_reported_lost_is_not_taken_for_sent(
    town: Town,
) -> None:
    maria, row = await claimed(town)
    town.channel.fails = [PlatformError("unreachable", is_uncertain=True)]
    bridge = town.house.bridge
    assert bridge is not None
    bridge.channel_outbox._pause_secs = 0.01
    sent = await send(maria, row, text="Hi!")
    await maria.next("delivery_changed", seq=sent["seq"], state="sent")
    assert town.channel.sent[-1].is_repeated
    number = len(town.channel.sent)
    report = {"message_id": f"m{number}", "state": "failed", "failure": "unreachable"}
    await town.post(report | {"address": ""})
    await maria.next("delivery_changed", seq=sent["seq"], state="failed")
    town.channel.gate.clear()
    maria.events.clear()
    chat = row["conversation_id"]
    await maria.act("delivery_retry", conversation_id=chat, seq=sent["seq"])
    town.channel.gate.set()
    await maria.next("delivery_changed", seq=sent["seq"], state="sent")
    assert not town.channel.sent[-1].is_repeated


async def test_only_who_has_the_chat_sends_again(town: Town) -> None:
    maria, row = await claimed(town)
    seq = await failed(maria, row, town)
    chat = row["conversation_id"]
    sam = await town.house.agent("sam")
    for call in ("delivery_retry", "delivery_mail"):
        ack = await sam.act(call, conversation_id=chat, seq=seq)
        assert ack["error"] == "not_owner"


async def test_nothing_is_sent_again_into_a_closed_window(town: Town) -> None:
    maria, row = await claimed(town)
    town.channel.fails = [PlatformError("window_closed", is_final=True)]
    sent = await send(maria, row, text="Hi!")
    await maria.next("delivery_changed", seq=sent["seq"], state="failed")
    close_window(town)
    chat = row["conversation_id"]
    ack = await maria.act("delivery_retry", conversation_id=chat, seq=sent["seq"])
    assert ack["error"] == "window_closed"


async def test_other_ways_are_told_to_who_has_the_chat(town: Town) -> None:
    maria, row = await claimed(town)
    assert await look(maria, town, row, "ways") == {"phone": PHONE}
    seq = await failed(maria, row, town)
    chat = row["conversation_id"]
    # There is no mail server here.
    ack = await maria.act("delivery_mail", conversation_id=chat, seq=seq)
    assert ack["error"] == "not_available"


async def test_a_message_goes_by_mail_to_who_has_proved_an_address(
    town: Town,
) -> None:
    maria, row = await claimed(town)
    seq = await failed(maria, row, town)
    chat = row["conversation_id"]
    bridge = town.house.bridge
    assert bridge is not None
    bridge.deliveries._sends_mail = True
    async with bridge.database.write() as tx:
        await conversations.put_customer(tx, "c7", name="Ann", email="ann@example.org")
    assert "email" not in await look(maria, town, row, "ways")
    async with bridge.held.transaction(chat) as unit:
        # Whoever has the phone now is to prove it anew.
        unit.conversation.customer_id, unit.conversation.forget_due = "c7", True
    assert "email" not in await look(maria, town, row, "ways")
    async with bridge.held.transaction(chat) as unit:
        unit.conversation.forget_due = False
    ways = await look(maria, town, row, "ways")
    assert ways["email"] == "a•••@example.org"
    ack = await maria.act("delivery_mail", conversation_id=chat, seq=seq)
    assert ack["ok"], ack
    async with bridge.database.write() as tx:
        mail = await mails.lease_next(tx, "test", 60.0)
    assert mail is not None
    assert (mail.recipient, mail.seq) == ("ann@example.org", seq)
    assert "Hi!" in mail.text
    log = await town.log(maria, chat)
    assert [one["by"] for one in log if one["type"] == "sent_again"] == ["mail"]


async def test_typing_is_shown_where_it_can_be(town: Town) -> None:
    maria, row = await claimed(town)
    town.channel.typed.clear()
    chat = row["conversation_id"]
    for _ in range(3):
        await maria.call("typing", {"conversation_id": chat, "active": True})
    await town.channel.until_typed()
    assert town.channel.typed == [PHONE]


async def test_the_assistant_types_too(town: Town) -> None:
    await town.say("hello", address="ben")
    await town.channel.sees("You said: hello", "ben")
    await town.channel.until_typed()
    assert town.channel.typed == ["ben"]


async def test_typing_that_fails_disturbs_nobody() -> None:
    class Broken(MadeUp):
        async def show_typing(self, address: str) -> None:
            self.typed.append(address)
            raise PlatformError("unreachable")

    shows, not_shown = Broken(), Broken(has_typing=False)
    typing = TypingShown({"shows": shows, "not": not_shown})
    for name in ("shows", "not", "web"):
        typing.show(name, "ann")
    task = next(iter(typing._tasks))
    await task
    await typing.stop()
    assert (shows.typed, not_shown.typed) == (["ann"], [])

"""Colleagues whom a note names hear of it, and keep it until they have looked."""

import pytest

from handoff_bridge.conversation.mentions import names_in
from tests.bridge.support import House

NAMES = ["Maria", "Sam", "Sam Lee", "Anna-Lena", "José"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@Sam can you look?", ["Sam"]),
        ("cc @sam lee, @MARIA.", ["Sam Lee", "Maria"]),
        ("(@Anna-Lena) and @José!", ["Anna-Lena", "José"]),
        ("@Sam @Sam", ["Sam"]),
        ("@Samuel, @Sam_2", []),
        ("mail sam@Maria or x@sam", []),
        ("@Nobody and @", []),
        ("Sam", []),
    ],
)
def test_names_stand_whole_behind_an_at_sign(text: str, found: list[str]) -> None:
    assert names_in(text, NAMES) == found


async def test_colleague_hears_of_a_mention_wherever_they_are(
    each_house: House,
) -> None:
    house = each_house
    customer, maria, row = await house.claimed()
    sam, dana = await house.agent("sam"), await house.agent("dana")
    ack = await maria.act(
        "note_add",
        conversation_id=row["conversation_id"],
        text="@Sam, is that your order? @Maria @Ghost",
    )
    [told] = await sam.until(lambda: sam.all("mention_added"))
    mention = told["mention"]
    assert mention["by"]["name"] == "Maria"
    assert mention["seq"] == ack["seq"]
    assert mention["handoff"]["handoff_id"] == row["handoff_id"]
    [note] = [
        entry
        for entry in await house.events(sam, row["conversation_id"])
        if entry["type"] == "note"
    ]
    assert note["mentions"] == ["Sam", "Maria"]
    for other in (maria, dana):
        await other.act("sync", cursors={})
        assert other.all("mention_added") == []
    assert customer.all("mention_added") == []

    # Over a login, until it is seen; in all of their tabs.
    again = await house.agent("sam")
    [kept] = again.all("snapshot")[-1]["mentions"]
    assert kept["text"] == mention["text"] and kept["seq"] == mention["seq"]
    where = {"conversation_id": row["conversation_id"]}
    await sam.act("mention_seen", **where, seq=mention["seq"] - 1)
    assert len((await house.agent("sam")).all("snapshot")[-1]["mentions"]) == 1
    await sam.act("mention_seen", **where, seq=mention["seq"])
    await again.next("mentions_seen", seq=mention["seq"])
    assert (await house.agent("sam")).all("snapshot")[-1]["mentions"] == []


async def test_repeated_note_names_once(house: House) -> None:
    _, maria, row = await house.claimed()
    sam = await house.agent("sam")
    note = {"conversation_id": row["conversation_id"], "text": "@Sam", "client_id": "n"}
    assert await maria.call("note_add", note) == await maria.call("note_add", note)
    await sam.act("sync", cursors={})
    assert len(sam.all("mention_added")) == 1


async def test_note_left_with_a_transfer_names_too(house: House) -> None:
    _, maria, row = await house.claimed()
    sam = await house.agent("sam")
    ack = await maria.act(
        "handoff_release", handoff_id=row["handoff_id"], note="for @sam"
    )
    assert ack["ok"], ack
    [told] = await sam.until(lambda: sam.all("mention_added"))
    assert told["mention"]["text"] == "for @sam"


async def test_disabled_colleague_is_plain_text(house: House) -> None:
    from tests.bridge.support.people import Manager

    _, maria, row = await house.claimed()
    olive = await Manager.of(house)
    await olive.change("Sam", account="disabled")
    await maria.act(
        "note_add", conversation_id=row["conversation_id"], text="@Sam, @Dana"
    )
    [note] = [
        entry
        for entry in await house.events(maria, row["conversation_id"])
        if entry["type"] == "note"
    ]
    assert note["mentions"] == ["Dana"]

"""Sessions end: with their identity, and when the customer leaves."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from handoff_bridge.service.identities import LEEWAY
from tests.bridge.support import House
from tests.bridge.support.photos import photo
from tests.bridge.support.refusals import http_refused, refused
from tests.bridge.test_identities import refused_everywhere, sees_nothing


def short(house: House, secs: float, customer_id: str = "c-1") -> str:
    """An identity that lasts this long from now on, the leeway counted."""
    exp = datetime.now(UTC) - LEEWAY + timedelta(seconds=secs)
    return house.identity(customer_id, exp=exp.timestamp())


async def test_signed_session_ends_with_its_identity_and_is_renewed_by_another(
    each_house: House,
) -> None:
    house = each_house
    customer = await house.customer(identity=short(house, 2))
    await customer.say("before")
    await customer.hears("You said: before")
    session_id = customer.session_id
    assert await customer.next("session_ended") == {"reason": "expired"}
    await refused_everywhere(customer, session_id, "token_expired")
    http_refused(await upload(house, session_id), 401, "token_expired")
    heard = list(house.assistant.heard)
    again = await house.customer(
        session_id=session_id, identity=house.identity("c-1"), last_seq=0
    )
    assert again.session_id == session_id
    texts = [item["text"] for item in again.all("history")[0]["messages"]]
    assert sorted(texts)[-2:] == ["You said: before", "before"]
    assert heard == ["before"]
    await again.say("after")
    await again.hears("You said: after")
    assert house.assistant.turns[-1]["identity"]["customer_id"] == "c-1"
    assert "after" not in str(customer.events)


async def upload(house: House, session_id: str) -> httpx.Response:
    return await house.http.post(
        "/uploads",
        files={"file": ("photo.jpg", photo("JPEG"), "image/jpeg")},
        headers={"Authorization": f"Bearer {session_id}"},
    )


async def test_assistant_is_not_told_an_identity_that_has_run_out_meanwhile(
    house: House,
) -> None:
    customer = await house.customer(identity=short(house, 2))
    house.assistant.door.clear()
    await customer.say("first")
    await house.assistant.entered.wait()
    await customer.say("show my payments")
    await customer.next("session_ended", reason="expired")
    house.assistant.door.set()
    async with asyncio.timeout(10):
        while len(house.assistant.turns) < 2:
            await asyncio.sleep(0.02)
    first, second = house.assistant.turns
    assert first["identity"]["customer_id"] == "c-1"
    assert "identity" not in second
    # What was answered meanwhile is there for who comes back with a fresh one.
    again = await house.customer(
        session_id=customer.session_id, identity=house.identity("c-1")
    )
    await again.until(lambda: "show my payments" in str(again.events))


async def test_identity_renewed_in_one_tab_goes_on_in_the_other(house: House) -> None:
    customer = await house.customer(identity=short(house, 1.5))
    longer = short(house, 4)
    tab = await house.customer(session_id=customer.session_id, identity=longer)
    assert tab.session_id == customer.session_id
    loop = asyncio.get_running_loop()
    started = loop.time()
    await customer.next("session_ended", reason="expired")
    assert loop.time() - started > 2
    await tab.next("session_ended", reason="expired")


async def test_leaving_the_bot_ends_the_chat_for_everybody_who_has_its_token(
    each_house: House,
) -> None:
    house = each_house
    customer = await house.customer()
    tab = await house.customer(session_id=customer.session_id)
    await customer.say("my secret")
    await customer.hears("You said: my secret")
    await tab.hears("You said: my secret")
    old = {"session_id": customer.session_id}
    assert await customer.call("leave", old) == {"ok": True, "owner": "closed"}
    assert await tab.next("session_ended") == {"reason": "left"}
    await tab.status("closed")
    await refused_everywhere(tab, customer.session_id, "unknown_session")
    refused(await customer.call("leave", old), "unknown_session")
    visitor = await sees_nothing(house, **old)
    await visitor.say("hello")
    await visitor.hears("You said: hello")
    senders = [turn["sender"] for turn in house.assistant.turns]
    assert senders[0] != senders[1]
    assert "my secret" not in str(visitor.events)


async def test_signed_chat_that_was_left_is_not_opened_by_its_token_again(
    each_house: House,
) -> None:
    house = each_house
    customer = await house.customer()
    anonymous = customer.session_id
    signed = await house.customer(session_id=anonymous, identity=house.identity("c-1"))
    await signed.say("my secret")
    await signed.hears("You said: my secret")
    assert (await signed.call("leave", {"session_id": signed.session_id}))["ok"]
    for token in (anonymous, signed.session_id):
        await sees_nothing(house, session_id=token, identity=house.identity("c-1"))


async def test_reply_to_who_has_left_is_kept_back(house: House) -> None:
    customer = await house.customer()
    house.assistant.door.clear()
    await customer.say("slow")
    await house.assistant.entered.wait()
    await customer.call("leave", {"session_id": customer.session_id})
    house.assistant.door.set()
    dana, conversation_id = (
        await house.agent("dana"),
        house.assistant.turns[0]["sender"],
    )
    async with asyncio.timeout(10):
        while "reply_suppressed" not in str(
            events := await house.events(dana, conversation_id)
        ):
            await asyncio.sleep(0.02)
    types = [event["type"] for event in events]
    assert "customer_left" in types
    assert "You said: slow" not in str(customer.all("bot_uttered"))


async def test_end_in_the_line_leaves_it_and_ends_the_chat(house: House) -> None:
    maria, customer = await house.agent(), await house.customer()
    await customer.ask_for_human()
    await maria.queued()
    ack = await customer.call("leave", {"session_id": customer.session_id, "end": True})
    assert ack == {"ok": True, "owner": "closed"}
    await maria.next("handoff_updated")
    await refused_everywhere(customer, customer.session_id, "unknown_session")


async def test_end_with_an_agent_tells_them_and_still_takes_the_survey(
    house: House,
) -> None:
    customer, maria, row = await house.claimed()
    old = {"session_id": customer.session_id}
    ack = await customer.call("leave", old | {"end": True})
    assert ack == {"ok": True, "owner": "agent"}
    await maria.until(lambda: "customer_left" in str(maria.all("event_added")))
    await refused_everywhere(customer, customer.session_id, "unknown_session")
    assert (await customer.call("survey", old | {"score": 5}))["ok"]
    message = {"conversation_id": row["conversation_id"], "text": "Are you there?"}
    assert (await maria.act("message_send", **message))["ok"]
    visitor = await sees_nothing(house, **old)
    await visitor.say("hello")
    await visitor.hears("You said: hello")
    assert "Are you there?" not in str([customer.events, visitor.events])


async def test_who_left_an_agent_is_a_stranger_to_the_bot_afterwards(
    house: House,
) -> None:
    customer, maria, row = await house.claimed()
    assert (await customer.call("leave", {"session_id": customer.session_id}))["ok"]
    ack = await maria.act(
        "handoff_return", handoff_id=row["handoff_id"], disposition="resolved"
    )
    assert ack["ok"], ack
    for text in ("back again", "and again"):
        await customer.say(text)
        await customer.hears(f"You said: {text}")
    forgets = [turn.get("forget") for turn in house.assistant.turns]
    assert forgets == [None, True, None]


async def test_leaving_works_when_the_identity_has_run_out(house: House) -> None:
    customer = await house.customer(identity=short(house, 1))
    await customer.next("session_ended", reason="expired")
    ack: Any = await customer.call("leave", {"session_id": customer.session_id})
    assert ack == {"ok": True, "owner": "closed"}
    await sees_nothing(
        house, session_id=customer.session_id, identity=house.identity("c-1")
    )

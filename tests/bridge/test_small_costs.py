"""What anyone may send costs the server little."""

import asyncio

import aiohttp
import socketio

from handoff_bridge.texts import read_texts
from tests.bridge.support import House
from tests.bridge.support.refusals import http_refused, refused


async def test_texts_of_languages_that_are_not_there_are_kept_once(
    house: House,
) -> None:
    await house.customer()
    before = read_texts.cache_info().currsize
    for language in ("xx", "xy", "xz", "..", "é", "%00"):
        answer = await house.http.get(f"/texts/{language}")
        assert answer.status_code in (200, 400, 404, 405), answer.text
    for language in ("qx", "qy", "qz"):
        customer = await house.customer(locale=language)
        await customer.say("hello")
        await customer.hears("You said: hello")
    assert read_texts.cache_info().currsize <= max(before, 1)


async def test_metadata_reaches_the_assistant_unless_it_is_huge(house: House) -> None:
    customer = await house.customer()
    small, huge = {"page": "/returns"}, {"page": "x" * 5_000}
    for metadata in (small, huge):
        assert (await customer.say("hello", metadata=metadata))["ok"]
    await customer.until(lambda: len(customer.texts("bot")) == 3)
    heard = [turn.get("metadata") for turn in house.assistant.turns]
    assert heard == [small, None]


async def test_cookies_of_other_programs_do_not_lock_agents_out(house: House) -> None:
    token = (await house.login("maria"))["token"]
    cookies = {"Cookie": f"a@b=1; c/d=2; tandem_agent={token}"}
    async with aiohttp.ClientSession(headers=cookies) as session:
        client = socketio.AsyncClient(reconnection=False, http_session=session)
        await client.connect(house.url, namespaces=["/inbox"], transports=["websocket"])
        await client.disconnect()


async def test_logins_of_one_address_are_limited_whatever_the_email(
    house: House,
) -> None:
    assert (await house.login("maria"))["ok"]
    # At once: passwords are checked slowly, and what is limited is a minute's.
    guesses = [
        {"email": f"nobody-{n}@example.com", "password": "guess"} for n in range(90)
    ]
    answers = await asyncio.gather(
        *(house.http.post("/auth/login", json=one, timeout=60) for one in guesses)
    )
    refused_at_once = [answer for answer in answers if answer.status_code != 401]
    assert refused_at_once
    http_refused(refused_at_once[0], 429, "rate_limited")


async def test_message_id_that_is_blank_or_a_turns_own_is_refused(
    house: House,
) -> None:
    customer = await house.customer()
    for message_id in ("  ", "m-1:photo-0"):
        refused(await customer.say("hello", message_id=message_id), "bad_request")
    assert (await customer.say("hello", message_id="m-1"))["ok"]
    await customer.hears("You said: hello")

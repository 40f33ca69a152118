"""What anyone may send costs the server little."""

import aiohttp
import socketio
from handoff_bridge import texts

from tests.bridge.support import House


async def test_texts_of_languages_that_are_not_there_are_kept_once(
    house: House,
) -> None:
    await house.customer()
    before = texts._read.cache_info().currsize
    for language in ("xx", "xy", "xz", "..", "é", "%00"):
        answer = await house.http.get(f"/texts/{language}")
        assert answer.status_code in (200, 404, 405), answer.text
    for language in ("qx", "qy", "qz"):
        customer = await house.customer(locale=language)
        await customer.say("hello")
        await customer.hears("You said: hello")
    assert texts._read.cache_info().currsize <= max(before, 1)


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

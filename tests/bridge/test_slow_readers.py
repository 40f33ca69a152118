"""Clients that do not read are cut off, and miss nothing once they are back."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from handoff_bridge.edges import sockets, websocket
from handoff_bridge.edges.limits import Pace
from handoff_bridge.errors import RateLimited
from tests.bridge.conftest import settings_for
from tests.bridge.support import House, ScriptedAssistant
from tests.bridge.support.clients import AgentClient, Customer
from tests.bridge.support.refusals import refused

pytestmark = pytest.mark.alone

LONG = "word " * 900
# Far more than what the system itself keeps for a connection.
ASKED = 1_000


def narrow_socket(address: Any) -> socket.socket:
    """One whose system takes little for a program that does not read."""
    family, kind, protocol, _, _ = address
    narrow = socket.socket(family, kind, protocol)
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    return narrow


@asynccontextmanager
async def deaf(
    url: str, namespace: str = "", auth: Any = None
) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """A connection to the namespace that reads only when the test does."""
    connector = aiohttp.TCPConnector(socket_factory=narrow_socket)
    async with (
        aiohttp.ClientSession(connector=connector, trust_env=False) as session,
        session.ws_connect(f"{url}/socket.io/?EIO=4&transport=websocket") as found,
    ):
        await found.send_str(f"40{namespace}{json.dumps(auth) if auth else ''}")
        yield found


async def read_to_the_end(connection: aiohttp.ClientWebSocketResponse) -> int:
    """Reads what was on its way; how many bytes, once the other side has ended it."""
    async with asyncio.timeout(60):
        return sum([len(message.data) async for message in connection])


async def ask_until_cut_off(
    connection: aiohttp.ClientWebSocketResponse, call: str
) -> None:
    """Asks again and again, reads nothing, and is done when nobody is there."""
    async with asyncio.timeout(60):
        with suppress(ConnectionError):
            while True:
                await connection.send_str(call)
                await asyncio.sleep(0.001)


async def long_talk(house: House) -> tuple[Customer, AgentClient, str]:
    """A claimed chat with a long history."""
    customer, maria, row = await house.claimed()
    for number in range(20):
        await customer.say(f"{number} {LONG}")
    return customer, maria, row["conversation_id"]


async def write(maria: AgentClient, conversation_id: str, text: str) -> None:
    sent = {"conversation_id": conversation_id, "text": text}
    assert (await maria.act("message_send", **sent))["ok"]


@pytest.fixture
def little_may_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "MAX_WAITING_BYTES", 32 * 1024)


@pytest.mark.usefixtures("little_may_wait")
async def test_customer_who_does_not_read_is_cut_off_and_misses_nothing(
    house: House,
) -> None:
    customer, maria, conversation_id = await long_talk(house)
    known = {"session_id": customer.session_id, "protocol": 1}
    async with deaf(house.url) as slow:
        for _ in range(ASKED):
            await slow.send_str(f'42["session_request",{json.dumps(known)}]')
        await write(maria, conversation_id, "you cannot hear this")
        # Less than half of what it has asked for.
        assert await read_to_the_end(slow) < ASKED * 20 * len(LONG) / 2
    heard = [message.get("text") for message in await customer.history()]
    assert heard[-1] == "you cannot hear this"
    assert len([text for text in heard if text and LONG.strip() in text]) == 20


@pytest.mark.usefixtures("little_may_wait")
async def test_agent_who_does_not_read_is_cut_off_and_misses_nothing(
    house: House,
) -> None:
    customer, maria, conversation_id = await long_talk(house)
    cursors = {"cursors": {conversation_id: 0}}
    async with deaf(house.url, "/inbox,", {"token": maria.token}) as slow:
        for number in range(ASKED):
            await slow.send_str(f'42/inbox,{number}["sync",{json.dumps(cursors)}]')
        await customer.say("are you there?")
        assert await read_to_the_end(slow) < ASKED * 20 * len(LONG) / 2
    again = await house.agent()
    ack = await again.call("sync", cursors)
    assert (
        ack["conversations"][conversation_id]["events"][-1]["text"] == "are you there?"
    )


async def test_long_history_alone_is_no_reason(
    house: House, little_may_wait: None
) -> None:
    customer, _, _ = await long_talk(house)
    history = await customer.history()
    assert sum(len(one.get("text", "")) for one in history) > sockets.MAX_WAITING_BYTES
    assert (await customer.say("still here"))["ok"]


async def test_connection_that_takes_nothing_more_is_ended(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(websocket.WebSocketProtocol, "stalled_secs", 0.2)
    customer, _, _ = await long_talk(house)
    known = {"session_id": customer.session_id, "protocol": 1}
    async with deaf(house.url) as slow:
        await ask_until_cut_off(slow, f'42["session_request",{json.dumps(known)}]')
    assert len(await customer.history()) > 20


async def test_events_of_one_connection_wait_for_each_other(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many are sent, only so many are handled at a time."""
    monkeypatch.setattr(sockets, "MAX_CALLS", 4)
    under_way, most = 0, 0
    handle = sockets.Server._handle_event_internal

    async def counted(*args: Any) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        try:
            await handle(*args)
        finally:
            under_way -= 1

    monkeypatch.setattr(sockets.Server, "_handle_event_internal", counted)
    customer = await house.customer()
    acks = await asyncio.gather(*(customer.say(f"word {n}") for n in range(40)))
    assert all(ack["ok"] for ack in acks)
    assert [ack["seq"] for ack in acks] == sorted(ack["seq"] for ack in acks)
    assert most == 4


async def test_agents_calls_are_limited_each_kind_for_itself(
    sqlite_url: str, assistant: ScriptedAssistant, tmp_path: Path
) -> None:
    limits = {"message_limits": "3/minute"}
    settings = settings_for(sqlite_url, assistant.port, tmp_path, **limits)
    async with House.open(settings, assistant) as house:
        maria, tab = await house.agent(), await house.agent()
        for client in (maria, tab, maria):
            assert (await client.call("sync", {}))["ok"]
        for client in (maria, tab):
            refused(await client.call("sync", {}), "rate_limited")
        assert (await maria.act("presence_set", status="away"))["ok"]
        sam = await house.agent("sam")
        assert (await sam.call("sync", {}))["ok"]


async def test_arrivals_wait_for_each_other_as_far_as_they_may() -> None:
    pace = Pace(per_second=1, longest_secs=3.5)
    turns = [asyncio.create_task(pace.turn()) for _ in range(6)]
    await asyncio.wait(turns[:1])
    await asyncio.wait(turns[4:])
    assert [type(turn.exception()) for turn in turns[4:]] == [RateLimited] * 2
    assert not any(turn.done() for turn in turns[1:4])
    for turn in turns[1:4]:
        turn.cancel()


async def test_a_few_arrivals_need_not_wait() -> None:
    pace = Pace(per_second=1, longest_secs=0, at_once=3)
    for _ in range(3):
        await pace.turn()
    with pytest.raises(RateLimited):
        await pace.turn()


async def test_connection_for_which_there_is_no_room_is_refused(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def no_room(_: Pace) -> None:
        raise RateLimited

    customer = await house.customer()
    with monkeypatch.context() as patch:
        patch.setattr(Pace, "turn", no_room)
        with pytest.raises(aiohttp.WSServerHandshakeError):
            async with deaf(house.url):
                pass
    assert (await customer.say("hello"))["ok"]
    await house.customer()

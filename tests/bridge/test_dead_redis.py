"""Redis dead or frozen: nobody waits for it, and nobody misses anything for good."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.bridge.conftest import settings_for
from tests.bridge.support import House, ScriptedAssistant
from tests.bridge.support.bridges import BridgeProcess, Bridges
from tests.bridge.support.clients import BareClient
from tests.bridge.support.redis_server import RedisServer

Fail = Callable[[RedisServer], None]
FAILURES = pytest.mark.parametrize(
    ("fail", "mend"),
    [
        (RedisServer.freeze, RedisServer.thaw),
        (RedisServer.kill, RedisServer.start),
    ],
    ids=["frozen", "killed"],
)


async def names_redis(bridge: BridgeProcess) -> bool:
    """Whether `/readyz` says that Redis does not answer."""
    async with httpx.AsyncClient(base_url=bridge.house.url, trust_env=False) as http:
        return "redis" in (await http.get("/readyz")).json()["degraded"]


async def until_named(bridge: BridgeProcess, *, wanted: bool) -> None:
    async with asyncio.timeout(20):
        while await names_redis(bridge) is not wanted:
            pass


@FAILURES
async def test_nobody_waits_for_redis_and_everybody_hears_of_everything(
    bridges: Bridges, redis: RedisServer, fail: Fail, mend: Fail
) -> None:
    one, two = await bridges.two(redis_url=redis.url)
    for bridge in (one, two):
        await until_named(bridge, wanted=False)
    customer, maria = await one.house.customer(), await two.house.agent()
    await customer.ask_for_human()
    row = await maria.claim(await maria.queued())
    await customer.status("agent")
    fail(redis)
    # Both still count on it.
    assert (await customer.say("the first one"))["ok"]
    late = {"conversation_id": row["conversation_id"], "text": "and an answer"}
    assert (await maria.act("message_send", **late))["ok"]
    second = await one.house.customer()
    await two.house.customer()
    for bridge in (one, two):
        await until_named(bridge, wanted=True)
    # Neither does any more.
    await maria.sees("the first one")
    await customer.hears("and an answer")
    assert (await customer.say("meanwhile"))["ok"]
    await maria.sees("meanwhile")
    third = await two.house.customer()
    assert (await second.ask_for_human())["ok"]
    await maria.until(
        lambda: any(len(told["queue"]) == 1 for told in maria.all("snapshot"))
    )
    mend(redis)
    for bridge in (one, two):
        await until_named(bridge, wanted=False)
    assert (await third.ask_for_human())["ok"]
    late["text"] = "it is mended"
    assert (await maria.act("message_send", **late))["ok"]
    await customer.hears("it is mended")
    seqs = [message["seq"] for message in customer.all("bot_uttered")]
    assert seqs == sorted(set(seqs))
    heard = [added["event"]["seq"] for added in maria.all("event_added")]
    events = await one.house.events(maria, row["conversation_id"])
    written = [event["seq"] for event in events if event["seq"] >= heard[0]]
    assert sorted(set(heard)) == written


async def test_what_redis_loses_as_it_restarts_is_told_afterwards(
    bridges: Bridges, redis: RedisServer
) -> None:
    one, two = await bridges.two(redis_url=redis.url)
    for bridge in (one, two):
        await until_named(bridge, wanted=False)
    customer, maria = await one.house.customer(), await two.house.agent()
    tab = await two.house.customer(session_id=customer.session_id)
    bare = BareClient(two.house.url)
    await bare.open(customer.session_id)
    await customer.ask_for_human()
    row = await maria.claim(await maria.queued())
    await tab.status("agent")
    here = await one.house.agent()
    redis.kill()
    message = {"conversation_id": row["conversation_id"]}
    assert (await customer.say("into the void"))["ok"]
    for n in range(3):
        said = await here.act("message_send", **message, text=f"reply {n}")
        assert said["ok"]
    redis.start()
    await maria.sees("into the void")
    await tab.next("user_echo", text="into the void")
    await tab.hears("reply 2")
    await bare.until(lambda: "Maria: reply 2" in _texts(bare))
    await here.act("message_send", **message, text="the last one")
    await tab.hears("the last one")
    await bare.until(lambda: "Maria: the last one" in _texts(bare))
    replies = [text for text in _texts(bare) if "reply" in text]
    assert replies == [f"Maria: reply {n}" for n in range(3)]
    # What it was told is not told again when it comes back.
    await bare.close()
    again = BareClient(one.house.url)
    await again.open(customer.session_id)
    await here.act("message_send", **message, text="welcome back")
    await again.until(lambda: "Maria: welcome back" in _texts(again))
    assert _texts(again) == ["Maria: welcome back"]
    await again.close()


def _texts(client: BareClient) -> list[str]:
    return [told["text"] for told in client.all("bot_uttered") if "text" in told]


@pytest.mark.parametrize("reason", ["left", "signed_in"])
async def test_end_of_a_session_that_redis_loses_is_told_afterwards(
    bridges: Bridges, redis: RedisServer, reason: str
) -> None:
    one, two = await bridges.two(redis_url=redis.url)
    for bridge in (one, two):
        await until_named(bridge, wanted=False)
    customer = await one.house.customer()
    tab = await two.house.customer(session_id=customer.session_id)
    redis.kill()
    if reason == "left":
        left = {"session_id": customer.session_id, "end": True}
        assert (await customer.call("leave", left))["ok"]
    else:
        identity = one.house.identity("c-1")
        await one.house.customer(session_id=customer.session_id, identity=identity)
    redis.start()
    await tab.next("session_ended", reason=reason)


async def test_what_is_said_while_nobody_is_subscribed_is_told_afterwards(
    bridges: Bridges, redis: RedisServer
) -> None:
    one, two = await bridges.two(redis_url=redis.url)
    for bridge in (one, two):
        await until_named(bridge, wanted=False)
    customer = await one.house.customer()
    tab = await two.house.customer(session_id=customer.session_id)
    # Publishing goes on: nobody notices that it is in vain.
    redis.end_subscriptions()
    await customer.say("anybody?")
    await tab.next("user_echo", text="anybody?")
    await tab.hears("You said: anybody?")


class Pair:
    """Two bridges in this process, one of which may lose what it publishes."""

    def __init__(self, one: House, two: House) -> None:
        self.one, self.two = one, two
        self.links = [house.bridge.redis for house in (one, two) if house.bridge]
        self.link = self.links[0]
        self._publish = self.link._publish

    async def until_up(self) -> None:
        """Both hear each other, and have looked through what they had missed."""
        async with asyncio.timeout(10):
            while any(link._checks or link._wanted.is_set() for link in self.links):
                await asyncio.sleep(0.01)

    def lose(self) -> None:
        """From now on no message gets through."""

        async def lose(data: dict[str, Any]) -> None:
            if data.get("event") not in ("bot_uttered", "user_echo"):
                await self._publish(data)

        self.link._publish = lose  # type: ignore[method-assign]

    def mend(self) -> None:
        """It gets through again."""
        self.link._publish = self._publish  # type: ignore[method-assign]


@pytest.fixture
async def pair(
    redis: RedisServer, assistant: ScriptedAssistant, sqlite_url: str, tmp_path: Path
) -> AsyncIterator[Pair]:
    first, second = (
        settings_for(sqlite_url, assistant.port, tmp_path, redis_url=redis.url)
        for _ in "12"
    )
    async with (
        House.open(first, assistant) as one,
        House.open(second, assistant) as two,
    ):
        opened = Pair(one, two)
        await opened.until_up()
        yield opened


async def test_hole_is_filled_before_what_comes_after_it(pair: Pair) -> None:
    customer = await pair.one.customer()
    tab = await pair.two.customer(session_id=customer.session_id)
    bare = BareClient(pair.two.url)
    await bare.open(customer.session_id)
    await customer.say("hello")
    await tab.hears("You said: hello")
    pair.lose()
    await customer.say("lost")
    await customer.hears("You said: lost")
    pair.mend()
    await customer.say("after it")
    await tab.hears("You said: after it")
    visible = ("bot_uttered", "user_echo")
    texts = [told["text"] for event, told in tab.events if event in visible]
    assert texts[-4:] == [
        *("lost", "You said: lost"),
        *("after it", "You said: after it"),
    ]
    await bare.until(lambda: "You said: after it" in _texts(bare))
    assert _texts(bare)[-2:] == ["You said: lost", "You said: after it"]
    await bare.close()


async def test_bridge_that_had_to_drop_something_tells_the_others(pair: Pair) -> None:
    customer = await pair.one.customer()
    tab = await pair.two.customer(session_id=customer.session_id)
    await customer.say("hello")
    await tab.hears("You said: hello")
    pair.lose()
    await customer.say("dropped")
    await customer.hears("You said: dropped")
    pair.mend()
    # As where too much waits for a slow Redis.
    pair.link._has_dropped = True
    await tab.hears("You said: dropped")


async def test_line_that_is_dead_is_noticed_within_ten_seconds(
    bridges: Bridges,
) -> None:
    bridge = await bridges.start()
    customer, maria = await bridge.house.customer(), await bridge.house.agent()
    gone = [asyncio.Event(), asyncio.Event()]
    for client, noticed in zip((customer, maria), gone, strict=True):

        def notice(*_: Any, noticed: asyncio.Event = noticed) -> None:
            noticed.set()

        client.io.on("disconnect", notice, namespace=client.namespace)
    bridge.signal(signal.SIGSTOP)
    try:
        # The pages wait a second longer before they say so.
        async with asyncio.timeout(8.8):
            await asyncio.gather(*(noticed.wait() for noticed in gone))
    finally:
        bridge.signal(signal.SIGCONT)

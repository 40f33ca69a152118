"""Floods: limited before they cost anything, while others are served."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.bridge.conftest import settings_for
from tests.bridge.support import House, ScriptedAssistant
from tests.bridge.support.refusals import refused
from tests.bridge.support.silence import PRIVATE, silent_about
from tests.bridge.support.wire import connected


@pytest.fixture(autouse=True)
def nothing_private_is_logged(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    with silent_about(PRIVATE, capfd, caplog):
        yield


# Behind two thousand messages a client on a busy machine hears no ping in time.
@pytest.mark.alone
async def test_burst_is_limited_and_what_was_acked_is_kept_in_order(
    sqlite_url: str, assistant: ScriptedAssistant, tmp_path: Path
) -> None:
    limits = {"message_limits": "20/second;60/minute"}
    settings = settings_for(sqlite_url, assistant.port, tmp_path, **limits)
    loop = asyncio.get_running_loop()
    async with House.open(settings, assistant) as house:
        customer, other = await house.customer(), await house.customer()
        acks: list[asyncio.Future[Any]] = []
        for n in range(2_000):
            done = loop.create_future()
            acks.append(done)
            text = f"{PRIVATE} {n}"
            said = {"session_id": customer.session_id, "message": text}
            await customer.io.emit("user_uttered", said, callback=done.set_result)
            if n % 500 == 0:
                assert (await other.say(f"me too {n}"))["ok"]
        answers = await asyncio.wait_for(asyncio.gather(*acks), 60)
        kept = [n for n, answer in enumerate(answers) if answer["ok"]]
        for answer in answers:
            if not answer["ok"]:
                refused(answer, "rate_limited")
        # A minute's window slides by an estimate of what was in the one before.
        assert 10 <= len(kept) <= 80
        said = [m for m in await customer.history() if m["sender"] == "customer"]
        assert [m["text"] for m in said] == [f"{PRIVATE} {n}" for n in kept]


async def test_limit_of_a_session_holds_over_all_its_connections(
    sqlite_url: str, assistant: ScriptedAssistant, tmp_path: Path
) -> None:
    limits = {"message_limits": "5/minute"}
    settings = settings_for(sqlite_url, assistant.port, tmp_path, **limits)
    async with House.open(settings, assistant) as house:
        customer = await house.customer()
        answers = []
        for _ in range(4):
            # Connections that never ask for a session, but speak in one.
            async with connected(house.url) as wire:
                await wire.frame("40")
                said = json.dumps({"session_id": customer.session_id, "message": "hi"})
                for number in range(2):
                    await wire.emit("user_uttered", said, ack=number)
                    answers.append((await wire.ack(number)).get("error", "ok"))
        assert answers == ["ok"] * 5 + ["rate_limited"] * 3


async def test_what_writes_nothing_is_limited_too_but_apart(
    sqlite_url: str, assistant: ScriptedAssistant, tmp_path: Path
) -> None:
    limits = {"message_limits": "5/minute"}
    settings = settings_for(sqlite_url, assistant.port, tmp_path, **limits)
    async with House.open(settings, assistant) as house:
        customer = await house.customer()
        known = {"session_id": customer.session_id}
        for event in ("typing", "session_request"):
            for _ in range(5):
                assert (await customer.call(event, known))["ok"]
            refused(await customer.call(event, known), "rate_limited")
        assert (await customer.say("hello"))["ok"]


async def test_new_sessions_of_one_address_are_limited(
    sqlite_url: str, assistant: ScriptedAssistant, tmp_path: Path
) -> None:
    limits = {"session_limits": "2/minute"}
    proxies = {"forwarded_allow_ips": ["127.0.0.1"]}
    settings = settings_for(sqlite_url, assistant.port, tmp_path, **limits, **proxies)
    async with House.open(settings, assistant) as house:
        known = await house.customer()
        await house.customer()
        async with connected(house.url) as wire:
            await wire.frame("40")
            await wire.emit("session_request", "{}", ack=1)
            refused(await wire.ack(1), "rate_limited")
            # An address cannot be claimed by calling what the library calls.
            await wire.emit("connect", '{"REMOTE_ADDR":"192.0.2.7"}')
            await wire.emit("session_request", "{}", ack=2)
            refused(await wire.ack(2), "rate_limited")
        # Who has a session comes back at any time.
        assert await known.history() == []
        # Another address, as a proxy on this machine names it, is counted apart.
        other = {"X-Forwarded-For": "192.0.2.7"}
        async with connected(house.url, headers=other) as wire:
            await wire.frame("40")
            for number, code in ((1, "ok"), (2, "ok"), (3, "rate_limited")):
                await wire.emit("session_request", "{}", ack=number)
                assert (await wire.ack(number)).get("error", "ok") == code

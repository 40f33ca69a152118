"""docs/channels/app.md says what is sent and taken, and its programs do so."""

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from handoff_bridge.channels.app import AppSettings
from handoff_bridge.protocol.app_channel import (
    MAX_EVENTS,
    MAX_FILES,
    AppEvent,
    AppFile,
    AppMessage,
    AppPing,
    AppSentFile,
    AppTyping,
)
from handoff_bridge.service.messaging.channel import (
    Button,
    Channel,
    CustomerMessage,
    Part,
    PlatformError,
    Request,
)
from tests.bridge.channels.fake_app import SECRET
from tests.bridge.channels.test_app import loaded
from tests.bridge.conftest import free_port
from tests.bridge.support.receiver import Receiver

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "channels" / "app.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.M | re.S)


@asynccontextmanager
async def running(command: list[str], **more: str) -> AsyncIterator[Any]:
    """A program of the page's."""
    program = await asyncio.create_subprocess_exec(
        *command,
        env={**os.environ, "SECRET": SECRET, **more},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield program
    finally:
        if program.returncode is None:
            program.kill()
        await program.wait()


def program(language: str, part: str) -> list[str]:
    """The command that runs it; skips without the language."""
    code = blocks(language)[0] + blocks(f"{language} {part}")[0]
    if language == "python":
        return [sys.executable, "-c", code]
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    return [node, "-e", code]


def came(receiver: Receiver) -> Request:
    """The newest request of a program's, as the bridge gets it."""
    one = receiver.received[-1]
    headers = {name.lower(): value for name, value in one.headers.items()}
    return Request("POST", "", one.path, headers, one.body)


@pytest.fixture
async def channel(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> AsyncIterator[Channel]:
    """Sends to a port at which a program of the page's is to listen."""
    url = f"http://127.0.0.1:{free_port()}/tandem"
    monkeypatch.setenv("PORT", url.rpartition(":")[2].partition("/")[0])
    found = loaded(monkeypatch, tmp_path, url)
    yield found
    await found.close()


def test_every_setting_and_field_is_named() -> None:
    for name in AppSettings.model_fields:
        assert f"`APP_CHANNEL_{name.upper()}`" in PAGE
    for model in (AppEvent, AppFile, AppMessage, AppSentFile):
        for name in model.model_fields:
            assert re.search(rf"\b{name}\b", PAGE), name


def test_limits_are_the_channels(channel: Channel) -> None:
    limits = channel.limits
    for said in (
        f"up to {MAX_EVENTS} of them",
        f"up to {MAX_FILES} of `{{url",
        f"`text` has at most {limits.text:,} characters",
        f"up to {limits.buttons}, `title` up to {limits.button_title} characters",
    ):
        assert said in PAGE
    assert limits.caption == limits.text


@pytest.mark.parametrize("example", blocks("json to the bridge"))
def test_event_is_understood(channel: Channel, example: str) -> None:
    [arrived] = channel.unpack(Request("POST", "", "", {}, example.encode()))
    given = json.loads(example)
    assert arrived.payload == given | {
        "text": given.get("text", ""),
        "files": given.get("files", []),
    }
    assert channel.read(arrived.payload)


MESSAGES = {"message": AppMessage, "typing": AppTyping, "ping": AppPing}


@pytest.mark.parametrize("example", blocks("json to the app"))
def test_message_is_as_it_is_sent(example: str) -> None:
    given = json.loads(example)
    assert MESSAGES[given["type"]].model_validate(given).as_json() == given


@pytest.mark.parametrize("language", ["python", "js"])
async def test_server_shows_each_message_once(channel: Channel, language: str) -> None:
    async with running(program(language, "server")) as app:
        async with asyncio.timeout(20):
            while not (await channel.check())[0].is_ok:
                await asyncio.sleep(0.05)
        for part in (
            Part("m1", "c-1", "hello", [Button("Yes", "b1")]),
            Part("m1", "c-1", "hello", is_repeated=True),
            Part("m2", "c-1", "bye"),
        ):
            await channel.send(part)
        shown = [await asyncio.wait_for(app.stdout.readline(), 10) for _ in range(2)]
        assert shown == [b"c-1 hello\n", b"c-1 bye\n"]


@pytest.mark.parametrize("language", ["python", "js"])
async def test_server_tells_a_forgery(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, channel: Channel, language: str
) -> None:
    url = f"http://127.0.0.1:{os.environ['PORT']}/tandem"
    forger = loaded(monkeypatch, tmp_path, url, APP_CHANNEL_SECRET=SECRET[::-1])
    async with running(program(language, "server")):
        async with asyncio.timeout(20):
            while not (await channel.check())[0].is_ok:
                await asyncio.sleep(0.05)
        with pytest.raises(PlatformError, match="401"):
            await forger.send(Part("m1", "c-1", "hello"))
    await forger.close()


@pytest.mark.parametrize("language", ["python", "js"])
async def test_client_tells_events_until_they_are_taken(
    channel: Channel, receiver: Receiver, language: str
) -> None:
    given = [json.loads(example) for example in blocks("json to the bridge")]
    url = receiver.url.removesuffix("/events")
    receiver.status = 503
    async with running(program(language, "client"), BRIDGE=url) as client:
        lines = "\n".join(json.dumps(event) for event in given)
        client.stdin.write(lines.encode())
        client.stdin.close()
        await receiver.until_count(1)
        receiver.status = 200
        assert await asyncio.wait_for(client.wait(), 20) == 0
    request = came(receiver)
    channel.verify(request)
    assert [one.event_id for one in channel.unpack(request)] == [
        event["id"] for event in given
    ]
    assert {one.path for one in receiver.received} == {"/channels/app/events"}


async def test_curl_tells_an_event(channel: Channel, receiver: Receiver) -> None:
    for needed in ("curl", "openssl"):
        if shutil.which(needed) is None:
            pytest.skip(f"{needed} is not installed")
    url = receiver.url.removesuffix("/events")
    ran = await asyncio.to_thread(
        subprocess.run,
        ["sh", "-ec", blocks("sh curl")[0]],
        env={**os.environ, "SECRET": SECRET, "BRIDGE": url},
        timeout=30,
        check=False,
    )
    assert ran.returncode == 0
    channel.verify(came(receiver))
    [arrived] = channel.unpack(came(receiver))
    assert channel.read(arrived.payload) == CustomerMessage("Order A-10428")

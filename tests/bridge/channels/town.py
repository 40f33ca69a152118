"""A bridge with one made-up channel, for whatever is the same on every channel."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from handoff_bridge.service.messaging.channel import Channel
from handoff_bridge.store import channel_counts
from tests.bridge.channels.made_up import SECRET, MadeUp
from tests.bridge.conftest import settings_for
from tests.bridge.support import AgentClient, House, ScriptedAssistant

# Of a channel and the address of a database.
type OpenTown = Callable[[MadeUp, str], AbstractAsyncContextManager["Town"]]


class Town:
    """A bridge with one channel, and its customers."""

    def __init__(self, house: House, channel: MadeUp) -> None:
        self.house = house
        self.channel = channel
        self._count = 0

    async def post(
        self, *events: dict[str, Any], secret: str = SECRET
    ) -> httpx.Response:
        """One request of the platform's, its events with ids of their own."""
        named = [{"id": self.next_id(), "address": "ann", **event} for event in events]
        return await self.raw(json=named, secret=secret)

    async def raw(self, *, secret: str = SECRET, **body: Any) -> httpx.Response:
        url = f"{self.house.url}/channels/made_up/webhook"
        return await self.house.http.post(url, headers={"x-secret": secret}, **body)

    def next_id(self) -> int:
        self._count += 1
        return self._count

    async def say(self, text: str, **more: Any) -> None:
        assert (await self.post({"text": text, **more})).status_code == 200

    async def log(self, agent: AgentClient, conversation_id: str) -> list[Any]:
        return await self.house.events(agent, conversation_id)


@asynccontextmanager
async def town_of(
    channel: MadeUp,
    url: str,
    assistant: ScriptedAssistant,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Town]:
    found: dict[str, Channel] = {channel.name: channel}
    monkeypatch.setattr("handoff_bridge.app.load_channels", lambda _: found)
    async with House.open(
        settings_for(url, assistant.port, folder), assistant
    ) as house:
        yield Town(house, channel)


async def claimed(town: Town) -> tuple[AgentClient, dict[str, Any]]:
    maria = await town.house.agent()
    await town.say("human", name="Ann")
    row = await maria.claim(await maria.queued())
    await town.channel.sees("has joined")
    return maria, row


async def counts(town: Town) -> dict[str, int]:
    bridge = town.house.bridge
    assert bridge is not None
    await bridge.channel_counts.write()
    async with bridge.database.read() as tx:
        found = await channel_counts.since(tx, bridge.held.clock().date())
    return {name: count for (_, name), count in found.items() if count}

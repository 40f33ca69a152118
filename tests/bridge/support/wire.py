"""A connection without a client library: what no library would send."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from tests.bridge.support.published import check_ack, check_event

WAIT_SECS = 10.0


class Wire:
    """Frames of Engine.IO 4 and Socket.IO 5 over one WebSocket."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, namespace: str) -> None:
        self._socket = socket
        self._namespace = namespace
        self._calls: dict[int, str] = {}

    async def send(self, frame: str | bytes) -> None:
        """A frame as it is."""
        if isinstance(frame, bytes):
            await self._socket.send_bytes(frame)
        else:
            await self._socket.send_str(frame)

    async def emit(self, event: str, payload: str, ack: int | None = None) -> None:
        """An event whose payload is already JSON, or something like it."""
        number = "" if ack is None else ack
        if ack is not None:
            self._calls[ack] = event
        await self.send(f'42{number}["{event}",{payload}]')

    async def frame(self, starts: str) -> str:
        """The next frame that starts like this."""
        async with asyncio.timeout(WAIT_SECS):
            while True:
                message = await self._socket.receive()
                assert message.type == aiohttp.WSMsgType.TEXT, message
                if message.data == "2":
                    await self.send("3")
                elif message.data.startswith(starts):
                    return str(message.data)

    async def ack(self, number: int) -> Any:
        """The answer to the call of that number."""
        start = f"43{number}"
        ack = json.loads((await self.frame(start)).removeprefix(start))[0]
        check_ack(self._namespace, self._calls.get(number), ack)
        return ack

    async def event(self, name: str) -> Any:
        """The payload of the next event of that name."""
        while True:
            found, payload = json.loads((await self.frame("42")).removeprefix("42"))
            check_event(self._namespace, found, payload)
            if found == name:
                return payload

    async def closes(self) -> None:
        """Waits until the other side closes the connection."""
        async with asyncio.timeout(WAIT_SECS):
            while not self._socket.closed:
                await self._socket.receive()


@asynccontextmanager
async def connected(
    url: str, namespace: str = "/", auth: Any = None, headers: Any = None
) -> AsyncIterator[Wire]:
    """A connection that has asked for the namespace."""
    address = f"{url}/socket.io/?EIO=4&transport=websocket"
    async with (
        aiohttp.ClientSession(trust_env=False) as session,
        session.ws_connect(address, headers=headers) as socket,
    ):
        wire = Wire(socket, namespace)
        await wire.frame("0")
        name = "" if namespace == "/" else f"{namespace},"
        await wire.send(f"40{name}{json.dumps(auth) if auth else ''}")
        yield wire

"""A Socket.IO client that does as little as it can, so that the server is measured.

It speaks version 5 over a websocket, text packets only: enough for the bridge and for
a bare echo.
"""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import aiohttp

Heard = Callable[[str, Any, float], None]

ANSWER_SECS = 60.0


class Connection:
    """One client in one namespace; `heard` gets event, payload and time of arrival."""

    def __init__(
        self, websocket: aiohttp.ClientWebSocketResponse, namespace: str, heard: Heard
    ) -> None:
        """Made by `connect`."""
        self._socket = websocket
        self._prefix = "" if namespace == "/" else f"{namespace},"
        self._heard = heard
        self._acks: dict[int, asyncio.Future[Any]] = {}
        self._calls = 0
        self._connected: asyncio.Future[None]
        self._connected = asyncio.get_running_loop().create_future()
        # Set once nothing more comes in, whoever ended it.
        self.closed = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def connect(
        cls,
        http: aiohttp.ClientSession,
        url: str,
        namespace: str = "/",
        *,
        auth: dict[str, Any] | None = None,
        heard: Heard = lambda *_: None,
        compress: int = 0,
    ) -> Connection:
        """Opens the namespace; `compress` is a deflate window in bits, or 0.

        Raises:
            ConnectionError: it was closed, or the namespace was refused.
        """
        address = f"{url}/socket.io/?EIO=4&transport=websocket"
        websocket = await http.ws_connect(address, compress=compress, max_msg_size=0)
        connection = cls(websocket, namespace, heard)
        try:
            await websocket.send_str(
                f"40{connection._prefix}{json.dumps(auth) if auth else ''}"
            )
            async with asyncio.timeout(ANSWER_SECS):
                await connection._connected
        except BaseException:
            await connection.close()
            raise
        return connection

    async def emit(self, event: str, data: Any) -> None:
        """Sends an event that wants no answer."""
        await self._socket.send_str(f"42{self._prefix}{json.dumps([event, data])}")

    async def call(self, event: str, data: Any, secs: float = ANSWER_SECS) -> Any:
        """Sends an event and returns its ack.

        Raises:
            ConnectionError: the connection ended first.
            TimeoutError: there was none within `secs`.
        """
        answer = await self.ask(event, data)
        async with asyncio.timeout(secs):
            return await answer

    async def ask(self, event: str, data: Any) -> asyncio.Future[Any]:
        """Sends an event and returns what its ack will be."""
        self._calls += 1
        number, answer = self._calls, asyncio.get_running_loop().create_future()
        self._acks[number] = answer
        text = f"42{self._prefix}{number}{json.dumps([event, data])}"
        await self._socket.send_str(text)
        return answer

    def stop_reading(self) -> None:
        """Takes nothing more from the other side, and stays connected."""
        self._reading.cancel()

    def cut(self) -> None:
        """Takes the connection away under both, without a goodbye."""
        found: Any = self._socket.get_extra_info("socket")
        with suppress(OSError):
            if found is not None:
                found.shutdown(socket.SHUT_RDWR)

    async def close(self) -> None:
        """Ends the connection."""
        self._reading.cancel()
        with suppress(asyncio.CancelledError):
            await self._reading
        await self._socket.close()

    async def _read(self) -> None:
        try:
            async for message in self._socket:
                text = message.data
                if not isinstance(text, str):
                    continue
                if text == "2":
                    await self._socket.send_str("3")
                elif text.startswith("4"):
                    self._packet(text[1], text[2:].removeprefix(self._prefix))
        finally:
            self._ended()

    def _ended(self) -> None:
        """Nothing that is still waited for will come."""
        self.closed.set()
        for waited in (self._connected, *self._acks.values()):
            if not waited.done():
                waited.set_exception(ConnectionResetError("The connection has ended."))
                waited.exception()  # nobody has to want it

    def _packet(self, kind: str, text: str) -> None:
        if kind == "0":
            self._connected.set_result(None)
        elif kind == "4":
            self._connected.set_exception(ConnectionRefusedError(text))
        elif kind in "23":
            start = text.index("[")
            values = json.loads(text[start:])
            if kind == "3":
                waited = self._acks.pop(int(text[:start]))
                # Nobody may wait for it any more.
                if not waited.done():
                    waited.set_result(values[0])
            else:
                payload = values[1] if len(values) > 1 else None
                self._heard(values[0], payload, time.perf_counter())

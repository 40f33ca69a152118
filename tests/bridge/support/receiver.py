"""A real program of a shop's that takes webhooks, as well or badly as a test wants."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web

PATH = "/events"


@dataclass(frozen=True)
class Received:
    """One request, as it came."""

    headers: dict[str, str]
    body: bytes
    path: str

    @property
    def event(self) -> dict[str, Any]:
        """What it tells."""
        told: dict[str, Any] = json.loads(self.body)
        return told

    @property
    def delivery(self) -> str:
        """Its id, the same at every attempt."""
        return self.headers["Tandem-Delivery"]


class Receiver:
    """Answers with `status` and `headers`, once `gate` is open, and keeps what came."""

    def __init__(self) -> None:
        self.status = 200
        self.headers: dict[str, str] = {}
        self.text = "ok"
        # What it does not take, whatever it answers else.
        self.refuses: Callable[[Received], bool] = lambda _: False
        self.gate = asyncio.Event()
        self.gate.set()
        self.takes_secs = 0.0
        self.received: list[Received] = []
        self.most_at_once = 0
        self._under_way = 0
        self.port = 0
        self._came = asyncio.Condition()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}{PATH}"

    @classmethod
    @asynccontextmanager
    async def listening(cls, port: int = 0) -> AsyncIterator["Receiver"]:
        """Starts one and stops it again."""
        receiver = cls()
        app = web.Application()
        app.router.add_route("*", "/{any:.*}", receiver.take)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        receiver.port = runner.addresses[0][1]
        try:
            yield receiver
        finally:
            receiver.gate.set()
            await runner.cleanup()

    async def take(self, request: web.Request) -> web.Response:
        """One request."""
        body = await request.read()
        came = Received(dict(request.headers), body, request.path)
        status = 500 if self.refuses(came) else self.status
        headers, text = dict(self.headers), self.text
        async with self._came:
            self.received.append(came)
            self._came.notify_all()
        self._under_way += 1
        self.most_at_once = max(self.most_at_once, self._under_way)
        await self.gate.wait()
        await asyncio.sleep(self.takes_secs)
        self._under_way -= 1
        return web.Response(status=status, headers=headers, text=text)

    def types(self) -> list[str]:
        """The events that came, in order."""
        return [one.event["type"] for one in self.received]

    def of(self, kind: str) -> list[dict[str, Any]]:
        """Those of a type."""
        return [one.event for one in self.received if one.event["type"] == kind]

    async def until(self, enough: Callable[[], bool]) -> None:
        """Waits until what came is enough."""
        async with asyncio.timeout(15), self._came:
            await self._came.wait_for(enough)

    async def until_count(self, count: int) -> list[Received]:
        """Waits for so many requests."""
        await self.until(lambda: len(self.received) >= count)
        return self.received

    async def next_of(self, kind: str) -> dict[str, Any]:
        """The newest event of a type, once there is one."""
        await self.until(lambda: bool(self.of(kind)))
        return self.of(kind)[-1]

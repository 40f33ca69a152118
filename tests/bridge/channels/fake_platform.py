"""What all fakes of platforms have in common: a server that behaves as a test wants."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Self

import httpx
from aiohttp import web

WITHIN_SECS = 15
MAX_BYTES = 50 * 1024 * 1024


@dataclass(frozen=True)
class Shown:
    """A message that a customer of the platform sees."""

    address: str
    message_id: str
    text: str = ""
    buttons: list[dict[str, Any]] = field(default_factory=list)
    # What else belongs to it, as the platform calls it: photo, template.
    more: dict[str, Any] = field(default_factory=dict)


class FakePlatform:
    """A platform's servers, and the customers who use it.

    Subclasses add their routes to `app`, call `show` for what reaches a customer, and
    check what the real platform checks: credentials, signatures, limits.
    """

    def __init__(self) -> None:
        self.port = 0
        self.shown: list[Shown] = []
        # Every request, by method and path.
        self.calls: list[tuple[str, str]] = []
        # Answers 503 to all; answers 429 to so many; does it for so many, and closes
        # the connection without an answer; does nothing until it is set.
        self.is_down = False
        self.throttled = 0
        self.retry_after_secs = 1
        self.mute = 0
        self.gate = asyncio.Event()
        self.gate.set()
        self.app = web.Application(
            middlewares=[self._behave], client_max_size=MAX_BYTES
        )
        self._changed = asyncio.Condition()
        self._count = 0
        self._http = httpx.AsyncClient(trust_env=False, timeout=30)

    @classmethod
    @asynccontextmanager
    async def running(
        cls, *args: Any, port: int = 0, **more: Any
    ) -> AsyncIterator[Self]:
        """Starts one and stops it again."""
        fake = cls(*args, **more)
        runner = web.AppRunner(fake.app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        fake.port = runner.addresses[0][1]
        try:
            yield fake
        finally:
            fake.gate.set()
            await runner.cleanup()
            await fake._http.aclose()

    @property
    def url(self) -> str:
        """What the setting of the base URL is set to."""
        return f"http://127.0.0.1:{self.port}"

    def next_number(self) -> int:
        """A number that was not given before."""
        self._count += 1
        return self._count

    async def show(self, shown: Shown) -> None:
        """A customer sees it."""
        async with self._changed:
            self.shown.append(shown)
            self._changed.notify_all()

    def texts(self, address: str) -> list[str]:
        """What a customer has read, in order."""
        return [one.text for one in self.shown if one.address == address]

    async def until(self, enough: Callable[[], bool]) -> None:
        """Waits until what is shown is enough."""
        async with asyncio.timeout(WITHIN_SECS), self._changed:
            await self._changed.wait_for(enough)

    async def sees(self, address: str, text: str) -> Shown:
        """The newest message to a customer that holds `text`, once there is one."""

        def found() -> list[Shown]:
            return [
                one for one in self.shown if one.address == address and text in one.text
            ]

        try:
            await self.until(lambda: bool(found()))
        except TimeoutError:
            raise AssertionError(f"{text!r} is not in {self.texts(address)}") from None
        return found()[-1]

    async def post(self, url: str, **options: Any) -> httpx.Response:
        """One webhook, once."""
        return await self._http.post(url, **options)

    async def deliver(self, url: str, **options: Any) -> httpx.Response:
        """One webhook, again and again until the bridge has taken it."""
        async with asyncio.timeout(WITHIN_SECS * 4):
            while True:
                try:
                    response = await self.post(url, **options)
                    if response.is_success:
                        return response
                except httpx.HTTPError:
                    pass
                await asyncio.sleep(0.1)

    @web.middleware
    async def _behave(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.calls.append((request.method, request.path))
        if not request.content_type.startswith("multipart/"):
            # All there is of it, whatever becomes of its sender at the gate.
            await request.read()
        await self.gate.wait()
        if self.is_down:
            return web.Response(status=503, text="down")
        if self.throttled > 0:
            self.throttled -= 1
            return self.too_many()
        response: web.StreamResponse = await handler(request)
        if self.mute > 0 and request.method == "POST":
            self.mute -= 1
            if request.transport is not None:  # else nobody waits any more
                request.transport.close()
        return response

    def too_many(self) -> web.Response:
        """What the platform says to too many requests."""
        headers = {"Retry-After": str(self.retry_after_secs)}
        return web.Response(status=429, headers=headers, text="too many")

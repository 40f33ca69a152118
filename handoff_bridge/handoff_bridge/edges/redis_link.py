"""How several bridges hear of each other: through Redis, for which nobody waits.

What is told is in the database before it is told, so whatever Redis loses is read from
there: each bridge catches up its own connections once Redis answers again, and every
second while it does not.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Any

import redis.asyncio as redis
import socketio
import structlog
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from socketio.async_manager import AsyncManager

logger = structlog.get_logger()

Payload = dict[str, Any]
# Called with the event, its room and its payload, before connections here are told.
BeforeTold = Callable[[str, Any, Payload], Awaitable[None]]
# Called with whether everything may be out of date, or only what has grown.
CatchUp = Callable[[bool], Awaitable[None]]

BEAT_SECS = 1.0
# So long without hearing itself a bridge takes Redis for dead.
SILENT_SECS = 3.0
ANSWER_SECS = 2.0
RETRY_SECS = 1.0
# What waits while Redis is slow; of what is dropped others learn by catching up.
MAX_WAITING = 10_000
# Twice, so that what Redis still had from before cannot have the last word.
CHECKS = 2


class LocalManager(AsyncManager):
    """python-socketio's own, which says what this bridge's connections are told."""

    # Set by the wiring.
    before_told: BeforeTold | None = None

    async def emit(
        self, event: str, data: Any, namespace: str | None, **options: Any
    ) -> None:
        """Tells the connections here."""
        room = options.get("to") or options.get("room")
        if self.before_told is not None and isinstance(data, dict):
            try:
                await self.before_told(event, room, data)
            except Exception:  # of one connection; the others are told
                logger.exception("not_caught_up")
        await super().emit(event, data, namespace, **options)


class RedisLink(socketio.AsyncRedisManager, LocalManager):
    """Tells other bridges, and hears from them.

    `is_up` is measured end to end: the bridge has to hear its own beats.
    """

    def __init__(self, url: str, channel: str) -> None:
        """Connects to `url` once it is started."""
        socketio.AsyncRedisManager.__init__(self, url, channel=channel)
        self.on_gap: CatchUp | None = None
        self.is_up = False
        self._url = url
        self._outgoing: asyncio.Queue[Payload] = asyncio.Queue(MAX_WAITING)
        self._client = self._new_client()
        self._heard_at = 0.0
        # How often everything is still to be looked through.
        self._checks = CHECKS
        self._has_dropped = False
        self._due: bool | None = None
        self._wanted = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def initialize(self) -> None:
        """Called by the library at the first connection: it is started already."""

    async def start(self) -> None:
        """Connects, and goes on trying."""
        self._heard_at = asyncio.get_running_loop().time()
        works = (self._thread, self._send, self._beat, self._catch_up)
        self._tasks = [asyncio.create_task(work()) for work in works]

    async def stop(self) -> None:
        """Ends what is under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with suppress(RedisError, OSError):
            await self._client.aclose()

    async def emit(
        self, event: str, data: Any, namespace: str | None = None, **options: Any
    ) -> None:
        """What is for one connection here concerns no other bridge."""
        room = options.get("to") or options.get("room")
        if isinstance(room, str) and self.is_connected(room, namespace or "/"):
            options["ignore_queue"] = True
        await super().emit(event, data, namespace, **options)

    async def _publish(self, data: Payload) -> None:
        """Nobody waits for Redis."""
        try:
            self._outgoing.put_nowait(data)
        except asyncio.QueueFull:
            self._has_dropped = True

    async def _send(self) -> None:
        """One after the other, in order."""
        while True:
            data = await self._outgoing.get()
            try:
                await self._client.publish(self.channel, self.json.dumps(data))
            except (RedisError, OSError) as error:
                logger.warning("redis_refuses", error=type(error).__name__)
                self._has_dropped = True
                while not self._outgoing.empty():
                    self._outgoing.get_nowait()

    async def _beat(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._publish({"method": "beat", "host_id": self.host_id})
            await asyncio.sleep(BEAT_SECS)
            if loop.time() - self._heard_at > SILENT_SECS:
                self._note(is_up=False)
                self._ask_to_catch_up(everything=False)

    def _note(self, *, is_up: bool) -> None:
        if is_up and not self.is_up:
            logger.info("redis_answers")
        elif self.is_up and not is_up:
            logger.warning("redis_is_silent")
        self.is_up = is_up
        if not is_up:
            self._checks = CHECKS

    async def _listen(self) -> AsyncIterator[Payload]:
        """What others publish; the library's `_thread` does what it says."""
        while True:
            try:
                async for data in self._subscribed():
                    if data.get("method") == "beat":
                        await self._heard_beat(data)
                    elif data.get("method") == "gap":
                        self._ask_to_catch_up(everything=True)
                    else:
                        yield data
            except (RedisError, OSError) as error:
                logger.warning("redis_not_heard", error=type(error).__name__)
            self._checks = CHECKS
            await asyncio.sleep(RETRY_SECS)

    async def _subscribed(self) -> AsyncIterator[Payload]:
        """Until it is silent: each bridge's beats come every second."""
        async with self._new_client() as client, client.pubsub() as subscription:
            await subscription.subscribe(self.channel)
            while True:
                message = await subscription.get_message(timeout=SILENT_SECS)
                if message is None:
                    return
                if message["type"] == "message":
                    data = self.json.loads(message["data"])
                    if isinstance(data, dict):
                        yield data

    async def _heard_beat(self, beat: Payload) -> None:
        if beat.get("host_id") != self.host_id:
            return
        self._heard_at = asyncio.get_running_loop().time()
        self._note(is_up=True)
        if self._has_dropped:
            self._has_dropped = False
            await self._publish({"method": "gap", "host_id": self.host_id})
        if self._checks:
            self._checks -= 1
            self._ask_to_catch_up(everything=True)

    def _ask_to_catch_up(self, *, everything: bool) -> None:
        self._due = everything or bool(self._due)
        self._wanted.set()

    async def _catch_up(self) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            everything, self._due = bool(self._due), None
            if self.on_gap is None:
                continue
            try:
                await self.on_gap(everything)
            except Exception:
                logger.exception("not_caught_up")
                self._checks = CHECKS

    def _new_client(self) -> redis.Redis:
        return redis.Redis.from_url(
            self._url,
            socket_timeout=ANSWER_SECS,
            socket_connect_timeout=ANSWER_SECS,
            retry=Retry(NoBackoff(), 0),
        )

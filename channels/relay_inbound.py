"""What a wrapped connector has read of a request, on its way to the bridge."""

from __future__ import annotations

import asyncio
import json
import logging
import uuid
from collections.abc import Awaitable, Mapping
from contextvars import ContextVar
from typing import Any

import aiohttp
from rasa.core.channels.channel import UserMessage

logger = logging.getLogger(__name__)

POST_TIMEOUT_SECS = 5
POST_ATTEMPTS = 3
RETRY_PAUSE_SECS = 0.5
MAX_METADATA_CHARS = 4000
# The bridge's answers to a message that is not one.
NEVER = (400, 413, 422)

# The request that is being handled; tasks that a connector starts have it too.
relayed: ContextVar[Relayed | None] = ContextVar("relayed", default=None)


class BridgeUnreachable(Exception):
    """The bridge did not take a message, and may take it later."""


class BridgeRefused(Exception):
    """The bridge will never take it."""


class Bridge:
    """The bridge's route for messages that a connector has read."""

    def __init__(self, bridge_url: str, service_token: str) -> None:
        """Takes its address and the shared secret."""
        self._url = f"{bridge_url.rstrip('/')}/api/v1/channels"
        self._headers = {"Authorization": f"Bearer {service_token}"}

    async def take(self, connector: str, body: Mapping[str, Any]) -> None:
        """Hands one in; the bridge takes it once, however often it is told.

        Raises:
            BridgeRefused: it never will.
            BridgeUnreachable: it may when it is told again.
        """
        timeout = aiohttp.ClientTimeout(total=POST_TIMEOUT_SECS)
        url = f"{self._url}/{connector}/messages"
        for attempt in range(1, POST_ATTEMPTS + 1):
            try:
                async with aiohttp.ClientSession(timeout=timeout) as session:
                    posting = session.post(url, json=body, headers=self._headers)
                    async with posting as response:
                        if response.status in NEVER:
                            raise BridgeRefused(await response.text())
                        response.raise_for_status()
                        return
            except (aiohttp.ClientError, asyncio.TimeoutError) as error:
                failure = getattr(error, "status", None) or type(error).__name__
            if attempt < POST_ATTEMPTS:
                await asyncio.sleep(RETRY_PAUSE_SECS)
        logger.error(
            "Bridge did not take a message: event_id=%s %s", body["event_id"], failure
        )
        raise BridgeUnreachable(f"The bridge did not take it: {failure}")


class Relayed:
    """A request that the bridge has forwarded, or a connector's own finding.

    Its messages are numbered in the order in which they are read, so that the same
    request again has the same ones.
    """

    def __init__(self, event_id: str | None = None) -> None:
        """Without a request, as of a connector that asks its platform, it is new."""
        self.event_id = event_id or uuid.uuid4().hex
        self._tasks: list[asyncio.Task[None]] = []
        self._in_order = asyncio.Lock()

    def hand_in(
        self,
        bridge: Bridge,
        connector: str,
        message: UserMessage,
        reply_to: Mapping[str, Any] | None,
    ) -> Awaitable[None]:
        """Starts at once: a connector may answer before it waits for this."""
        body = {
            "event_id": self.event_id,
            "n": len(self._tasks),
            "sender_id": message.sender_id,
            "text": message.text or "",
            "metadata": _sendable(message.metadata),
            "reply_to": reply_to,
        }
        task = asyncio.ensure_future(self._post(bridge, connector, body))
        self._tasks.append(task)
        # Marks the exception as seen: a connector may not wait for it.
        task.add_done_callback(lambda done: done.cancelled() or done.exception())

        async def done() -> None:
            await asyncio.shield(task)

        return done()

    async def settled(self) -> None:
        """Waits until the bridge has all. Raises BridgeUnreachable, BridgeRefused."""
        for task in list(self._tasks):
            await task

    async def _post(
        self, bridge: Bridge, connector: str, body: Mapping[str, Any]
    ) -> None:
        async with self._in_order:
            await bridge.take(connector, body)


def _sendable(metadata: Any) -> dict[str, Any]:
    """What of it is JSON; none of it where it is too much."""
    try:
        written = json.dumps(metadata or {})
    except (TypeError, ValueError):
        return {}
    found = json.loads(written) if len(written) <= MAX_METADATA_CHARS else {}
    return found if isinstance(found, dict) else {}

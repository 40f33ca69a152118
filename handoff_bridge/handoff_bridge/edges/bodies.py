"""Bodies have to arrive: whoever stops in the middle does not keep a place for ever."""

import asyncio
import json
from typing import Any

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from handoff_bridge.errors import BadRequest, TooSlow

MAX_BYTES = 1024 * 1024


async def read_body(request: Request) -> bytes:
    """The body, bounded. Raises BadRequest where it is larger."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BYTES:
            raise BadRequest("The body is too large.")
    return bytes(body)


async def read_json(request: Request) -> Any:
    """The body, bounded. Raises BadRequest where it is no JSON."""
    try:
        return json.loads(await read_body(request))
    except (ValueError, RecursionError) as error:
        raise BadRequest("The body has to be JSON.") from error


class BodyDeadline:
    """Raises TooSlow in whoever waits too long for the next part of a body."""

    def __init__(self, app: ASGIApp, stall_secs: float) -> None:
        """Between two parts of a body no more than `stall_secs` may pass."""
        self._app = app
        self._stall_secs = stall_secs

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wraps one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_complete = False

        async def in_time() -> Message:
            nonlocal is_complete
            if is_complete:  # what is waited for now is that the client leaves
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), self._stall_secs)
            except TimeoutError:
                raise TooSlow from None
            is_complete = not message.get("more_body", False)
            return message

        await self._app(scope, in_time, send)

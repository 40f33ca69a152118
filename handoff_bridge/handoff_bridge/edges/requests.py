"""What of a request every route reads the same way."""

import json
from typing import Any

from fastapi import Request

from handoff_bridge.errors import BadRequest

MAX_JSON_BYTES = 1024 * 1024


async def json_of(request: Request) -> Any:
    """The body. Raises BadRequest for what is no JSON, or too large."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_JSON_BYTES:
            raise BadRequest("The body is too large.")
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadRequest("The body has to be JSON.") from error

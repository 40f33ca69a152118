"""A platform's request as it is kept, and as the relay gets it."""

import json
import re
import uuid
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from handoff_bridge.models import JsonObject
from handoff_bridge.service.messaging.channel import Malformed, Request

# What connectors read, and what platforms prove themselves with.
HEADERS = ("accept", "authorization", "content-type", "user-agent")
OWN_HEADERS = re.compile(r"x-(forwarded-.*|real-ip|relay-.*)")
# What a header can hold, with room for the numbers of messages.
ID = re.compile(r"[!-~]{1,150}")


def kept(request: Request, rest: str) -> JsonObject:
    """What of a request is kept; `rest` is its path behind the key.

    Raises Malformed where the path leads elsewhere.
    """
    if any(part in (".", "..") for part in rest.split("/")):
        raise Malformed("Its path has dots.")
    return {
        "method": request.method,
        "path": rest,
        "query": urlsplit(request.url).query,
        "headers": {
            name: value for name, value in request.headers.items() if _goes_on(name)
        },
        "body": b64encode(request.body).decode(),
    }


def options_of(found: Mapping[str, Any]) -> tuple[str, str, dict[str, Any]]:
    """Its method, its path with its query, and httpx's options."""
    path = quote(str(found["path"]), safe="/")
    query = str(found["query"])
    # As servers read them, whatever they hold.
    headers = {
        name: value.encode("latin-1") for name, value in found["headers"].items()
    }
    return (
        str(found["method"]),
        f"{path}?{query}" if query else path,
        {"headers": headers, "content": b64decode(found["body"])},
    )


def event_id_of(request: Request, fields: Sequence[str]) -> str:
    """The same for the same request, where the platform has an id for it.

    Anything else that is the same twice may have been said twice.
    """
    content = _parsed(request)
    for field in fields:
        value = _at(content, field)
        if isinstance(value, str | int) and not isinstance(value, bool) and value != "":
            found = str(value)
            is_fit = ID.fullmatch(found)
            return f"request:{found if is_fit else sha256(found.encode()).hexdigest()}"
    return f"request:{uuid.uuid4().hex}"


def _goes_on(name: str) -> bool:
    return name in HEADERS or (
        name.startswith("x-") and not OWN_HEADERS.fullmatch(name)
    )


def _parsed(request: Request) -> Any:
    """Its JSON or form; nothing where it is neither."""
    kind = request.headers.get("content-type", "")
    try:
        if kind.startswith("application/x-www-form-urlencoded"):
            fields = parse_qs(request.body.decode())
            return {name: values[0] for name, values in fields.items()}
        return json.loads(request.body)
    except (ValueError, RecursionError):
        return None


def _at(content: Any, field: str) -> Any:
    """What is there, a dot for each step inwards; numbers are places in lists."""
    for step in field.split("."):
        if isinstance(content, list) and step.isdecimal() and len(step) < 4:
            content = dict(enumerate(content)).get(int(step))
        elif isinstance(content, dict):
            content = content.get(step)
        else:
            return None
    return content

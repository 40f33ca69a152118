"""The whole conversation as the customer saw it, over all sessions."""

from collections.abc import Iterable, Mapping
from typing import Any

from handoff_bridge.packet.events import AnyEvent
from handoff_bridge.packet.reading import Reading, sender
from handoff_bridge.packet.redaction import KINDS

_ATTACHMENT_KEYS = ("attachment_id", "content_type", "width", "height")


def transcript(reading: Reading) -> list[dict[str, Any]]:
    """List all messages. Notes are not for customers and not part of it."""
    return [_line(event) for event in reading.messages]


def attachments(
    reading: Reading, stored: Iterable[Mapping[str, Any]] = ()
) -> list[dict[str, Any]]:
    """List what was sent in the chat; `stored` knows types an old log lacks."""
    types = {item.get("attachment_id"): item.get("content_type") for item in stored}
    return [
        {
            "attachment_id": item["attachment_id"],
            "content_type": item.get("content_type")
            or types.get(item["attachment_id"])
            or "application/octet-stream",
            "at": event["at"],
            "seq": event["seq"],
        }
        for event in reading.messages
        for item in _sent_with(event)
    ]


def _line(event: AnyEvent) -> dict[str, Any]:
    line: dict[str, Any] = {
        "seq": event["seq"],
        "at": event["at"],
        "sender": sender(event),
    }
    parts = {
        "name": (event.get("actor") or {}).get("name"),
        "text": event.get("text"),
        "attachments": _sent_with(event),
        "quick_replies": [
            {"title": reply.get("title") or "", "payload": reply.get("payload") or ""}
            for reply in event.get("quick_replies") or ()
            if reply
        ],
        "redacted": [kind for kind in event.get("redacted") or () if kind in KINDS],
    }
    return line | {key: value for key, value in parts.items() if value}


def _sent_with(event: AnyEvent) -> list[dict[str, Any]]:
    return [
        {key: item[key] for key in _ATTACHMENT_KEYS if item.get(key) is not None}
        for item in event.get("attachments") or ()
        if isinstance(item, Mapping) and item.get("attachment_id")
    ]

"""The whole conversation as the customer saw it, over all sessions."""

from collections.abc import Iterable, Mapping
from typing import Any

from handoff_bridge.packet.events import AnyEvent
from handoff_bridge.packet.reading import Reading, sender, timestamp

_ATTACHMENT_KEYS = ("attachment_id", "content_type", "width", "height")


def transcript(reading: Reading) -> list[dict[str, Any]]:
    """List all messages. Notes are not for customers and not part of it."""
    return [_line(event) for event in reading.messages]


def attachments(
    reading: Reading, stored: Iterable[Mapping[str, Any]] = ()
) -> list[dict[str, Any]]:
    """List what was sent in the chat; `stored` knows types an old log lacks."""
    known = {item.get("attachment_id"): item for item in stored}
    found = []
    for event in reading.messages:
        for item in event.get("attachments") or ():
            attachment_id = item.get("attachment_id")
            if not attachment_id:
                continue
            kind = {**known.get(attachment_id, {}), **item}.get("content_type")
            found.append(
                {
                    "attachment_id": attachment_id,
                    "content_type": kind or "application/octet-stream",
                    "at": timestamp(event.get("at")),
                    "seq": event["seq"],
                }
            )
    return found


def _line(event: AnyEvent) -> dict[str, Any]:
    line: dict[str, Any] = {
        "seq": event["seq"],
        "at": timestamp(event.get("at")),
        "sender": sender(event),
    }
    if name := (event.get("actor") or {}).get("name"):
        line["name"] = name
    for key in ("text", "redacted"):
        if event.get(key):
            line[key] = event[key]
    if event.get("attachments"):
        items = [_known(item) for item in event["attachments"]]
        line["attachments"] = [item for item in items if "attachment_id" in item]
    if event.get("quick_replies"):
        line["quick_replies"] = [
            {"title": reply.get("title") or "", "payload": reply.get("payload") or ""}
            for reply in event["quick_replies"]
        ]
    return line


def _known(item: Mapping[str, Any]) -> dict[str, Any]:
    return {key: item[key] for key in _ATTACHMENT_KEYS if item.get(key) is not None}

"""What an update of Telegram's means. It decides, and asks nobody.

Updates are read leniently: one that has a shape of its own would be sent again for a
day if it were refused, and the chat's later ones wait behind it.
"""

import re
from dataclasses import replace
from typing import Any

from handoff_bridge.models import JsonObject
from handoff_bridge.service.messaging.channel import (
    CustomerMessage,
    Event,
    FileReference,
    Ignored,
    Kind,
    Pressed,
    Unreadable,
)

# What is asked for: everything else would only be ignored.
USED_UPDATES = ("message", "edited_message", "callback_query")
# Before what they have in common with others: an animation is a document too, a venue a
# location.
UNREADABLE: dict[str, Kind] = {
    "voice": "audio",
    "audio": "audio",
    "video": "video",
    "video_note": "video",
    "animation": "video",
    "sticker": "sticker",
    "location": "location",
    "venue": "location",
    "contact": "contact",
}
# What Telegram writes into a private chat by itself when somebody does something. Any
# other message is somebody's own, even of kinds that come later.
SERVICE = frozenset(
    {
        *("boost_added", "chat_background_set", "chat_shared", "checklist_tasks_added"),
        *("checklist_tasks_done", "connected_website", "gift", "gift_upgrade_sent"),
        *("message_auto_delete_timer_changed", "paid_message_price_changed"),
        *("passport_data", "pinned_message", "proximity_alert_triggered"),
        *("refunded_payment", "successful_payment", "unique_gift", "user_shared"),
        *("users_shared", "web_app_data", "write_access_allowed"),
    }
)
PDF = "application/pdf"
# Only where the message begins: elsewhere an @ belongs to what somebody writes.
COMMAND_SUFFIX = re.compile(r"^(/\w{1,64})@\w{3,32}(?=\s|$)", re.ASCII)
# What a link to the bot may hand over.
START = re.compile(r"^/start(?: ([A-Za-z0-9_-]{1,64}))?$")


def customer_of(update: JsonObject) -> str:
    """The private chat that it concerns, empty where there is none."""
    query = _part(update, "callback_query")
    message = (
        _part(update, "message")
        or _part(update, "edited_message")
        or _part(query, "message")
    )
    chat = _part(message, "chat")
    is_private = chat.get("type") == "private"
    is_bot = _part(query or message, "from").get("is_bot") is True
    return str(chat.get("id", "")) if is_private and not is_bot else ""


def query_id_of(update: JsonObject) -> str:
    """Of the button that was pressed."""
    return _words(_part(update, "callback_query"), "id")


def read_update(update: JsonObject) -> Event:
    """What it means. Of groups, channels and bots nothing is read."""
    if not customer_of(update):
        return Ignored()
    if query := _part(update, "callback_query"):
        data = query.get("data")
        return Pressed(data) if isinstance(data, str) else Ignored()
    if edited := _part(update, "edited_message"):
        # A location that is shared for a while changes each minute, by itself.
        return Ignored() if "location" in edited else Unreadable("edited")
    return _read_message(_part(update, "message"))


def _read_message(message: JsonObject) -> Event:
    if SERVICE & message.keys():
        return Ignored()
    if text := _words(message, "text"):
        return _said(message, COMMAND_SUFFIX.sub(r"\1", text))
    caption = _words(message, "caption")
    kind = next((kind for name, kind in UNREADABLE.items() if name in message), None)
    file = None if kind else _photo(message) or _document(message)
    if file is not None:
        return _said(message, caption, file)
    unreadable = kind or "other"
    if not caption:
        return Unreadable(unreadable)
    return replace(_said(message, caption), unreadable=unreadable)


def _said(message: JsonObject, text: str, *files: FileReference) -> CustomerMessage:
    metadata: JsonObject = {}
    if started := START.match(text):
        text = "/start"
        metadata = {"start": started[1]} if started[1] else {}
    sender = _part(message, "from")
    return CustomerMessage(
        text,
        files,
        _words(sender, "first_name") or None,
        _words(sender, "language_code") or None,
        metadata,
    )


def _photo(message: JsonObject) -> FileReference | None:
    """The largest of its sizes; Telegram makes all of them JPEGs."""
    sizes = [one for one in _list(message, "photo") if _words(one, "file_id")]
    if not sizes:
        return None
    largest = max(sizes, key=lambda one: _number(one, "width") or 0)
    return FileReference(
        _words(largest, "file_id"),
        content_type="image/jpeg",
        size=_number(largest, "file_size"),
    )


def _document(message: JsonObject) -> FileReference | None:
    """A picture or a PDF that was sent as a file."""
    document = _part(message, "document")
    name, kind = _words(document, "file_name"), _words(document, "mime_type")
    if name.lower().endswith(".pdf"):
        kind = PDF  # some phones call it a stream of bytes
    if not _words(document, "file_id") or not kind.startswith(("image/", PDF)):
        return None
    return FileReference(
        _words(document, "file_id"), name or None, kind, _number(document, "file_size")
    )


def _part(whole: JsonObject, name: str) -> dict[str, Any]:
    found = whole.get(name)
    return found if isinstance(found, dict) else {}


def _list(whole: JsonObject, name: str) -> list[dict[str, Any]]:
    found = whole.get(name)
    listed = found if isinstance(found, list) else []
    return [one for one in listed if isinstance(one, dict)]


def _words(whole: JsonObject, name: str) -> str:
    found = whole.get(name)
    return found if isinstance(found, str) else ""


def _number(whole: JsonObject, name: str) -> int | None:
    found = whole.get(name)
    return found if isinstance(found, int) else None

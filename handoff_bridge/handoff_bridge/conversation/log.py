"""What an entry of the event log is, and how each side reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import JsonValue

from handoff_bridge.conversation.events import Actor
from handoff_bridge.models import JsonObject, iso


@dataclass(frozen=True)
class LogEvent:
    """One entry. `prev` is set where customers see it."""

    conversation_id: str
    seq: int
    type: str
    at: datetime
    actor: Actor
    data: JsonObject = field(default_factory=dict)
    message_id: str | None = None
    prev: int | None = None

    @property
    def visible(self) -> bool:
        """Whether the customer sees it."""
        return self.prev is not None


def compact(fields: Mapping[str, JsonValue]) -> JsonObject:
    """`fields` without the absent ones: what we send leaves them out."""
    return {name: value for name, value in fields.items() if value is not None}


_SHOWN: dict[str, type] = {
    "text": str,
    "quick_replies": list,
    "attachment": dict,
    "attachments": list,
    "cards": list,
    "brief": str,
    "key": str,
    "survey": dict,
}


def history_item(entry: LogEvent) -> JsonObject:
    """How the customer's client gets a visible entry."""
    named = entry.actor.type == "agent"
    agent: JsonObject | None = {"name": entry.actor.name or ""} if named else None
    # What is not of its kind, an old log's say, would keep the whole chat from them.
    shown = {
        name: value
        for name, kind in _SHOWN.items()
        if isinstance(value := entry.data.get(name), kind)
    }
    shown["custom"] = entry.data.get("custom")
    shown["quick_replies"] = _bound(shown.get("quick_replies"))
    return compact(
        {
            "seq": entry.seq,
            "prev": entry.prev,
            "message_id": entry.message_id or f"event-{entry.seq}",
            "at": iso(entry.at),
            "sender": entry.actor.type,
            "agent": agent,
            **shown,
        }
    )


def _bound(buttons: JsonValue) -> list[JsonValue] | None:
    """Buttons that may still be shown; old logs hold some that name an intent."""
    listed = buttons if isinstance(buttons, list) else []
    return [button for button in listed if not _is_bound_to_nothing(button)] or None


def _is_bound_to_nothing(button: JsonValue) -> bool:
    if not isinstance(button, dict) or not isinstance(button.get("title"), str):
        return True
    payload = button.get("payload")
    return not isinstance(payload, str) or payload.startswith("/")


def agent_event(entry: LogEvent) -> JsonObject:
    """How agents and the API get any entry."""
    data = entry.data
    if isinstance(turn := data.get("turn"), dict):
        # A turn is logged as the assistant told it, and that may tell of nulls.
        data = {**data, "turn": compact(turn)}
    return compact(
        {
            **data,
            "seq": entry.seq,
            "type": entry.type,
            "at": iso(entry.at),
            "actor": entry.actor.as_json(),
            "message_id": entry.message_id,
        }
    )


def words_of(entry: LogEvent) -> str | None:
    """A message's text; else the names of its files, for whoever only reads."""
    if isinstance(text := entry.data.get("text"), str) and text:
        return text
    files = entry.data.get("attachments")
    names = [
        f"[{file['name']}]"
        for file in (files if isinstance(files, list) else [])
        if isinstance(file, dict) and file.get("name")
    ]
    return " ".join(names) or None

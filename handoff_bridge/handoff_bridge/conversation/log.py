"""What an entry of the event log is, and how each side reads it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from handoff_bridge.models import iso


@dataclass(frozen=True)
class Actor:
    """Who did it."""

    type: str
    id: str | None = None
    name: str | None = None


@dataclass(frozen=True)
class LogEvent:
    """One entry. `prev` is set where customers see it."""

    conversation_id: str
    seq: int
    type: str
    at: datetime
    actor: Actor
    data: dict[str, Any] = field(default_factory=dict)
    message_id: str | None = None
    prev: int | None = None

    @property
    def visible(self) -> bool:
        """Whether the customer sees it."""
        return self.prev is not None


BOT = Actor("bot")
CUSTOMER = Actor("customer")
SYSTEM = Actor("system")


def compact(fields: dict[str, Any]) -> dict[str, Any]:
    """`fields` without the absent ones: what we send leaves them out."""
    return {name: value for name, value in fields.items() if value is not None}


_SHOWN = ("text", "quick_replies", "attachment", "attachments", "custom")


def history_item(entry: LogEvent) -> dict[str, Any]:
    """How the customer's client gets a visible entry."""
    agent = {"name": entry.actor.name} if entry.actor.type == "agent" else None
    shown = {name: entry.data.get(name) for name in _SHOWN}
    shown["quick_replies"] = _bound(shown["quick_replies"])
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


def _bound(buttons: list[dict[str, Any]] | None) -> list[dict[str, Any]] | None:
    """Buttons that may still be shown; old logs hold some that name an intent."""
    return [
        button for button in buttons or () if not button["payload"].startswith("/")
    ] or None


def agent_event(entry: LogEvent) -> dict[str, Any]:
    """How agents and the API get any entry."""
    actor = compact(
        {"type": entry.actor.type, "id": entry.actor.id, "name": entry.actor.name}
    )
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
            "actor": actor,
            "message_id": entry.message_id,
        }
    )


def bare_forms(item: dict[str, Any]) -> list[dict[str, Any]]:
    """A history item as Rasa's own web channel would send it.

    Widgets of that form show text only where `text` is the sole key, so buttons and
    pictures go in messages of their own, and an agent's name into the text.
    """
    forms: list[dict[str, Any]] = []
    text = item.get("text")
    if text and item["sender"] == "agent":
        text = f"{item['agent']['name']}: {text}"
    if replies := item.get("quick_replies"):
        forms.append({"text": text or "", "quick_replies": replies})
    elif text:
        forms.append({"text": text})
    if attachment := item.get("attachment"):
        forms.append({"attachment": attachment})
    return forms

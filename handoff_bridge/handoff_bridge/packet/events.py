"""The shapes of the log's events, as far as the packet reads them."""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

from handoff_bridge.models import Sender


class Actor(TypedDict):
    """Who caused an event."""

    type: Sender
    id: NotRequired[str]
    name: NotRequired[str]


class Event(TypedDict):
    """One entry of the log. Which of the optional fields it has says its type."""

    seq: int
    type: str
    at: str
    actor: Actor
    message_id: NotRequired[str]
    # message
    text: NotRequired[str]
    attachments: NotRequired[list[dict[str, Any]]]
    quick_replies: NotRequired[list[dict[str, str]]]
    key: NotRequired[str]
    redacted: NotRequired[list[str]]
    # turn: everything the assistant's answer says; see Turn
    # turn_failed, owner_changed, reply_suppressed
    reason: NotRequired[str]
    failed_action: NotRequired[str | None]
    turn: NotRequired[dict[str, Any]]
    # owner_changed, handoff_requested, handoff_updated
    to: NotRequired[str]
    handoff_id: NotRequired[str]
    state: NotRequired[str]
    trigger: NotRequired[str]
    slots: NotRequired[dict[str, Any]]
    disposition: NotRequired[str]
    outcome: NotRequired[str]


class TurnAction(TypedDict):
    """One action of a turn: `result` is the name of its first response."""

    name: str
    events: NotRequired[int]
    arguments: NotRequired[dict[str, Any]]
    result: NotRequired[str]


# Old logs may lack any field: what reads them treats every one as optional.
AnyEvent = Mapping[str, Any]
Turn = Mapping[str, Any]

"""The log read once: messages, turns joined to what they answer, and bounds.

An agent wants to know about the matter at hand, so everything is cut into what
belongs to this handoff and what was settled with an earlier one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from handoff_bridge.packet.events import AnyEvent, Turn

ENDED = frozenset({"returned", "closed", "abandoned"})


@dataclass(frozen=True)
class ReadTurn:
    """What the assistant made of one customer message."""

    seq: int
    at: str
    turn: Turn
    text: str = ""
    # False if its replies were held back because a human had taken over.
    delivered: bool = True
    failure: str | None = None

    @property
    def intent(self) -> str:
        """The name of the recognised intent, or an empty string."""
        return (self.turn.get("intent") or {}).get("name") or ""

    @property
    def actions(self) -> list[dict[str, Any]]:
        """The actions that ran, in order."""
        return [a for a in self.turn.get("actions") or () if a.get("name")]

    @property
    def handed_off(self) -> bool:
        """Whether this turn asked for a human: its reply is only a goodbye."""
        names = {action["name"] for action in self.actions}
        return bool(self.turn.get("trigger")) or "action_handoff" in names


@dataclass(frozen=True)
class Reading:
    """A conversation's log as one handoff sees it."""

    events: Sequence[AnyEvent]
    messages: Sequence[AnyEvent]
    turns: Sequence[ReadTurn]
    # Of the handoff: the seq before which its matter did not begin, the seq of
    # the request for a human, and the seq at which it was over.
    begins: int
    asked: float
    over: float

    def in_matter(self, seq: int) -> bool:
        """Whether `seq` belongs to the matter this handoff is about."""
        return self.begins < seq < self.over

    @property
    def matter(self) -> list[ReadTurn]:
        """The turns of the matter at hand."""
        return [turn for turn in self.turns if self.in_matter(turn.seq)]


def read(events: Sequence[AnyEvent], handoff_id: str) -> Reading:
    """Join and bound the log of one conversation for one of its handoffs."""
    ordered = sorted(events, key=lambda event: event.get("seq", 0))
    asked, over = _bounds(ordered, handoff_id)
    return Reading(
        events=ordered,
        messages=[event for event in ordered if event.get("type") == "message"],
        turns=_turns(ordered),
        begins=_begins(ordered, handoff_id, asked),
        asked=asked,
        over=over,
    )


def sender(event: AnyEvent) -> str:
    """Who an event comes from; a log without actors is the system's."""
    return (event.get("actor") or {}).get("type") or "system"


def timestamp(value: datetime | str | None) -> str:
    """Write a time as RFC 3339 in UTC; text passes as it is."""
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value or ""


def _bounds(events: Sequence[AnyEvent], handoff_id: str) -> tuple[float, float]:
    asked = over = float("inf")
    for event in events:
        if event.get("handoff_id") != handoff_id:
            continue
        if event.get("type") == "handoff_requested":
            asked = min(asked, event["seq"])
        elif event.get("type") == "handoff_updated" and event.get("state") in ENDED:
            over = min(over, event["seq"])
    return asked, over


def _begins(events: Sequence[AnyEvent], handoff_id: str, asked: float) -> int:
    """Find the end of the handoff before this one."""
    ends = [
        event["seq"]
        for event in events
        if event.get("type") == "handoff_updated"
        and event.get("state") in ENDED
        and event.get("handoff_id") != handoff_id
        and event.get("seq", 0) < asked
    ]
    return max(ends, default=0)


def _turns(events: Sequence[AnyEvent]) -> list[ReadTurn]:
    asked = {
        event["message_id"]: event
        for event in events
        if event.get("type") == "message"
        and sender(event) == "customer"
        and event.get("message_id")
    }
    turns: dict[str, ReadTurn] = {}
    for event in events:
        turn = _turn_of(event)
        if turn is None:
            continue
        message_id = event.get("message_id") or f"seq-{event['seq']}"
        # A retry that worked replaces the failure; a suppressed turn whose turn
        # was logged as well stays one.
        turns[message_id] = _joined(event, turn, asked.get(message_id, event))
    return sorted(turns.values(), key=lambda turn: turn.seq)


def _turn_of(event: AnyEvent) -> Turn | None:
    match event.get("type"):
        case "turn":
            return event
        case "reply_suppressed":
            return event.get("turn") or {}
        case "turn_failed":
            return {"failed_action": event.get("failed_action")}
    return None


def _joined(event: AnyEvent, turn: Turn, message: AnyEvent) -> ReadTurn:
    failed = event.get("type") == "turn_failed"
    return ReadTurn(
        seq=message.get("seq", 0),
        at=timestamp(message.get("at")),
        turn=turn,
        text=message.get("text") or "" if message is not event else "",
        delivered=event.get("type") == "turn",
        failure=(event.get("reason") or "error") if failed else None,
    )

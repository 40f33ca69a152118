"""The log read once: messages, turns joined to what they answer, and bounds.

An agent wants to know about the matter at hand, so everything is cut into what
belongs to this handoff and what was settled with an earlier one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from handoff_bridge.models import JsonObject, Sender
from handoff_bridge.packet.events import Event, RanAction, Turn

_PHOTO = re.compile(r":photo-\d{1,4}$")
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
        return (self.turn.intent and self.turn.intent.name) or ""

    @property
    def label(self) -> str | None:
        """What agents call that intent."""
        return (self.turn.intent and self.turn.intent.label) or None

    @property
    def is_small_talk(self) -> bool:
        """Whether the message asks nothing that an agent would have to answer."""
        return bool(self.turn.intent and self.turn.intent.small_talk)

    @property
    def topic(self) -> str | None:
        """What the customer is after; None where it is nothing of its own.

        Logs without labels do not say: there it is the intent's name.
        """
        guess = self.turn.intent
        if guess is None or guess.small_talk or not self.is_spoken:
            return None
        return guess.topic if guess.label or guess.topic else guess.name or None

    @property
    def actions(self) -> list[RanAction]:
        """The actions that ran, in order."""
        return [action for action in self.turn.actions if action.name]

    @property
    def is_spoken(self) -> bool:
        """Whether the customer said it, and not a system around the assistant."""
        return not self.intent.startswith("EXTERNAL_")

    @property
    def is_bare(self) -> bool:
        """Whether nothing but a failure is known."""
        return self.failure is not None and not self.turn.intent


@dataclass(frozen=True)
class Reading:
    """A conversation's log as one handoff sees it."""

    events: Sequence[Event]
    messages: Sequence[Event]
    turns: Sequence[ReadTurn]
    # Of the handoff: the seq before which its matter did not begin, the seq of
    # the request for a human, and the seq at which it was over.
    begins: int
    asked: float
    over: float
    # Of messages that a human was asked for with.
    asking: frozenset[str]

    def handed_off(self, read: ReadTurn) -> bool:
        """Whether a turn asked for a human: its reply is only a goodbye."""
        return bool(read.turn.trigger) or read.turn.message_id in self.asking

    def in_matter(self, seq: int) -> bool:
        """Whether `seq` belongs to the matter this handoff is about."""
        return self.begins < seq < self.over

    @property
    def spoken(self) -> list[ReadTurn]:
        """The turns that answer the customer."""
        return [turn for turn in self.turns if turn.is_spoken]

    @property
    def matter(self) -> list[ReadTurn]:
        """The turns of the matter at hand."""
        return [turn for turn in self.turns if self.in_matter(turn.seq)]


def read(
    events: Sequence[JsonObject],
    handoff_id: str,
    *,
    asked: int | None = None,
    now: datetime,
) -> Reading:
    """Join and bound the log of one conversation for one of its handoffs.

    Args:
        events: the whole log, in any order.
        handoff_id: the handoff whose matter is looked at.
        asked: the `seq` of its request, for a log that does not have it.
        now: stands in for a time that the beginning of an old log lacks.
    """
    ordered = _in_order(events, timestamp(now))
    found, over = _bounds(ordered, handoff_id)
    asked_at = found if found is not None else asked or float("inf")
    return Reading(
        events=ordered,
        messages=[event for event in ordered if event.type == "message"],
        turns=_turns(ordered),
        begins=_begins(ordered, handoff_id, asked_at),
        asked=asked_at,
        over=over,
        asking=frozenset(
            event.message_id
            for event in ordered
            if event.type in ("handoff_requested", "owner_changed") and event.message_id
        ),
    )


def sender(event: Event) -> Sender:
    """Who an event comes from; what says nothing known is the system's."""
    return (event.actor and event.actor.type) or "system"


def timestamp(value: object) -> str:
    """Write a time as RFC 3339 in UTC; what is no time becomes an empty string."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return ""
    if not isinstance(value, datetime):
        return ""
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _in_order(events: Sequence[JsonObject], now: str) -> list[Event]:
    """Sort by `seq`; an event without a time has that of the one before."""
    known = [
        (seq, event)
        for event in events
        if isinstance(seq := event.get("seq"), int) and event.get("type")
    ]
    ordered: list[Event] = []
    at = min(filter(None, (timestamp(e.get("at")) for _, e in known)), default=now)
    for _, event in sorted(known, key=lambda pair: pair[0]):
        at = timestamp(event.get("at")) or at
        ordered.append(Event.model_validate({**event, "at": at}))
    return ordered


def _bounds(events: Sequence[Event], handoff_id: str) -> tuple[int | None, int | float]:
    asked: int | None = None
    for event in events:
        if event.handoff_id != handoff_id:
            continue
        if event.type == "handoff_requested" and asked is None:
            asked = event.seq
        elif event.type == "handoff_updated" and event.state in ENDED:
            return asked, event.seq
    return asked, float("inf")


def _begins(events: Sequence[Event], handoff_id: str, asked: float) -> int:
    """Find the end of the handoff before this one."""
    ends = [
        event.seq
        for event in events
        if event.type == "handoff_updated"
        and event.state in ENDED
        and event.handoff_id != handoff_id
        and event.seq < asked
    ]
    return max(ends, default=0)


def _turns(events: Sequence[Event]) -> list[ReadTurn]:
    asked = {
        event.message_id: event
        for event in events
        if event.type == "message" and sender(event) == "customer" and event.message_id
    }
    turns: list[ReadTurn] = []
    for event in events:
        if event.type not in ("turn", "turn_failed", "reply_suppressed"):
            continue
        # In old logs a photo sent with a text has a turn of its own.
        message = asked.get(_PHOTO.sub("", event.message_id or ""), event)
        same = turns.pop() if turns and turns[-1].seq == message.seq else None
        turns += _joined(event, message, same)
    return sorted(turns, key=lambda turn: turn.seq)


def _joined(event: Event, message: Event, same: ReadTurn | None) -> list[ReadTurn]:
    """Join one event to `same`, what is known of the same message so far.

    A failure may be followed by the turn that failed, and a turn by the word that
    its replies were held back.
    """
    kind, before = event.type, [same] if same else []
    if kind == "reply_suppressed" and same and not same.is_bare:
        return [replace(same, delivered=False)]
    turn = event if kind != "reply_suppressed" else event.turn
    if turn is None or turn == Turn():
        return before  # a reminder held back: no turn of the customer's
    text = "" if message is event else message.text or ""
    read = ReadTurn(message.seq, message.at, turn, text, kind == "turn")
    if kind == "turn_failed":
        return [*before, replace(read, failure=event.reason or "error")]
    if same and same.is_bare:
        return [replace(read, failure=same.failure, delivered=False)]
    return [*before, read]

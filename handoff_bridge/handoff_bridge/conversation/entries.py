"""The log entries that a move of ownership writes."""

from dataclasses import dataclass, field
from typing import ClassVar

from handoff_bridge.conversation.events import Reply
from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.log import BOT, CUSTOMER, SYSTEM, Actor
from handoff_bridge.conversation.ownership import AgentRef
from handoff_bridge.conversation.states import Disposition, HandoffState, Owner
from handoff_bridge.models import JsonObject


@dataclass(frozen=True)
class OwnerChanged:
    """Somebody else has the conversation from here on."""

    type: ClassVar[str] = "owner_changed"
    before: Owner
    after: Owner
    epoch: int
    reason: str
    handoff_id: str | None = None
    agent: AgentRef | None = None
    message_id: str | None = None

    @property
    def actor(self) -> Actor:
        """The agent who took it, else nobody in particular."""
        return self.agent.actor if self.agent else SYSTEM

    def data(self) -> JsonObject:
        """As the log keeps it."""
        return {
            "from": self.before.value,
            "to": self.after.value,
            "reason": self.reason,
            "handoff_id": self.handoff_id,
            "agent": _named(self.agent),
            "epoch": self.epoch,
        }


@dataclass(frozen=True)
class HandoffRequested:
    """A handoff was opened."""

    type: ClassVar[str] = "handoff_requested"
    actor: ClassVar[Actor] = SYSTEM
    handoff: Handoff
    message_id: str | None = None

    def data(self) -> JsonObject:
        """As the log keeps it."""
        return _reasons(self.handoff) | {"evidence": self.handoff.evidence}


@dataclass(frozen=True)
class HandoffRaised:
    """It was asked for again, for a more urgent reason."""

    type: ClassVar[str] = "handoff_updated"
    actor: ClassVar[Actor] = SYSTEM
    handoff: Handoff
    message_id: str | None = None

    def data(self) -> JsonObject:
        """As the log keeps it."""
        return _reasons(self.handoff) | {"state": self.handoff.state}


@dataclass(frozen=True)
class HandoffClaimed:
    """An agent took it."""

    type: ClassVar[str] = "handoff_updated"
    message_id: ClassVar[None] = None
    handoff_id: str
    agent: AgentRef

    @property
    def actor(self) -> Actor:
        """The agent."""
        return self.agent.actor

    def data(self) -> JsonObject:
        """As the log keeps it."""
        state = HandoffState.CLAIMED.value
        agent = _named(self.agent)
        return {"handoff_id": self.handoff_id, "state": state, "agent": agent}


@dataclass(frozen=True)
class HandoffEnded:
    """Its agent closed it or gave it back, or its customer left the line."""

    type: ClassVar[str] = "handoff_updated"
    message_id: ClassVar[None] = None
    handoff_id: str
    state: HandoffState
    agent: AgentRef | None = None
    disposition: Disposition | None = None
    outcome: str | None = None
    slots: JsonObject = field(default_factory=dict)

    @property
    def actor(self) -> Actor:
        """The agent, if one ended it."""
        return self.agent.actor if self.agent else SYSTEM

    def data(self) -> JsonObject:
        """As the log keeps it."""
        return {
            "handoff_id": self.handoff_id,
            "state": self.state.value,
            "disposition": self.disposition,
            "outcome": self.outcome,
            "slots": self.slots or None,
        }


@dataclass(frozen=True)
class NoteAdded:
    """What an agent leaves for colleagues, never shown to the customer."""

    type: ClassVar[str] = "note"
    message_id: ClassVar[None] = None
    agent: AgentRef
    text: str

    @property
    def actor(self) -> Actor:
        """The agent."""
        return self.agent.actor

    def data(self) -> JsonObject:
        """As the log keeps it."""
        return {"text": self.text}


@dataclass(frozen=True)
class CustomerLeft:
    """The customer has gone; who reads on is told."""

    type: ClassVar[str] = "customer_left"
    actor: ClassVar[Actor] = CUSTOMER
    message_id: ClassVar[None] = None

    def data(self) -> JsonObject:
        """As the log keeps it."""
        return {}


@dataclass(frozen=True)
class ReplySuppressed:
    """What the bot would have said; agents see it, the customer does not."""

    type: ClassVar[str] = "reply_suppressed"
    actor: ClassVar[Actor] = BOT
    reason: str
    replies: list[Reply]
    turn: JsonObject
    message_id: str | None = None

    def data(self) -> JsonObject:
        """As the log keeps it."""
        return {
            "replies": [reply.as_json() for reply in self.replies],
            "turn": self.turn,
            "reason": self.reason,
        }


@dataclass(frozen=True)
class SystemLine:
    """A line that the customer reads, by its key in the texts."""

    key: str
    values: dict[str, str] = field(default_factory=dict)


Entry = (
    OwnerChanged
    | HandoffRequested
    | HandoffRaised
    | HandoffClaimed
    | HandoffEnded
    | NoteAdded
    | CustomerLeft
    | ReplySuppressed
)
Event = Entry | SystemLine


def _named(agent: AgentRef | None) -> JsonObject | None:
    return {"id": agent.agent_id, "name": agent.name} if agent else None


def _reasons(handoff: Handoff) -> JsonObject:
    return {
        "handoff_id": handoff.handoff_id,
        "trigger": handoff.trigger,
        "triggers": [*handoff.triggers],
        "labels": {name: {**own} for name, own in handoff.labels.items()},
        "priority": handoff.priority,
    }

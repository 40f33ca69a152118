"""What `transition` gives: log entries, what is to be told, or a refusal."""

from dataclasses import dataclass, field
from typing import Literal

from handoff_bridge.conversation.events import Entry
from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.ownership import AgentRef, Fence, Ownership, Reader
from handoff_bridge.conversation.states import Owner
from handoff_bridge.errors import BridgeError


@dataclass(frozen=True)
class SystemLine:
    """A line that the customer reads in their language, by its key in the texts."""

    key: str
    values: dict[str, str] = field(default_factory=dict)
    # Whom the customer is asked about with it: whether this agent settled it.
    asks_about: str | None = None


Event = Entry | SystemLine


@dataclass(frozen=True)
class StatusChanged:
    """The customer is told who has the conversation."""

    owner: Owner
    agent: AgentRef | None = None


@dataclass(frozen=True)
class EndSession:
    """The chat's tokens end, and what was proved in it is forgotten."""

    reason: Literal["left", "revoked"] = "left"


@dataclass(frozen=True)
class HandoffTold:
    """All agents get the handoff's row, under the name `event`, or one of them."""

    event: str
    handoff: Handoff
    to_agent: str | None = None


@dataclass(frozen=True)
class LoadChanged:
    """All agents learn how many chats this one has."""

    agent_id: str


@dataclass(frozen=True)
class QueueMoved:
    """The line's new order is to be told."""


@dataclass(frozen=True)
class TurnPending:
    """The assistant has something to do."""


@dataclass(frozen=True)
class AnswerLine:
    """What was written in line and met with silence gets its turn with the bot."""


@dataclass(frozen=True)
class Routed:
    """Who reads the customer's message."""

    to: Reader


@dataclass(frozen=True)
class RunTurn:
    """The assistant is asked; without this the turn is left to a person.

    With `only_known` it may only tell what it did when it was asked before.
    """

    fence: Fence
    only_known: bool = False


@dataclass(frozen=True)
class Speak:
    """The bot's words go to the customer."""


Notification = (
    StatusChanged
    | EndSession
    | HandoffTold
    | LoadChanged
    | QueueMoved
    | TurnPending
    | AnswerLine
    | Routed
    | RunTurn
    | Speak
)


@dataclass(frozen=True)
class Transition:
    """The new state, what is logged for it and who is told of it, in order.

    `handoff` is the record to store, also one that has just ended; None where none
    has changed.
    """

    state: Ownership
    events: tuple[Event, ...] = ()
    notifications: tuple[Notification, ...] = ()
    handoff: Handoff | None = None

    def find[N](self, kind: type[N]) -> N | None:
        """The first notification of a kind."""
        return next((one for one in self.notifications if isinstance(one, kind)), None)


@dataclass(frozen=True)
class Refused:
    """Nothing changes; `error` says why, in `sentence` where more is known."""

    error: type[BridgeError]
    sentence: str | None = None

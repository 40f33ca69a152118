"""What may be asked of a conversation's ownership."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from handoff_bridge.conversation.events import DeclineReason, Reply
from handoff_bridge.conversation.handoff import Reasons
from handoff_bridge.conversation.ownership import AgentRef, Fence
from handoff_bridge.conversation.states import Disposition, Owner
from handoff_bridge.models import JsonObject


@dataclass(frozen=True)
class CustomerWrites:
    """A message came in; `is_late_press` if it presses a button of an old question."""

    message_id: str
    is_late_press: bool = False


@dataclass(frozen=True)
class CustomerLeaves:
    """The customer leaves the line or the agent or, with `ends`, the whole chat.

    With `owner` they leave that one alone: somebody else by now is not meant.
    """

    ends: bool = False
    owner: Owner | None = None


@dataclass(frozen=True)
class LeaveLine:
    """The assistant heard that the customer would rather not wait."""


@dataclass(frozen=True)
class _Ask:
    """A human is needed. `handoff_id` names the handoff, should one be opened."""

    handoff_id: str
    reasons: Reasons
    message_id: str | None = None


@dataclass(frozen=True)
class CustomerAsks(_Ask):
    """The customer's button, which also reopens a closed conversation."""


@dataclass(frozen=True)
class RequestHandoff(_Ask):
    """The assistant's call, for a message or not."""


@dataclass(frozen=True)
class TurnAsks(_Ask):
    """A finished turn says that a human is needed."""

    fence: Fence = field(kw_only=True)


@dataclass(frozen=True)
class TurnFails(_Ask):
    """The assistant gave no answer, or none that may be delivered."""


@dataclass(frozen=True)
class StartTurn:
    """A message's turn is next; `has_asked` if it has led to a handoff already.

    `asked_epoch` is the one under which the assistant was asked before, if it was, by
    a process that never wrote down what came of it. `is_read` if an agent has had the
    chat since the message was written, and with it the message.
    """

    has_asked: bool = False
    asked_epoch: int | None = None
    is_read: bool = False


@dataclass(frozen=True)
class BotReplies:
    """The turn of a message has an answer, which may be empty.

    `has_failed` if the turn came to nothing all the same.
    """

    message_id: str
    fence: Fence
    replies: list[Reply] = field(default_factory=list)
    turn: JsonObject = field(default_factory=dict)
    has_failed: bool = False


@dataclass(frozen=True)
class LanguageChanges:
    """The conversation has another language than agents were told."""


@dataclass(frozen=True)
class BotSpeaks:
    """The assistant says something unasked."""

    message_id: str
    reply: Reply


@dataclass(frozen=True)
class Claim:
    """An agent, who has chats of `load` in all, takes one of `weight` from the line.

    `may_take` if the rules have it wait for them by now. A supervisor may take what
    waits for somebody else. `free_since` is since when the agent could have, as far as
    is known.
    """

    handoff_id: str
    agent: AgentRef
    load: float
    capacity: int
    is_supervisor: bool = False
    weight: float = 1.0
    may_take: bool = True
    free_since: datetime | None = None


@dataclass(frozen=True)
class Offer:
    """A chat in line is offered to an agent until then, and holds a place with them."""

    handoff_id: str
    agent: AgentRef
    expires_at: datetime
    load: float
    capacity: int
    weight: float = 1.0


@dataclass(frozen=True)
class EndOffer:
    """The offer to this agent ends without a claim."""

    handoff_id: str
    agent: AgentRef
    ending: Literal["declined", "timed_out", "withdrawn"]
    reason: DeclineReason | None = None


@dataclass(frozen=True)
class AgentWrites:
    """An agent writes to the customer."""

    agent: AgentRef


@dataclass(frozen=True)
class _End:
    handoff_id: str
    agent: AgentRef
    disposition: Disposition
    note: str | None = None
    # For how long the chat then still holds its agent's place.
    wrap_up_secs: int = field(default=0, kw_only=True)


@dataclass(frozen=True)
class Close(_End):
    """An agent ends the chat, having seen the log up to `seen_seq`."""

    seen_seq: int | None = None


@dataclass(frozen=True)
class BeginReturn:
    """An agent wants to give the chat back to the assistant."""

    handoff_id: str
    agent: AgentRef
    seen_seq: int | None = None


@dataclass(frozen=True)
class FinishReturn(_End):
    """The assistant has taken over."""

    outcome: str | None = None
    slots: JsonObject = field(default_factory=dict)


@dataclass(frozen=True)
class AbortReturn:
    """The assistant could not take over."""

    handoff_id: str


@dataclass(frozen=True)
class Requeue:
    """The agent who has the chat has been gone too long, or may have none any more."""

    handoff_id: str
    agent: AgentRef
    reason: Literal["agent_gone", "agent_disabled"] = "agent_gone"


@dataclass(frozen=True)
class Unreserve:
    """The agent whom a chat in line waits for may have none any more."""

    handoff_id: str
    agent_id: str


@dataclass(frozen=True)
class Release:
    """An agent puts the chat back in line, having seen the log up to `seen_seq`."""

    handoff_id: str
    agent: AgentRef
    note: str | None = None
    seen_seq: int | None = None


@dataclass(frozen=True)
class Recipient:
    """Whom a chat is passed on to: an agent, or else a team.

    `is_there` if one of them can be expected to take it at once.
    """

    agent: AgentRef | None = None
    team: str | None = None
    is_there: bool = False


@dataclass(frozen=True)
class Transfer:
    """An agent passes the chat on; a supervisor one from the line, too."""

    handoff_id: str
    agent: AgentRef
    to: Recipient
    note: str | None = None
    is_supervisor: bool = False


@dataclass(frozen=True)
class TakeOver(_Ask):
    """A supervisor, who has chats of `load` in all, takes one of `weight`.

    From whoever has it: the assistant, the line, or the agent `previous`.
    """

    agent: AgentRef = field(kw_only=True)
    load: float = field(kw_only=True)
    capacity: int = field(kw_only=True)
    weight: float = field(default=1.0, kw_only=True)
    previous: AgentRef | None = None


Command = (
    CustomerWrites
    | CustomerLeaves
    | LeaveLine
    | CustomerAsks
    | RequestHandoff
    | TurnAsks
    | TurnFails
    | StartTurn
    | BotReplies
    | LanguageChanges
    | BotSpeaks
    | Claim
    | Offer
    | EndOffer
    | AgentWrites
    | Close
    | BeginReturn
    | FinishReturn
    | AbortReturn
    | Requeue
    | Unreserve
    | Release
    | Transfer
    | TakeOver
)

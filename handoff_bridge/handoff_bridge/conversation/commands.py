"""What may be asked of a conversation's ownership."""

from dataclasses import dataclass, field

from handoff_bridge.conversation.events import Reply
from handoff_bridge.conversation.handoff import Reasons
from handoff_bridge.conversation.ownership import AgentRef, Fence
from handoff_bridge.conversation.states import Disposition
from handoff_bridge.models import JsonObject


@dataclass(frozen=True)
class CustomerWrites:
    """A message came in; `is_late_press` if it presses a button of an old question."""

    message_id: str
    is_late_press: bool = False


@dataclass(frozen=True)
class CustomerLeaves:
    """The customer leaves the line or the agent or, with `ends`, the whole chat."""

    ends: bool = False


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
    """A message's turn is next; `has_asked` if it has led to a handoff already."""

    has_asked: bool = False


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
    """An agent, who has `load` chats of at most `capacity`, takes one from the line."""

    handoff_id: str
    agent: AgentRef
    load: int
    capacity: int


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
    | AgentWrites
    | Close
    | BeginReturn
    | FinishReturn
    | AbortReturn
)

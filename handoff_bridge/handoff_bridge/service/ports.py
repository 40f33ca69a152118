"""What the use cases need from outside; the edges provide it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from handoff_bridge.conversation.cards import CardHeading
from handoff_bridge.conversation.events import FailureReason, Reply
from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.outcomes import LoadChanged, QueueMoved, TurnPending
from handoff_bridge.conversation.ownership import EVERYONE as EVERYONE
from handoff_bridge.conversation.ownership import SUPERVISORS as SUPERVISORS
from handoff_bridge.conversation.ownership import agent_room as agent_room
from handoff_bridge.models import JsonObject, Sent
from handoff_bridge.packet.backoffice import Acted, Told
from handoff_bridge.packet.schema import Article
from handoff_bridge.protocol.webhooks import DeliveryError
from handoff_bridge.routing.documents import Routing
from handoff_bridge.store.database import Connection

Clock = Callable[[], datetime]
# The teams and rules that hold.
ReadRouting = Callable[[Connection], Awaitable[Routing]]


def utc_now() -> datetime:
    """The real clock."""
    return datetime.now(UTC)


class AssistantError(Exception):
    """The assistant gave no usable answer; `reason` says how it failed."""

    def __init__(self, reason: FailureReason) -> None:
        """`reason` is also what the log tells."""
        super().__init__(reason)
        self.reason = reason


class SlotRefused(Exception):
    """The assistant's domain has no such slot."""


@dataclass(frozen=True)
class AssistantAnswer:
    """What the assistant said and what happened in that turn."""

    replies: list[Reply] = field(default_factory=list)
    turn: dict[str, Any] = field(default_factory=dict)


class AssistantClient(Protocol):
    """The assistant."""

    async def answer(
        self, request: JsonObject, catch_up: JsonObject | None = None
    ) -> AssistantAnswer:
        """One turn, after a silent hand-back where it missed something.

        One deadline covers both. Raises AssistantError, SlotRefused.
        """

    async def hear_waiting(self, request: JsonObject) -> AssistantAnswer:
        """A message from the line: `recorded: false` in the turn where it was silent.

        Raises AssistantError, SlotRefused.
        """

    async def hand_back(self, request: JsonObject) -> AssistantAnswer:
        """Gives the conversation back. Raises AssistantError, SlotRefused."""

    async def suggest(self, text: str, language: str | None) -> list[Article]:
        """Articles for a text; none, and quickly, where it does not answer."""


class BackOffice(Protocol):
    """The shop's back office: cards for agents, their actions, tickets for promises."""

    async def cards(
        self, customer_id: str | None, reference: str | None
    ) -> Told | None:
        """What is known; None where it does not answer.

        With `customer_id` that customer's own cards, the one that `reference` names
        first; without it the one card that it names, masked. Give a `customer_id`
        only of somebody who has proved to be them.
        """

    async def act(
        self, card: CardHeading, action: str, body: JsonObject, key: str
    ) -> Acted:
        """Does something about a card, once for `key`.

        Raises ActionRefused, and BackOfficeUnavailable where it may be done or not:
        the same call with the same `key` then tells.
        """

    async def open_ticket(self, ticket: JsonObject, key: str) -> JsonObject | None:
        """Opens a ticket once for `key`, with `answer_by`; None where it can't."""


class PostError(Exception):
    """A mail was not taken; `is_final` if trying again would not help."""

    def __init__(self, is_final: bool) -> None:
        """Says nothing of whom it was for."""
        super().__init__("refused" if is_final else "unreachable")
        self.is_final = is_final


@dataclass(frozen=True)
class OutgoingMail:
    """A mail; the same `number` is the same mail."""

    recipient: str
    subject: str
    text: str
    number: int


class Post(Protocol):
    """The shop's mail server."""

    async def send(self, mail: OutgoingMail) -> None:
        """Hands it over. Raises PostError."""


@dataclass(frozen=True)
class EndpointAnswer:
    """What came of one request to a webhook: a status, or `error` why there is none.

    `retry_after_secs` is what it asked for, `response` the beginning of its body.
    """

    duration_ms: int
    status: int | None = None
    error: DeliveryError | None = None
    retry_after_secs: float | None = None
    response: str | None = None


class WebhookClient(Protocol):
    """Programs of the shop's, anywhere on the internet."""

    def check(self, url: str) -> None:
        """Raises InvalidWebhookUrl, PrivateAddress where it would never send to it."""

    async def send(
        self, url: str, headers: dict[str, str], body: bytes
    ) -> EndpointAnswer:
        """One POST. Raises nothing."""


@dataclass(frozen=True)
class ToCustomer:
    """Something to tell the clients of one conversation, once it is committed."""

    conversation_id: str
    event: str
    payload: Sent
    skip: str | None = None


@dataclass(frozen=True)
class ToAgents:
    """Something to tell agents: `rooms` of everyone, supervisors or one agent."""

    rooms: tuple[str, ...]
    event: str
    payload: Sent


Delivery = ToCustomer | ToAgents
Tell = Callable[[Delivery], Awaitable[None]]


@dataclass(frozen=True)
class PromisePending:
    """Nobody is there to wait for: the customer needs a date."""

    handoff: Handoff


@dataclass(frozen=True)
class ErasureDue:
    """What was deleted may not stay in the database's files."""


@dataclass(frozen=True)
class CardsDue:
    """There is news of what the back office should be asked about."""


@dataclass(frozen=True)
class TellingDue:
    """What was written last may be committed, and nobody was told."""


@dataclass(frozen=True)
class MailDue:
    """A message is to go out by mail as well."""


@dataclass(frozen=True)
class WebhookDue:
    """Something is to be delivered to webhooks."""


@dataclass(frozen=True)
class ChannelDue:
    """Something is to be sent to a customer of a platform."""


@dataclass(frozen=True)
class TypingDue:
    """A customer of a platform may see that they are written to."""

    channel: str
    address: str


FollowUp = (
    TurnPending
    | QueueMoved
    | LoadChanged
    | PromisePending
    | ErasureDue
    | CardsDue
    | TellingDue
    | MailDue
    | WebhookDue
    | ChannelDue
    | TypingDue
)


@dataclass(frozen=True)
class Background:
    """Who sees to each kind of follow-up, once the use case is committed."""

    turn_owed: Callable[[str], None]
    promise_owed: Callable[[Handoff], None]
    queue_moved: Callable[[str], None]
    desk_moved: Callable[[str | None], None]
    erasure_due: Callable[[], None]
    cards_due: Callable[[str], None]
    telling_due: Callable[[str], None]
    mail_due: Callable[[], None]
    webhook_due: Callable[[], None]
    channel_due: Callable[[], None]
    typing_due: Callable[[str, str], None]

    def start(self, conversation_id: str, wanted: FollowUp) -> None:
        """Sees to one; nobody waits for it."""
        match wanted:
            case TurnPending():
                self.turn_owed(conversation_id)
            case PromisePending():
                self.promise_owed(wanted.handoff)
            case QueueMoved():
                self.queue_moved(conversation_id)
                self.desk_moved(None)
            case LoadChanged():
                self.desk_moved(wanted.agent_id)
            case ErasureDue():
                self.erasure_due()
            case CardsDue():
                self.cards_due(conversation_id)
            case TellingDue():
                self.telling_due(conversation_id)
            case MailDue():
                self.mail_due()
            case WebhookDue():
                self.webhook_due()
            case ChannelDue():
                self.channel_due()
            case TypingDue():
                self.typing_due(wanted.channel, wanted.address)

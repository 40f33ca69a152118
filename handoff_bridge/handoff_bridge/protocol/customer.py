"""The customer's namespace `/`: what its clients send, and what they get."""

import json
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, JsonValue, RootModel

from handoff_bridge.conversation.cards import ShownCard
from handoff_bridge.conversation.contact import Want
from handoff_bridge.conversation.events import (
    Attachment,
    PictureAttachment,
    QuickReply,
)
from handoff_bridge.conversation.states import Owner
from handoff_bridge.conversation.status import ConversationStatus
from handoff_bridge.errors import (
    BadRequest,
    BridgeError,
    EmptyMessage,
    InvalidEmail,
    InvalidPhone,
    MessageTooLong,
    NotAvailable,
    RateLimited,
    TokenExpired,
    TokenInvalid,
    UnknownAttachment,
    UnknownSession,
)
from handoff_bridge.models import (
    MAX_SEQ,
    Flag,
    Id,
    JsonObject,
    MessageId,
    Payload,
    Sender,
    Sent,
    Seq,
    Time,
)
from handoff_bridge.packet.redaction import redact

MAX_ATTACHMENTS = 5
# Messages in one answer.
MAX_HISTORY = 200
# What is larger is left out: the message itself counts.
MAX_METADATA_CHARS = 4_000

type Reason = Annotated[
    Literal["left", "signed_in", "expired", "revoked"],
    Field(description="Why a connection gets no more of a chat."),
]
Files = Annotated[list[Id], Field(max_length=MAX_ATTACHMENTS)]
Token = Annotated[str, Field(min_length=1, max_length=200)]


def _without_secret(value: str) -> str | None:
    return None if redact(value).kinds else value


# Of a client's browser; a client that puts a card number there is not refused.
_Setting = AfterValidator(_without_secret)


class SessionRequest(Payload):
    """A customer's client arrives, or comes back."""

    session_id: Annotated[str, Field(max_length=200)] | None = None
    protocol: Annotated[int, Field(strict=True)] | None = None
    last_seq: Seq | None = None
    identity: Annotated[str, Field(max_length=8_000)] | None = None
    locale: Annotated[str, Field(max_length=40), _Setting] | None = None
    timezone: Annotated[str, Field(max_length=60), _Setting] | None = None


class OfSession(Payload):
    """A customer's call that carries nothing but its session."""

    session_id: Token


def _unless_huge(value: JsonObject) -> JsonObject:
    return value if len(json.dumps(value)) <= MAX_METADATA_CHARS else {}


class UserUttered(OfSession):
    """A customer's message."""

    message: Annotated[str, Field(strict=True)] = ""
    message_id: MessageId | None = None
    attachments: Files = []
    # Rasa's widgets put what they like in it, and the assistant keeps it for good.
    metadata: Annotated[JsonObject, AfterValidator(_unless_huge)] = {}
    last_seq: Seq | None = None


class Leave(OfSession):
    """The customer leaves the line, the agent or the bot; with `end`, the chat."""

    end: Flag = False
    owner: Owner | None = None


class ContactLeave(OfSession):
    """The customer does not stay: they want to hear by mail or by a call."""

    want: Want
    email: Annotated[str, Field(max_length=320)] | None = None
    phone: Annotated[str, Field(max_length=40)] | None = None


class HistoryRequest(OfSession):
    """What was said before message `before`: the last `limit` of it."""

    before: Annotated[int, Field(ge=1, le=MAX_SEQ, strict=True)]
    limit: Annotated[int, Field(ge=1, le=MAX_HISTORY, strict=True)] = MAX_HISTORY


class CustomerTyping(OfSession):
    """The customer is typing, or has stopped."""

    active: Flag = True


class Survey(OfSession):
    """Did this settle it? From 1 (no) to 5."""

    score: Annotated[int, Field(ge=1, le=5, strict=True)]
    comment: Annotated[str, Field(max_length=2_000)] | None = None


class Done(Sent):
    """Done; there is no more to tell."""

    ok: Literal[True] = True


class SessionOpened(Done):
    """The session to speak in, as in `session_confirm`."""

    session_id: str


class Written(Done):
    """It is in the log, under this number.

    `prev` is the `seq` of the visible message before it, 0 for none; absent where
    customers do not see it.
    """

    seq: int
    prev: Annotated[int, Field(ge=0)] | None = None
    message_id: str


class Numbered(Done):
    """It is in the log, under this number."""

    seq: int


class HumanAsked(ConversationStatus, Done):
    """A person was asked for, now or before."""


class Left(Done):
    """The customer has left; who has the chat now."""

    owner: Owner


class SessionConfirm(RootModel[str]):
    """The session id, as plain text: a secret."""


class SessionEnded(Sent):
    """This connection gets no more of the chat."""

    reason: Reason


class AgentNamed(Sent):
    """The agent who wrote it, or is typing."""

    name: str


class ChatMessage(Sent):
    """A visible message. `prev` is the `seq` of the visible one before, 0 for none."""

    seq: Annotated[int, Field(ge=1)]
    prev: Annotated[int, Field(ge=0)]
    message_id: str
    at: Time
    sender: Sender
    agent: AgentNamed | None = None
    text: str | None = None
    quick_replies: list[QuickReply] | None = None
    attachment: PictureAttachment | None = None
    attachments: list[Attachment] | None = None
    cards: list[ShownCard] | None = None
    brief: str | None = Field(
        None, description="Said instead of `text` where the cards are drawn."
    )
    custom: JsonValue = None
    key: str | None = Field(
        None, description="Which of the bridge's own sentences it is."
    )
    survey: AgentNamed | None = Field(
        None, description="The agent who has left: did they settle it?"
    )


class History(Sent):
    """The conversation, or what came after the client's `last_seq`, in order.

    No more than the newest 200; `more` if there are earlier ones.
    """

    messages: list[ChatMessage]
    last_seq: int
    more: Literal[True] | None = None


class EarlierHistory(Done):
    """Messages before the one that was named, in order; `more` if there are others."""

    messages: list[ChatMessage]
    more: Literal[True] | None = None


class BotTyping(Sent):
    """The assistant is at work, or the agent is typing."""

    sender: Literal["bot", "agent"]
    active: bool
    agent: AgentNamed | None = None


class MessageRefused(Sent):
    """A refusal to a client that asked for no ack."""

    error: str
    message: str
    message_id: str | None = None


class BareText(Sent):
    """Rasa's bare form of a text."""

    text: str


class BareButtons(Sent):
    """Rasa's bare form of buttons."""

    text: str
    quick_replies: list[QuickReply]


class BarePicture(Sent):
    """Rasa's bare form of a picture."""

    attachment: PictureAttachment


class BotUttered(RootModel[ChatMessage | BareText | BareButtons | BarePicture]):
    """A message that is not the customer's own; bare to clients of Rasa's form."""


CUSTOMER_CALLS: dict[str, type[Payload]] = {
    "session_request": SessionRequest,
    "history_request": HistoryRequest,
    "user_uttered": UserUttered,
    "typing": CustomerTyping,
    "request_human": OfSession,
    "survey": Survey,
    "leave": Leave,
    "contact_leave": ContactLeave,
}
CUSTOMER_ACKS: dict[str, type[Done]] = {
    "session_request": SessionOpened,
    "history_request": EarlierHistory,
    "user_uttered": Written,
    "typing": Done,
    "request_human": HumanAsked,
    "survey": Numbered,
    "leave": Left,
    "contact_leave": HumanAsked,
}
_ANY = (BridgeError, BadRequest, RateLimited)
CUSTOMER_REFUSALS: dict[str, tuple[type[BridgeError], ...]] = {
    "session_request": (*_ANY, TokenInvalid, TokenExpired, UnknownSession),
    "history_request": (*_ANY, UnknownSession, TokenExpired),
    "user_uttered": (
        *(*_ANY, UnknownSession, TokenExpired),
        *(MessageTooLong, EmptyMessage, UnknownAttachment),
    ),
    "typing": (*_ANY, UnknownSession, TokenExpired),
    "request_human": (*_ANY, UnknownSession, TokenExpired),
    "survey": (*_ANY, UnknownSession),
    "leave": (*_ANY, UnknownSession),
    "contact_leave": (
        *(*_ANY, UnknownSession, TokenExpired),
        *(InvalidEmail, InvalidPhone, NotAvailable),
    ),
}
CUSTOMER_EVENTS: dict[str, type[Sent] | type[RootModel[str]] | type[BotUttered]] = {
    "session_confirm": SessionConfirm,
    "session_ended": SessionEnded,
    "history": History,
    "conversation_status": ConversationStatus,
    "bot_uttered": BotUttered,
    "user_echo": ChatMessage,
    "typing": BotTyping,
    "message_refused": MessageRefused,
}

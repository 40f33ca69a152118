"""Public protocol, version 1: every payload that comes in, checked here.

`null` counts as absent. What is not named is ignored, so that older bridges accept
newer clients. The prose is in docs/protocol.md; a test holds the two together.
"""

import json
import re
from math import isfinite
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from handoff_bridge.conversation.states import Disposition, Presence
from handoff_bridge.conversation.triggers import DeclaredTrigger, read_triggers
from handoff_bridge.errors import BadRequest, MessageTooLong
from handoff_bridge.packet.redaction import clean_text, redact

PROTOCOL_VERSION = 1
MAX_MESSAGE_CHARS = 5_000
MAX_WIRE_BYTES = 4 * 1024 * 1024
MAX_ATTACHMENTS = 5
# Deeper than any client's metadata; far from where Python itself gives up.
MAX_DEPTH = 32
MAX_SEQ = 2**31 - 1
# What is larger is left out: the message itself counts.
MAX_METADATA_CHARS = 4_000

Id = Annotated[str, Field(min_length=1, max_length=128)]
Seq = Annotated[int, Field(ge=0, le=MAX_SEQ, strict=True)]
Text = Annotated[str, Field(strict=True)]
# Names, or objects that declare name, labels, priority and skill.
Triggers = Annotated[list[DeclaredTrigger], BeforeValidator(read_triggers)]


class Payload(BaseModel):
    """Base of everything that comes in."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, data: Any) -> Any:
        if isinstance(data, dict):
            return {name: value for name, value in data.items() if value is not None}
        return data


def _without_secret(value: str) -> str | None:
    return None if redact(value).kinds else value


# Of a client's browser; a client that puts a card number there is not refused.
_Setting = AfterValidator(_without_secret)


class SessionRequest(Payload):
    """A customer's client arrives, or comes back."""

    session_id: Annotated[str, Field(max_length=200)] | None = None
    protocol: int | None = None
    last_seq: Seq | None = None
    identity: Annotated[str, Field(max_length=8_000)] | None = None
    locale: Annotated[str, Field(max_length=40), _Setting] | None = None
    timezone: Annotated[str, Field(max_length=80), _Setting] | None = None


def _is_clean(text: str) -> str:
    """Refuses what could hide, reorder or break what agents read."""
    if _UNCLEAN.search(text):
        raise PydanticCustomError("unclean", "must not hold control characters")
    if text != text.strip():
        raise PydanticCustomError("blanks", "must not begin or end with a blank")
    return text


# Controls, line separators, marks that change the direction of writing, surrogates.
_UNCLEAN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffd]"
)
CleanText = Annotated[str, Field(strict=True, min_length=1), AfterValidator(_is_clean)]
# Whole seconds or parts of them, up to the year 9999.
NumericDate = Annotated[
    float, Field(strict=True, ge=0, le=253_402_300_000, allow_inf_nan=False)
]


class IdentityClaims(Payload):
    """What the shop's own site signs of its customer. Empty counts as absent."""

    customer_id: Annotated[CleanText, Field(max_length=64)]
    name: Annotated[CleanText, Field(max_length=200)] | None = None
    email: Annotated[CleanText, Field(max_length=320)] | None = None
    exp: NumericDate

    @model_validator(mode="before")
    @classmethod
    def _empty_is_absent(cls, data: Any) -> Any:
        if isinstance(data, dict):
            return {name: value for name, value in data.items() if value != ""}
        return data


class OfSession(Payload):
    """A customer's call that carries nothing but its session."""

    session_id: Annotated[str, Field(min_length=1, max_length=200)]


def _is_small_object(value: Any) -> bool:
    return isinstance(value, dict) and len(json.dumps(value)) <= MAX_METADATA_CHARS


class UserUttered(OfSession):
    """A customer's message."""

    message: Text = ""
    message_id: Id | None = None
    attachments: Annotated[list[Id], Field(max_length=MAX_ATTACHMENTS)] = []
    metadata: dict[str, Any] = {}
    last_seq: Seq | None = None

    # Rasa's widgets put what they like here, and the assistant keeps it for good.
    @model_validator(mode="before")
    @classmethod
    def _widgets_fields(cls, data: Any) -> Any:
        if isinstance(data, dict):
            data = dict(data)
            if not _is_small_object(data.get("metadata")):
                data.pop("metadata", None)
            if not data.get("attachments"):
                data.pop("attachments", None)
        return data


class Leave(OfSession):
    """The customer leaves the line, the agent or the bot; with `end`, the chat."""

    end: Annotated[bool, Field(strict=True)] = False


class CustomerTyping(OfSession):
    """The customer is typing, or has stopped."""

    active: bool = True


class Survey(OfSession):
    """Did this settle it?"""

    score: Annotated[int, Field(ge=1, le=5, strict=True)]
    comment: Annotated[str, Field(max_length=2_000)] | None = None


class Call(Payload):
    """An agent's call that changes something; repeated, it is answered alike."""

    client_id: Annotated[str, Field(min_length=1, max_length=100)] | None = None


class Sync(Payload):
    """An agent's client asks for what it missed."""

    cursors: dict[str, Seq] = {}


class PresenceSet(Call):
    """An agent says whether they can take chats."""

    status: Presence
    capacity: Annotated[int, Field(ge=0, le=50, strict=True)] | None = None


class OfHandoff(Call):
    """A call on a handoff."""

    handoff_id: Id


class MessageSend(Call):
    """An agent's message to the customer."""

    conversation_id: Id
    text: Annotated[str, Field(min_length=1)]
    client_id: Annotated[str, Field(min_length=1, max_length=100)]


class NoteAdd(Call):
    """A note for colleagues."""

    conversation_id: Id
    text: Annotated[str, Field(min_length=1)]


class AgentTyping(Payload):
    """An agent is typing, or has stopped."""

    conversation_id: Id
    active: bool = True


class HandoffReturn(OfHandoff):
    """Back to the bot, which greets with the outcome."""

    disposition: Disposition
    seen_seq: Seq | None = None
    slots: dict[str, Any] = {}
    outcome: Annotated[str, Field(max_length=2_000)] | None = None
    note: Annotated[str, Field(max_length=5_000)] | None = None


class HandoffClose(OfHandoff):
    """The end of the chat."""

    disposition: Disposition
    seen_seq: Seq | None = None
    note: Annotated[str, Field(max_length=5_000)] | None = None


class Login(Payload):
    """Email and password."""

    email: Annotated[str, Field(min_length=1, max_length=320)]
    password: Annotated[str, Field(min_length=1, max_length=1_000)]


class HandoffRequest(Payload):
    """`POST /handoffs`, from the assistant."""

    conversation_id: Id
    trigger: Triggers
    triggers: Triggers = []
    message_id: Id | None = None
    evidence: dict[str, Any] = {}


class BotMessage(Payload):
    """Something the assistant says unasked."""

    conversation_id: Id
    message_id: Id
    reply: dict[str, Any]


CUSTOMER_CALLS: dict[str, type[Payload]] = {
    "session_request": SessionRequest,
    "user_uttered": UserUttered,
    "typing": CustomerTyping,
    "request_human": OfSession,
    "survey": Survey,
    "leave": Leave,
}
CUSTOMER_EVENTS = (
    "session_confirm",
    "session_ended",
    "history",
    "conversation_status",
    "bot_uttered",
    "user_echo",
    "typing",
    "message_refused",
)
INBOX_CALLS: dict[str, type[Payload]] = {
    "sync": Sync,
    "presence_set": PresenceSet,
    "handoff_claim": OfHandoff,
    "message_send": MessageSend,
    "note_add": NoteAdd,
    "typing": AgentTyping,
    "handoff_return": HandoffReturn,
    "handoff_close": HandoffClose,
}
# Part of the protocol, answered `not_available` until they are built.
INBOX_CALLS_TO_COME = (
    "offer_decline",
    "handoff_transfer",
    "handoff_release",
    "conversation_takeover",
)
INBOX_EVENTS = (
    "snapshot",
    "handoff_queued",
    "handoff_claimed",
    "handoff_updated",
    "event_added",
    "queue_changed",
    "presence_changed",
    "typing",
)
Sender = Literal["customer", "bot", "agent", "system"]


def parse[P: Payload](model: type[P], data: Any) -> P:
    """`data` as a `model`. Raises BadRequest or MessageTooLong, naming the field."""
    if not isinstance(data, dict):
        raise BadRequest("The payload has to be an object.")
    text = data.get("message", data.get("text"))
    if isinstance(text, str) and len(text) > MAX_MESSAGE_CHARS:
        raise MessageTooLong
    try:
        return model.model_validate(_storable(data))
    except ValidationError as error:
        raise BadRequest(first_mistake(error)) from error


def first_mistake(error: ValidationError) -> str:
    """The first field that is wrong, and why, in one sentence without its value."""
    first = error.errors(include_url=False, include_input=False)[0]
    field = ".".join(str(part) for part in first["loc"]) or "payload"
    return f"{field}: {first['msg']}."


def _storable(value: Any, depth: int = 0) -> Any:
    """`value` as every database and every JSON parser can hold it.

    NUL and lone surrogates are replaced wherever they stand. Raises BadRequest for
    what has no such form.
    """
    if depth > MAX_DEPTH:
        raise BadRequest("The payload is nested too deeply.")
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {
            clean_text(name): _storable(item, depth + 1) for name, item in value.items()
        }
    if isinstance(value, list):
        return [_storable(item, depth + 1) for item in value]
    if isinstance(value, bytes):
        raise BadRequest("Binary data has no place here.")
    if isinstance(value, float) and not isfinite(value):
        raise BadRequest("Numbers have to be finite.")
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise BadRequest("Numbers have to fit into 64 bits.")
    return value

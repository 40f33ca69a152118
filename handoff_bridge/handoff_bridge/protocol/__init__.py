"""Public protocol, version 1: every payload that comes in or goes out, as a model.

`null` counts as absent. What is not named is ignored in what comes in, so that older
bridges accept newer clients, and is a mistake in what goes out. The prose is in
docs/protocol.md; a test holds the two together.
"""

from handoff_bridge.models import MAX_SEQ, Payload, Sent
from handoff_bridge.protocol.customer import (
    CUSTOMER_ACKS,
    CUSTOMER_CALLS,
    CUSTOMER_EVENTS,
    MAX_ATTACHMENTS,
    MAX_METADATA_CHARS,
    CustomerTyping,
    Leave,
    OfSession,
    SessionRequest,
    Survey,
    UserUttered,
)
from handoff_bridge.protocol.http import BotMessage, HandoffRequest, Login, Refusal
from handoff_bridge.protocol.identity import IdentityClaims
from handoff_bridge.protocol.inbox import (
    INBOX_ACKS,
    INBOX_CALLS,
    INBOX_CALLS_TO_COME,
    INBOX_EVENTS,
    AgentTyping,
    Call,
    HandoffClose,
    HandoffReturn,
    MessageSend,
    NoteAdd,
    OfHandoff,
    PresenceSet,
    Sync,
)
from handoff_bridge.protocol.parsing import (
    MAX_DEPTH,
    MAX_MESSAGE_CHARS,
    MAX_WIRE_BYTES,
    first_mistake,
    parse,
)

PROTOCOL_VERSION = 1

__all__ = [
    "CUSTOMER_ACKS",
    "CUSTOMER_CALLS",
    "CUSTOMER_EVENTS",
    "INBOX_ACKS",
    "INBOX_CALLS",
    "INBOX_CALLS_TO_COME",
    "INBOX_EVENTS",
    "MAX_ATTACHMENTS",
    "MAX_DEPTH",
    "MAX_MESSAGE_CHARS",
    "MAX_METADATA_CHARS",
    "MAX_SEQ",
    "MAX_WIRE_BYTES",
    "PROTOCOL_VERSION",
    "AgentTyping",
    "BotMessage",
    "Call",
    "CustomerTyping",
    "HandoffClose",
    "HandoffRequest",
    "HandoffReturn",
    "IdentityClaims",
    "Leave",
    "Login",
    "MessageSend",
    "NoteAdd",
    "OfHandoff",
    "OfSession",
    "Payload",
    "PresenceSet",
    "Refusal",
    "Sent",
    "SessionRequest",
    "Survey",
    "Sync",
    "UserUttered",
    "first_mistake",
    "parse",
]

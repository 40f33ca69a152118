"""What the bridge may ask of the connector, checked. Pure: JSON in, dataclass out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

MAX_ID_CHARS = 255  # the tracker store's column

Value = TypeVar("Value")


class BadRequest(Exception):
    """The body is not what the route expects; the message says where."""


@dataclass(frozen=True)
class Identity:
    """Who the customer is, as signed by the shop and verified by the bridge."""

    customer_id: str
    name: str | None = None
    email: str | None = None


@dataclass(frozen=True)
class JoinedMessage:
    """A message that goes on with the thought of the one before."""

    message_id: str
    message: str
    sent_at: float | None = None


@dataclass(frozen=True)
class MessageRequest:
    """One customer message that is owed a turn."""

    sender: str
    message_id: str
    message: str
    payload: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    identity: Identity | None = None
    new_session: bool = False
    forget: bool = False  # the customer has left: what was proved counts no more
    language: str | None = None  # what the customer's client is set to
    saw_last_question: bool = True  # the customer had our last message when writing
    photos: tuple[str, ...] = ()  # the ids of those that came with it
    not_kept: tuple[str, ...] = ()  # parts of the message that nobody may keep
    locale: str | None = None  # the same with its region, as it was at first
    timezone: str | None = None
    # Of a customer who waits for a person: the reasons so far, `triggers` (names) and
    # `evidence`.
    waiting: Mapping[str, Any] | None = None
    sent_at: float | None = None  # seconds since 1970
    # What was written right after it and is one thought with it.
    joined: tuple[JoinedMessage, ...] = ()
    may_wait: bool = False  # the rest of the thought may still come
    # Nothing may be done: tell what was, when an earlier process of the bridge asked.
    only_known: bool = False

    @property
    def message_ids(self) -> tuple[str, ...]:
        """Returns the ids of all that the turn answers."""
        return (self.message_id, *(more.message_id for more in self.joined))

    @property
    def text(self) -> str:
        """Returns the whole thought."""
        return " ".join([self.message, *(more.message for more in self.joined)])


@dataclass(frozen=True)
class CaughtUpMessage:
    """A message that passed between customer and agent without the assistant."""

    sender: str
    text: str
    at: str | None = None
    agent: str | None = None
    message_id: str | None = None


@dataclass(frozen=True)
class HandbackRequest:
    """A conversation that comes back from a human."""

    sender: str
    handoff_id: str
    messages: tuple[CaughtUpMessage, ...] = ()
    slots: Mapping[str, Any] = field(default_factory=dict)
    outcome: str | None = None
    disposition: str | None = None
    agent: str | None = None
    greet: bool = True
    new_session: bool = False
    # What would be said is all that is wanted: nothing is saved.
    preview: bool = False


@dataclass(frozen=True)
class SuggestRequest:
    """A text that articles are wanted for."""

    text: str
    language: str | None = None


def read_suggest(body: Any) -> SuggestRequest:
    """Reads the body of `/suggest`."""
    fields = Fields(body)
    text = fields.optional("text", str) or ""
    if not text.strip():
        raise BadRequest("text must not be empty.")
    return SuggestRequest(text, fields.optional("language", str))


def read_message(body: Any) -> MessageRequest:
    """Reads the body of `/webhook`."""
    fields = Fields(body)
    payload = fields.optional("payload", str)
    if payload is not None and not payload.startswith("/"):
        raise BadRequest("payload must start with a slash.")
    message = fields.optional("message", str) or ""
    if payload is None and not message.strip():
        raise BadRequest("message must not be empty without a payload.")
    identity = fields.optional("identity", dict)
    saw = fields.optional("saw_last_question", bool)
    return MessageRequest(
        sender=fields.identifier("sender"),
        message_id=fields.identifier("message_id"),
        message=message,
        payload=payload,
        metadata=fields.optional("metadata", dict) or {},
        identity=None if identity is None else _identity(identity),
        new_session=fields.optional("new_session", bool) or False,
        forget=fields.optional("forget", bool) or False,
        language=fields.optional("language", str),
        saw_last_question=True if saw is None else saw,
        photos=fields.texts("photos"),
        not_kept=fields.texts("not_kept"),
        locale=fields.optional("locale", str),
        timezone=fields.optional("timezone", str),
        waiting=fields.optional("waiting", dict),
        sent_at=fields.seconds("sent_at"),
        joined=tuple(map(_joined, fields.optional("joined", list) or [])),
        may_wait=fields.optional("may_wait", bool) or False,
        only_known=fields.optional("only_known", bool) or False,
    )


def read_handback(body: Any) -> HandbackRequest:
    """Reads the body of `/handback`."""
    fields = Fields(body)
    greet = fields.optional("greet", bool)
    return HandbackRequest(
        sender=fields.identifier("sender"),
        handoff_id=fields.identifier("handoff_id"),
        messages=tuple(map(_caught_up, fields.optional("messages", list) or [])),
        slots=fields.optional("slots", dict) or {},
        outcome=fields.optional("outcome", str),
        disposition=fields.optional("disposition", str),
        agent=fields.optional("agent", str),
        greet=True if greet is None else greet,
        new_session=fields.optional("new_session", bool) or False,
        preview=fields.optional("preview", bool) or False,
    )


def _joined(value: Any) -> JoinedMessage:
    fields = Fields(value, "joined[].")
    return JoinedMessage(
        message_id=fields.identifier("message_id"),
        message=fields.optional("message", str) or "",
        sent_at=fields.seconds("sent_at"),
    )


def _identity(value: Any) -> Identity:
    fields = Fields(value, "identity.")
    return Identity(
        customer_id=fields.identifier("customer_id"),
        name=fields.optional("name", str),
        email=fields.optional("email", str),
    )


def _caught_up(value: Any) -> CaughtUpMessage:
    fields = Fields(value, "messages[].")
    sender = fields.identifier("sender")
    if sender not in ("customer", "agent"):
        raise BadRequest("messages[].sender must be customer or agent.")
    return CaughtUpMessage(
        sender=sender,
        text=fields.optional("text", str) or "",
        at=fields.optional("at", str),
        agent=fields.optional("agent", str),
        message_id=fields.optional("message_id", str),
    )


class Fields:
    """Typed access to a JSON object in which `null` counts as absent."""

    def __init__(self, body: Any, prefix: str = "") -> None:
        if not isinstance(body, dict):
            raise BadRequest(f"{prefix or 'The body '}must be a JSON object.")
        self._body = body
        self._prefix = prefix

    def optional(self, name: str, kind: type[Value]) -> Value | None:
        value = self._body.get(name)
        if value is None or isinstance(value, kind):
            return value
        raise BadRequest(f"{self._prefix}{name} must be {_KINDS[kind]}.")

    def seconds(self, name: str) -> float | None:
        value = self._body.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise BadRequest(f"{self._prefix}{name} must be a number of seconds.")
        return float(value)

    def texts(self, name: str) -> tuple[str, ...]:
        values = self.optional(name, list) or []
        if not all(isinstance(value, str) for value in values):
            raise BadRequest(f"{self._prefix}{name} must be a list of texts.")
        return tuple(values)

    def identifier(self, name: str) -> str:
        value = self.optional(name, str)
        if not value or not value.strip() or len(value) > MAX_ID_CHARS:
            raise BadRequest(
                f"{self._prefix}{name} must be a text of 1 to {MAX_ID_CHARS} letters."
            )
        return value


_KINDS: dict[type, str] = {
    str: "a text",
    bool: "true or false",
    dict: "an object",
    list: "a list",
}

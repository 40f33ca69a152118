"""What a shop's own app and the bridge send each other, see `docs/channels/app.md`."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from handoff_bridge.conversation.events import DeliveryFailure
from handoff_bridge.models import MAX_URL_CHARS, MessageId, Payload, Sent

MAX_EVENTS = 100
MAX_FILES = 10


class AppCustomer(Payload):
    """Whom it is from, or for. `name` and `language` are what the app knows."""

    id: MessageId
    name: Annotated[str, Field(max_length=200)] | None = None
    language: Annotated[str, Field(max_length=40)] | None = None


class AppFile(Payload):
    """A picture or a PDF that the bridge fetches."""

    url: Annotated[str, Field(min_length=1, max_length=MAX_URL_CHARS)]
    name: Annotated[str, Field(max_length=200)] | None = None
    content_type: Annotated[str, Field(max_length=100)] | None = None


class AppEvent(Payload):
    """Something that a customer did, or that became of a message to them.

    `sequence` counts a customer's events from 1 without gaps, where the app counts
    them. `message_id` is the bridge's own.
    """

    id: MessageId
    type: Annotated[str, Field(min_length=1, max_length=40)]
    customer: AppCustomer
    sequence: Annotated[int, Field(ge=1, lt=2**53, strict=True)] | None = None
    text: str = ""
    files: Annotated[list[AppFile], Field(max_length=MAX_FILES)] = []
    payload: Annotated[str, Field(max_length=200)] | None = None
    message_id: Annotated[str, Field(max_length=100)] | None = None
    reason: DeliveryFailure | None = None
    detail: Annotated[str, Field(max_length=200)] | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.type == "message" and not (self.text.strip() or self.files):
            raise ValueError("a message has text or files")
        if self.type == "button" and not self.payload:
            raise ValueError("a button has its payload")
        if self.type in ("delivered", "read", "failed") and not self.message_id:
            raise ValueError("say of which message_id")
        return self


class AppEvents(Payload):
    """One request of the app's. A single event may come by itself as well."""

    events: Annotated[list[AppEvent], Field(min_length=1, max_length=MAX_EVENTS)]


class AppButton(Sent):
    """Comes back as an event `button` with this `payload`."""

    title: str
    payload: str


class AppSentFile(Sent):
    """A file at the bridge; its address needs no signature."""

    url: str
    content_type: str
    name: str | None = None


class AppRecipient(Sent):
    """The customer, as the app calls them."""

    id: str


class AppMessage(Sent):
    """A message to a customer. The same `id` again is the same message."""

    type: Literal["message"] = "message"
    id: str
    customer: AppRecipient
    text: str | None = None
    buttons: list[AppButton] | None = None
    file: AppSentFile | None = None
    picture_url: str | None = None


class AppTyping(Sent):
    """Somebody writes to the customer; it goes without saying that they stop."""

    type: Literal["typing"] = "typing"
    customer: AppRecipient


class AppPing(Sent):
    """Nobody is told: the bridge wants to know whether the app answers."""

    type: Literal["ping"] = "ping"

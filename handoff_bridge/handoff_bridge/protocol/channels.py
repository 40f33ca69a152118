"""HTTP under `/api/v1/channels`: how channels are doing, and trying them."""

from typing import Annotated, Literal

from pydantic import Field

from handoff_bridge.conversation.events import DeliveryFailure
from handoff_bridge.models import Payload, Sent, Time


class ChannelAbilities(Sent):
    """What a platform takes."""

    text: int = Field(description="Characters of one message; longer ones are split.")
    buttons: int = Field(description="At most so many; 0: a numbered list instead.")
    files: bool
    typing: bool
    templates: bool
    window_hours: float | None = Field(
        None,
        description="So long after their last message customers may be written to.",
    )
    reports: list[str] = Field(description="What the platform tells of messages.")


class ChannelErase(Payload):
    """Whom to erase: the address as the platform has it."""

    address: Annotated[str, Field(min_length=1, max_length=200)]


class ChannelErased(Sent):
    """What was stored about a customer until now."""

    conversation_ids: list[str] = Field(
        description="Their chats, by which other programs know them."
    )
    rows: dict[str, int] = Field(description="Erased, by table.")


class ChannelFigures(Sent):
    """What came in, by what became of it, and the messages that went out."""

    verified: int = Field(description="Requests that the platform proved to have sent.")
    refused: int = Field(description="Requests without that proof.")
    malformed: int
    taken: int = Field(description="Events, each once.")
    repeated: int = Field(description="Events that had come before.")
    given_up: int = Field(description="Events of which nothing could be made.")
    sent: int = Field(description="Those that got there are among them.")
    delivered: int = Field(description="Those that were read are among them.")
    read: int
    failed: int


class ChannelBacklog(Sent):
    """What waits at the moment."""

    count: int
    oldest_at: Time | None = None


class ChannelFailure(Sent):
    """The newest message that did not get there."""

    at: Time
    conversation_id: str
    seq: int
    reason: DeliveryFailure | None = None
    detail: str | None = Field(None, description="The platform's own code or words.")


class ChannelState(Sent):
    """One channel, and how it is doing."""

    name: str
    title: str
    address: str = Field(description="To enter at the platform.")
    can: ChannelAbilities
    sets_up: bool = Field(description="Whether the bridge can enter its address there.")
    today: ChannelFigures
    week: ChannelFigures = Field(description="Today and the six days before, in UTC.")
    incoming: ChannelBacklog
    outgoing: ChannelBacklog
    heard_at: Time | None = Field(None, description="When a customer last wrote.")
    sent_at: Time | None = Field(None, description="When the platform last took one.")
    last_failure: ChannelFailure | None = None


class Channels(Sent):
    """Those that are set up, by name."""

    channels: list[ChannelState]


class ChannelCheck(Sent):
    """One thing that has to be so, and what to do where it is not."""

    name: str
    passed: bool
    advice: str | None = None


class ChannelChecks(Sent):
    """What the platform was asked."""

    checks: list[ChannelCheck]


class ChannelSample(Sent):
    """What became of a signed sample; nothing of it stays.

    `taken` and `repeated` are absent where the sample is a question.
    """

    passed: bool = Field(description="Whether everything is as it has to be.")
    via: Literal["public", "local", "process"] | None = Field(
        None, description="Which way it took; none: no way was open."
    )
    address: str
    verified: bool
    forgery_refused: bool = Field(description="Of one whose proof was changed.")
    taken: bool | None = None
    repeated: bool | None = Field(None, description="Whether it was taken once only.")
    secs: float
    advice: list[str]

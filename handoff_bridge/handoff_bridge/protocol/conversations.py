"""Conversations as lists show them: what a search finds, and what runs right now."""

from typing import Literal

from pydantic import Field

from handoff_bridge.conversation.states import Owner
from handoff_bridge.models import Sender, Sent, Time
from handoff_bridge.packet.concerns import Concern
from handoff_bridge.packet.schema import Trend
from handoff_bridge.protocol.inbox import Row, RowCustomer


class Piece(Sent):
    """A part of a text, as plain text; `found` where it is what was looked for."""

    text: str
    found: Literal[True] | None = None


class Hit(Sent):
    """The entry of the log that fits best, and the part of its text that does."""

    seq: int
    at: Time
    sender: Sender
    type: Literal["message", "note", "turn"]
    pieces: list[Piece]


class ListedConversation(Sent):
    """A conversation in a list."""

    conversation_id: str
    owner: Owner
    customer: RowCustomer
    verified: bool = Field(
        description="Whether the customer has proved in this chat who they are."
    )
    channel: str
    topic: str | None = Field(
        None, description="What they asked for last, as the assistant names it."
    )
    customer_said: str | None = Field(
        None, description="What the customer wrote last, its first 200 characters."
    )
    started_at: Time
    last_at: Time = Field(description="Of its newest entry.")
    last_seq: int
    handoff: Row | None = Field(None, description="The newest one, if there was any.")


class FoundConversation(ListedConversation):
    """A conversation that a search has found."""

    hit: Hit | None = Field(
        None, description="Absent where only its customer or handoff fits."
    )


class FoundConversations(Sent):
    """Latest first; `before` is where the next page begins, absent on the last."""

    conversations: list[FoundConversation]
    before: str | None = None


class LiveConversation(ListedConversation):
    """A chat that the assistant has right now, and what is wrong with it, if anything.

    `score` is how the newest message sounds, from -1 to 1, `trend` where that is going,
    `failures` how many of the last turns did not work or were not understood.
    """

    score: float | None = None
    trend: Trend
    failures: int
    concerns: list[Concern]


class LiveConversations(Sent):
    """Those that should make a supervisor look first, then the latest."""

    conversations: list[LiveConversation]

"""The packet's published shape, version 1, as models and as JSON Schema.

The packet is built of them. An odd entry in an old log must not keep one from an
agent: events.py reads the log leniently, so that what arrives here fits.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, JsonValue

from handoff_bridge.conversation.cards import Amount, CardHeading, CardRow, Text
from handoff_bridge.conversation.contact import Contact
from handoff_bridge.conversation.events import Attachment, Priority, Redacted
from handoff_bridge.conversation.states import Disposition
from handoff_bridge.conversation.triggers import NAME
from handoff_bridge.models import DIALECT, JsonObject, Sender, Sent, WireSchema

Trigger = Annotated[str, Field(pattern=f"^{NAME.pattern}$")]
Seq = Annotated[int, Field(ge=1, description="The log's number of the message.")]


type Label = Annotated[
    Literal["negative", "neutral", "positive"],
    Field(description="How a message sounds."),
]
type Trend = Annotated[
    Literal["down", "flat", "up"], Field(description="Where the mood is going.")
]


def _with_zone(at: str) -> str:
    if datetime.fromisoformat(at).tzinfo is None:
        raise ValueError("a time needs its zone")
    return at


At = Annotated[
    str,
    AfterValidator(_with_zone),
    Field(json_schema_extra={"format": "date-time"}),
]


class Fact(Sent):
    """Something that came from one message."""

    at: At
    seq: Seq


class EarlierHandoff(Sent):
    """A handoff of the same customer before this one."""

    handoff_id: Text
    conversation_id: Text | None = Field(
        None, description="Another one than the packet's, or this."
    )
    trigger: Trigger
    label: Text | None = Field(None, description="Of the trigger, as agents read it.")
    about: Text | None = Field(None, description="Its first card's title.")
    at: At
    disposition: Disposition | None = None
    outcome: Text | None = Field(None, description="What the customer was told.")


class CardOption(Sent):
    """One of the values of a field to choose from."""

    value: Text
    label: Text


class CardField(Sent):
    """What an agent fills in. Bounds and values are text, numbers with a point."""

    name: Text
    label: Text
    type: Annotated[
        Literal["text", "number", "money", "choice"],
        Field(description="What may be filled in."),
    ]
    required: bool | None = None
    value: Text | None = Field(None, description="What stands there at first.")
    currency: Text | None = Field(None, description="Of `money`, ISO 4217.")
    minimum: Amount | None = None
    maximum: Amount | None = None
    max_length: int | None = Field(None, ge=1)
    options: list[CardOption] | None = Field(None, description="Of a `choice`.")


class CardAction(Sent):
    """What an agent can have the back office do about a card."""

    id: Text
    label: Text
    fields: list[CardField]
    confirm: Text | None = Field(
        None,
        description="What will happen, in a sentence; `{name}` is a field's value.",
    )


class Card(CardHeading):
    """Something that the back office knows, in the order it gave."""

    rows: list[CardRow]
    photo: Text | None = Field(None, description="The address of a picture.")
    actions: list[CardAction] | None = None
    actions_locked: bool | None = Field(
        None,
        description="Whether it has actions once the customer has proved who they are.",
    )


class Customer(Sent):
    """Who the customer is, as far as known."""

    id: Text | None = Field(None, description="The shop's number of the customer.")
    name: Text | None = None
    email: Text | None = None
    tier: Text | None = None
    language: Text
    channels: list[Text] = Field(min_length=1)
    earlier_handoffs: list[EarlierHandoff]


class Attempt(Fact):
    """Something the assistant tried, and what came of it."""

    what: Text
    outcome: Text
    times: int | None = Field(
        None, ge=2, description="How often, if more than once; `seq` is of the last."
    )


class Promise(Fact):
    """What the customer was promised, in the words they read.

    `seq` is of the message that says it, or of the agent's hand-back.
    """

    text: Text
    answer_by: At | None = Field(
        None, description="Of what the bridge itself promised."
    )
    ticket: Text | None = Field(None, description="Its ticket's number.")


class Summary(Sent):
    """The matter at hand, for reading in ten seconds."""

    request: str = Field(description="In the customer's own words; may be empty.")
    request_seq: Seq | None = Field(None, description="Of the message that says it.")
    tried: list[Attempt]
    promised: list[Promise]
    open_question: Text | None = Field(
        None, description="The customer's unanswered message, or what a form asks for."
    )
    open_seq: Seq | None = Field(None, description="Of the message that is open.")
    text: Text = Field(description="All of it as one short paragraph.")


class Intent(Fact):
    """What one message was understood to want."""

    name: Text
    label: Text | None = Field(None, description="In an agent's words.")
    topic: Text | None = Field(
        None, description="What it is about; absent where the message asks for nothing."
    )
    confidence: float = Field(ge=0, le=1)
    message_id: Text | None = None


class Entity(Fact):
    """Something that one message mentioned."""

    entity: Text
    label: Text | None = Field(None, description="In an agent's words.")
    value: JsonValue = Field(description="A one-time code reads [code].")


class SlotLabel(Sent):
    """What agents call a slot."""

    label: Text
    fixed: bool | None = Field(None, description="Whether it is not for them to set.")


class Step(Fact):
    """An action the assistant ran."""

    action: Text
    arguments: JsonObject
    result: Text | None = Field(
        None, description="The response's name, or the reason of a failure."
    )
    label: Text | None = Field(None, description="What it did, in an agent's words.")
    outcome: Text | None = Field(None, description="What came of it, in such words.")
    ok: bool


class Authentication(Sent):
    """How the customer proved who they are. Its age is the reader's to judge."""

    verified: bool
    method: Text | None = None
    label: Text | None = Field(None, description="The method in an agent's words.")
    level: Text | None = None
    at: At | None = None
    seq: Seq | None = Field(None, description="Of the message that proved it.")


class MoodPoint(Fact):
    """The mood of one message."""

    score: float = Field(ge=-1, le=1)
    label: Label


class Sentiment(Sent):
    """The mood over the conversation."""

    current: Label | None = None
    trend: Trend = Field(description="Over the matter at hand only.")
    points: list[MoodPoint]


class Photo(Fact):
    """A photo or a PDF that was sent in the chat, to be fetched by its id."""

    attachment_id: Text
    content_type: Text
    name: Text | None = None


class Article(Sent):
    """An article of the knowledge base that may answer the request."""

    article_id: str
    title: str
    score: float = Field(description="How well it fits, from 0 to 1.")
    answer: str = Field(description="The short answer, in the customer's language.")


class Suggestions(Sent):
    """What the agent might do next."""

    actions: list[JsonObject]
    replies: list[JsonObject]
    articles: list[Article]


class Offered(Sent):
    """A button the customer was offered."""

    title: str
    payload: str


class Line(Fact):
    """One message as the customer saw it. All text is plain text, never HTML."""

    sender: Sender
    name: Text | None = None
    text: Text | None = None
    attachments: list[Attachment] | None = None
    quick_replies: list[Offered] | None = None
    cards: list[CardHeading] | None = Field(
        None, description="What the cards were about that it showed."
    )
    redacted: list[Redacted] | None = Field(
        None, description="What was taken out of the text before it was stored."
    )


class Kept(Sent):
    """Whom the chat waits for in line, an agent or a team, alone until then."""

    for_agent: Text | None = Field(None, description="The agent's name.")
    for_team: Text | None = None
    waits_until: At
    passed_on_by: Text | None = Field(None, description="The agent's name.")


class Packet(Sent):
    """Everything an agent needs to take over a conversation."""

    version: Literal[1]
    built_at: At
    handoff_id: Text
    conversation_id: Text
    customer: Customer
    trigger: Trigger = Field(description="The one that names the handoff.")
    triggers: list[Trigger] = Field(min_length=1)
    label: Text = Field(description="The trigger in the agent's language.")
    labels: dict[str, dict[str, Text]] | None = Field(
        None, description="By trigger, then by language, as the assistant sent them."
    )
    skill: Text | None = Field(None, description="What the agent should be good at.")
    reason: Text = Field(description="Why a human is needed, one sentence.")
    evidence: JsonObject = Field(description="What the triggers rest on.")
    priority: Priority
    kept: Kept | None = Field(None, description="Where it was passed on.")
    answer_by: At | None = Field(
        None, description="By when the customer was promised to hear."
    )
    contact: Contact | None = Field(
        None,
        description="How the customer wants to hear who does not stay; masked but for "
        "whoever has the chat.",
    )
    summary: Summary
    promises: list[Promise] = Field(description="As in the summary.")
    intents: list[Intent]
    entities: list[Entity]
    slots: JsonObject
    slot_labels: dict[str, SlotLabel] | None = Field(
        None, description="By the slot's name, as the assistant sent them."
    )
    slot_seqs: dict[str, Seq] | None = Field(
        None, description="By the slot's name, the message that its value came from."
    )
    steps: list[Step]
    authentication: Authentication
    sentiment: Sentiment
    attachments: list[Photo]
    cards: list[Card] = Field(
        description="What the chat is about first, then a known customer's others."
    )
    suggestions: Suggestions
    transcript: list[Line]


def packet_schema() -> JsonObject:
    """Return the JSON Schema (draft 2020-12) of the packet."""
    schema = Packet.model_json_schema(mode="serialization", schema_generator=WireSchema)
    return {"$schema": DIALECT, "$id": "urn:tandem:handoff-packet:1", **schema}

"""The log's entries as models, one for each type, as agents and the API get them.

`seq` numbers a conversation's entries without gaps, from 1. Entries of old logs may
lack what came later: such fields are optional.
"""

from datetime import datetime
from typing import Annotated, Literal, TypedDict

from pydantic import ConfigDict, Field, JsonValue

from handoff_bridge.conversation.cards import ShownCard
from handoff_bridge.conversation.contact import Want
from handoff_bridge.conversation.states import Disposition, HandoffState, Owner
from handoff_bridge.models import JsonObject, Payload, Sender, Sent, Time

Priority = Annotated[
    int, Field(ge=0, description="Head starts in the line, of half an hour each.")
]
Redacted = Literal["card", "security_code", "password", "code"]
TriggerLabels = dict[str, dict[str, str]]


class Actor(Sent):
    """Who did it. Agents have an id and the name that customers read."""

    type: Sender
    id: str | None = None
    name: str | None = None


BOT = Actor(type="bot")
CUSTOMER = Actor(type="customer")
SYSTEM = Actor(type="system")


class Attachment(Sent):
    """A photo or a PDF, to be fetched from `/api/v1/uploads/{attachment_id}`."""

    attachment_id: str
    content_type: str | None = None
    width: int | None = Field(None, description="Of a photo, in pixels.")
    height: int | None = Field(None, description="Of a photo, in pixels.")
    name: str | None = Field(None, description="The file's, as its sender has it.")
    size: int | None = Field(None, description="In bytes.")


class PictureAttachment(Sent):
    """A picture as Rasa's web widgets want it: `payload.src` is its address.

    Responses may carry other attachments too, which have what they like.
    """

    model_config = ConfigDict(extra="allow")

    type: str | None = None
    payload: JsonObject | None = None


class QuickReply(Sent):
    """A button. The payload is opaque, and sent back unchanged when it is pressed."""

    content_type: Literal["text"] = "text"
    title: str
    payload: str


class AgentName(Sent):
    """The agent of a change of owner."""

    id: str | None = None
    name: str | None = None


class Entry(Sent):
    """What every entry has. `at` is when it was committed."""

    seq: Annotated[int, Field(ge=1)]
    type: str
    at: Time
    actor: Actor
    message_id: str | None = None

    def data(self) -> JsonObject:
        """Its own fields, as the log keeps them."""
        own: JsonObject = self.model_dump(
            mode="json", exclude_none=True, exclude={*Entry.model_fields}
        )
        return own


class Stamp(TypedDict):
    """Where an entry goes in the log, when, and whose it is."""

    seq: int
    at: datetime
    actor: Actor
    message_id: str | None


class TemplateUsed(Sent):
    """One of a platform's approved texts, and what was filled in, by variable."""

    template_id: str
    variables: dict[str, str]


class Message(Entry):
    """Something said: by the customer, the bot, an agent, or a line of the system's."""

    type: Literal["message"] = "message"
    text: str | None = None
    attachments: list[Attachment] | None = None
    quick_replies: list[QuickReply] | None = None
    attachment: PictureAttachment | None = None
    cards: list[ShownCard] | None = None
    brief: str | None = Field(
        None, description="Said instead of the text where the cards are drawn."
    )
    custom: JsonValue = None
    redacted: list[Redacted] | None = Field(
        None, description="What was taken out of the text before it was stored."
    )
    promise: bool | None = Field(
        None, description="Whether it promises the customer something."
    )
    key: str | None = Field(None, description="Of a sentence of the bridge's own.")
    values: JsonObject | None = Field(None, description="What its sentence names.")
    survey: AgentName | None = Field(
        None,
        description="The agent who has left, where the customer is asked whether "
        "they settled it.",
    )
    answers: str | None = Field(None, description="The late press's `message_id`.")
    client_id: str | None = Field(None, description="Of the agent's call.")
    template: TemplateUsed | None = Field(
        None, description="The platform's approved text that it is, filled in."
    )


class Opened(Entry):
    """A widget was opened; nothing was said."""

    type: Literal["opened"] = "opened"


class Guess(Sent):
    """An intent and how sure the assistant is of it, from 0 to 1."""

    name: str | None = None
    confidence: float | None = None
    label: str | None = Field(None, description="What agents call it.")
    topic: str | None = Field(
        None, description="What it is about, as actions name it; absent for no request."
    )
    small_talk: bool | None = Field(
        None, description="Whether it asks nothing that anybody has to answer."
    )


class Heard(Sent):
    """How a message sounds, from -1 (very negative) to 1."""

    label: str | None = None
    score: float | None = None


class ActionOutcome(Sent):
    """How an action went."""

    model_config = ConfigDict(extra="allow")

    kind: str = Field(
        description="`done`, `answered`, `nothing_to_do`, `refused`, `unclear` or "
        "`failed`."
    )
    label: str | None = Field(None, description="In an agent's words.")


class Mention(Sent):
    """Something that a message mentioned; a one-time code reads `[code]`."""

    model_config = ConfigDict(extra="allow")

    entity: str
    value: JsonValue = None


class Action(Sent):
    """An action that ran; `result` is the name of its first response."""

    model_config = ConfigDict(extra="allow")

    name: str
    arguments: JsonObject | None = None
    result: str | None = None
    attempt: str | None = Field(
        None, description="What it did or tried, as a sentence for agents."
    )
    label: str | None = Field(None, description="Of a form, which tries nothing.")
    outcome: ActionOutcome | None = None
    topic: str | None = Field(None, description="What it settles if it works.")
    noun: str | None = Field(None, description="What agents count if it does not.")
    internal: bool | None = Field(None, description="Of no interest to agents.")


class SlotName(Sent):
    """What agents call a slot."""

    model_config = ConfigDict(extra="allow")

    label: str
    fixed: bool | None = Field(None, description="Whether it is not for them to set.")
    secret: bool | None = Field(None, description="Whether nobody may see its value.")


class TurnReport(Sent):
    """What the assistant made of a message. It may tell more than is named here."""

    model_config = ConfigDict(extra="allow")

    message_ids: list[str] | None = None
    intent: Guess | None = None
    intent_ranking: list[Guess] | None = None
    entities: list[Mention] | None = None
    sentiment: Heard | None = None
    articles: list[JsonObject] | None = None
    actions: list[Action] | None = None
    slots: JsonObject | None = None
    slots_set: JsonObject | None = None
    references: list[str] | None = Field(
        None, description="What the back office can be asked about."
    )
    active_loop: str | None = None
    requested_slot: str | None = None
    slot_labels: dict[str, SlotName] | None = None
    asked_for: str | None = Field(None, description="What agents call that slot.")
    asks_secret: bool | None = Field(
        None, description="Whether nobody may see the answer, a one-time code."
    )
    subject: str | None = Field(None, description="What the chat is about.")
    trigger: JsonObject | None = None
    failed_action: str | None = None
    turns: int | None = Field(None, description="Turns of the session so far.")


class Turn(Entry, TurnReport):
    """A turn of the assistant's. `duration_ms` is from the call to its answer."""

    model_config = ConfigDict(extra="allow")

    type: Literal["turn"] = "turn"
    duration_ms: int | None = None
    epoch: int | None = Field(None, description="The owner's, when the turn began.")


type FailureReason = Annotated[
    Literal["timeout", "unreachable", "error", "empty", "failed_action"],
    Field(description="How the assistant failed to answer."),
]


class TurnFailed(Entry):
    """The assistant gave no usable answer."""

    type: Literal["turn_failed"] = "turn_failed"
    reason: FailureReason
    failed_action: str | None = None
    what: str | None = Field(None, description="What agents call that action.")


class Button(Payload):
    """A button as the assistant offers it; `payload` is what it gets for a press."""

    title: str
    payload: Annotated[str, Field(max_length=500)]


class Reply(Payload):
    """One message of the assistant's, in the form of Rasa's responses.

    `image` and `attachment` may be the address of a picture.
    """

    text: str | None = None
    buttons: list[Button] | None = None
    image: str | None = None
    attachment: PictureAttachment | str | None = None
    custom: JsonValue = None
    promise: bool | None = Field(
        None, description="Whether it promises the customer something."
    )

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not any(self.model_dump(exclude={"promise"}).values())

    @property
    def picture(self) -> PictureAttachment | None:
        """What is attached, an address in the form that web widgets want."""
        found = self.attachment or self.image
        if isinstance(found, str):
            return PictureAttachment(type="image", payload={"src": found})
        return found


class ReplySuppressed(Entry):
    """Computed too late to be said: the owner had changed, or the turn had failed."""

    type: Literal["reply_suppressed"] = "reply_suppressed"
    replies: list[Reply]
    turn: TurnReport
    reason: Literal["owner_changed", "failed_turn", "not_the_owner"]


class OwnerChanged(Entry):
    """Another owner. `epoch` rises by one each time: the fencing token."""

    model_config = ConfigDict(validate_by_name=True, serialize_by_alias=True)

    type: Literal["owner_changed"] = "owner_changed"
    from_: Owner = Field(alias="from")
    to: Owner
    epoch: int
    reason: str
    handoff_id: str | None = None
    agent: AgentName | None = None


class HandoffRequested(Entry):
    """A human is needed: `trigger` names the handoff, `triggers` are all that held."""

    type: Literal["handoff_requested"] = "handoff_requested"
    handoff_id: str
    trigger: str
    triggers: list[str]
    labels: TriggerLabels | None = None
    evidence: JsonObject
    priority: Priority


class HandoffUpdated(Entry):
    """A handoff's new state; where a more urgent reason moved it forward, that too."""

    type: Literal["handoff_updated"] = "handoff_updated"
    handoff_id: str
    state: HandoffState
    agent: AgentName | None = None
    disposition: Disposition | None = None
    outcome: str | None = Field(None, description="What the customer may hear.")
    slots: JsonObject | None = Field(None, description="What the agent filled in.")
    trigger: str | None = None
    triggers: list[str] | None = None
    labels: TriggerLabels | None = None
    priority: Priority | None = None
    requeued_from: AgentName | None = Field(
        None, description="Who had it: it is back in line."
    )
    for_agent: AgentName | None = Field(
        None, description="In line, whom alone it waits for."
    )
    for_team: str | None = Field(None, description="Or whose team.")
    waits_until: Time | None = Field(
        None, description="Afterwards anybody may claim it."
    )


DeclineReason = Literal["busy", "not_mine", "break", "other"]
OfferEnding = Literal["accepted", "declined", "timed_out", "withdrawn", "customer_left"]


class OfferEntry(Entry):
    """A chat in line is offered to an agent, or how that offer ended."""

    type: Literal["offer"] = "offer"
    handoff_id: str
    agent: AgentName
    state: Literal["made"] | OfferEnding
    expires_at: Time | None = Field(None, description="Of one that is made.")
    reason: DeclineReason | None = Field(None, description="Of one that is declined.")


class TicketOpened(Entry):
    """Nobody was there: the customer has been told by when they hear."""

    type: Literal["ticket_opened"] = "ticket_opened"
    handoff_id: str
    ticket_number: str | None = None
    answer_by: Time


class ContactLeft(Entry):
    """The customer has left an address, which only the handoff has, and may go."""

    type: Literal["contact_left"] = "contact_left"
    handoff_id: str
    want: Want


class MailFailed(Entry):
    """A message did not reach the customer by mail; it is in the chat all the same."""

    type: Literal["mail_failed"] = "mail_failed"
    handoff_id: str
    of_seq: Annotated[int, Field(ge=1, description="The message's number.")]
    reason: Literal["refused", "unreachable"]


type DeliveryFailure = Annotated[
    Literal[
        "blocked",
        "credentials",
        "expired",
        "file_refused",
        "refused",
        "unknown_address",
        "unreachable",
        "window_closed",
    ],
    Field(
        description="Why a message did not get there: the customer `blocked` us, "
        "our `credentials` are not taken, a day of attempts `expired`, the platform "
        "takes no such file (`file_refused`) or text (`refused`), the address does not "
        "exist (`unknown_address`), it or the platform is `unreachable`, or the "
        "customer has not written for too long (`window_closed`)."
    ),
]


class DeliveryFailed(Entry):
    """A message did not reach the customer on their channel."""

    type: Literal["delivery_failed"] = "delivery_failed"
    of_seq: Annotated[int, Field(ge=1, description="The message's number.")]
    channel: str
    reason: DeliveryFailure
    detail: str | None = Field(None, description="The platform's own code or words.")


class SentAgain(Entry):
    """An agent has a message sent again that did not get there, or by mail."""

    type: Literal["sent_again"] = "sent_again"
    of_seq: Annotated[int, Field(ge=1, description="The message's number.")]
    by: Literal["channel", "mail"]


class CustomerLeft(Entry):
    """The customer has left the chat, or ended it."""

    type: Literal["customer_left"] = "customer_left"


class WrappedUp(Entry):
    """What was left to do after the chat is done, or its time was over."""

    type: Literal["wrapped_up"] = "wrapped_up"
    handoff_id: str
    disposition: Disposition | None = Field(None, description="Where it was corrected.")


class Note(Entry):
    """For colleagues: no customer ever gets it."""

    type: Literal["note"] = "note"
    text: str
    client_id: str | None = Field(None, description="Of the agent's call.")
    whisper: bool | None = Field(
        None, description="A supervisor's, for the agent who has the chat."
    )
    mentions: list[str] | None = Field(
        None, description="The colleagues that it names with an @, by their names."
    )


class FilledField(Sent):
    """What an agent filled in; `shown` is how people read the value."""

    name: str
    label: str
    value: str
    shown: str


class CardActed(Entry):
    """An agent has the back office do something about a card.

    `begun` is logged before the back office is asked, what came of it afterwards, under
    the same `message_id`; one that stays alone has had no answer yet.
    """

    type: Literal["card_action"] = "card_action"
    kind: str = Field(description="Of the card, with its `id` and `title`.")
    id: str
    title: str
    action: str
    label: str = Field(description="What agents call the action.")
    customer_id: str
    fields: list[FilledField]
    state: Literal["begun", "done", "refused"]
    result: str | None = Field(None, description="In the back office's words.")
    client_id: str | None = Field(None, description="Of the agent's call.")


class Surveyed(Entry):
    """What the customer thought of it, from 1 to 5."""

    type: Literal["survey"] = "survey"
    score: Annotated[int, Field(ge=1, le=5)]
    comment: str | None = None


type LogEntry = Annotated[
    Message
    | Opened
    | Turn
    | TurnFailed
    | ReplySuppressed
    | OwnerChanged
    | HandoffRequested
    | HandoffUpdated
    | OfferEntry
    | TicketOpened
    | ContactLeft
    | MailFailed
    | DeliveryFailed
    | SentAgain
    | CustomerLeft
    | WrappedUp
    | Note
    | CardActed
    | Surveyed,
    Field(discriminator="type", description="An entry of the log, by its type."),
]
EVENTS: dict[str, type[Entry]] = {
    "message": Message,
    "opened": Opened,
    "turn": Turn,
    "turn_failed": TurnFailed,
    "reply_suppressed": ReplySuppressed,
    "owner_changed": OwnerChanged,
    "handoff_requested": HandoffRequested,
    "handoff_updated": HandoffUpdated,
    "offer": OfferEntry,
    "ticket_opened": TicketOpened,
    "contact_left": ContactLeft,
    "mail_failed": MailFailed,
    "delivery_failed": DeliveryFailed,
    "sent_again": SentAgain,
    "customer_left": CustomerLeft,
    "wrapped_up": WrappedUp,
    "note": Note,
    "card_action": CardActed,
    "survey": Surveyed,
}

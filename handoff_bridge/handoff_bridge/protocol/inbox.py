"""The agents' namespace `/inbox`: what they call, and what they get."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, BeforeValidator, Field, model_validator

from handoff_bridge.conversation.cards import CardHeading
from handoff_bridge.conversation.contact import Contact
from handoff_bridge.conversation.events import (
    DeclineReason,
    DeliveryFailure,
    LogEntry,
    Priority,
    TriggerLabels,
)
from handoff_bridge.conversation.states import Disposition, HandoffState, Presence
from handoff_bridge.conversation.status import PromiseMade
from handoff_bridge.errors import (
    AccountDisabled,
    ActionDoneBefore,
    ActionRefused,
    AlreadyClaimed,
    AtCapacity,
    BackOfficeUnavailable,
    BadReminderTime,
    BadRequest,
    BotUnavailable,
    BridgeError,
    ClientIdReused,
    ConversationClosed,
    CustomerNotVerified,
    Forbidden,
    IllegalTransition,
    InvalidFields,
    MessageTooLong,
    NewMessages,
    NotAvailable,
    NotFailed,
    NotOwner,
    OfferedToAnother,
    OfferOver,
    PlatformUnavailable,
    RateLimited,
    TooManyReminders,
    TransferToSelf,
    Unauthorized,
    UnknownAction,
    UnknownAgent,
    UnknownAttachment,
    UnknownCard,
    UnknownConversation,
    UnknownHandoff,
    UnknownReminder,
    UnknownSlot,
    UnknownTeam,
    UnknownTemplate,
    WindowClosed,
)
from handoff_bridge.models import (
    MAX_SEQ,
    Flag,
    Id,
    JsonObject,
    Payload,
    Sender,
    Sent,
    Seq,
    Time,
)
from handoff_bridge.packet.schema import Card
from handoff_bridge.protocol.customer import Done, Files, Numbered, Written

type Role = Annotated[
    Literal["agent", "supervisor", "owner"],
    Field(description="What an agent may do; an owner all that a supervisor may."),
]
ClientId = Annotated[str, Field(min_length=1, max_length=100)]
Words = Annotated[str, Field(min_length=1)]
MAX_OUTCOME_CHARS = 2_000


class Connect(Payload):
    """What an agent connects with, unless with our own pages' cookie."""

    token: str | None = None


class Call(Payload):
    """An agent's call that changes something; repeated, it is answered alike."""

    client_id: ClientId | None = None


class Sync(Payload):
    """An agent's client asks for what it missed, by conversation."""

    cursors: dict[Id, Seq] = {}


class PresenceSet(Call):
    """An agent says whether they can take chats, and how many at once."""

    status: Presence
    capacity: Annotated[int, Field(ge=0, le=50, strict=True)] | None = None


class OfHandoff(Call):
    """A call on a handoff."""

    handoff_id: Id


def _one_line(value: str) -> str:
    """As platforms want it: without breaks and runs of blanks."""
    return " ".join(value.split())


class TemplateChosen(Payload):
    """One of the platform's approved texts; no variable of it stays empty."""

    template_id: Id
    variables: Annotated[
        dict[
            Annotated[str, Field(max_length=50)],
            Annotated[
                str,
                BeforeValidator(_one_line),
                Field(min_length=1, max_length=1_000),
            ],
        ],
        Field(max_length=50),
    ] = {}


class MessageSend(Call):
    """An agent's message to the customer: words, files, or both, or a template."""

    conversation_id: Id
    text: str = ""
    attachments: Files = []
    template: TemplateChosen | None = None
    client_id: ClientId

    @model_validator(mode="after")
    def _says_something(self) -> "MessageSend":
        says = bool(self.text.strip() or self.attachments)
        if says == (self.template is not None):
            raise ValueError("either text and attachments or a template are needed")
        return self


class DeliveryRetry(Call):
    """A message that did not get there is to be sent once more."""

    conversation_id: Id
    seq: Seq


class DeliveryMail(Call):
    """A message that did not get there is to go out by mail."""

    conversation_id: Id
    seq: Seq


class NoteAdd(Call):
    """A note for colleagues; a supervisor may whisper it to the agent."""

    conversation_id: Id
    text: Words
    whisper: Flag = False


class HandoffWrapUp(OfHandoff):
    """What was left to do after a chat is done, and its place is free."""

    disposition: Disposition | None = None
    note: Annotated[str, Field(max_length=5_000)] | None = None


class ReminderSet(Call):
    """The chat is to come back to the agent, at a time or in so many seconds.

    With `reminder_id` that one comes back then.
    """

    conversation_id: Id
    due_at: AwareDatetime | None = None
    in_secs: Annotated[int, Field(ge=1, le=MAX_SEQ, strict=True)] | None = None
    text: Annotated[str, Field(max_length=500)] = ""
    reminder_id: Id | None = None

    @model_validator(mode="after")
    def _one_time(self) -> "ReminderSet":
        if (self.due_at is None) == (self.in_secs is None):
            raise ValueError("exactly one of due_at and in_secs is needed")
        return self


class ReminderDone(Call):
    """A reminder, due or not, is of no use any more."""

    reminder_id: Id


class MentionSeen(Call):
    """The agent has read a conversation up to `seq`, and where it names them."""

    conversation_id: Id
    seq: Seq


class OfferDecline(OfHandoff):
    """An agent does not take the chat that they are offered."""

    reason: DeclineReason = "other"


class AgentTyping(Payload):
    """An agent is typing, or has stopped."""

    conversation_id: Id
    active: Flag = True


class MarkRead(Payload):
    """The agent who has the chat has seen it up to `seq`."""

    conversation_id: Id
    seq: Seq


class HandoffReturn(OfHandoff):
    """Back to the bot, which greets with the outcome."""

    disposition: Disposition
    seen_seq: Seq | None = None
    slots: JsonObject = {}
    outcome: Annotated[str, Field(max_length=MAX_OUTCOME_CHARS)] | None = None
    note: Annotated[str, Field(max_length=5_000)] | None = None


class HandoffClose(OfHandoff):
    """The end of the chat."""

    disposition: Disposition
    seen_seq: Seq | None = None
    note: Annotated[str, Field(max_length=5_000)] | None = None


class HandoffRelease(OfHandoff):
    """Back to the head of the line."""

    seen_seq: Seq | None = None
    note: Annotated[str, Field(max_length=5_000)] | None = None


class HandoffTransfer(OfHandoff):
    """To a colleague, or to a team."""

    agent_id: Id | None = None
    team: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    note: Annotated[str, Field(max_length=5_000)] | None = None

    @model_validator(mode="after")
    def _one_recipient(self) -> "HandoffTransfer":
        if (self.agent_id is None) == (self.team is None):
            raise ValueError("exactly one of agent_id and team is needed")
        return self


class CardAct(Call):
    """An agent has the back office do something about a card of their chat's."""

    conversation_id: Id
    kind: Annotated[str, Field(min_length=1, max_length=500)]
    id: Annotated[str, Field(min_length=1, max_length=500)]
    action: Annotated[str, Field(min_length=1, max_length=500)]
    fields: JsonObject = {}
    client_id: ClientId


class Takeover(Call):
    """A supervisor takes a chat, whoever has it."""

    conversation_id: Id


class Assigned(Sent):
    """An agent, by id and name."""

    agent_id: str
    name: str


class OfferMade(Sent):
    """To whom a chat in line is offered, and until when."""

    agent: Assigned
    expires_at: Time


class Requeued(Sent):
    """Back in line since then, from `agent`, for that `reason`."""

    at: Time
    agent: Assigned
    reason: Literal["agent_gone", "agent_disabled", "released", "transferred"]


class RowCustomer(Sent):
    """The customer, as far as known."""

    name: str | None = None
    name_from: Literal["channel"] | None = Field(
        None, description="Their profile on the channel has it; it proves nothing."
    )
    tier: str | None = None
    language: str | None = None


class Reach(Sent):
    """What the customer's own channel allows now."""

    title: str = Field(description="What people call the channel.")
    address: str | None = Field(None, description="A hint of it, where it is a number.")
    window_ends_at: Time | None = Field(
        None,
        description="Until when the customer may be written to, who last wrote then.",
    )
    is_open: bool = Field(description="Else only an approved text may be sent.")
    has_templates: bool = Field(description="Whether it has approved texts.")
    has_typing: bool = Field(description="Whether it shows that somebody is typing.")
    reports: list[Literal["sent", "delivered", "read"]] = Field(
        description="What it tells of a message, beside that it has failed."
    )


class LastMessage(Sent):
    """The newest message of the chat."""

    text: str | None = None
    sender: Sender
    at: Time


class Row(Sent):
    """A handoff as a line of the inbox. `last_seq` is the log's newest number."""

    handoff_id: str
    conversation_id: str
    state: HandoffState
    trigger: str
    triggers: list[str]
    label: str = Field(description="The trigger in English.")
    labels: TriggerLabels | None = None
    skill: str | None = None
    reason: str = Field(description="Why a human is needed, one sentence.")
    priority: Priority
    promise: PromiseMade | None = None
    answer_by: Time | None = Field(
        None, description="By when its customer was promised to hear."
    )
    answered_at: Time | None = Field(
        None, description="When an agent wrote first since they came into line."
    )
    contact: Contact | None = Field(
        None, description="How the customer wants to hear who does not stay; masked."
    )
    agent: Assigned | None = None
    requeued: Requeued | None = None
    for_agent: Assigned | None = Field(
        None, description="In line, whom alone it waits for until `waits_until`."
    )
    for_team: str | None = Field(None, description="Or whose team.")
    waits_until: Time | None = Field(
        None, description="Afterwards anybody may claim it."
    )
    team: str | None = Field(None, description="Whose chat it is by the rules.")
    offer: OfferMade | None = Field(None, description="While it is `offered`.")
    customer: RowCustomer
    verified: bool = Field(
        description="Whether the customer has proved in this chat who they are."
    )
    turn_of: Literal["customer", "agent"] | None = Field(
        None, description="Who is to write next, until the handoff has ended."
    )
    connected: bool = Field(description="Whether the customer has the chat open.")
    unread: Annotated[int, Field(ge=0)] | None = Field(
        None,
        description="While an agent has it: customer's messages they have not seen.",
    )
    turn_since: Time | None = Field(
        None, description="Since when: an agent's turn begins with what is unanswered."
    )
    customer_said: str | None = Field(
        None, description="What the customer wrote last, its first 200 characters."
    )
    topic: str | None = Field(
        None, description="What they asked for last, as the assistant names it."
    )
    channel: str
    reach: Reach | None = Field(
        None, description="Of a customer of a platform, who is never `connected`."
    )
    cards: list[CardHeading] | None = Field(
        None, description="What it is about, as the back office knows it; first first."
    )
    order_number: str | None = Field(None, description="The first card's `id`.")
    queued_at: Time
    claimed_at: Time | None = None
    ended_at: Time | None = None
    wrap_up_until: Time | None = Field(
        None, description="Until when its agent wraps up, which holds their place."
    )
    disposition: Disposition | None = None
    outcome: str | None = None
    last_seq: int
    last_message: LastMessage | None = None
    position: Annotated[int, Field(ge=1)] | None = Field(
        None, description="The place in line, in lists."
    )


class Colleague(Sent):
    """An agent as colleagues see them; `load` is how many chats they have."""

    agent_id: str
    name: str
    team: str | None = None
    status: Presence
    capacity: int
    load: int


class Self(Colleague):
    """The agent who is signed in."""

    email: str
    role: Role


class Reminder(Sent):
    """A chat that comes back to `agent` at a time, and has if it `is_due`.

    `handoff` is the newest of that conversation.
    """

    reminder_id: str
    conversation_id: str
    agent: Assigned
    text: str
    due_at: Time
    is_due: bool
    handoff: Row | None = None


class NoteMention(Sent):
    """A note that names the agent; `handoff` is the newest of that conversation."""

    conversation_id: str
    seq: int
    at: Time
    by: Assigned
    text: str
    handoff: Row | None = None


class Snapshot(Sent):
    """What an inbox starts from: the line in order, the agent's own chats, the team.

    And what they are reminded of, and where they are named and have not looked yet.
    """

    agent: Self
    queue: list[Row]
    mine: list[Row]
    agents: list[Colleague]
    reminders: list[Reminder]
    mentions: list[NoteMention]
    server_time: Time


class DeliveryState(Sent):
    """What became of a message on the customer's channel: of the part worst off."""

    seq: Annotated[int, Field(ge=1, description="The message's number.")]
    state: Literal["pending", "sent", "delivered", "read", "failed"]
    at: Time
    reason: DeliveryFailure | None = Field(None, description="Why it has failed.")
    detail: str | None = Field(None, description="The platform's own code or words.")


class DeliveryChanged(DeliveryState):
    """Told to who has the chat."""

    conversation_id: str


class ReachChanged(Sent):
    """The customer has written: agents may write until later."""

    conversation_id: str
    reach: Reach


class HandoffChange(Sent):
    """A handoff as it is now."""

    handoff_id: str
    conversation_id: str
    state: HandoffState
    handoff: Row


class HandoffOffered(Sent):
    """A chat that is offered to this agent, until `expires_at`."""

    handoff: Row
    expires_at: Time


class EventAdded(Sent):
    """An entry of a conversation's log."""

    conversation_id: str
    event: LogEntry


class ReminderDue(Sent):
    """A reminder's time has come."""

    reminder: Reminder


class ReminderChanged(Sent):
    """A reminder was set, put off or, with `is_done`, done."""

    reminder: Reminder
    is_done: bool


class MentionAdded(Sent):
    """A note names this agent."""

    mention: NoteMention


class MentionsSeen(Sent):
    """This agent has read a conversation up to `seq`, in another tab."""

    conversation_id: str
    seq: int


class QueueChanged(Sent):
    """How many wait, and each one's place in line, from 1, by handoff."""

    waiting: int
    positions: dict[str, int]


class TypingOfCustomer(Sent):
    """The customer is typing, or has stopped."""

    conversation_id: str
    sender: Literal["customer"]
    active: bool


class CustomerPresence(Sent):
    """The customer has the chat open, or not any more."""

    conversation_id: str
    connected: bool


class MarkedRead(Sent):
    """To the agent's other pages: what they have not seen yet of a chat."""

    conversation_id: str
    unread: Annotated[int, Field(ge=0)]


class Missed(Sent):
    """What came after a cursor, in order."""

    events: list[LogEntry]
    last_seq: int


class Synced(Done):
    """What was missed, by conversation."""

    conversations: dict[str, Missed]


class PresenceAck(Done):
    """How the agent stands now."""

    status: Presence
    capacity: int


class CardAck(Numbered):
    """It is done: the card by now, and what came of it in the back office's words."""

    card: Card | None = Field(
        None, description="Absent where a repeated call cannot be told it again."
    )
    result: str | None = None


class ReminderAck(Done):
    """Done; the reminder as it is now."""

    reminder: Reminder


class HandoffAck(HandoffChange, Done):
    """Done; the handoff as it is now."""


INBOX_CALLS: dict[str, type[Payload]] = {
    "sync": Sync,
    "presence_set": PresenceSet,
    "handoff_claim": OfHandoff,
    "message_send": MessageSend,
    "delivery_retry": DeliveryRetry,
    "delivery_mail": DeliveryMail,
    "note_add": NoteAdd,
    "typing": AgentTyping,
    "mark_read": MarkRead,
    "handoff_return": HandoffReturn,
    "handoff_close": HandoffClose,
    "handoff_release": HandoffRelease,
    "handoff_transfer": HandoffTransfer,
    "handoff_wrap_up": HandoffWrapUp,
    "offer_decline": OfferDecline,
    "card_action": CardAct,
    "reminder_set": ReminderSet,
    "reminder_done": ReminderDone,
    "mention_seen": MentionSeen,
    "conversation_takeover": Takeover,
}
INBOX_ACKS: dict[str, type[Done]] = {
    "sync": Synced,
    "presence_set": PresenceAck,
    "handoff_claim": HandoffAck,
    "message_send": Written,
    "delivery_retry": Done,
    "delivery_mail": Done,
    "note_add": Numbered,
    "typing": Done,
    "mark_read": Done,
    "handoff_return": HandoffAck,
    "handoff_close": HandoffAck,
    "handoff_release": HandoffAck,
    "handoff_transfer": HandoffAck,
    "handoff_wrap_up": HandoffAck,
    "offer_decline": HandoffAck,
    "card_action": CardAck,
    "reminder_set": ReminderAck,
    "reminder_done": Done,
    "mention_seen": Done,
    "conversation_takeover": HandoffAck,
}
_ANY = (BridgeError, BadRequest, RateLimited, Unauthorized)
_CHANGE = (*_ANY, ClientIdReused)
_ENDING = (*_CHANGE, UnknownHandoff, IllegalTransition, NotOwner, NewMessages)
INBOX_REFUSALS: dict[str, tuple[type[BridgeError], ...]] = {
    "sync": (*_ANY, UnknownConversation),
    "presence_set": (*_CHANGE, AccountDisabled),
    "handoff_claim": (
        *(*_CHANGE, UnknownHandoff, AlreadyClaimed),
        *(AtCapacity, IllegalTransition, OfferedToAnother, OfferOver),
        AccountDisabled,
    ),
    "message_send": (
        *(*_CHANGE, UnknownConversation, NotOwner),
        *(ConversationClosed, MessageTooLong, UnknownAttachment),
        *(WindowClosed, UnknownTemplate, InvalidFields),
        *(NotAvailable, PlatformUnavailable),
    ),
    "delivery_retry": (
        *(*_CHANGE, UnknownConversation, NotOwner, NotFailed, WindowClosed),
    ),
    "delivery_mail": (
        *(*_CHANGE, UnknownConversation, NotOwner, NotFailed, NotAvailable),
    ),
    "note_add": (*_CHANGE, UnknownConversation, Forbidden, MessageTooLong),
    "typing": _ANY,
    "mark_read": (*_ANY, NotOwner),
    "handoff_return": (*_ENDING, UnknownSlot, BotUnavailable),
    "handoff_close": _ENDING,
    "handoff_release": _ENDING,
    "handoff_transfer": (
        *(*_CHANGE, UnknownHandoff, IllegalTransition, NotOwner),
        *(TransferToSelf, UnknownAgent, UnknownTeam),
    ),
    "handoff_wrap_up": (*_CHANGE, UnknownHandoff, IllegalTransition, NotOwner),
    "reminder_set": (
        *(*_CHANGE, UnknownConversation, Forbidden),
        *(UnknownReminder, BadReminderTime, TooManyReminders),
    ),
    "reminder_done": (*_CHANGE, UnknownReminder),
    "mention_seen": _CHANGE,
    "offer_decline": (*_CHANGE, UnknownHandoff, OfferOver),
    "card_action": (
        *(*_CHANGE, UnknownConversation, NotOwner, ConversationClosed),
        *(UnknownCard, UnknownAction, CustomerNotVerified, InvalidFields),
        *(ActionRefused, ActionDoneBefore, BackOfficeUnavailable),
    ),
    "conversation_takeover": (
        *(*_CHANGE, Forbidden, UnknownConversation, ConversationClosed),
        *(AtCapacity, IllegalTransition, AccountDisabled),
    ),
}
# Refused to everybody else, whatever they hold.
SUPERVISORS_CALLS = frozenset({"conversation_takeover"})
INBOX_EVENTS: dict[str, type[Sent]] = {
    "snapshot": Snapshot,
    "handoff_queued": HandoffChange,
    "handoff_offered": HandoffOffered,
    "handoff_claimed": HandoffChange,
    "handoff_updated": HandoffChange,
    "event_added": EventAdded,
    "reminder_due": ReminderDue,
    "reminder_changed": ReminderChanged,
    "mention_added": MentionAdded,
    "mentions_seen": MentionsSeen,
    "queue_changed": QueueChanged,
    "presence_changed": Colleague,
    "typing": TypingOfCustomer,
    "customer_presence": CustomerPresence,
    "marked_read": MarkedRead,
    "delivery_changed": DeliveryChanged,
    "reach_changed": ReachChanged,
}

"""HTTP under `/api/v1`: the bodies that are read, and the answers."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    JsonValue,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from handoff_bridge.brand import Brand, ShopPage
from handoff_bridge.colours import Colours
from handoff_bridge.conversation.canned_replies import CannedReplies
from handoff_bridge.conversation.events import LogEntry, Reply
from handoff_bridge.conversation.states import Disposition, HandoffState
from handoff_bridge.conversation.status import EtaRange
from handoff_bridge.conversation.triggers import DeclaredTrigger, read_triggers
from handoff_bridge.errors import Mistake, all_codes
from handoff_bridge.models import (
    MAX_SEQ,
    Id,
    JsonObject,
    MessageId,
    Payload,
    Sent,
    Time,
)
from handoff_bridge.packet.schema import Article
from handoff_bridge.protocol.customer import Done
from handoff_bridge.protocol.inbox import MAX_OUTCOME_CHARS, DeliveryState, Role, Row
from handoff_bridge.routing.rules import Rules
from handoff_bridge.routing.teams import Teams

# Names, or objects that declare name, labels, priority and skill.
Triggers = Annotated[
    list[DeclaredTrigger],
    BeforeValidator(
        read_triggers,
        json_schema_input_type=(list[str | DeclaredTrigger] | DeclaredTrigger | str),
    ),
]
MAX_DOCUMENT_CHARS = 64 * 1024
# Upper bounds, in seconds, of what simulated waits are counted by.
WAIT_BINS = (15, 30, 60, 120, 300, 600, 1200)
ErrorCode = Annotated[str, WithJsonSchema({"type": "string", "enum": all_codes()})]

type Unit = Annotated[
    Literal["count", "seconds", "percent"], Field(description="Of a figure's value.")
]
Part = Literal["database", "disk", "assistant", "action_server", "back_office", "redis"]


class Refusal(Sent):
    """The one shape of an error, over HTTP and Socket.IO alike.

    `error` is for programs and stays; `message` is for people and may change.
    """

    ok: Literal[False]
    error: ErrorCode
    message: str
    mistakes: list[Mistake] | None = Field(
        None, description="Of `invalid_document`: what is wrong in it, and where."
    )


class Login(Payload):
    """Email and password, and a code of the second factor where there is one."""

    email: Annotated[str, Field(min_length=1, max_length=320)]
    password: Annotated[str, Field(min_length=1, max_length=1_000)]
    code: Annotated[str, Field(max_length=100)] | None = None


class HandoffRequest(Payload):
    """The assistant asks for a human. What is malformed in a trigger is left out."""

    conversation_id: Id
    trigger: Triggers
    triggers: Triggers = []
    message_id: MessageId | None = None
    evidence: JsonObject = {}


def _says_something(reply: Reply) -> Reply:
    if reply.is_empty:
        raise PydanticCustomError("empty", "must say something")
    return reply


class BotMessage(Payload):
    """Something the assistant says unasked."""

    conversation_id: Id
    message_id: MessageId
    reply: Annotated[Reply, AfterValidator(_says_something)]


class ReadMessage(Payload):
    """What a connector of Rasa's has read of a request that was forwarded to it."""

    event_id: Annotated[str, Field(pattern=r"^[!-~]{1,180}$")]
    n: Annotated[int, Field(ge=0, le=999)]
    sender_id: Annotated[str, Field(max_length=200, pattern=r"\S")]
    text: str
    metadata: JsonObject = {}
    reply_to: JsonObject | None = None


class Me(Sent):
    """Who is signed in."""

    agent_id: str
    name: str
    email: str
    role: Role
    team: str | None = None
    second_factor: bool = Field(description="Whether they have one.")
    must_enrol: bool = Field(
        description="Whether they have to set one up before anything else."
    )


class LoggedIn(Done):
    """The token of an agent, good for 12 hours; the same as a cookie for our pages."""

    token: str
    agent: Me


class HandoffAsked(Sent):
    """The handoff; in line its place, from 1, and the wait in seconds if known.

    `open` says whether any agent is there.
    """

    handoff_id: str
    state: HandoffState
    position: Annotated[int, Field(ge=1)] | None = None
    eta_seconds: Annotated[int, Field(ge=0)] | None = None
    eta_range: EtaRange | None = None
    open: bool


class Delivered(Done):
    """Whether it was said; if not, it is in the log as suppressed."""

    delivered: bool


class Handoffs(Sent):
    """Handoffs, newest first."""

    handoffs: list[Row]


class Events(Sent):
    """A conversation's log, in order."""

    events: list[LogEntry]


class Deliveries(Sent):
    """What became of the messages that went out on the customer's channel."""

    deliveries: list[DeliveryState]


class Ways(Sent):
    """How else to reach the customer; each is absent where it is not known."""

    phone: str | None = Field(None, description="The whole number, to call back.")
    email: str | None = Field(None, description="A hint of where a mail would go.")


class ChannelTemplate(Sent):
    """An approved text; `body` has its variables as `{{1}}`."""

    template_id: str
    name: str
    language: str
    body: str


class ChannelTemplates(Sent):
    """What may be sent to a customer who has not written for too long."""

    templates: list[ChannelTemplate]


class Articles(Sent):
    """Articles that may answer the customer's latest message, best first."""

    articles: list[Article]


class Uploaded(Done):
    """The file, as messages refer to it. Width and height are a photo's, in pixels."""

    attachment_id: str
    content_type: str
    width: int | None = None
    height: int | None = None
    name: str | None = Field(None, description="Without what does not belong in one.")
    size: int = Field(description="In bytes.")


class PreviewRequest(Payload):
    """How an agent is about to end their part of a chat."""

    kind: Literal["return", "close"]
    disposition: Disposition
    outcome: Annotated[str, Field(max_length=MAX_OUTCOME_CHARS)] | None = None
    slots: JsonObject = {}


class PreviewedMessage(Sent):
    """A message that the customer would get; its buttons by their titles."""

    sender: Literal["system", "bot"]
    text: str | None = None
    buttons: list[str] | None = None


class Preview(Done):
    """What the customer would get, in order and in their language."""

    messages: list[PreviewedMessage]


class Texts(Sent):
    """The bridge's own sentences, by key; `{name}` stands for what is filled in."""

    sentences: dict[str, str]


class PrivacyNotice(Sent):
    """What is kept of a chat, in a sentence, and where to read more."""

    link: str
    kept: str


class PageWords(Sent):
    """What stands on a page, by key, in the language that comes nearest.

    A sentence with `{count}` may come in forms, by plural category. `ordinals` are
    places in line from 1 on, `ordinal_beyond` any other. `privacy` is the widget's, if
    the brand has it.
    """

    language: str
    direction: Literal["ltr", "rtl"]
    words: dict[str, str | dict[str, str]]
    ordinals: list[str]
    ordinal_beyond: str
    starters: list[str]
    privacy: PrivacyNotice | None = None


class Share(Sent):
    """`part` of `whole`, and the 95 % interval of the percentage (Wilson).

    Below 30 of the whole there is no percentage, and no interval.
    """

    part: int
    whole: int
    low: float | None = None
    high: float | None = None


class Figure(Sent):
    """A figure, what it means, and the conversations behind it."""

    key: str
    title: str
    definition: str
    value: int | float | None = Field(
        description="Null where there is nothing to measure."
    )
    unit: Unit
    at_least: bool | None = Field(
        None, description="Whether it is at least so much, and more is not known."
    )
    share: Share | None = Field(None, description="What a percentage is a part of.")
    conversations: list[str]


class TriggerCount(Sent):
    """How often a trigger named a handoff."""

    trigger: str
    count: int
    labels: dict[str, str] | None = None


class Spans(Sent):
    """Seconds that chats were with the bot, in line, and with a person."""

    bot_seconds: int
    queue_seconds: int
    human_seconds: int


class Hour(Sent):
    """One hour on the clock of the report's zone, from 0."""

    hour: int
    conversations: int
    handoffs: int


class PublicBrand(Sent):
    """What pages may know of `brand.yml`; pictures by their address on the bridge.

    `symbol` is the logo as a shape of one colour. `shop_page` is the demo shop's.
    """

    company: str
    assistant: str
    logo: str
    symbol: str | None = None
    colours: Colours
    languages: list[str]
    time_zone: str
    shop_page: ShopPage | None = None
    max_upload_bytes: int = Field(description="What one file may weigh.")
    answers_by_mail: Literal[True] | None = None
    help_articles: Literal[True] | None = Field(
        None, description="Whether there are any to be read."
    )

    @classmethod
    def of(
        cls,
        brand: Brand,
        max_upload_bytes: int,
        answers_by_mail: bool = False,
        help_articles: bool = False,
    ) -> Self:
        """The brand without what is the bridge's own."""
        settings = {"max_upload_bytes", "answers_by_mail", "help_articles"}
        names = cls.model_fields.keys() - settings
        return cls(
            **{name: getattr(brand, name) for name in names},
            max_upload_bytes=max_upload_bytes,
            answers_by_mail=answers_by_mail or None,
            help_articles=help_articles or None,
        )


class Embedding(Sent):
    """Whether pages of `origin`, that of the page that asks, may use the chat."""

    allowed: bool
    origin: str | None = None


class WithFigures(Sent):
    """Base of reports."""

    figures: list[Figure]

    def as_json(self) -> JsonObject:
        """As it goes over the wire: here a null says that nothing was measured."""
        figures: list[JsonValue] = [
            {**figure.as_json(), "value": figure.value} for figure in self.figures
        ]
        return {**super().as_json(), "figures": figures}


class Report(WithFigures):
    """The figures of a day of `zone`, `date` being YYYY-MM-DD."""

    date: str
    zone: str = Field(description="Such as Europe/London.")
    generated_at: Time
    triggers: list[TriggerCount]
    spans: Spans
    hours: list[Hour]


class DocumentText(Payload):
    """A document as it is to be from now on; `version` is the one that was changed."""

    version: Annotated[int, Field(ge=0, le=MAX_SEQ, strict=True)]
    text: Annotated[str, Field(max_length=MAX_DOCUMENT_CHARS)]


class DocumentVersion(Sent):
    """Who saved it, by name, and when; of version 0, the project's file, nobody."""

    version: int
    saved_at: Time | None = None
    saved_by: str | None = None


class DocumentVersions(Sent):
    """A document's versions, newest first."""

    versions: list[DocumentVersion]


class Holiday(Sent):
    """A public holiday, on which a team is not there; `date` is YYYY-MM-DD."""

    date: str
    name: str


class Member(Sent):
    """An agent of a team; skills with their level, 1 to 5, and codes of languages."""

    agent_id: str
    name: str
    skills: dict[str, int]
    languages: list[str]


class TeamNow(Sent):
    """A team at this moment: who belongs to it, whether it is open, and what comes.

    `changes_at` is when it closes or opens next; absent where it never does. The
    holidays are those of the next eight weeks.
    """

    open: bool
    changes_at: Time | None = None
    holidays: list[Holiday]
    members: list[Member]


class TeamsDocument(DocumentVersion):
    """`teams.yml`: its text, and what it says, defaults filled in.

    An old version's `document` is absent where this bridge would not take it any more.
    `now` has each team by its name.
    """

    text: str
    document: Teams | None = None
    warnings: list[Mistake]
    now: dict[str, TeamNow]


class RoutingDocument(DocumentVersion):
    """`routing.yml`: its text, and what it says, defaults filled in.

    After `longest_wait_secs` in line any chat is anyone's. An old version's `document`
    is absent where this bridge would not take it any more.
    """

    text: str
    document: Rules | None = None
    warnings: list[Mistake]
    longest_wait_secs: int | None = None


class CannedRepliesDocument(DocumentVersion):
    """`canned_replies.yml`: its text, what it says, and the variables it may use.

    An old version's `document` is absent where this bridge would not take it any more.
    """

    text: str
    document: CannedReplies | None = None
    warnings: list[Mistake]
    variables: list[str]


class SimulateRequest(Payload):
    """Which documents to try, and on which day.

    A text that is absent is the one that holds. `day` (YYYY-MM-DD, UTC) is replayed
    from its handoffs; without it a day is made up.
    """

    routing: Annotated[str, Field(max_length=MAX_DOCUMENT_CHARS)] | None = None
    teams: Annotated[str, Field(max_length=MAX_DOCUMENT_CHARS)] | None = None
    day: date | None = None


class SimulatedGroup(Sent):
    """Customers of a team or language; without `name`, of none, or all.

    Waits in seconds are of those who were served without having been promised a date;
    `waits` counts them up to each of `bins`, and beyond the last. `broken` promises are
    those that were kept too late.
    """

    name: str | None = None
    came: int
    served: int
    left: int
    promised: int
    broken: int
    mean_secs: float | None = None
    median_secs: float | None = None
    p90_secs: float | None = None
    waits: list[int]


class SimulatedAgent(Sent):
    """An agent's day: `occupancy` is the share of their places that was taken."""

    name: str
    team: str | None = None
    chats: int
    occupancy: float
    declined: int
    missed: int


class SimulatedDay(Sent):
    """What came of a day under some documents.

    Teams are as the documents that hold see them, so that both days compare the same
    customers.
    """

    all: SimulatedGroup
    teams: list[SimulatedGroup]
    languages: list[SimulatedGroup]
    agents: list[SimulatedAgent]


class Simulated(Sent):
    """The same day under what holds now and under what is proposed.

    `day` is absent where it was made up; `bins` are upper bounds in seconds.
    """

    day: str | None = None
    bins: list[int] = list(WAIT_BINS)
    now: SimulatedDay
    proposal: SimulatedDay


class Alive(Sent):
    """The process lives."""

    ok: Literal[True] = True


class Ready(Sent):
    """Whether the system can serve, and who does not answer."""

    ok: bool
    degraded: list[Part]
    stopping: bool | None = Field(
        None, description="Whether this bridge is about to end."
    )

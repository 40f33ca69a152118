"""The log's entries as the packet reads them: whatever they lack, or hold that is odd.

An old or broken entry must not keep a packet from an agent, so what does not fit a
field counts as absent here. `conversation/events.py` says what is written today.
"""

from typing import Annotated

from pydantic import (
    BaseModel,
    ConfigDict,
    JsonValue,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from handoff_bridge.models import JsonObject, Sender


def _or_absent[T](value: T, read: ValidatorFunctionWrapHandler) -> T | None:
    try:
        found: T = read(value)
    except ValidationError:
        return None
    return found


def _those_that_fit[T](value: T, read: ValidatorFunctionWrapHandler) -> list[T]:
    found: list[T] = []
    for item in value if isinstance(value, list) else ():
        try:
            found += read([item])
        except ValidationError:
            continue
    return found


def _named_that_fit[T](value: T, read: ValidatorFunctionWrapHandler) -> dict[str, T]:
    found: dict[str, T] = {}
    for name, item in value.items() if isinstance(value, dict) else ():
        try:
            found |= read({name: item})
        except ValidationError:
            continue
    return found


type Maybe[T] = Annotated[T | None, WrapValidator(_or_absent)]
type Fitting[T] = Annotated[list[T], WrapValidator(_those_that_fit)]
type Named[T] = Annotated[dict[str, T], WrapValidator(_named_that_fit)]


class Read(BaseModel):
    """Base of what is read leniently; fields that are not named are passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Actor(Read):
    """Who caused an event; what says nothing known is the system's."""

    type: Maybe[Sender] = None
    name: Maybe[str] = None


class SentFile(Read):
    """A photo or a PDF in its message."""

    attachment_id: str
    content_type: Maybe[str] = None
    width: Maybe[int] = None
    height: Maybe[int] = None
    name: Maybe[str] = None
    size: Maybe[int] = None


class Button(Read):
    """A button under a message."""

    title: Maybe[str] = None
    payload: Maybe[str] = None


class SentCard(Read):
    """A card in the assistant's message: what it is about."""

    kind: str
    id: str
    title: str
    status: Maybe[str] = None


class Guess(Read):
    """What a message was understood to want; `topic` is absent where it wants none."""

    name: Maybe[str] = None
    label: Maybe[str] = None
    topic: Maybe[str] = None
    small_talk: Maybe[bool] = None
    confidence: Maybe[float] = None


class Mention(Read):
    """Something that a message mentioned."""

    entity: str
    value: JsonValue = None


class Heard(Read):
    """How a message sounds."""

    label: Maybe[str] = None
    score: Maybe[float] = None


class Outcome(Read):
    """How an action went."""

    kind: str
    label: Maybe[str] = None


class RanAction(Read):
    """An action of a turn: `result` is the name of its first response."""

    name: str
    arguments: Maybe[JsonObject] = None
    result: Maybe[str] = None
    attempt: Maybe[str] = None
    label: Maybe[str] = None
    outcome: Maybe[Outcome] = None
    topic: Maybe[str] = None
    noun: Maybe[str] = None
    internal: Maybe[bool] = None

    @property
    def is_answer(self) -> bool:
        """Whether it told what was asked."""
        return self.outcome is not None and self.outcome.kind == "answered"


class SlotName(Read):
    """What agents call a slot, whether they may set it, whether its value is secret."""

    label: Maybe[str] = None
    fixed: Maybe[bool] = None
    secret: Maybe[bool] = None


class SuggestedArticle(Read):
    """An article that the assistant found."""

    article_id: str
    title: str
    score: float
    answer: str


class Turn(Read):
    """What the assistant made of a message."""

    intent: Maybe[Guess] = None
    entities: Fitting[Mention] = []
    sentiment: Maybe[Heard] = None
    articles: Fitting[SuggestedArticle] = []
    actions: Fitting[RanAction] = []
    slots: Maybe[JsonObject] = None
    slots_set: Maybe[JsonObject] = None
    slot_labels: Named[SlotName] = {}
    active_loop: Maybe[str] = None
    requested_slot: Maybe[str] = None
    asked_for: Maybe[str] = None
    subject: Maybe[str] = None
    trigger: JsonValue = None
    message_id: Maybe[str] = None
    failed_action: Maybe[str] = None


class Event(Turn):
    """One entry of the log; `type` says which of the fields it has."""

    seq: int
    type: str
    at: str
    actor: Maybe[Actor] = None
    # message
    text: Maybe[str] = None
    attachments: Fitting[SentFile] = []
    quick_replies: Fitting[Button] = []
    cards: Fitting[SentCard] = []
    key: Maybe[str] = None
    promise: Maybe[bool] = None
    redacted: Fitting[str] = []
    # turn_failed, reply_suppressed
    reason: Maybe[str] = None
    turn: Maybe[Turn] = None
    # handoff_requested, handoff_updated: `slots` are those of its agent
    handoff_id: Maybe[str] = None
    state: Maybe[str] = None
    disposition: Maybe[str] = None
    outcome: Maybe[str] = None
    for_agent: Maybe[Actor] = None
    for_team: Maybe[str] = None
    waits_until: Maybe[str] = None
    # card_action
    label: Maybe[str] = None
    title: Maybe[str] = None
    result: Maybe[str] = None
    # ticket_opened
    ticket_number: Maybe[str] = None
    answer_by: Maybe[str] = None

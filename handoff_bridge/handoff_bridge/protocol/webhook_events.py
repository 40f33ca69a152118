"""What webhooks are told: one model for each event, by its type.

The body of a delivery is one of these, as JSON; see `docs/webhooks.md`.
"""

from typing import Annotated, Literal

from pydantic import Field

from handoff_bridge.conversation.contact import Want
from handoff_bridge.conversation.events import (
    Attachment,
    Priority,
    Redacted,
    TriggerLabels,
)
from handoff_bridge.conversation.states import Disposition, HandoffState
from handoff_bridge.models import Sender, Sent, Time
from handoff_bridge.protocol.inbox import Assigned

Secs = Annotated[float, Field(ge=0)]
Ended = Literal["returned", "closed", "abandoned"]


class WebhookCustomer(Sent):
    """Who the customer is, as far as the shop has told."""

    customer_id: str
    name: str | None = None
    email: str | None = None
    tier: str | None = None


class WebhookConversation(Sent):
    """The chat that it is about."""

    conversation_id: str
    channel: str
    language: str | None = None
    customer: WebhookCustomer | None = None


class WebhookHandoff(Sent):
    """The handoff that it is about, as it stands once the event has happened."""

    handoff_id: str
    url: str = Field(description="Opens it in the inbox.")
    state: HandoffState
    trigger: str
    triggers: list[str]
    label: str = Field(description="The trigger in English.")
    labels: TriggerLabels | None = None
    reason: str = Field(description="Why a human is needed, one sentence.")
    priority: Priority
    topic: str | None = Field(
        None, description="What the customer asked for last, as the assistant names it."
    )
    reference: str | None = Field(
        None, description="What it is about in the back office: an order's number, say."
    )
    team: str | None = Field(None, description="Whose chat it is by the rules.")
    agent: Assigned | None = Field(None, description="Who has, or had, the chat.")
    queued_at: Time
    claimed_at: Time | None = None
    ended_at: Time | None = None


class AboutConversation(Sent):
    """`data` of an event of a conversation."""

    conversation: WebhookConversation


class AboutHandoff(AboutConversation):
    """`data` of an event of a handoff."""

    handoff: WebhookHandoff


class ConversationClosedData(AboutConversation):
    """The same, with who closed it."""

    closed_by: Literal["agent", "customer"]


class WebhookMessage(Sent):
    """Something said. Card numbers, passwords and codes are taken out before."""

    message_id: str | None = None
    sender: Sender
    agent: Assigned | None = None
    text: str | None = None
    attachments: list[Attachment] | None = None
    redacted: list[Redacted] | None = Field(
        None, description="What was taken out of the text."
    )


class MessageCreatedData(AboutConversation):
    """What was said, and where."""

    message: WebhookMessage


class HandoffTransferredData(AboutHandoff):
    """From whom to whom."""

    from_agent: Assigned | None = Field(
        None, description="Absent where it was in line."
    )
    to_agent: Assigned | None = None
    to_team: str | None = Field(None, description="Where it is a team's.")


class HandoffReleasedData(AboutHandoff):
    """Who had it, and why it is back in line."""

    from_agent: Assigned
    reason: str = Field(
        description="`released`, or why the agent lost it: `agent_gone`, "
        "`agent_disabled`."
    )


class HandoffEndedData(AboutHandoff):
    """How it ended. Times are spans of the log, over all who had it."""

    result: Ended
    disposition: Disposition | None = None
    outcome: str | None = Field(None, description="What the customer was told of it.")
    summary: str = Field(
        description="Request, what the assistant tried, promises, open question."
    )
    request: str = Field(description="In the customer's own words; may be empty.")
    waited_secs: Secs = Field(description="In line.")
    handled_secs: Secs = Field(description="With agents.")


class HandoffWrappedUpData(AboutHandoff):
    """What is final once the agent's work after the chat is done."""

    disposition: Disposition | None = None


class LeftContact(Sent):
    """How the customer wants to hear, and where."""

    want: Want
    email: str | None = None
    phone: str | None = None


class ContactLeftData(AboutHandoff):
    """The customer does not stay."""

    contact: LeftContact


class SurveyAnswer(Sent):
    """What the customer thought of it, from 1 to 5."""

    score: Annotated[int, Field(ge=1, le=5)]
    comment: str | None = None


class SurveyAnsweredData(AboutConversation):
    """The answer."""

    survey: SurveyAnswer


class TestData(Sent):
    """Nothing but a sentence."""

    message: str


class WebhookEvent(Sent):
    """What every event has. `id` is the same for every endpoint and every attempt."""

    id: str
    type: str
    at: Time = Field(description="When it was committed.")
    version: Literal[1] = 1


class _OfLog(WebhookEvent):
    conversation_id: str
    seq: Annotated[int, Field(ge=1)] = Field(
        description="Of the log's entry: orders the events of a conversation."
    )


class ConversationStarted(_OfLog):
    """The first thing in a chat's log."""

    type: Literal["conversation.started"] = "conversation.started"
    data: AboutConversation


class ConversationReopened(_OfLog):
    """The customer came back to a closed chat, to the assistant."""

    type: Literal["conversation.reopened"] = "conversation.reopened"
    data: AboutConversation


class ConversationClosed(_OfLog):
    """An agent closed the chat, or the customer ended it."""

    type: Literal["conversation.closed"] = "conversation.closed"
    data: ConversationClosedData


class MessageCreated(_OfLog):
    """Something was said, by whomever."""

    type: Literal["message.created"] = "message.created"
    data: MessageCreatedData


class HandoffQueued(_OfLog):
    """A human is needed: the chat is in line."""

    type: Literal["handoff.queued"] = "handoff.queued"
    data: AboutHandoff


class HandoffClaimed(_OfLog):
    """An agent has the chat, by a claim or a takeover."""

    type: Literal["handoff.claimed"] = "handoff.claimed"
    data: AboutHandoff


class HandoffTransferred(_OfLog):
    """It is in line for a certain agent or team."""

    type: Literal["handoff.transferred"] = "handoff.transferred"
    data: HandoffTransferredData


class HandoffReleased(_OfLog):
    """It is back at the head of the line."""

    type: Literal["handoff.released"] = "handoff.released"
    data: HandoffReleasedData


class HandoffEnded(_OfLog):
    """Given back to the assistant, closed, or left by the customer in line."""

    type: Literal["handoff.ended"] = "handoff.ended"
    data: HandoffEndedData


class HandoffWrappedUp(_OfLog):
    """Its agent is done with it; the disposition may have been corrected."""

    type: Literal["handoff.wrapped_up"] = "handoff.wrapped_up"
    data: HandoffWrappedUpData


class ContactWasLeft(_OfLog):
    """The customer left an address, to hear later."""

    type: Literal["contact.left"] = "contact.left"
    data: ContactLeftData


class SurveyAnswered(_OfLog):
    """The customer said what they thought of it."""

    type: Literal["survey.answered"] = "survey.answered"
    data: SurveyAnsweredData


class TestEvent(WebhookEvent):
    """Sent by hand, to one endpoint; nobody subscribes to it."""

    type: Literal["test"] = "test"
    data: TestData


_MODELS: tuple[type[WebhookEvent], ...] = (
    ConversationStarted,
    ConversationReopened,
    ConversationClosed,
    MessageCreated,
    HandoffQueued,
    HandoffClaimed,
    HandoffTransferred,
    HandoffReleased,
    HandoffEnded,
    HandoffWrappedUp,
    ContactWasLeft,
    SurveyAnswered,
    TestEvent,
)
WEBHOOK_EVENTS = {model.model_fields["type"].default: model for model in _MODELS}
# What an endpoint may ask for.
EVENT_TYPES = tuple(name for name in WEBHOOK_EVENTS if name != "test")

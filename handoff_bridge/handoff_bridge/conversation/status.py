"""What a customer is told of who has the chat, and of their place in line."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from handoff_bridge.conversation.contact import Want
from handoff_bridge.conversation.ownership import AgentRef
from handoff_bridge.conversation.states import Owner
from handoff_bridge.models import Sent, Time

Position = Annotated[int, Field(ge=1, description="The place in line, from 1.")]
EtaSeconds = Annotated[int, Field(ge=0, description="The wait in seconds, if known.")]
EtaRange = Annotated[
    list[Annotated[int, Field(ge=0)]],
    Field(
        min_length=2,
        max_length=2,
        description="Seconds between which four waits in five end.",
    ),
]


class TeamMember(Sent):
    """The agent who has the chat, as customers know them."""

    name: str
    team: str | None = None


class PromiseMade(Sent):
    """By when the customer hears, nobody having been there, and the ticket for it."""

    answer_by: Time
    ticket: str | None = None


@dataclass(frozen=True)
class Estimate:
    """A wait in seconds, with its range; `awaited` slots have to become free first."""

    secs: float
    low: float
    high: float
    awaited: int = 0

    @property
    def range(self) -> list[int]:
        """The lowest and the highest, in whole seconds."""
        return [round(self.low), round(self.high)]


@dataclass(frozen=True)
class Place:
    """A place in line, from 1, and the wait where it can be said.

    `promise` is what was promised where nobody was there.
    """

    position: int | None = None
    wait: Estimate | None = None
    promise: PromiseMade | None = None
    # Whether it took longer than was told, and how the customer would rather hear.
    is_late: bool = False
    contact: str | None = None


class ConversationStatus(Sent):
    """Who has the chat; in line the place, and the wait or what was promised.

    No estimate means that too few were served lately to say anything true, or that
    there is a promise.
    """

    owner: Owner
    position: Position | None = None
    eta_seconds: EtaSeconds | None = None
    eta_range: EtaRange | None = None
    promise: PromiseMade | None = None
    late: Literal[True] | None = Field(
        None, description="Whether it has taken longer than was told at first."
    )
    contact: Want | None = Field(None, description="How they left word to hear.")
    agent: TeamMember | None = None
    language: str | None = Field(
        None, description="What the customer writes in; the page may speak it too."
    )


def customer_status(
    owner: Owner,
    agent: AgentRef | None = None,
    place: Place | None = None,
    language: str | None = None,
) -> ConversationStatus:
    """`conversation_status`; the agent is told with an agent, the place in line."""
    known = agent if owner == Owner.AGENT else None
    in_line = place if owner == Owner.QUEUE and place else Place()
    wait = None if in_line.promise else in_line.wait
    return ConversationStatus.model_validate(
        {
            "owner": owner,
            "position": in_line.position,
            "eta_seconds": round(wait.secs) if wait else None,
            "eta_range": wait.range if wait else None,
            "promise": in_line.promise,
            "late": in_line.is_late or None,
            "contact": in_line.contact,
            "agent": TeamMember(name=known.name, team=known.team) if known else None,
            "language": language,
        }
    )

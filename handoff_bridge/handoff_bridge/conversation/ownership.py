"""Who owns a conversation, and what follows from it alone."""

from dataclasses import dataclass
from enum import StrEnum

from handoff_bridge.conversation.events import Actor, AgentName
from handoff_bridge.conversation.handoff import Handoff
from handoff_bridge.conversation.states import Owner

# Rooms of agents' clients.
EVERYONE = "agents"
SUPERVISORS = "supervisors"


def agent_room(agent_id: str) -> str:
    """The room of all of one agent's tabs."""
    return f"agent:{agent_id}"


@dataclass(frozen=True)
class AgentRef:
    """An agent as customers and the log know one."""

    agent_id: str
    name: str
    team: str | None = None

    @property
    def actor(self) -> Actor:
        """The agent as the author of log entries."""
        return Actor(type="agent", id=self.agent_id, name=self.name)

    @property
    def named(self) -> AgentName:
        """The agent as entries name one."""
        return AgentName(id=self.agent_id, name=self.name)


@dataclass(frozen=True)
class Ownership:
    """The state of a conversation that `transition` decides on.

    `epoch` counts changes of owner. `handoff` is the open one: there is none with the
    bot or closed, a waiting one in line, a claimed one with an agent.
    """

    conversation_id: str
    owner: Owner = Owner.BOT
    epoch: int = 0
    last_seq: int = 0
    last_customer_seq: int = 0
    agent_id: str | None = None
    handoff: Handoff | None = None
    # The message whose turn moved the waiting handoff forward last.
    raised_by: str | None = None


@dataclass(frozen=True)
class Fence:
    """Under which epoch a turn began, and whether its message was written in line."""

    epoch: int
    in_line: bool = False


class Reader(StrEnum):
    """Who reads a customer's message."""

    ASSISTANT = "assistant"
    # The assistant hears it, and mostly says nothing: a person will read it.
    LINE = "line"
    PERSON = "person"
    # A button pressed too late: nobody; the bot says so.
    NOBODY = "nobody"


def watchers(state: Ownership) -> frozenset[str]:
    """Rooms of the agents who follow the conversation's log."""
    if state.owner == Owner.QUEUE:
        return frozenset({EVERYONE})
    if state.agent_id is not None:
        return frozenset({agent_room(state.agent_id), SUPERVISORS})
    return frozenset()

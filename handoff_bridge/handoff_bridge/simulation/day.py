"""What a simulated day is made of: who comes, and who is there to answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from handoff_bridge.routing.assignment import Chat

# From a free place and somebody in line to a click, in seconds on average.
REACTION_SECS = 20.0
# From an offer, which can be heard, to an answer.
ANSWER_SECS = 8.0


@dataclass(frozen=True)
class Arrival:
    """Somebody who asks for a person at `chat.queued_at`.

    They give up after `patience` seconds in line; once claimed, the chat takes
    `handling` seconds.
    """

    chat: Chat
    patience: float
    handling: float


@dataclass(frozen=True)
class Person:
    """An agent, and when they are there: spans in order, apart from each other.

    `reaction` and `answer` are means in seconds, of claims and of answers to offers. Of
    the offers made to them they decline the share `declines`, and let the share
    `misses` run out.
    """

    agent_id: str
    name: str
    there: tuple[tuple[datetime, datetime], ...]
    team: str | None = None
    capacity: float = 3
    skills: Mapping[str, int] = field(default_factory=dict)
    languages: frozenset[str] = frozenset()
    reaction: float = REACTION_SECS
    answer: float = ANSWER_SECS
    declines: float = 0.0
    misses: float = 0.0


@dataclass(frozen=True)
class Day:
    """Arrivals in order, and agents. Past its end nobody comes any more."""

    begins: datetime
    ends: datetime
    arrivals: tuple[Arrival, ...]
    agents: tuple[Person, ...]

"""Who is there on a simulated day, as a document in YAML says it."""

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, Field

from handoff_bridge.models import Written
from handoff_bridge.routing.rules import Level, Word
from handoff_bridge.routing.teams import Day as Spans
from handoff_bridge.routing.teams import Language, TeamName, Teams, minutes_of
from handoff_bridge.simulation.day import ANSWER_SECS, REACTION_SECS, Person
from handoff_bridge.yaml_places import read_document

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
OF_A_TEAM = 2


def _each_once(agents: "list[RosterAgent]") -> "list[RosterAgent]":
    names = [one.name for one in agents]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ValueError(f"'{twice}' is here twice.")
    return agents


class RosterAgent(Written):
    """An agent. `there` are spans of the day in UTC; without any, all of it.

    A made-up day is from 09:00 to 17:00, and without spans with lunch. `declines` and
    `misses` are the shares of offers that they decline or let run out.
    """

    name: Word
    team: TeamName | None = None
    capacity: Annotated[int, Field(ge=1, le=50)] = 3
    skills: dict[Word, Level] = {}
    languages: list[Language] = []
    there: Spans = []
    reaction_secs: Annotated[float, Field(ge=0, le=3600)] = REACTION_SECS
    answer_secs: Annotated[float, Field(ge=0, le=3600)] = ANSWER_SECS
    declines: Share = 0.0
    misses: Share = 0.0


class Roster(Written):
    """All of them."""

    agents: Annotated[
        list[RosterAgent],
        Field(min_length=1, max_length=200),
        AfterValidator(_each_once),
    ]

    def people(self, day: datetime) -> list[Person]:
        """As they are on the day that begins at `day`."""
        return [_person(one, day) for one in self.agents]


def read_roster(text: str) -> Roster:
    """Raises InvalidDocument."""
    return read_document(Roster, text, (Roster, RosterAgent))


def staff_of(teams: Teams) -> list[Person]:
    """Two for each team, where nobody has said who there is."""
    names: list[str | None] = [*teams.teams] or [None]
    return [
        Person(
            f"{name or 'agent'} {number}",
            f"{name or 'agent'} {number}",
            (),
            name,
            languages=frozenset(teams.of(name).languages),
        )
        for name in names
        for number in range(1, OF_A_TEAM + 1)
    ]


def _person(one: RosterAgent, day: datetime) -> Person:
    return Person(
        one.name,
        one.name,
        tuple(
            (day + timedelta(minutes=begins), day + timedelta(minutes=ends))
            for begins, ends in map(minutes_of, one.there)
        ),
        one.team,
        one.capacity,
        one.skills,
        frozenset(one.languages),
        one.reaction_secs,
        one.answer_secs,
        one.declines,
        one.misses,
    )

"""Teams, and when each is there: what `teams.yml` may say."""

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from math import inf
from typing import Annotated, Literal, get_args

import holidays
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    JsonValue,
    StringConstraints,
    model_validator,
)

from handoff_bridge.conversation.triggers import LANGUAGE
from handoff_bridge.models import Written, Zone

SPAN = re.compile(r"(\d\d):([0-5]\d)-(\d\d):([0-5]\d)")
DAY_MINUTES = 24 * 60
MAX_PAUSE_SECS = 120

Weekday = Literal[
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"
]
# As `date.weekday()` counts them.
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)


def minutes_of(span: str) -> tuple[int, int]:
    """When a span begins and ends, in minutes of its day as its clocks show them.

    Raises ValueError for what is no span.
    """
    found = SPAN.fullmatch(span)
    if not found:
        raise ValueError(f"'{span}' is not like 09:00-18:00.")
    hour, minute, end_hour, end_minute = map(int, found.groups())
    begins, ends = 60 * hour + minute, 60 * end_hour + end_minute
    if ends > DAY_MINUTES:
        raise ValueError(f"'{span}' ends after 24:00.")
    if ends <= begins:
        raise ValueError(
            f"'{span}' ends before it begins; what goes past midnight is two spans, "
            "one to 24:00 and one from 00:00 on the day after."
        )
    return begins, ends


def _span(value: str) -> str:
    minutes_of(value)
    return value


def _apart(spans: list[str]) -> list[str]:
    ordered = sorted(spans, key=minutes_of)
    for before, after in zip(ordered, ordered[1:], strict=False):
        if minutes_of(after)[0] < minutes_of(before)[1]:
            raise ValueError(f"'{before}' and '{after}' overlap.")
    return ordered


def _opens(days: dict[Weekday, list[str]]) -> dict[Weekday, list[str]]:
    if not any(days.values()):
        raise ValueError("these hours never open; leave `hours` out for always.")
    return days


@cache
def _subdivisions() -> Mapping[str, list[str]]:
    return holidays.list_supported_countries(include_aliases=False)


def _holidays(value: str) -> str:
    country, _, part = value.partition("-")
    known = _subdivisions()
    if country not in known:
        raise ValueError(f"no holidays are known of '{value}'; write DE, or DE-BE.")
    if "-" in value and part not in known[country]:
        parts = ", ".join(known[country]) or "none"
        raise ValueError(f"no part '{part}' of {country} is known; there are: {parts}.")
    return value


def _language(value: str) -> str:
    if not LANGUAGE.fullmatch(value):
        raise ValueError(f"'{value}' is no language's code, such as de or pt-BR.")
    return value


Span = Annotated[str, AfterValidator(_span)]
Day = Annotated[list[Span], AfterValidator(_apart)]
Week = Annotated[dict[Weekday, Day], AfterValidator(_opens)]
HolidaysOf = Annotated[str, AfterValidator(_holidays)]
Language = Annotated[str, AfterValidator(_language)]
# As wide as the column of the agents' team.
TeamName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)
]


class Part(Written):
    """Base of what these documents have keys for; a key with nothing is left out."""

    @model_validator(mode="before")
    @classmethod
    def _nothing_is_absent(cls, data: JsonValue) -> JsonValue:
        if isinstance(data, dict):
            return {name: value for name, value in data.items() if value is not None}
        return data


class Hours(Part):
    """When a team is there, as the clocks of its zone show it.

    `holidays` is a country's code with or without one of its parts (`US`, `DE-BE`): on
    its public holidays, as on the `closed` dates, nobody is there. A day that `open`
    does not name is closed; spans end at 24:00 at the latest.
    """

    zone: Zone
    holidays: HolidaysOf | None = None
    closed: Annotated[list[date], Field(max_length=1000)] = []
    open: Week


class Team(Part):
    """How a team takes its chats, and when.

    `accept_secs` is how long an offer stands, `pause_secs` the pause between two chats
    that are offered to one agent. Beyond `longest_queue` waiting chats a customer gets
    a dated promise at once; what is promised is answered within `answer_hours` of open
    time. A chat that has ended holds its agent's place for `wrap_up_secs` more.
    No `hours`: always open. No `languages`: any.
    """

    mode: Literal["claim", "offers"] = "claim"
    order: Literal["longest_idle", "least_busy"] = "longest_idle"
    accept_secs: Annotated[int, Field(ge=5, le=300)] = 30
    pause_secs: Annotated[int, Field(ge=0, le=MAX_PAUSE_SECS)] = 5
    wrap_up_secs: Annotated[int, Field(ge=0, le=900)] = 0
    longest_queue: Annotated[int, Field(ge=0, le=10_000)] | None = None
    languages: list[Language] = []
    hours: Hours | None = None
    answer_hours: Annotated[int, Field(ge=1, le=720)] = 4


def _all_defaults(value: JsonValue) -> JsonValue:
    return {} if value is None else value


class Teams(Part):
    """All of them, and `default` for chats and agents of no team that is here."""

    teams: dict[TeamName, Annotated[Team, BeforeValidator(_all_defaults)]] = {}
    default: Team = Team()

    def of(self, name: str | None) -> Team:
        """The team of that name; without one, or of another name, the default."""
        return self.teams.get(name, self.default) if name else self.default

    @property
    def any_offers(self) -> bool:
        """Whether any team gets its chats offered."""
        return any(
            team.mode == "offers" for team in [self.default, *self.teams.values()]
        )

    @property
    def shortest_queue(self) -> float:
        """No team's line is full at this length."""
        bounds = [team.longest_queue for team in [self.default, *self.teams.values()]]
        return min((most for most in bounds if most is not None), default=inf)

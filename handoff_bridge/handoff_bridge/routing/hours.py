"""Open or not, and for how long: hours as instants, over holidays and clock changes.

Whole days are reckoned in the team's zone. A time that its clocks skip is the moment
when they jump; one that they show twice begins a span the first time, and ends one the
second time, but for midnight. No hours at all means always open.
"""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from handoff_bridge.routing.teams import DAY_MINUTES, WEEKDAYS, Hours, minutes_of

# Nobody looks further ahead; a list of closed dates may be that long.
HORIZON = timedelta(days=3653)
DAY = timedelta(days=1)
ENGLISH = "en_US"

Interval = tuple[datetime, datetime]


def is_open(hours: Hours | None, at: datetime) -> bool:
    """Whether somebody is there at `at`."""
    if hours is None:
        return True
    today = at.astimezone(ZoneInfo(hours.zone)).date()
    # Where the clocks go back over midnight, a span goes on after its date ended.
    days = (today - DAY, today, today + DAY)
    return any(
        begins <= at < ends for day in days for begins, ends in _intervals(hours, day)
    )


def next_opening(hours: Hours | None, at: datetime) -> datetime | None:
    """The first open moment from `at` on, which may be `at`; None within ten years."""
    if hours is None:
        return at
    begins, _ = next(_from(hours, at), (None, None))
    return begins


def next_closing(hours: Hours | None, at: datetime) -> datetime | None:
    """Until when it stays open, from `at` on; None if it is not, or never closes."""
    if hours is None or not is_open(hours, at):
        return None
    closes = at
    for begins, ends in _from(hours, at):
        if begins > closes:
            return closes
        closes = ends
    return None


def add_open_time(hours: Hours | None, at: datetime, wanted: timedelta) -> datetime:
    """When `wanted` of open time has passed since `at`; at most ten years later.

    Nothing wanted is `at` itself, open or not.
    """
    if hours is None or wanted <= timedelta():
        return at + max(wanted, timedelta())
    left = wanted
    for begins, ends in _from(hours, at):
        if begins + left <= ends:
            return begins + left
        left -= ends - begins
    return at + HORIZON


def holidays_between(hours: Hours, first: date, last: date) -> dict[date, str]:
    """The public holidays from `first` to `last`, by name where there is one."""
    days = (first + n * DAY for n in range((last - first).days + 1))
    return {day: name for day in days if (name := _holiday(hours.holidays, day))}


def _from(hours: Hours, at: datetime) -> Iterator[Interval]:
    """What is left of the open intervals from `at` on, in order, without overlap."""
    since, until = at.astimezone(UTC), at + HORIZON
    day = at.astimezone(ZoneInfo(hours.zone)).date() - DAY
    while day <= until.date():
        for begins, ends in _intervals(hours, day):
            if ends > since:
                yield max(begins, since), ends
                since = ends
        day += DAY


def _intervals(hours: Hours, day: date) -> list[Interval]:
    spans = hours.open.get(WEEKDAYS[day.weekday()], [])
    if not spans or day in hours.closed or _holiday(hours.holidays, day):
        return []
    zone = ZoneInfo(hours.zone)
    found = []
    for begins, ends in map(minutes_of, spans):
        again = 0 if ends == DAY_MINUTES else 1
        first, last = _instant(day, begins, zone, 0), _instant(day, ends, zone, again)
        if first < last:
            found.append((first, last))
    return found


def _instant(day: date, minutes: int, zone: ZoneInfo, fold: int) -> datetime:
    """When the clocks of `zone` show that, or jump over it."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    early, late = (
        wall.replace(tzinfo=zone, fold=1 - one).astimezone(UTC) for one in (0, 1)
    )
    shown = wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
    if shown.astimezone(zone).replace(tzinfo=None) == wall:
        return shown
    before = early.astimezone(zone).utcoffset()
    secs = range(int((late - early).total_seconds()))
    jump = bisect_left(
        secs,
        True,
        key=lambda n: (
            (early + timedelta(seconds=n)).astimezone(zone).utcoffset() != before
        ),
    )
    return early + timedelta(seconds=jump)


@lru_cache(maxsize=64)
def _calendar(code: str) -> holidays.HolidayBase:
    country, _, part = code.partition("-")
    languages = holidays.country_holidays(country).supported_languages
    language = ENGLISH if ENGLISH in languages else None
    return holidays.country_holidays(country, subdiv=part or None, language=language)


def _holiday(code: str | None, day: date) -> str | None:
    return _calendar(code).get(day) if code else None

"""Which day it is for whoever reads: the one place where a time becomes a day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Day:
    """A day of a zone, from midnight to midnight there; both in UTC."""

    date: date
    zone: str
    start: datetime
    end: datetime

    def hour_of(self, at: datetime) -> int:
        """The hour on the clock there; where the clock goes back, two hours are one."""
        return at.astimezone(ZoneInfo(self.zone)).hour


def day_of(at: datetime, zone: str) -> Day:
    """The day that `at` belongs to in a zone; of 23 or 25 hours where clocks change."""
    local = at.astimezone(ZoneInfo(zone)).date()
    start, end = (_midnight(local + timedelta(days=n), zone) for n in (0, 1))
    return Day(local, zone, start, end)


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)

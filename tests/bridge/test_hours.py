"""Open hours as instants: over holidays, midnights and the days when clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from handoff_bridge.routing.hours import (
    HORIZON,
    add_open_time,
    holidays_between,
    is_open,
    next_closing,
    next_opening,
)
from handoff_bridge.routing.teams import WEEKDAYS, Hours, minutes_of

ZONES = ("Europe/Berlin", "America/St_Johns", "Atlantic/Azores", "Asia/Kolkata")
ALWAYS = dict.fromkeys(WEEKDAYS, ["00:00-24:00"])


def hours(zone: str, *, every_day: str = "", **given: object) -> Hours:
    spans = [every_day] if every_day else []
    week = given.pop("open", dict.fromkeys(WEEKDAYS, spans))
    return Hours.model_validate({"zone": zone, "open": week, **given})


def at(zone: str, wall: str, fold: int = 0) -> datetime:
    local = datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return local.astimezone(UTC)


def open_minutes(those: Hours, first: datetime, last: datetime) -> int:
    minutes = int((last - first).total_seconds()) // 60
    return sum(is_open(those, first + timedelta(minutes=n)) for n in range(minutes))


@pytest.mark.parametrize(
    ("span", "day", "minutes"),
    [
        # The clocks jump from 02:00 to 03:00.
        ("01:30-03:30", "2026-03-29", 60),
        ("02:15-02:45", "2026-03-29", 0),
        ("01:00-02:30", "2026-03-29", 60),
        ("02:30-04:00", "2026-03-29", 60),
        ("00:00-24:00", "2026-03-29", 23 * 60),
        # They go back from 03:00 to 02:00.
        ("01:30-03:30", "2026-10-25", 3 * 60),
        ("02:15-02:45", "2026-10-25", 90),
        ("00:00-24:00", "2026-10-25", 25 * 60),
        ("09:00-17:00", "2026-10-25", 8 * 60),
    ],
)
def test_days_when_the_clocks_change(span: str, day: str, minutes: int) -> None:
    those = hours("Europe/Berlin", every_day=span)
    first, last = at("Europe/Berlin", day), at("Europe/Berlin", f"{day}T23:59")
    last += timedelta(minutes=1)
    assert open_minutes(those, first, last) == minutes
    if minutes:
        opens = next_opening(those, first)
        assert opens is not None
        # The next minute of open time would be another day's.
        total = timedelta(minutes=minutes)
        assert add_open_time(those, first, total) <= last
        assert add_open_time(those, first, total + timedelta(minutes=1)) > last


@pytest.mark.parametrize("zone", ["Atlantic/Azores", "America/Havana", "Asia/Beirut"])
def test_a_midnight_that_is_shown_twice_or_never_ends_the_day(zone: str) -> None:
    those = hours(zone, open={"saturday": ["22:00-24:00"], "sunday": ["00:00-01:30"]})
    for month in range(1, 13):
        for day in range(1, 29):
            noon = datetime(2026, month, day, 12, tzinfo=UTC)
            opens = next_opening(those, noon)
            assert opens is not None
            closes = next_closing(those, opens)
            assert closes is not None
            local = closes.astimezone(ZoneInfo(zone))
            assert (local.weekday(), f"{local:%H:%M}") == (6, "01:30")


def test_a_span_to_midnight_and_one_from_it_are_one() -> None:
    those = hours("UTC", open={"monday": ["22:00-24:00"], "tuesday": ["00:00-02:00"]})
    monday = datetime(2026, 6, 1, 22, tzinfo=UTC)
    assert next_closing(those, monday) == monday + timedelta(hours=4)
    assert is_open(those, monday + timedelta(hours=2))
    assert not is_open(those, monday + timedelta(hours=4))
    assert add_open_time(those, monday, timedelta(hours=3)) == monday + timedelta(
        hours=3
    )


def test_holidays_and_closed_dates_are_closed() -> None:
    those = hours(
        "Europe/Berlin",
        every_day="09:00-18:00",
        holidays="DE-BE",
        closed=["2026-12-24"],
    )
    opens = next_opening(those, at("Europe/Berlin", "2026-12-23T18:00"))
    assert opens == at("Europe/Berlin", "2026-12-27T09:00")
    # Women's Day is one in Berlin, and not in all of Germany.
    assert not is_open(those, at("Europe/Berlin", "2026-03-08T12:00"))
    germany = hours("Europe/Berlin", every_day="09:00-18:00", holidays="DE")
    assert is_open(germany, at("Europe/Berlin", "2026-03-08T12:00"))
    found = holidays_between(those, date(2026, 12, 20), date(2026, 12, 31))
    assert [*found] == [date(2026, 12, 25), date(2026, 12, 26)]


def test_open_time_goes_on_after_nights_and_holidays() -> None:
    those = hours(
        "Europe/Berlin",
        open=dict.fromkeys(WEEKDAYS[:5], ["09:00-12:00", "13:00-18:00"]),
        holidays="DE",
    )
    christmas_eve = at("Europe/Berlin", "2026-12-24T17:00")  # a Thursday
    promised = add_open_time(those, christmas_eve, timedelta(hours=5))
    assert promised == at("Europe/Berlin", "2026-12-28T14:00")


def test_years_without_an_opening_have_an_end() -> None:
    first = date(2026, 1, 1)
    closed = [first + timedelta(days=n) for n in range(800)]
    those = hours("UTC", every_day="09:00-10:00", closed=closed)
    new_year = datetime(2026, 1, 1, tzinfo=UTC)
    assert next_opening(those, new_year) == datetime(2028, 3, 11, 9, tzinfo=UTC)
    many = those.model_copy(
        update={"closed": [first + timedelta(n) for n in range(9999)]}
    )
    assert next_opening(many, new_year) is None
    assert next_closing(many, new_year) is None
    assert add_open_time(many, new_year, timedelta(hours=1)) == new_year + HORIZON


def test_no_hours_are_always_open() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert is_open(None, now)
    assert next_opening(None, now) == now
    assert next_closing(None, now) is None
    assert add_open_time(None, now, timedelta(hours=4)) == now + timedelta(hours=4)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"zone": "Europe/Atlantis"}, "there is no time zone 'Europe/Atlantis'."),
        ({"zone": "../etc"}, "there is no time zone"),
        ({"holidays": "XX"}, "no holidays are known of 'XX'"),
        ({"holidays": "DE-XX"}, "no part 'XX' of DE is known; there are: BB, BE"),
        ({"open": {}}, "these hours never open"),
        ({"open": {"monday": []}}, "these hours never open"),
        ({"open": {"monday": ["9-18"]}}, "'9-18' is not like 09:00-18:00."),
        ({"open": {"monday": ["22:00-02:00"]}}, "two spans"),
        ({"open": {"monday": ["22:00-24:30"]}}, "ends after 24:00"),
        ({"open": {"monday": ["09:00-12:00", "11:59-13:00"]}}, "overlap"),
        ({"open": {"moonday": ["09:00-12:00"]}}, "Input should be 'monday'"),
        ({"closed": ["2026-02-30"]}, "closed.0"),
    ],
)
def test_what_is_wrong_is_said(given: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Hours.model_validate({"zone": "UTC", "open": ALWAYS, **given})
    assert said in str(refused.value)


def test_holidays_of_another_country_are_allowed() -> None:
    assert hours("Europe/Berlin", every_day="09:00-18:00", holidays="US").holidays


@st.composite
def weeks(draw: st.DrawFn) -> Hours:
    def spans() -> list[str]:
        marks = draw(st.lists(st.integers(0, 1440), max_size=6, unique=True))
        ends = sorted(marks[: len(marks) // 2 * 2])
        return [
            f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}"
            for a, b in zip(ends[::2], ends[1::2], strict=True)
        ]

    week = {day: spans() for day in WEEKDAYS}
    if not any(week.values()):
        week["monday"] = ["09:00-17:00"]
    return hours(draw(st.sampled_from(ZONES)), open=week)


moments = st.datetimes(datetime(2010, 1, 1), datetime(2035, 1, 1)).map(
    lambda moment: moment.replace(tzinfo=UTC)
)


@given(weeks(), moments)
def test_open_is_what_the_clock_on_the_wall_says(
    those: Hours, moment: datetime
) -> None:
    local = moment.astimezone(ZoneInfo(those.zone))
    # Within half a day of a change of clocks the table above holds.
    near = [moment + timedelta(hours=n) for n in (-12, 12)]
    if len({one.astimezone(local.tzinfo).utcoffset() for one in near}) > 1:
        return
    shown = local.hour * 60 + local.minute
    spans = those.open.get(WEEKDAYS[local.weekday()], [])
    is_shown = any(a <= shown < b for a, b in map(minutes_of, spans))
    assert is_open(those, moment) == is_shown


@given(weeks(), moments)
def test_next_opening_is_open_and_nothing_before_it_is(
    those: Hours, moment: datetime
) -> None:
    opens = next_opening(those, moment)
    assert opens is not None and opens >= moment
    assert is_open(those, opens)
    if opens > moment:
        assert not is_open(those, moment)
        between = (opens - moment) / 7
        assert not any(is_open(those, moment + n * between) for n in range(7))


@given(weeks(), moments)
def test_it_closes_where_it_is_open_no_more(those: Hours, moment: datetime) -> None:
    closes = next_closing(those, moment)
    assert (closes is not None) == is_open(those, moment) or closes is None
    if closes is not None:
        assert not is_open(those, closes)
        assert is_open(those, closes - timedelta(seconds=1))


@settings(deadline=None)
@given(weeks(), moments, st.integers(0, 48 * 60))
def test_open_time_adds_up(those: Hours, moment: datetime, minutes: int) -> None:
    wanted = timedelta(minutes=minutes)
    whole = add_open_time(those, moment, wanted)
    assert whole >= moment + wanted
    half = add_open_time(those, moment, wanted / 2)
    assert add_open_time(those, half, wanted - wanted / 2) == whole
    if minutes:
        assert is_open(those, whole - timedelta(microseconds=1))

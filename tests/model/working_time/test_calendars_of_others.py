"""Calendars of other offices: days worked in lieu, other weekends, nights, half days by rule."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pmo_engine.model.working_time.calendar import CalendarError, WorkingCalendar
from pmo_engine.model.working_time.day_rules import DayRule

WEEK = {"mon-fri": "09:00-17:00"}
NIGHTS = WorkingCalendar.of("nights", "Europe/London", {"mon-thu": "22:00-06:00"})


def at(zone: str, *parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("country", "zone", "worked", "off"),
    [
        ("CN", "Asia/Shanghai", date(2025, 1, 26), date(2025, 2, 3)),
        ("HU", "Europe/Budapest", date(2024, 12, 7), date(2024, 12, 24)),
        ("TW", "Asia/Taipei", date(2020, 2, 15), date(2020, 1, 23)),
    ],
)
def test_days_worked_in_lieu_are_working_days(country, zone, worked, off):
    calendar = WorkingCalendar.of("o", zone, WEEK, {"country": country})
    assert calendar.is_working_day(worked)
    assert not calendar.is_working_day(off)
    day = timedelta(days=1)
    assert calendar.working_days_between(worked - day, worked) == 1
    noon = datetime(worked.year, worked.month, worked.day, 12, tzinfo=ZoneInfo(zone))
    assert calendar.working_time_between(noon, noon + timedelta(hours=8)) == timedelta(hours=5)
    usual = WorkingCalendar.of("o", zone, WEEK, {"country": country, "in_lieu": False})
    assert not usual.is_working_day(worked)
    assert not usual.is_working_day(off)


def test_a_day_in_lieu_that_is_worked_anyway_keeps_its_hours_and_a_closure_outweighs_it():
    hours = {"mon-fri": "09:00-17:00", "sun": "10:00-12:00"}
    calendar = WorkingCalendar.of("o", "Asia/Shanghai", hours, {"country": "CN"})
    start = at("Asia/Shanghai", 2025, 1, 26, 0)
    assert calendar.working_time_between(start, start + timedelta(days=1)) == timedelta(hours=2)
    closed = WorkingCalendar.of("o", "Asia/Shanghai", WEEK, {"country": "CN"}, ["2025-01-26"])
    assert not closed.is_working_day(date(2025, 1, 26))


def test_a_week_from_sunday_to_thursday():
    calendar = WorkingCalendar.of("o", "Asia/Jerusalem", {"sun-thu": "09:00-17:00"})
    thursday = at("Asia/Jerusalem", 2026, 11, 26, 16)
    assert calendar.add_working_days(thursday, 1) == at("Asia/Jerusalem", 2026, 11, 29, 16)
    assert calendar.add_working_hours(thursday, 2) == at("Asia/Jerusalem", 2026, 11, 29, 10)


def london(*parts: int) -> datetime:
    return at("Europe/London", *parts)


MONDAY = (2026, 11, 23)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (london(*MONDAY, 23), 2, london(2026, 11, 24, 1)),
        (london(2026, 11, 24, 5), 2, london(2026, 11, 24, 23)),
        (london(2026, 11, 27, 5), 2, london(2026, 11, 30, 23)),  # the shift of Thursday
        (london(2026, 12, 31, 23), 3, london(2027, 1, 1, 2)),
        (london(2027, 1, 1, 5, 30), 1, london(2027, 1, 4, 22, 30)),
        (london(2026, 3, 26, 23), 7, london(2026, 3, 27, 6)),
    ],
)
def test_hours_of_a_night_are_one_span(start, hours, end):
    assert NIGHTS.add_working_hours(start, hours) == end
    assert NIGHTS.working_time_between(start, end) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (london(*MONDAY, 23), 1, london(2026, 11, 24, 23)),
        (london(2026, 11, 24, 2), 1, london(2026, 11, 25, 2)),
        (london(2026, 11, 27, 2), 1, london(2026, 12, 1, 2)),
        (london(2027, 1, 1, 2), 1, london(2027, 1, 5, 2)),
        (london(2027, 1, 5, 2), -1, london(2027, 1, 1, 2)),
        (london(2026, 11, 24, 12), 1, london(2026, 11, 25, 22)),
    ],
)
def test_a_working_day_of_nights_is_the_same_time_of_the_next_shift(start, days, end):
    assert NIGHTS.add_working_days(start, days) == end


def test_a_night_in_which_the_clocks_change_has_the_hours_that_pass():
    nights = WorkingCalendar.of("n", "Europe/London", {"sat": "22:00-06:00"})
    for day, hours in (((2026, 10, 24), 9), ((2026, 3, 28), 7)):
        start = london(*day, 12)
        assert nights.working_time_between(start, start + timedelta(days=1)) == timedelta(
            hours=hours
        )


def test_a_night_ends_where_a_day_with_hours_of_its_own_begins():
    calendar = WorkingCalendar.of(
        "n", "Europe/London", {"mon-thu": "22:00-06:00"}, half_days={"2026-11-24": "04:00-08:00"}
    )
    start = london(*MONDAY, 12)
    assert calendar.working_time_between(start, start + timedelta(days=1)) == timedelta(hours=10)


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("12-24", [date(2026, 12, 24)]),
        ("02-29", []),
        (
            "last fri in nov-feb",
            [date(2026, 1, 30), date(2026, 2, 27), date(2026, 11, 27), date(2026, 12, 25)],
        ),
        ("first mon in may", [date(2026, 5, 4)]),
        ("fourth thu-fri in nov", [date(2026, 11, 26), date(2026, 11, 27)]),
        ("wed in sep", [date(2026, 9, each) for each in (2, 9, 16, 23, 30)]),
    ],
)
def test_a_rule_names_days_of_every_year(rule, days):
    found = DayRule.parse(rule)
    year = [date(2026, 1, 1) + timedelta(days=passed) for passed in range(365)]
    assert [day for day in year if found.holds(day, ())] == days


def test_half_days_by_rule_are_among_the_days_that_are_worked():
    calendar = WorkingCalendar.of(
        "o",
        "Europe/London",
        WEEK,
        {"country": "GB", "subdivision": "ENG"},
        half_days={
            "2026-12-24": "09:00-10:00",
            "before holidays": "09:00-13:00",
            "last fri": "09:00-12:00",
            "fri in jul-aug": "09:00-15:00",
        },
    )

    def worked(*day: int) -> timedelta:
        start = london(*day)
        return calendar.working_time_between(start, start + timedelta(days=1))

    assert worked(2026, 12, 24) == timedelta(hours=1)  # the day itself before any rule
    assert worked(2026, 4, 2) == timedelta(hours=4)  # Thursday before Good Friday
    assert worked(2026, 12, 31) == timedelta(hours=4)  # before 1 January of the next year
    assert worked(2026, 4, 5) == timedelta()  # Easter Sunday is before a holiday, and not worked
    assert worked(2026, 7, 31) == timedelta(hours=3)  # the first rule that names it
    assert worked(2026, 7, 24) == timedelta(hours=6)
    assert worked(2026, 12, 25) == timedelta()  # a holiday, though the last Friday


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("13-01", "'13-01' is no day of the year: month and day, as in 12-24"),
        ("02-30", "is no day of the year"),
        ("last fry", "'fry' are not weekdays"),
        ("fri in may-foo", "'foo' is no month: jan, feb"),
        ("fri", "'fri' is not a date"),
        ("someday", "'someday' is not a date"),
    ],
)
def test_what_is_no_rule_is_quoted(key, message):
    with pytest.raises(CalendarError, match=message):
        WorkingCalendar.of("o", "Europe/London", WEEK, half_days={key: "09:00-12:00"})


def test_a_day_that_the_zone_left_out_is_no_working_day():
    samoa = WorkingCalendar.of("o", "Pacific/Apia", {"mon-sun": "09:00-17:00"})
    assert not samoa.is_working_day(date(2011, 12, 30))
    assert samoa.working_days_between(date(2011, 12, 29), date(2011, 12, 31)) == 1
    thursday = at("Pacific/Apia", 2011, 12, 29, 10)
    assert samoa.add_working_days(thursday, 1) == at("Pacific/Apia", 2011, 12, 31, 10)
    assert samoa.add_working_hours(thursday, 8) == at("Pacific/Apia", 2011, 12, 31, 10)
    assert samoa.working_time_between(thursday, thursday + timedelta(days=1)) == timedelta(hours=8)


def test_the_last_night_of_a_year_is_one_span_whatever_the_night_before():
    nights = WorkingCalendar.of("n", "Europe/London", {"thu": "22:00-06:00"})
    start = london(2026, 12, 31, 20)  # a Thursday
    assert nights.working_time_between(start, start + timedelta(days=1)) == timedelta(hours=8)
    wednesdays = WorkingCalendar.of("n", "Europe/London", {"wed": "22:00-06:00"})
    assert wednesdays.working_time_between(start, start + timedelta(days=1)) == timedelta()

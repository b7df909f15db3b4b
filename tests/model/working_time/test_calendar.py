"""Working time in the office's zone, hours, holidays, closures and half days."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from pmo_engine.model.durations import Share, Span
from pmo_engine.model.working_time.calendar import ALWAYS, CalendarError, WorkingCalendar

LONDON = ZoneInfo("Europe/London")
TORONTO = ZoneInfo("America/Toronto")
WEEK = {"mon-fri": "09:00-17:30"}

ENGLAND = WorkingCalendar.of(
    "england",
    "Europe/London",
    WEEK,
    {"country": "GB", "subdivision": "ENG"},
    closures=["2026-06-05", {"from": "2026-12-29", "to": "2026-12-31"}],
    half_days={"2026-12-24": "09:00-12:30"},
)
ONTARIO = WorkingCalendar.of(
    "ontario",
    "America/Toronto",
    {"mon-fri": ["08:30-12:00", "13:00-16:30"]},
    {"country": "CA", "subdivision": "ON"},
)
ROUND_THE_CLOCK = WorkingCalendar.of("desk", "Europe/London", {"mon-sun": "00:00-24:00"})


def london(*parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=LONDON, fold=fold).astimezone(UTC)


def toronto(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=TORONTO).astimezone(UTC)


MONDAY = (2026, 11, 23)

# Working days


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        (london(*MONDAY, 10), 3, london(2026, 11, 26, 10)),
        (london(*MONDAY, 10), 5, london(2026, 11, 30, 10)),
        (london(*MONDAY, 10), 0, london(*MONDAY, 10)),
        (london(*MONDAY, 10), -1, london(2026, 11, 20, 10)),
        (london(*MONDAY, 7), 1, london(2026, 11, 24, 9)),
        (london(*MONDAY, 17, 30), 1, london(2026, 11, 24, 17, 30)),
        (london(*MONDAY, 17, 31), 1, london(2026, 11, 25, 9)),
        (london(2026, 11, 21, 12), 0, london(*MONDAY, 9)),
        (london(2026, 11, 21, 12), 1, london(2026, 11, 24, 9)),
        (london(2026, 4, 2, 11), 1, london(2026, 4, 7, 11)),  # over Easter
        (london(2026, 6, 4, 11), 1, london(2026, 6, 8, 11)),  # over a closure
        (london(2026, 12, 23, 15), 1, london(2026, 12, 24, 12, 30)),  # clipped to a half day
        (london(2026, 12, 24, 12), 1, london(2027, 1, 4, 12)),  # into the next year
        (london(2027, 1, 4, 12), -1, london(2026, 12, 24, 12)),  # and back
        (london(2026, 3, 27, 10), 1, london(2026, 3, 30, 10)),  # clocks go forward
        (london(2026, 10, 23, 10), 1, london(2026, 10, 26, 10)),  # and back
    ],
)
def test_adding_working_days(start, days, expected):
    assert ENGLAND.add_working_days(start, days) == expected


def test_a_moment_in_a_break_counts_from_its_end():
    start = toronto(2026, 11, 23, 12, 30)
    assert ONTARIO.add_working_days(start, 0) == toronto(2026, 11, 23, 13)
    assert ONTARIO.add_working_days(start, 1) == toronto(2026, 11, 24, 13)


def test_days_are_the_office_s_not_utc_s():
    calendar = WorkingCalendar.of("nz", "Pacific/Auckland", WEEK)
    monday_ten = datetime(2026, 11, 22, 21, tzinfo=UTC)  # 10:00 on Monday 23 November
    assert calendar.is_working_day(date(2026, 11, 23))
    assert calendar.is_working_day(monday_ten)
    assert calendar.add_working_days(monday_ten, 1) == monday_ten + timedelta(days=1)
    assert calendar.working_days_between(monday_ten, monday_ten + timedelta(hours=14)) == 1


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 23), True),
        (date(2026, 11, 22), False),
        (date(2026, 12, 24), True),
        (date(2026, 12, 25), False),
        (date(2026, 12, 28), False),  # Boxing Day, in lieu
        (date(2026, 12, 30), False),
        (date(2026, 6, 5), False),
    ],
)
def test_working_days(day, works):
    assert ENGLAND.is_working_day(day) is works


def test_a_half_day_outweighs_a_holiday_and_a_day_off():
    calendar = WorkingCalendar.of(
        "shop",
        "Europe/London",
        WEEK,
        {"country": "GB", "subdivision": "ENG"},
        half_days={"2026-12-25": "10:00-12:00", "2026-11-28": "10:00-12:00"},
    )
    assert calendar.is_working_day(date(2026, 12, 25))
    assert calendar.is_working_day(date(2026, 11, 28))


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2026, 11, 23), date(2026, 11, 23), 0),
        (date(2026, 11, 23), date(2026, 11, 26), 3),
        (date(2026, 11, 26), date(2026, 11, 23), -3),
        (date(2026, 11, 20), date(2026, 11, 22), 0),
        (date(2026, 11, 21), date(2026, 11, 23), 1),
        (date(2026, 12, 23), date(2027, 1, 4), 2),
        (date(2025, 12, 31), date(2026, 12, 31), 261 - 8 - 1 - 3),
        (london(2026, 11, 23, 23), london(2026, 11, 24, 1), 1),
    ],
)
def test_working_days_between(start, end, days):
    assert ENGLAND.working_days_between(start, end) == days


# Working time


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        (london(*MONDAY, 10), 4, london(*MONDAY, 14)),
        (london(*MONDAY, 16), 4, london(2026, 11, 24, 11, 30)),
        (london(*MONDAY, 16, 30), 1, london(*MONDAY, 17, 30)),
        (london(2026, 11, 21, 3), 1, london(*MONDAY, 10)),
        (london(2026, 11, 21, 3), 0, london(*MONDAY, 9)),
        (london(*MONDAY, 10), Decimal("0.25"), london(*MONDAY, 10, 15)),
        (london(2026, 12, 24, 12), 1, london(2027, 1, 4, 9, 30)),
    ],
)
def test_adding_working_hours(start, hours, expected):
    assert ENGLAND.add_working_hours(start, hours) == expected


def test_working_time_is_not_taken_away():
    with pytest.raises(CalendarError, match="negative"):
        ENGLAND.add_working_hours(london(*MONDAY, 10), -1)


def test_working_time_between():
    friday, monday = london(2026, 11, 20, 16), london(*MONDAY, 10)
    assert ENGLAND.working_time_between(friday, monday) == timedelta(hours=2.5)
    assert ENGLAND.working_time_between(monday, friday) == timedelta(hours=-2.5)
    lunch = toronto(2026, 11, 23, 11), toronto(2026, 11, 23, 14)
    assert ONTARIO.working_time_between(*lunch) == timedelta(hours=2)
    year = london(2026, 1, 1), london(2027, 1, 1)
    assert ENGLAND.working_time_between(*year) == timedelta(hours=8.5 * 249 - 5)


@pytest.mark.parametrize(("day", "hours"), [((2026, 3, 29), 23), ((2026, 10, 25), 25)])
def test_the_day_the_clocks_change_has_the_hours_that_pass(day, hours):
    start = london(*day)
    end = london(*day[:2], day[2] + 1)
    assert ROUND_THE_CLOCK.working_time_between(start, end) == timedelta(hours=hours)
    assert ROUND_THE_CLOCK.add_working_hours(start, hours) == end


def test_hours_that_the_clocks_skip_are_no_hours():
    night = WorkingCalendar.of("night", "Europe/London", {"sun": ["01:15-01:45", "01:50-03:00"]})
    assert night.working_time_between(london(2026, 3, 29), london(2026, 3, 30)) == timedelta(
        hours=1
    )
    assert night.add_working_time(london(2026, 3, 29), timedelta(minutes=1)) == london(
        2026, 3, 29, 2, 1
    )


def test_hours_that_come_twice_count_twice_in_one_interval_only():
    night = WorkingCalendar.of("night", "Europe/London", {"sun": ["00:00-01:30", "01:30-03:00"]})
    assert night.working_time_between(london(2026, 10, 25), london(2026, 10, 26)) == timedelta(
        hours=4
    )


def test_midnight_belongs_to_the_day_it_ends():
    calendar = WorkingCalendar.of("shift", "UTC", {"thu-fri": "16:00-24:00"})
    midnight = datetime(2027, 1, 1, tzinfo=UTC)  # the end of Thursday 31 December
    assert calendar.add_working_hours(datetime(2026, 12, 31, 20, tzinfo=UTC), 4) == midnight
    assert calendar.add_working_hours(midnight, 0) == midnight
    assert calendar.add_working_days(midnight, 1) == datetime(2027, 1, 2, tzinfo=UTC)


def test_the_first_opening_of_a_year_can_be_its_first_moment():
    calendar = WorkingCalendar.of(
        "desk", "UTC", {"mon-fri": "00:00-24:00"}, closures=["2026-12-31"]
    )
    closed = datetime(2026, 12, 31, 12, tzinfo=UTC)
    assert calendar.add_working_days(closed, 0) == datetime(2027, 1, 1, tzinfo=UTC)
    assert calendar.add_working_days(closed, 1) == datetime(2027, 1, 4, tzinfo=UTC)


# Deadlines


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ("3 working days", london(2026, 10, 27, 10)),
        ("4 working hours", london(2026, 10, 22, 14)),
        ("72 hours", london(2026, 10, 25, 9)),  # on the stopwatch, clocks went back
        ("90 minutes", london(2026, 10, 22, 11, 30)),
        ("5 days", london(2026, 10, 27, 10)),  # the same local time
        ("2 weeks", london(2026, 11, 5, 10)),
        ("4 months", london(2027, 2, 22, 10)),
        ("1 year", london(2027, 10, 22, 10)),
        ("0 days", london(2026, 10, 22, 10)),
    ],
)
def test_deadlines(span, expected):
    deadline = ENGLAND.deadline(london(2026, 10, 22, 10), Span.parse(span))
    assert deadline == expected
    assert deadline.tzinfo is UTC


def test_a_local_time_that_is_skipped_is_the_moment_of_the_change():
    start = london(2026, 3, 28, 1, 30)
    assert ENGLAND.deadline(start, Span(1, "day")) == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_nothing_added_stays_in_the_second_of_two_like_hours():
    start = london(2026, 10, 25, 1, 30, fold=1)
    assert ENGLAND.deadline(start, Span(0, "day")) == start
    assert ROUND_THE_CLOCK.add_working_days(start, 0) == start


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        ("0 %", london(2026, 11, 20, 16)),
        ("50 %", london(*MONDAY, 13)),
        ("80 %", london(*MONDAY, 16, 18)),
        ("100 %", london(2026, 11, 24, 10)),
    ],
)
def test_shares_of_the_working_time(share, expected):
    due = london(2026, 11, 24, 10)
    assert ENGLAND.moment_at_share(london(2026, 11, 20, 16), due, Share.parse(share)) == expected


def test_without_working_time_between_it_is_a_share_of_the_time():
    start, due = london(2026, 11, 21, 10), london(2026, 11, 21, 14)
    assert ENGLAND.moment_at_share(start, due, Share.parse("50 %")) == london(2026, 11, 21, 12)
    assert ENGLAND.moment_at_share(start, due, Share.parse("100 %")) == due


@pytest.mark.parametrize(("hours", "share"), [(1, "101 %"), (-1, "50 %")])
def test_a_share_lies_between(hours, share):
    start = london(*MONDAY, 10)
    with pytest.raises(CalendarError, match="no moment at"):
        ENGLAND.moment_at_share(start, start + timedelta(hours=hours), Share.parse(share))


def test_always_is_always():
    start = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert ALWAYS.deadline(start, Span(1, "working_day")) == start + timedelta(days=1)
    assert ALWAYS.deadline(start, Span(24, "working_hour")) == start + timedelta(days=1)
    assert ALWAYS.working_time_between(start, start + timedelta(days=800)) == timedelta(days=800)


# What cannot be reckoned with


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"zone": "Europe/Lundon"}, "unknown time zone 'Europe/Lundon': did you mean 'Europe/L"),
        ({"zone": "../../etc/passwd"}, "unknown time zone"),
        ({"zone": "Europe"}, "unknown time zone 'Europe'"),
        ({"zone": ""}, "unknown time zone '': write it as in Europe/London"),
        ({"hours": {}}, "calendar 'x' has no working day: give hours by weekday"),
        ({"hours": {"mon": []}}, "has no working day"),
        ({"closures": ["24.12.2026"]}, "'24.12.2026' is not a date: write 2026-12-24"),
        ({"closures": ["20261224"]}, "'20261224' is not a date: write 2026-12-24"),
        ({"closures": ["2026-W52-4"]}, "'2026-W52-4' is not a date, as in 2026-12-24"),
        ({"closures": ["Christmas"]}, "'Christmas' is not a date, as in 2026-12-24"),
        ({"closures": [{"from": "2026-12-24"}]}, r"has from and to, not \['from'\]"),
        ({"closures": [{"from": "2026-12-24", "to": "2026-12-23"}]}, "ends before it begins"),
        ({"closures": [{"from": "2026-01-01", "to": "2027-01-02"}]}, "no working day in a year"),
        (
            {"closures": ["2026-12-24"], "half_days": {"2026-12-24": "09:00-12:00"}},
            "2026-12-24 is a half day and lies in a closure",
        ),
        ({"holidays": {"subdivision": "ENG"}}, "holidays have country and subdivision"),
        ({"holidays": {"country": "GB", "state": "ENG"}}, r"not \['country', 'state'\]"),
    ],
)
def test_a_calendar_says_what_is_wrong_with_it(change, message):
    data = {"id": "x", "zone": "Europe/London", "hours": WEEK} | change
    with pytest.raises(CalendarError, match=message):
        WorkingCalendar.of(**data)


@pytest.mark.parametrize(
    ("country", "message"),
    [
        ({"country": "ZZ"}, "public holidays: Country ZZ not available"),
        ({"country": "GB", "subdivision": "QQ"}, "does not have subdivision QQ"),
    ],
)
def test_an_unknown_country_is_found_by_a_check(country, message):
    calendar = WorkingCalendar.of("x", "UTC", WEEK, country)
    with pytest.raises(CalendarError, match=message):
        calendar.check_holidays()
    ENGLAND.check_holidays()
    ALWAYS.check_holidays()


def test_holidays_are_not_made_up_for_years_that_nobody_knows():
    with pytest.raises(CalendarError, match="public holidays of GB are known from 1872 to 2100"):
        ENGLAND.is_working_day(date(2150, 1, 4))


@pytest.mark.parametrize("year", [1, 1899, 2200, 9999])
def test_years_are_bounded(year):
    moment = datetime(year, 6, 1, tzinfo=UTC)
    calls = [
        lambda: ALWAYS.add_working_days(moment, 1),
        lambda: ALWAYS.add_working_hours(moment, 1),
        lambda: ALWAYS.working_time_between(moment, moment),
        lambda: ALWAYS.is_working_day(moment.date()),
    ]
    for call in calls:
        with pytest.raises(CalendarError, match=f"from 1900 to 2199, not in {year}"):
            call()


def test_a_calendar_that_is_closed_for_ever_ends_its_search():
    years = [{"from": f"{year}-01-01", "to": f"{year}-12-31"} for year in range(2190, 2201)]
    closed = WorkingCalendar.of("x", "UTC", WEEK, closures=years)
    moment = datetime(2195, 6, 1, tzinfo=UTC)
    for add in (closed.add_working_days, closed.add_working_hours):
        with pytest.raises(CalendarError, match="not in 2200"):
            add(moment, 1)


def test_a_moment_needs_a_zone():
    naive = datetime(2026, 11, 23, 10)
    calls = [
        lambda: ENGLAND.add_working_days(naive, 1),
        lambda: ENGLAND.working_time_between(naive, naive),
        lambda: ENGLAND.deadline(naive, Span(1, "day")),
        lambda: ENGLAND.working_days_between(naive, naive),
    ]
    for call in calls:
        with pytest.raises(ValueError, match="has no time zone"):
            call()


def test_calendars_are_values():
    again = WorkingCalendar.of("x", "UTC", WEEK)
    calendar = WorkingCalendar.of("x", "UTC", WEEK)
    calendar.is_working_day(date(2026, 11, 23))
    assert calendar == again
    assert hash(calendar) == hash(again)
    assert "_years" not in repr(calendar)


def test_the_holidays_library_is_loaded_when_holidays_are_asked_for():
    script = """if True:
        import sys
        from datetime import UTC, datetime
        from pmo_engine.model.working_time.calendar import ALWAYS, WorkingCalendar
        moment = datetime(2026, 11, 23, tzinfo=UTC)
        ALWAYS.add_working_days(moment, 1)
        england = WorkingCalendar.of("e", "UTC", {"mon": "09:00-10:00"}, {"country": "GB"})
        assert "holidays" not in sys.modules
        england.add_working_days(moment, 1)
        assert "holidays" in sys.modules
    """
    subprocess.run([sys.executable, "-c", script], check=True)

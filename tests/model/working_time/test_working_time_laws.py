"""What holds for working time whatever the moment: random moments, many around clock changes."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pmo_engine.model.durations import Share
from pmo_engine.model.working_time.calendar import ALWAYS, WorkingCalendar

ENGLAND = WorkingCalendar.of(
    "england",
    "Europe/London",
    {"mon-fri": "09:00-17:30"},
    {"country": "GB", "subdivision": "ENG"},
    closures=[{"from": "2026-12-28", "to": "2026-12-31"}],
    half_days={"2026-12-24": "09:00-12:30", "2026-10-26": "13:00-17:30"},
)
ONTARIO = WorkingCalendar.of(
    "ontario",
    "America/Toronto",
    {"mon-fri": ["08:30-12:00", "13:00-16:30"], "sun": "00:30-04:00"},  # at work as clocks change
    {"country": "CA", "subdivision": "ON"},
)
DAYTIME = WorkingCalendar.of(
    "daytime", "America/Toronto", {"mon-fri": ["08:30-12:00", "13:00-17:00"]}
)
ROUND_THE_CLOCK = WorkingCalendar.of("desk", "Europe/London", {"mon-sun": "00:00-24:00"})

NIGHTS = WorkingCalendar.of(
    "nights",
    "Europe/London",
    {"sun-thu": ["22:00-06:00"], "sat": "12:00-13:00"},
    {"country": "GB", "subdivision": "ENG"},
    half_days={"before holidays": "20:00-01:30", "2026-12-31": "23:00-05:00"},
)
CHINA = WorkingCalendar.of(
    "china",
    "Asia/Shanghai",
    {"mon-fri": "09:00-18:00"},
    {"country": "CN"},
    half_days={"last fri": "09:00-12:00", "02-28": "09:00-12:00"},
)

CALENDARS = st.sampled_from([ENGLAND, ONTARIO, DAYTIME, ROUND_THE_CLOCK, ALWAYS, NIGHTS, CHINA])
CHANGES = [
    (2026, 3, 8),
    (2026, 3, 29),
    (2026, 10, 25),
    (2026, 11, 1),
    (2026, 12, 24),
    (2026, 12, 31),
]
NEAR_CHANGES = st.builds(
    lambda day, minutes: datetime(*day, tzinfo=UTC) + timedelta(minutes=minutes),
    st.sampled_from(CHANGES),
    st.integers(-4 * 1440, 5 * 1440),
)
ANY = st.datetimes(datetime(2024, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC))
MOMENTS = NEAR_CHANGES | ANY
WORK = st.integers(0, 300 * 60).map(lambda minutes: timedelta(minutes=minutes))
DAYS = st.integers(-400, 400)


def law(*strategies):
    # Without a deadline: the first year of a country loads a library.
    return lambda test: settings(deadline=None)(given(*strategies)(test))


@law(CALENDARS, MOMENTS, WORK)
def test_what_is_added_is_what_lies_between(calendar, moment, work):
    end = calendar.add_working_time(moment, work)
    assert end >= moment
    assert calendar.working_time_between(moment, end) == work


@law(CALENDARS, MOMENTS, WORK)
def test_it_is_the_first_such_moment(calendar, moment, work):
    end = calendar.add_working_time(moment, work)
    before = end - timedelta.resolution
    assert not work or calendar.working_time_between(moment, before) < work


@law(CALENDARS, MOMENTS, WORK, WORK)
def test_working_time_adds_up(calendar, moment, a, b):
    in_two = calendar.add_working_time(calendar.add_working_time(moment, a), b)
    assert in_two == calendar.add_working_time(moment, a + b)


@law(CALENDARS, MOMENTS, MOMENTS, WORK)
def test_who_begins_later_ends_no_earlier(calendar, a, b, work):
    first, second = sorted([a, b])
    assert calendar.add_working_time(first, work) <= calendar.add_working_time(second, work)


@law(CALENDARS, MOMENTS, MOMENTS, MOMENTS)
def test_time_between_adds_up_and_never_exceeds_the_time(calendar, a, b, c):
    between = calendar.working_time_between
    assert between(a, b) + between(b, c) == between(a, c)
    assert abs(between(a, b)) <= abs(b - a)


@law(MOMENTS, MOMENTS)
def test_around_the_clock_no_hour_is_lost_or_gained(a, b):
    for calendar in (ALWAYS, ROUND_THE_CLOCK):
        assert calendar.working_time_between(a, b) == b - a


@pytest.mark.parametrize("monday", [(2026, 3, 23), (2026, 3, 30), (2026, 10, 19), (2026, 11, 2)])
def test_a_week_of_office_hours_is_the_same_when_clocks_change(monday):
    start = datetime(*monday, tzinfo=UTC)
    assert DAYTIME.working_time_between(start, start + timedelta(days=7)) == timedelta(hours=37.5)


@law(CALENDARS, MOMENTS, MOMENTS, MOMENTS)
def test_days_between_add_up(calendar, a, b, c):
    between = calendar.working_days_between
    assert between(a, b) + between(b, c) == between(a, c)
    assert between(a, b) == -between(b, a)


@law(st.sampled_from([ENGLAND, ONTARIO, DAYTIME]), MOMENTS, DAYS)
def test_days_added_are_the_days_between(calendar, moment, days):
    opening = calendar.add_working_days(moment, 0)
    end = calendar.add_working_days(moment, days)
    assert calendar.working_days_between(opening, end) == days


@law(st.sampled_from([ENGLAND, DAYTIME, ALWAYS]), MOMENTS, MOMENTS, DAYS)
def test_days_later_keep_the_order(calendar, a, b, days):
    first, second = sorted([a, b])
    assert calendar.add_working_days(first, days) <= calendar.add_working_days(second, days)


@law(st.sampled_from([DAYTIME, ALWAYS]), MOMENTS, DAYS, DAYS)
def test_days_add_up_where_they_are_alike(calendar, moment, a, b):
    in_two = calendar.add_working_days(calendar.add_working_days(moment, a), b)
    assert in_two == calendar.add_working_days(moment, a + b)


@law(CALENDARS, MOMENTS, DAYS)
@example(ROUND_THE_CLOCK, datetime(2026, 3, 28, 1, 30, tzinfo=UTC), 1)
@example(ONTARIO, datetime(2026, 10, 25, 5, 30, tzinfo=UTC), 5)
def test_results_lie_within_hours(calendar, moment, days):
    end = calendar.add_working_days(moment, days)
    assert calendar.add_working_time(end, timedelta()) == end


@law(CALENDARS, MOMENTS, WORK, st.integers(0, 100), st.integers(0, 100))
def test_shares_come_in_order(calendar, start, work, a, b):
    due = calendar.add_working_time(start, work)
    first, second = (
        calendar.moment_at_share(start, due, Share(Decimal(share) / 100))
        for share in sorted((a, b))
    )
    assert start <= first <= second <= due

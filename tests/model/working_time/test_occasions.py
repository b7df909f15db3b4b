"""When a working day, week or month begins for the clock."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from pmo_engine.model.working_time.calendar import ALWAYS, WorkingCalendar
from pmo_engine.model.working_time.occasions import (
    beginning,
    is_occasion,
    last_occasion,
    next_occasion,
    opening,
)

LONDON = WorkingCalendar.of(
    "london",
    "Europe/London",
    {"mon-fri": "09:00-17:30"},
    {"country": "GB", "subdivision": "ENG"},
    closures=[{"from": "2026-12-24", "to": "2027-01-05"}],
    half_days={"2026-03-03": "13:00-17:00"},
)
SAMOA = WorkingCalendar.of("samoa", "Pacific/Apia", {"mon-fri": "08:00-16:00"})
SECOND = timedelta(seconds=1)


def at(*when: int) -> datetime:
    return datetime(*when, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rhythm", "since", "found"),
    [
        ("day", at(2026, 3, 2, 9), at(2026, 3, 2, 9)),
        ("day", at(2026, 3, 2, 9, 0, 1), at(2026, 3, 3, 13)),
        ("day", at(2026, 3, 6, 12), at(2026, 3, 9, 9)),
        ("day", at(2026, 4, 2, 12), at(2026, 4, 7, 8)),  # over Easter, into summer time
        ("day", at(2026, 12, 23, 12), at(2027, 1, 6, 9)),
        ("week", at(2026, 3, 2, 9, 0, 1), at(2026, 3, 9, 9)),
        ("week", at(2026, 4, 3), at(2026, 4, 7, 8)),
        ("month", at(2026, 3, 2, 9), at(2026, 3, 2, 9)),  # the first is a Sunday
        ("month", at(2026, 3, 3), at(2026, 4, 1, 8)),
        ("month", at(2026, 12, 2), at(2027, 1, 6, 9)),
        ("stage", at(2026, 3, 2), None),
    ],
)
def test_the_next_time(rhythm: str, since: datetime, found: datetime | None) -> None:
    assert next_occasion(LONDON, rhythm, since) == found


@pytest.mark.parametrize(
    ("rhythm", "until", "found"),
    [
        ("day", at(2026, 3, 2, 9), at(2026, 3, 2, 9)),
        ("day", at(2026, 3, 2, 8, 59, 59), at(2026, 2, 27, 9)),
        ("day", at(2027, 1, 3), at(2026, 12, 23, 9)),
        ("week", at(2026, 3, 8), at(2026, 3, 2, 9)),
        ("month", at(2026, 3, 31, 12), at(2026, 3, 2, 9)),
        ("stage", at(2026, 3, 2), None),
    ],
)
def test_the_last_time(rhythm: str, until: datetime, found: datetime | None) -> None:
    assert last_occasion(LONDON, rhythm, until) == found


def test_the_day_is_the_offices() -> None:
    assert next_occasion(SAMOA, "day", at(2026, 3, 1, 19)) == at(2026, 3, 1, 19)  # Monday there
    assert opening(SAMOA, date(2026, 3, 2)) == at(2026, 3, 1, 19)
    assert beginning(SAMOA, date(2026, 3, 2)) == at(2026, 3, 1, 11)


def test_an_office_that_never_closes_begins_its_days_at_midnight() -> None:
    assert next_occasion(ALWAYS, "day", at(2026, 3, 1, 0, 0, 1)) == at(2026, 3, 2)
    assert is_occasion(ALWAYS, "month", date(2026, 3, 1))


@pytest.mark.parametrize("rhythm", ["day", "week", "month"])
def test_between_two_times_there_is_none(rhythm: str) -> None:
    times = [at(2026, 2, 1)]
    for _ in range(30):
        found = next_occasion(LONDON, rhythm, times[-1] + SECOND)
        assert found is not None
        times.append(found)
    for before, after in pairwise(times[1:]):
        assert last_occasion(LONDON, rhythm, after - SECOND) == before


def test_where_the_calendar_ends_no_time_comes() -> None:
    assert next_occasion(SAMOA, "day", at(2199, 12, 31, 20)) is None

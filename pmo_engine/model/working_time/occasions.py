"""When time by itself is an event: when a working day opens, or the first of a week or a month."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pmo_engine.model.moments import first_moment
from pmo_engine.model.working_time.calendar import YEARS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pmo_engine.model.vocabulary import Rhythm
    from pmo_engine.model.working_time.calendar import WorkingCalendar

_DAY = timedelta(days=1)
_MOST_DAYS = 800
"""No office stays closed for longer in one piece; the search for its next day ends there."""


def next_occasion(calendar: WorkingCalendar, rhythm: Rhythm, since: datetime) -> datetime | None:
    """Give the first time of a rhythm (UTC) that is not before a moment; None where none comes.

    A stage is no matter of the calendar: it begins when the project comes into it.
    """
    day = since.astimezone(calendar.clocks).date()
    for each in _days(day, _DAY):
        if is_occasion(calendar, rhythm, each) and (opens := opening(calendar, each)) >= since:
            return opens
    return None


def last_occasion(calendar: WorkingCalendar, rhythm: Rhythm, until: datetime) -> datetime | None:
    """Give the last time of a rhythm (UTC) that is not after a moment; None where there is none."""
    day = until.astimezone(calendar.clocks).date()
    for each in _days(day, -_DAY):
        if is_occasion(calendar, rhythm, each) and (opens := opening(calendar, each)) <= until:
            return opens
    return None


def is_occasion(calendar: WorkingCalendar, rhythm: Rhythm, day: date) -> bool:
    """Tell whether a day is one of a rhythm: the first working day of its week or month, or any."""
    if not calendar.is_working_day(day):
        return False
    match rhythm:
        case "day":
            earlier = 0
        case "week":
            earlier = day.weekday()
        case "month":
            earlier = day.day - 1
        case "stage":
            return False
    return not any(calendar.is_working_day(day - number * _DAY) for number in range(1, earlier + 1))


def opening(calendar: WorkingCalendar, day: date) -> datetime:
    """Give when a working day begins (UTC): when the office opens, or at midnight if it is open."""
    return calendar.add_working_days(beginning(calendar, day), 0).astimezone(UTC)


def beginning(calendar: WorkingCalendar, day: date) -> datetime:
    """Give when a day begins (UTC) by the clocks of the office."""
    return first_moment(datetime.combine(day, time()), ZoneInfo(calendar.zone))


def _days(first: date, step: timedelta) -> Iterator[date]:
    days = (first + number * step for number in range(_MOST_DAYS))
    return takewhile(lambda day: day.year in YEARS, days)

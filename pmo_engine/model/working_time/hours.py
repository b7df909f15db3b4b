"""Working hours of a day and of a week, as intervals in minutes from local midnight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import pairwise

from pmo_engine.model.hints.times import hours_meant, weekdays_meant
from pmo_engine.model.hints.values import Misread
from pmo_engine.model.patterns import pattern

Hours = tuple[tuple[int, int], ...]
"""Intervals (opens, closes) in minutes from midnight, in order, apart; none is a day off.

The last one may end on the next day, after 24 hours.
"""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MIDNIGHT = 24 * 60

_INTERVAL = pattern(r"([0-9]{2}):([0-5][0-9])-([0-9]{2}):([0-5][0-9])")
_SHOWN = 40
_CLOSED = frozenset({"closed", "off", "none", "nobody", "-"})


class CalendarError(Misread):
    """A calendar that cannot be reckoned with, or a moment it does not reach."""


def parse_hours(value: str | Sequence[str]) -> Hours:
    """Read "09:00-17:30", or several such intervals where there are breaks; none is a day off.

    An interval may run over midnight: "22:00-06:00".
    """
    texts = [value] if isinstance(value, str) else value
    hours = tuple(sorted(_interval(text) for text in texts))
    for (_, closes), (opens, _) in pairwise(hours):
        if opens < closes:
            raise CalendarError(f"hours overlap: {', '.join(texts)}")
    return hours


def parse_week(value: Mapping[str, str | Sequence[str]]) -> tuple[Hours, ...]:
    """Read {"mon-thu": "09:00-17:30", "fri": ["09:00-12:00", "13:00-15:00"]}; Monday first."""
    week: dict[int, Hours] = {}
    for key, hours in value.items():
        for weekday in weekdays_of(key):
            if weekday in week:
                raise CalendarError(f"{key!r} names {WEEKDAYS[weekday]} a second time")
            week[weekday] = parse_hours(hours)
    found = tuple(week.get(weekday, ()) for weekday in range(7))
    for weekday, after in enumerate((*found[1:], found[0])):
        before = found[weekday]
        if before and after and before[-1][1] - MIDNIGHT > after[0][0]:
            one, other = WEEKDAYS[weekday], WEEKDAYS[(weekday + 1) % 7]
            raise CalendarError(f"the hours of {one} run into those of {other}")
    return found


def clip(hours: Hours, passed: timedelta) -> timedelta:
    """Move a time of day, counted from midnight, into hours.

    Before they begin or in a break it is the next opening, after they end their end.
    """
    for opens, closes in hours:
        if passed <= timedelta(minutes=closes):
            return max(passed, timedelta(minutes=opens))
    return timedelta(minutes=hours[-1][1])


def _interval(text: str) -> tuple[int, int]:
    found = _INTERVAL.fullmatch(text)
    if found is None:
        what = f"{text[:_SHOWN]!r} are not hours"
        if text.strip().lower() in _CLOSED:
            raise CalendarError(f"{what}: leave out days on which nobody works, or write []")
        raise CalendarError(what, hours_meant(text), ", as in 09:00-17:30")
    numbers = [int(number) for number in found.groups()]
    opens, closes = 60 * numbers[0] + numbers[1], 60 * numbers[2] + numbers[3]
    if max(opens, closes) > MIDNIGHT or opens in {closes, MIDNIGHT}:
        raise CalendarError(f"{text!r} must end after it begins, by 24:00 or on the next day")
    return opens, closes if opens < closes else closes + MIDNIGHT


def weekdays_of(key: str) -> tuple[int, ...]:
    """Read "mon", "mon-fri" or, over the week's end, "sun-thu"; 0 is Monday."""
    first, dash, last = key.partition("-")
    last = last if dash else first
    if first not in WEEKDAYS or last not in WEEKDAYS:
        wanted = f": {', '.join(WEEKDAYS)}, or mon-fri"
        raise CalendarError(f"{key[:_SHOWN]!r} are not weekdays", weekdays_meant(key), wanted)
    start = WEEKDAYS.index(first)
    count = (WEEKDAYS.index(last) - start) % len(WEEKDAYS) + 1
    return tuple((start + passed) % len(WEEKDAYS) for passed in range(count))

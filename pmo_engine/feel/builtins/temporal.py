"""Functions that make dates, times and durations, and that say where in the calendar one lies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any, TypeVar

from pmo_engine.feel import temporal as time_
from pmo_engine.feel.builtins.register import Table
from pmo_engine.feel.clockwork import months_between
from pmo_engine.feel.properties import weekday
from pmo_engine.feel.types import (
    ANY,
    DATE,
    DATE_TIME,
    DAYS_TIME_DURATION,
    NUMBER,
    STRING,
    TIME,
    YEARS_MONTHS_DURATION,
    EnumType,
    Simple,
    Type,
)
from pmo_engine.model.durations import Months

FUNCTIONS = Table()

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
Value = TypeVar("Value")
_function = FUNCTIONS.enter


def _or_null(make: Callable[..., Value], *parts: Any) -> Value | None:
    try:
        return make(*parts)
    except time_.TemporalError:
        return None


@_function("date", {"from": STRING}, DATE)
def _date(text: str) -> time_.AnyDate | None:
    return _or_null(time_.parse_date, text)


@_function("date", {"from": DATE}, DATE)
@_function("date", {"from": DATE_TIME}, DATE)
def _date_of(value: time_.AnyDateTime) -> time_.AnyDate:
    return time_.date_of(value)


@_function("date", {"year": NUMBER, "month": NUMBER, "day": NUMBER}, DATE)
def _date_from(*parts: Decimal) -> time_.AnyDate | None:
    return _or_null(time_.make_date, *map(int, parts)) if all(map(_is_whole, parts)) else None


@_function("time", {"from": STRING}, TIME)
def _time(text: str) -> time_.Time | None:
    return _or_null(time_.parse_time, text)


def _same(argument: Type, *_: Type) -> Type:
    return argument


def _time_in_it(moment: Type, *_: Type) -> Type:
    """Give the type of the time of a moment, which has a zone if the moment has."""
    return Simple(TIME.name, zoned=moment.zoned if isinstance(moment, Simple) else None)


def _joined(_: Type, clock: Type) -> Type:
    return Simple(DATE_TIME.name, zoned=clock.zoned if isinstance(clock, Simple) else None)


def _offset_given(*arguments: Type) -> Type:
    zoned = len(arguments) > len(("hour", "minute", "second"))
    return Simple(TIME.name, zoned=None if zoned else False)


@_function("time", {"from": TIME}, _same)
def _same_time(value: time_.Time) -> time_.Time:
    return value


@_function("time", {"from": DATE_TIME}, _time_in_it)
def _time_of(value: time_.AnyDateTime) -> time_.Time:
    return time_.time_of(value)


@_function(
    "time",
    {"hour": NUMBER, "minute": NUMBER, "second": NUMBER, "offset?": DAYS_TIME_DURATION},
    _offset_given,
)
def _time_from(
    hour: Decimal, minute: Decimal, second: Decimal, offset: timedelta | None = None
) -> time_.Time | None:
    if not (_is_whole(hour) and _is_whole(minute) and 0 <= second < 60):  # noqa: PLR2004
        return None
    whole = int(second)
    nanosecond = int(second.scaleb(9)) - whole * time_.SECOND
    zone = None if offset is None else _or_null(time_.offset_zone, offset)
    if offset is not None and zone is None:
        return None
    return _or_null(time_.make_time, int(hour), int(minute), whole, nanosecond, zone)


@_function("date and time", {"from": STRING}, DATE_TIME)
def _date_time(text: str) -> time_.AnyDateTime | None:
    found = _or_null(time_.parse_date_time, text)
    if found is not None:
        return found
    day = _or_null(time_.parse_date, text)
    return None if day is None else time_.make_date_time(day, time_.Time(0, 0, 0))


@_function("date and time", {"date": DATE, "time": TIME}, _joined)
@_function("date and time", {"date": DATE_TIME, "time": TIME}, _joined)
def _join(day: Any, clock: time_.Time) -> time_.AnyDateTime:
    return time_.make_date_time(time_.date_of(day), clock)


@_function("date and time", {"from": DATE_TIME}, _same)
def _same_moment(value: time_.AnyDateTime) -> time_.AnyDateTime:
    return value


@_function("duration", {"from": STRING}, ANY)
def _duration(text: str) -> time_.AnyDuration | Months | None:
    return _or_null(time_.parse_duration, text)


@_function("duration", {"from": DAYS_TIME_DURATION}, DAYS_TIME_DURATION)
@_function("duration", {"from": YEARS_MONTHS_DURATION}, YEARS_MONTHS_DURATION)
def _same_duration(value: time_.AnyDuration | Months) -> time_.AnyDuration | Months:
    return value


def _on_dates(name: str, parameters: tuple[str, ...], result: Type) -> Callable[..., Any]:
    """Enter a function that takes dates, or dates and times, in any mixture."""

    def enter(implementation: Callable[..., Any]) -> Callable[..., Any]:
        _function(name, dict.fromkeys(parameters, DATE), result)(implementation)
        _function(name, dict.fromkeys(parameters, DATE_TIME), result)(implementation)
        return implementation

    return enter


@_on_dates("years and months duration", ("from", "to"), YEARS_MONTHS_DURATION)
def _months_between(start: Any, end: Any) -> Months:
    return months_between(start, end)


@_on_dates("day of week", ("date",), EnumType(DAYS))
def _day_of_week(value: Any) -> str:
    return DAYS[weekday(value) - 1]


@_on_dates("month of year", ("date",), EnumType(MONTHS))
def _month_of_year(value: Any) -> str:
    return MONTHS[time_.date_of(value).month - 1]


@_on_dates("day of year", ("date",), NUMBER)
def _day_of_year(value: Any) -> Decimal:
    return Decimal(_day_number(time_.date_of(value)))


@_on_dates("week of year", ("date",), NUMBER)
def _week_of_year(value: Any) -> Decimal:
    """Number the week as ISO 8601 does: week 1 has the year's first Thursday."""
    day = time_.date_of(value)
    thursday = time_.from_ordinal(time_.ordinal(day) + 4 - weekday(day))
    return Decimal((_day_number(thursday) - 1) // 7 + 1)


def _day_number(day: time_.AnyDate) -> int:
    return time_.ordinal(day) - time_.ordinal(time_.make_date(day.year, 1, 1)) + 1


def _is_whole(number: Decimal) -> bool:
    return number == number.to_integral_value()

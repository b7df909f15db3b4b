"""Arithmetic with dates, times and durations; TemporalError or OverflowError beyond the range."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from pmo_engine.model.durations import Months
from pmo_engine.policy.feel.limits import MAX_ITEMS, EvaluationLimit
from pmo_engine.policy.feel.numbers import CONTEXT
from pmo_engine.policy.feel.temporal import (
    DAY,
    AnyDate,
    AnyDateTime,
    Time,
    WideDateTime,
    date_of,
    days_in,
    from_midnight,
    from_ordinal,
    make_date,
    make_date_time,
    offset_of,
    ordinal,
    since_midnight,
    time_of,
)

_MICROSECOND = timedelta(microseconds=1)

def moment(value: AnyDate | AnyDateTime | Time) -> tuple[bool, int]:
    """Count nanoseconds, in UTC (true) where the value has an offset, as a date has; else local."""
    if isinstance(value, Time):
        days, clock, offset = 0, value, offset_of(value)
    else:
        days, clock = ordinal(date_of(value)), time_of(value)
        offset = timedelta() if is_date(value) else offset_of(cast("AnyDateTime", value))
    local = days * DAY + since_midnight(clock)
    return (False, local) if offset is None else (True, local - nanoseconds(offset))


def is_date(value: AnyDate | AnyDateTime) -> bool:
    """Tell a date from a date and time."""
    return not isinstance(value, datetime | WideDateTime)


def nanoseconds(duration: timedelta) -> int:
    """Count the nanoseconds of a duration."""
    return duration // _MICROSECOND * 1000


def duration(nanoseconds: int) -> timedelta:
    """Build a duration of so many nanoseconds, to the microsecond below."""
    return timedelta(microseconds=nanoseconds // 1000)


def elapsed(left: Any, right: Any) -> timedelta | None:
    """Give the time from right to left; ``None`` where only one has an offset from UTC."""
    later, earlier = moment(left), moment(right)
    return duration(later[1] - earlier[1]) if later[0] == earlier[0] else None


def move_date(day: AnyDate, by: timedelta) -> AnyDate:
    """Move a date; it begins at midnight, and the hours moved to are dropped."""
    return from_ordinal(ordinal(day) + by.days)


def move_time(clock: Time, by: timedelta) -> Time:
    """Move a time of day around the clock."""
    return from_midnight((since_midnight(clock) + nanoseconds(by)) % DAY, clock.zone)


def move_moment(value: AnyDateTime, by: timedelta) -> AnyDateTime:
    """Move a date and time as its own clock shows it."""
    clock = time_of(value)
    days, rest = divmod(since_midnight(clock) + nanoseconds(by), DAY)
    day = from_ordinal(ordinal(date_of(value)) + days)
    return make_date_time(day, from_midnight(rest, clock.zone))


def move_months(value: AnyDate | AnyDateTime, by: Months) -> AnyDate | AnyDateTime:
    """Move by months, to the last day of a shorter month."""
    day = date_of(value)
    year, month = divmod(12 * day.year + day.month - 1 + by.count, 12)
    moved = make_date(year, month + 1, min(day.day, days_in(year, month + 1)))
    return moved if is_date(value) else make_date_time(moved, time_of(value))


def scale(by: timedelta, factor: Decimal) -> timedelta:
    """Multiply a duration by a number, to the microsecond."""
    return int(CONTEXT.multiply(_microseconds(by), factor)) * _MICROSECOND


def divide(by: timedelta, divisor: Decimal) -> timedelta:
    """Divide a duration by a number, to the microsecond."""
    return int(CONTEXT.divide(_microseconds(by), divisor)) * _MICROSECOND


def ratio(left: timedelta, right: timedelta) -> Decimal:
    """Divide one duration by another."""
    return CONTEXT.divide(_microseconds(left), _microseconds(right))


def scale_months(by: Months, factor: Decimal) -> Months:
    """Multiply months by a number; parts of a month are dropped."""
    return Months(int(CONTEXT.multiply(Decimal(by.count), factor)))


def divide_months(by: Months, divisor: Decimal) -> Months:
    """Divide months by a number; parts of a month are dropped."""
    return Months(int(CONTEXT.divide(Decimal(by.count), divisor)))


def ratio_of_months(left: Months, right: Months) -> Decimal:
    """Divide months by months."""
    return CONTEXT.divide(Decimal(left.count), Decimal(right.count))


def months_between(start: AnyDate | AnyDateTime, end: AnyDate | AnyDateTime) -> Months:
    """Count the whole months from start to end, negative when end is before start."""
    first, last = (_place_in_month(each) for each in (start, end))
    months = last[0] - first[0]
    if months > 0 and last[1:] < first[1:]:
        months -= 1
    elif months < 0 and last[1:] > first[1:]:
        months += 1
    return Months(months)


def dates(low: AnyDate, high: AnyDate) -> list[AnyDate]:
    """List the days from one to the other, both included, up or down."""
    first, last = ordinal(low), ordinal(high)
    check_length(abs(last - first) + 1)
    step = 1 if first <= last else -1
    return [from_ordinal(each) for each in range(first, last + step, step)]


def check_length(count: int) -> None:
    """EvaluationLimit if a list of so many items is longer than one may be."""
    if count > MAX_ITEMS:
        raise EvaluationLimit(f"a result has more than {MAX_ITEMS:,} items")


def midnight(day: AnyDate) -> AnyDateTime:
    """Give the moment at which a date begins, in UTC."""
    return make_date_time(day, Time(0, 0, 0, 0, UTC))


def _microseconds(duration: timedelta) -> Decimal:
    return Decimal(duration // _MICROSECOND)


def _place_in_month(value: AnyDate | AnyDateTime) -> tuple[int, int, int]:
    day = date_of(value)
    return 12 * day.year + day.month, day.day, since_midnight(time_of(value))

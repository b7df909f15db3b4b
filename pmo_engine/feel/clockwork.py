"""Arithmetic with dates, times and durations; TemporalError or OverflowError beyond the range."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from pmo_engine.feel.limits import bounded_count
from pmo_engine.feel.numbers import CONTEXT
from pmo_engine.feel.temporal import (
    DAY,
    SECOND,
    AnyDate,
    AnyDateTime,
    AnyDuration,
    Time,
    WideDateTime,
    date_of,
    days_in,
    from_midnight,
    from_ordinal,
    make_date,
    make_date_time,
    make_duration,
    make_months,
    nanoseconds,
    offset_of,
    ordinal,
    since_midnight,
    time_of,
)
from pmo_engine.model.durations import Months


def moment(value: AnyDate | AnyDateTime | Time) -> tuple[bool, int]:
    """Count nanoseconds, in UTC (true) where the value has an offset, as a date has; else local."""
    if isinstance(value, Time):
        days, clock, offset = 0, value, offset_of(value)
    else:
        days, clock = ordinal(date_of(value)), time_of(value)
        offset = timedelta() if is_date(value) else offset_of(cast("AnyDateTime", value))
    local = days * DAY + since_midnight(clock)
    return (False, local) if offset is None else (True, local - nanoseconds(offset))


def seconds(value: AnyDate | AnyDateTime | Time) -> tuple[bool, int]:
    """Count whole seconds as ``moment`` counts nanoseconds: the standard's value of a moment."""
    utc, count = moment(value)
    return utc, count // SECOND


def is_date(value: AnyDate | AnyDateTime) -> bool:
    """Tell a date from a date and time."""
    return not isinstance(value, datetime | WideDateTime)


def add(left: AnyDuration, right: AnyDuration) -> AnyDuration:
    """Add durations."""
    return make_duration(nanoseconds(left) + nanoseconds(right))


def subtract(left: AnyDuration, right: AnyDuration) -> AnyDuration:
    """Subtract a duration."""
    return make_duration(nanoseconds(left) - nanoseconds(right))


def elapsed(left: Any, right: Any) -> AnyDuration | None:
    """Give the time from right to left; ``None`` where only one has an offset from UTC."""
    later, earlier = moment(left), moment(right)
    return make_duration(later[1] - earlier[1]) if later[0] == earlier[0] else None


def move_date(day: AnyDate, by: AnyDuration) -> AnyDate:
    """Move a date; it begins at midnight, and the hours moved to are dropped."""
    return from_ordinal(ordinal(day) + nanoseconds(by) // DAY)


def move_time(clock: Time, by: AnyDuration) -> Time:
    """Move a time of day around the clock."""
    return from_midnight((since_midnight(clock) + nanoseconds(by)) % DAY, clock.zone)


def move_moment(value: AnyDateTime, by: AnyDuration) -> AnyDateTime:
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


def scale(by: AnyDuration, factor: Decimal) -> AnyDuration:
    """Multiply a duration by a number, to the nanosecond."""
    return make_duration(int(CONTEXT.multiply(Decimal(nanoseconds(by)), factor)))


def divide(by: AnyDuration, divisor: Decimal) -> AnyDuration:
    """Divide a duration by a number, to the nanosecond."""
    return make_duration(int(CONTEXT.divide(Decimal(nanoseconds(by)), divisor)))


def ratio(left: AnyDuration, right: AnyDuration) -> Decimal:
    """Divide one duration by another."""
    return CONTEXT.divide(Decimal(nanoseconds(left)), Decimal(nanoseconds(right)))


def scale_months(by: Months, factor: Decimal) -> Months:
    """Multiply months by a number; parts of a month are dropped."""
    return make_months(int(CONTEXT.multiply(Decimal(by.count), factor)))


def divide_months(by: Months, divisor: Decimal) -> Months:
    """Divide months by a number; parts of a month are dropped."""
    return make_months(int(CONTEXT.divide(Decimal(by.count), divisor)))


def add_months(left: Months, right: Months) -> Months:
    """Add durations."""
    return make_months(left.count + right.count)


def subtract_months(left: Months, right: Months) -> Months:
    """Subtract a duration."""
    return make_months(left.count - right.count)


def ratio_of_months(left: Months, right: Months) -> Decimal:
    """Divide months by months."""
    return CONTEXT.divide(Decimal(left.count), Decimal(right.count))


def months_between(start: AnyDate | AnyDateTime, end: AnyDate | AnyDateTime) -> Months:
    """Count the whole months from one date to another, negative when end is before start."""
    first, last = (_place_in_month(each) for each in (start, end))
    months = last[0] - first[0]
    if months > 0 and last[1] < first[1]:
        months -= 1
    elif months < 0 and last[1] > first[1]:
        months += 1
    return Months(months)


def dates(low: AnyDate, high: AnyDate) -> list[AnyDate]:
    """List the days from one to the other, both included, up or down."""
    first, last = ordinal(low), ordinal(high)
    bounded_count(abs(last - first) + 1)
    step = 1 if first <= last else -1
    return [from_ordinal(each) for each in range(first, last + step, step)]


def midnight(day: AnyDate) -> AnyDateTime:
    """Give the moment at which a date begins, in UTC."""
    return make_date_time(day, Time(0, 0, 0, 0, UTC))


def _place_in_month(value: AnyDate | AnyDateTime) -> tuple[int, int]:
    day = date_of(value)
    return 12 * day.year + day.month, day.day

"""Arithmetic with dates, times and durations; TemporalError or OverflowError beyond the range."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast
from zoneinfo import ZoneInfo

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
    on_the_clock,
    ordinal,
    since_midnight,
    time_of,
    zone_name,
    zone_of,
)
from pmo_engine.model.durations import HourDuration, Months, days_by_clock


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


def in_seconds(left: Any, right: Any) -> tuple[int, int] | None:
    """Count whole seconds of two values on one line; ``None`` where only one has an offset."""
    (utc, first), (other_utc, second) = map(seconds, on_one_day(left, right))
    return (first, second) if utc == other_utc else None


def on_one_day(left: Any, right: Any) -> tuple[Any, Any]:
    """Give two times of day the offsets of one day; those of one zone are as its clocks show them.

    Whatever else is given back as it is.
    """
    if not (isinstance(left, Time) and isinstance(right, Time)):
        return left, right
    name = zone_name(left.zone)
    if name is not None and name == zone_name(right.zone):
        return replace(left, zone=None), replace(right, zone=None)
    left_day, right_day = left.day or right.day, right.day or left.day
    return replace(left, day=left_day), replace(right, day=right_day)


def is_date(value: AnyDate | AnyDateTime) -> bool:
    """Tell a date from a date and time."""
    return not isinstance(value, datetime | WideDateTime)


def add(left: AnyDuration, right: AnyDuration) -> AnyDuration:
    """Add durations."""
    days = by_clock(left) + by_clock(right)
    return with_days(make_duration(nanoseconds(left) + nanoseconds(right)), days)


def subtract(left: AnyDuration, right: AnyDuration) -> AnyDuration:
    """Subtract a duration."""
    days = by_clock(left) - by_clock(right)
    return with_days(make_duration(nanoseconds(left) - nanoseconds(right)), days)


def by_clock(length: AnyDuration) -> int:
    """Count the days of a duration that go by the clock."""
    if isinstance(length, timedelta):
        return days_by_clock(length)
    days = abs(length.nanoseconds) // DAY
    return -days if length.nanoseconds < 0 else days


def with_days(length: AnyDuration, days: int) -> AnyDuration:
    """Let so many days of a duration go by the clock, the others pass as hours do."""
    return HourDuration.of(length, days) if isinstance(length, timedelta) else length


def elapsed(left: Any, right: Any) -> AnyDuration | None:
    """Give the time from right to left; ``None`` where only one has an offset from UTC."""
    later, earlier = map(moment, on_one_day(left, right))
    if later[0] != earlier[0]:
        return None
    length = make_duration(later[1] - earlier[1])
    counted = not later[0] or (is_date(left) and is_date(right))
    return length if counted else with_days(length, 0)


def move_date(day: AnyDate, by: AnyDuration) -> AnyDate:
    """Move a date; it begins at midnight, and the hours moved to are dropped."""
    return from_ordinal(ordinal(day) + nanoseconds(by) // DAY)


def move_time(clock: Time, by: AnyDuration) -> Time:
    """Move a time of day around the clock."""
    moved = from_midnight((since_midnight(clock) + nanoseconds(by)) % DAY, clock.zone)
    return replace(moved, day=clock.day)


def move_moment(value: AnyDateTime, by: AnyDuration) -> AnyDateTime:
    """Move a date and time: days as its own clock shows them, hours as they pass."""
    days = by_clock(by)
    if days:
        value = on_the_clock(_by_the_clock(value, make_duration(days * DAY)))
    rest = make_duration(nanoseconds(by) - days * DAY)
    if isinstance(zone_of(value), ZoneInfo) and type(date_of(value)) is date:
        return _as_it_passes(value, rest)
    return _by_the_clock(value, rest)


def _as_it_passes(value: AnyDateTime, by: AnyDuration) -> AnyDateTime:
    """Move a moment of a named zone on the line of time."""
    zone, clock = zone_of(value), time_of(value)
    microseconds, nanosecond = divmod(clock.nanosecond % 1000 + nanoseconds(by), 1000)
    exact = replace(clock, nanosecond=clock.nanosecond // 1000 * 1000)
    start = cast("datetime", make_date_time(date_of(value), exact))
    try:
        passed = start.astimezone(UTC) + timedelta(microseconds=microseconds)
        moved = passed.astimezone(zone)
    except OverflowError:  # beyond the years that zones are known for
        return _by_the_clock(value, by)
    shown = time_of(moved)
    exact = replace(shown, nanosecond=shown.nanosecond + nanosecond)
    return make_date_time(moved.date(), exact) if nanosecond else moved


def _by_the_clock(value: AnyDateTime, by: AnyDuration) -> AnyDateTime:
    clock = time_of(value)
    days, rest = divmod(since_midnight(clock) + nanoseconds(by), DAY)
    day = from_ordinal(ordinal(date_of(value)) + days)
    return make_date_time(day, from_midnight(rest, clock.zone))


def move_months(value: AnyDate | AnyDateTime, by: Months) -> AnyDate | AnyDateTime:
    """Move by months, to the last day of a shorter month."""
    day = date_of(value)
    year, month = divmod(12 * day.year + day.month - 1 + by.count, 12)
    moved = make_date(year, month + 1, min(day.day, days_in(year, month + 1)))
    if is_date(value):
        return moved
    return on_the_clock(make_date_time(moved, time_of(cast("AnyDateTime", value))))


def scale(by: AnyDuration, factor: Decimal) -> AnyDuration:
    """Multiply a duration by a number, to the nanosecond."""
    length = make_duration(int(CONTEXT.multiply(Decimal(nanoseconds(by)), factor)))
    days = CONTEXT.multiply(Decimal(by_clock(by)), factor)
    return with_days(length, int(days))


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

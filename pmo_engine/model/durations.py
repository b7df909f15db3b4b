"""Durations: years and months, days and time (ISO 8601), spans of working time, shares."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Literal, Self, TypeVar, get_args

from pmo_engine.model.frozen import dataclass
from pmo_engine.model.hints.values import Misread, share_meant, span_meant
from pmo_engine.model.patterns import pattern

Unit = Literal["working_day", "working_hour", "minute", "hour", "day", "week", "month", "year"]
Day = TypeVar("Day", date, datetime)

_N = "([0-9]{1,12})"
_YEARS_MONTHS = pattern(rf"(-)?P(?=[0-9])(?:{_N}Y)?(?:{_N}M)?")
_DAYS_TIME = pattern(
    rf"(-)?P(?=[0-9T])(?:{_N}D)?"
    rf"(?:T(?=[0-9])(?:{_N}H)?(?:{_N}M)?(?:{_N}(?:\.([0-9]{{1,6}}))?S)?)?"
)
_SPAN = pattern(r"([0-9]{1,7}(?:\.[0-9]{1,6})?) (working )?([a-z]+?)s?")
_SHARE = pattern(r"([0-9]{1,6}(?:\.[0-9]{1,6})?) ?%")
_SHOWN = 40
_DAY = timedelta(days=1)

_FRACTIONAL = {"working_hour", "minute", "hour"}
# About a century of each, so that every deadline exists.
_MOST = {
    "working_day": 25_000,
    "working_hour": 200_000,
    "minute": 52_000_000,
    "hour": 870_000,
    "day": 36_500,
    "week": 5_200,
    "month": 1_200,
    "year": 100,
}


# Roughly how many hours pass, to tell the shorter of two times allowed without a date at hand.
HOURS: Mapping[Unit, Fraction] = {
    "minute": Fraction(1, 60),
    "hour": Fraction(1),
    "working_hour": Fraction(24 * 7, 5 * 8),
    "day": Fraction(24),
    "working_day": Fraction(24 * 7, 5),
    "week": Fraction(24 * 7),
    "month": Fraction(24 * 365, 12),
    "year": Fraction(24 * 365),
}


class DurationError(Misread):
    """A text that is not a duration, a span or a share."""


@dataclass(frozen=True, slots=True, order=True)
class Months:
    """A years-and-months duration (FEEL, XML Schema yearMonthDuration) as signed months."""

    count: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "P1Y2M", "P14M", "-P1Y"."""
        found = _YEARS_MONTHS.fullmatch(text)
        if found is None:
            raise DurationError(
                f"{text[:_SHOWN]!r} is not a duration in years and months, as in P1Y2M"
            )
        sign, years, months = found.groups()
        count = 12 * int(years or 0) + int(months or 0)
        return cls(-count if sign else count)

    def __str__(self) -> str:
        """Print "P1Y2M", and "P0M" for nothing."""
        years, months = divmod(abs(self.count), 12)
        text = f"{years}Y" * bool(years) + f"{months}M" * bool(months)
        return f"{'-' if self.count < 0 else ''}P{text or '0M'}"

    def __add__(self, other: Months) -> Months:
        if not isinstance(other, Months):
            return NotImplemented
        return Months(self.count + other.count)

    def __sub__(self, other: Months) -> Months:
        if not isinstance(other, Months):
            return NotImplemented
        return Months(self.count - other.count)

    def __neg__(self) -> Months:
        return Months(-self.count)

    def __abs__(self) -> Months:
        return Months(abs(self.count))


class HourDuration(timedelta):
    """A duration some of whose days pass as hours do, when a clock is put forward or back.

    Those of any other go by the clock. Durations of one length are equal, whichever they are:
    only moving a moment tells them apart.
    """

    __slots__ = ("by_clock",)
    by_clock: int

    @classmethod
    def of(cls, length: timedelta, by_clock: int) -> timedelta:
        """Make one of a length, of which so many days go by the clock; a plain one if all do."""
        if by_clock == days_by_clock(+length):
            return timedelta(length.days, length.seconds, length.microseconds)
        made = cls(length.days, length.seconds, length.microseconds)
        made.by_clock = by_clock
        return made

    def __neg__(self) -> timedelta:
        return self.of(super().__neg__(), -self.by_clock)

    def __abs__(self) -> timedelta:
        return -self if self < timedelta() else self

    def __repr__(self) -> str:
        return f"{super().__repr__()} with {self.by_clock} by the clock"

    def __reduce__(self) -> tuple[object, ...]:
        return self.of, (+self, self.by_clock)


def days_by_clock(duration: timedelta) -> int:
    """Count the days of a duration that go by the clock."""
    if isinstance(duration, HourDuration):
        return duration.by_clock
    return duration.days + (duration.days < 0 and duration != duration.days * _DAY)


def days_before(day: date, span: Span) -> date:
    """Give the day so many days, weeks, months or years before another.

    Raises DurationError for a span of hours or of working time, which has no day.
    """
    number = int(span.amount)
    match span.unit:
        case "day" | "week":
            return day - timedelta(days=number * (7 if span.unit == "week" else 1))
        case "month" | "year":
            return add_months(day, -number * (12 if span.unit == "year" else 1))
        case _:
            raise DurationError(f"'{span}' before a day is no day; count days, weeks or months")


def add_months(day: Day, months: int) -> Day:
    """Move a date or datetime by months, to the last day of a shorter month (31 Jan + 1 = 28 Feb).

    Raises ValueError outside the years 1 to 9999.
    """
    year, month = divmod(12 * day.year + day.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1] if 1 <= year <= date.max.year else day.day
    return day.replace(year=year, month=month + 1, day=min(day.day, last))


def parse_days_time(text: str) -> timedelta:
    """Read "P1DT2H", "PT0.5S", "-P3D"; to the microsecond, 24 hours being a day."""
    found = _DAYS_TIME.fullmatch(text)
    if found is None:
        raise DurationError(f"{text[:_SHOWN]!r} is not a duration in days and time, as in P1DT2H")
    sign, *numbers, fraction = found.groups()
    days, hours, minutes, seconds = (int(number or 0) for number in numbers)
    micros = int((fraction or "").ljust(6, "0"))
    try:
        value = timedelta(days, seconds, micros, hours=hours, minutes=minutes)
    except OverflowError:
        raise DurationError(
            f"{text[:_SHOWN]!r} is too long: at most {timedelta.max.days} days"
        ) from None
    return -value if sign else value


def format_days_time(value: timedelta) -> str:
    """Print a duration as "P1DT2H3M4.5S", and "PT0S" for nothing."""
    size = abs(value)
    minutes, seconds = divmod(size.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{size.microseconds:06}".rstrip("0") if size.microseconds else ""
    time = f"{hours}H" * bool(hours) + f"{minutes}M" * bool(minutes)
    time += f"{seconds}{fraction}S" * bool(seconds or fraction)
    text = f"{size.days}D" * bool(size.days) + f"T{time}" * bool(time)
    return f"{'-' if value < timedelta() else ''}P{text or 'T0S'}"


def parse_iso_duration(text: str) -> Months | timedelta:
    """Read either kind of ISO 8601 duration; the two are never mixed, as months differ in days."""
    if _YEARS_MONTHS.fullmatch(text):
        return Months.parse(text)
    if _DAYS_TIME.fullmatch(text):
        return parse_days_time(text)
    raise DurationError(
        f"{text[:_SHOWN]!r} is not a duration: write years and months (P1Y2M) "
        "or days and time (P1DT2H), not both"
    )


@dataclass(frozen=True, slots=True)
class Span:
    """A time allowed, as "3 working days"; what moment it ends at is the calendar's to say."""

    amount: int | Decimal
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount != int(self.amount) and self.unit not in _FRACTIONAL:
            raise DurationError(f"'{self}': only minutes and hours can have a fraction")
        if not 0 <= self.amount <= _MOST[self.unit]:
            raise DurationError(f"'{self}' is out of range: 0 to {_MOST[self.unit]}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "3 working days", "1 working day", "4 working hours", "2 hours", "5 days"."""
        found = _SPAN.fullmatch(text)
        units: dict[str, Unit] = {unit: unit for unit in get_args(Unit)}
        unit = units.get(f"{'working_' if found[2] else ''}{found[3]}") if found else None
        if found is None or unit is None:
            known = ", ".join(name.replace("_", " ") for name in units)
            wanted = f", as in '3 working days'; units: {known}"
            what = f"{text[:_SHOWN]!r} is not a length of time"
            raise DurationError(what, span_meant(text), wanted)
        amount = Decimal(found[1])
        return cls(int(amount) if amount == int(amount) else amount, unit)

    def __str__(self) -> str:
        """Print "3 working days"."""
        return f"{self.amount} {self.unit.replace('_', ' ')}{'' if self.amount == 1 else 's'}"


@dataclass(frozen=True, slots=True, order=True)
class Share:
    """A part of a whole, written in per cent; 50 % is the fraction 0.5."""

    fraction: Decimal

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "50 %" or "50%"."""
        found = _SHARE.fullmatch(text)
        if found is None:
            what = f"{text[:_SHOWN]!r} is not a percentage"
            meant = tuple(each for each in share_meant(text) if _SHARE.fullmatch(each))
            raise DurationError(what, meant, ", as in '50 %'")
        return cls(Decimal(found[1]) / 100)

    def __str__(self) -> str:
        """Print "50 %"."""
        text = f"{self.fraction * 100:f}"
        return f"{text.rstrip('0').rstrip('.') if '.' in text else text} %"

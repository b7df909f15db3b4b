"""Dates, times, dates and times, and durations: as values, from text and back to text.

What Python's ``date`` and ``datetime`` can hold exactly is held by them; years before 1 or after
9999 and parts of a microsecond, which the standard has, are held by ``WideDate`` and
``WideDateTime``, long or very exact durations by ``WideDuration``. ``make_date``,
``make_date_time`` and ``make_duration`` choose.
"""

from __future__ import annotations

import re
from calendar import isleap
from dataclasses import field
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pmo_engine.model.durations import DurationError, HourDuration, Months
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.moments import first_moment
from pmo_engine.model.patterns import pattern

MAX_YEAR = 999_999_999
MAX_OFFSET = timedelta(hours=18)
SECOND = 1_000_000_000
DAY = 86_400 * SECOND
_FEBRUARY = 2
_DAYS_IN_MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
MAX_DURATION = 2 * MAX_YEAR * 366 * DAY
MAX_MONTHS = 2 * MAX_YEAR * 12
_MICROSECOND = timedelta(microseconds=1)
_MAX_TIMEDELTA = (timedelta.max - timedelta(days=1)) // _MICROSECOND * 1000
_ERA_YEARS, _ERA_DAYS = 400, 146_097
_ANY_DAY = datetime(2000, 1, 1)  # noqa: DTZ001 - a zone is put in

_DATE = r"(-?(?:\d{4}|[1-9]\d{4,8}))-(\d\d)-(\d\d)"
_ZONE = r"Z|[+-]\d\d:[0-5]\d(?::[0-5]\d)?|@[A-Za-z][\w+-]*(?:/[\w+-]+)*"
_TIME = rf"(\d\d):(\d\d):(\d\d)(?:\.(\d{{1,9}}))?({_ZONE})?"
_DURATION = (
    r"(-?)P(?=[\dT])(?:(\d{1,18})D)?"
    r"(?:T(?=\d)(?:(\d{1,18})H)?(?:(\d{1,18})M)?(?:(\d{1,18})(?:\.(\d{0,9}))?S)?)?"
)
_DURATION_TEXT = pattern(_DURATION, re.ASCII)
_DATE_TEXT = pattern(_DATE, re.ASCII)
_TIME_TEXT = pattern(_TIME, re.ASCII)
_DATE_TIME_TEXT = pattern(f"{_DATE}T{_TIME}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day, to the nanosecond, perhaps with an offset or a zone.

    ``day`` is that of the moment from which it was taken, on which a named zone has its offset;
    ``fold`` is 1 where the clocks show the time for the second time on that day.
    """

    hour: int
    minute: int
    second: int
    nanosecond: int = 0
    zone: tzinfo | None = None
    day: AnyDate | None = field(default=None, compare=False)
    fold: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, order=True)
class WideDate:
    """A date of the proleptic Gregorian calendar in a year that ``date`` cannot hold."""

    year: int
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class WideDateTime:
    """A date and time that ``datetime`` cannot hold exactly."""

    date: AnyDate
    time: Time


@dataclass(frozen=True, slots=True)
class WideDuration:
    """A days-and-time duration that ``timedelta`` cannot hold exactly."""

    nanoseconds: int

    def __neg__(self) -> AnyDuration:
        return make_duration(-self.nanoseconds)

    def __abs__(self) -> AnyDuration:
        return make_duration(abs(self.nanoseconds))


AnyDate: TypeAlias = date | WideDate
AnyDateTime: TypeAlias = datetime | WideDateTime
AnyDuration: TypeAlias = timedelta | WideDuration
Temporal: TypeAlias = AnyDate | Time | AnyDateTime | AnyDuration | Months


class TemporalError(ValueError):
    """A text or numbers that are no date, time or duration."""


def make_date(year: int, month: int, day: int) -> AnyDate:
    """Build a date; TemporalError where the calendar has none."""
    if not (1 <= month <= 12 and 1 <= day <= days_in(year, month) and abs(year) <= MAX_YEAR):  # noqa: PLR2004
        raise TemporalError(f"{year}-{month:02}-{day:02} is not a date")
    return date(year, month, day) if 1 <= year <= date.max.year else WideDate(year, month, day)


def days_in(year: int, month: int) -> int:
    """Count the days of a month."""
    leap = month == _FEBRUARY and isleap(year)
    return 29 if leap else _DAYS_IN_MONTHS[month - 1]


def make_time(
    hour: int, minute: int, second: int, nanosecond: int = 0, zone: tzinfo | None = None
) -> Time:
    """Build a time of day; TemporalError where the clock has none."""
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60):  # noqa: PLR2004
        raise TemporalError(f"{hour:02}:{minute:02}:{second:02} is not a time of day")
    return Time(hour, minute, second, nanosecond, zone)


def make_date_time(day: AnyDate, clock: Time) -> AnyDateTime:
    """Join a date and a time of day."""
    microsecond, rest = divmod(clock.nanosecond, 1000)
    if rest or isinstance(day, WideDate):
        return WideDateTime(day, clock)
    fold = clock.fold if clock.day == day else 0
    parts = time(clock.hour, clock.minute, clock.second, microsecond, clock.zone, fold=fold)
    return datetime.combine(day, parts)


def on_the_clock(value: AnyDateTime) -> AnyDateTime:
    """Give the first moment at which the clocks show a time or later, where they skip it."""
    if isinstance(value, datetime) and isinstance(value.tzinfo, ZoneInfo):
        shown = value.replace(tzinfo=None, fold=0)
        if (value.astimezone(UTC).astimezone(value.tzinfo)).replace(tzinfo=None, fold=0) != shown:
            return first_moment(shown, value.tzinfo).astimezone(value.tzinfo)
    return value


def make_duration(nanoseconds: int) -> AnyDuration:
    """Build a days-and-time duration; TemporalError beyond a thousand million years."""
    if abs(nanoseconds) > MAX_DURATION:
        raise TemporalError("a duration longer than the calendar")
    microseconds, rest = divmod(nanoseconds, 1000)
    if rest or abs(nanoseconds) > _MAX_TIMEDELTA:
        return WideDuration(nanoseconds)
    return timedelta(microseconds=microseconds)


def make_months(count: int) -> Months:
    """Build a years-and-months duration; TemporalError beyond the calendar."""
    if abs(count) > MAX_MONTHS:
        raise TemporalError("a duration longer than the calendar")
    return Months(count)


def nanoseconds(duration: AnyDuration) -> int:
    """Count the nanoseconds of a duration."""
    if isinstance(duration, WideDuration):
        return duration.nanoseconds
    return duration // _MICROSECOND * 1000


def offset_zone(offset: timedelta) -> tzinfo:
    """Build the zone of a fixed offset; TemporalError beyond 18 hours."""
    if abs(offset) > MAX_OFFSET:
        raise TemporalError(f"{offset} is more than any offset from UTC")
    return timezone(offset) if offset else UTC


def date_of(value: AnyDate | AnyDateTime) -> AnyDate:
    """Give the date of a date or of a date and time."""
    if isinstance(value, WideDateTime):
        return value.date
    return value.date() if isinstance(value, datetime) else value


def time_of(value: AnyDate | AnyDateTime) -> Time:
    """Give the time of day; a date begins at midnight UTC."""
    if isinstance(value, WideDateTime):
        return value.time
    if isinstance(value, datetime):
        nanosecond, day = value.microsecond * 1000, value.date()
        clock = (value.hour, value.minute, value.second, nanosecond, value.tzinfo)
        return Time(*clock, day, value.fold)
    return Time(0, 0, 0, 0, UTC)


def ordinal(day: AnyDate) -> int:
    """Count days, 1 being 0001-01-01, over the whole range of years."""
    eras, year = divmod(day.year - 1, _ERA_YEARS)
    return eras * _ERA_DAYS + date(year + 1, day.month, day.day).toordinal()


def from_ordinal(days: int) -> AnyDate:
    """Give the date of a count of days; TemporalError beyond the years that the standard has."""
    eras, rest = divmod(days - 1, _ERA_DAYS)
    day = date.fromordinal(rest + 1)
    return make_date(day.year + eras * _ERA_YEARS, day.month, day.day)


def since_midnight(clock: Time) -> int:
    """Count the nanoseconds of a day until a time of day."""
    return ((clock.hour * 60 + clock.minute) * 60 + clock.second) * SECOND + clock.nanosecond


def from_midnight(nanoseconds: int, zone: tzinfo | None) -> Time:
    """Give the time of day so many nanoseconds after midnight, within one day."""
    seconds, nanosecond = divmod(nanoseconds, SECOND)
    minutes, second = divmod(seconds, 60)
    return Time(minutes // 60, minutes % 60, second, nanosecond, zone)


def offset_of(value: Time | AnyDateTime) -> timedelta | None:
    """Give the offset from UTC, ``None`` for local time; a named zone's on the day in question.

    A time of day that no day is known of has its zone's standard time.
    """
    if isinstance(value, datetime):
        return value.utcoffset()
    clock = value.time if isinstance(value, WideDateTime) else value
    day = value.date if isinstance(value, WideDateTime) else value.day
    if clock.zone is None:
        return None
    if day is None:
        winter = _ANY_DAY.replace(tzinfo=clock.zone)
        return (winter.utcoffset() or timedelta()) - (winter.dst() or timedelta())
    year = min(max(day.year, 2), date.max.year - 1)
    on = day.day if year == day.year else min(day.day, 28)
    near = datetime(year, day.month, on, clock.hour, clock.minute, tzinfo=clock.zone)
    return near.replace(fold=clock.fold).utcoffset()


def zone_of(value: Time | AnyDateTime) -> tzinfo | None:
    """Give the zone or offset."""
    if isinstance(value, datetime):
        return value.tzinfo
    return value.time.zone if isinstance(value, WideDateTime) else value.zone


def parse_date(text: str) -> AnyDate:
    """Read ``2026-03-02``; TemporalError otherwise."""
    found = _DATE_TEXT.fullmatch(text)
    if found is None:
        raise TemporalError(_not(text, "a date, as in 2026-03-02"))
    year, month, day = (int(part) for part in found.groups())
    return make_date(year, month, day)


def parse_time(text: str) -> Time:
    """Read ``09:30:00``, with ``Z``, an offset or ``@Europe/London`` after it or none."""
    found = _TIME_TEXT.fullmatch(text)
    if found is None:
        raise TemporalError(_not(text, "a time, as in 09:30:00 or 09:30:00+01:00"))
    return _time(*found.groups())


def parse_date_time(text: str) -> AnyDateTime:
    """Read ``2026-03-02T09:30:00Z``; 24:00:00 is midnight of the next day."""
    found = _DATE_TIME_TEXT.fullmatch(text)
    if found is None:
        raise TemporalError(_not(text, "a date and time, as in 2026-03-02T09:30:00Z"))
    year, month, day, *clock = found.groups()
    on = make_date(int(year), int(month), int(day))
    if clock[:2] == ["24", "00"] and not int(clock[2] + (clock[3] or "")):
        return make_date_time(from_ordinal(ordinal(on) + 1), _time("00", *clock[1:]))
    return make_date_time(on, _time(*clock))


def parse_duration(text: str) -> AnyDuration | Months:
    """Read a duration of either kind; TemporalError otherwise."""
    found = _DURATION_TEXT.fullmatch(text)
    if found is None:
        return _months(text)
    sign, days, hours, minutes, seconds, part = found.groups(default="0")
    whole = ((int(days) * 24 + int(hours)) * 60 + int(minutes)) * 60 + int(seconds)
    size = whole * SECOND + int(part.ljust(9, "0"))
    value = make_duration(size)
    if isinstance(value, timedelta):
        value = HourDuration.of(value, int(days))
    return -value if sign == "-" else value


def parse_temporal(text: str) -> Temporal:
    """Read what ``@"..."`` may hold; TemporalError otherwise."""
    if text.lstrip("-").startswith("P"):
        return parse_duration(text)
    if "T" in text.partition("@")[0]:
        return parse_date_time(text)
    return parse_time(text) if text[2:3] == ":" else parse_date(text)


def format_temporal(value: Temporal) -> str:
    """Write a value as the standard's ``string()`` does."""
    match value:
        case timedelta() | WideDuration():
            return _format_duration(nanoseconds(value))
        case Months():
            return str(value)
        case Time():
            return _format_time(value)
        case datetime() | WideDateTime():
            return f"{_format_date(date_of(value))}T{_format_time(time_of(value))}"
        case _:
            return _format_date(value)


def zone_name(zone: tzinfo | None) -> str | None:
    """Give the name of a named zone (``Europe/London``), ``None`` for an offset or none."""
    return zone.key if isinstance(zone, ZoneInfo) else None


def _time(hour: str, minute: str, second: str, part: str | None, zone: str | None) -> Time:
    nanosecond = int((part or "").ljust(9, "0"))
    return make_time(int(hour), int(minute), int(second), nanosecond, _zone(zone))


@lru_cache(maxsize=256)
def _zone(text: str | None) -> tzinfo | None:
    if text is None or text == "Z":
        return UTC if text else None
    if text.startswith("@"):
        try:
            return ZoneInfo(text[1:])
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise TemporalError(f"unknown time zone {text[1:41]!r}") from None
    hours, minutes, *seconds = (int(part) for part in text[1:].split(":"))
    size = timedelta(hours=hours, minutes=minutes, seconds=sum(seconds))
    return offset_zone(-size if text[0] == "-" else size)


def _months(text: str) -> Months:
    try:
        return make_months(Months.parse(text).count)
    except DurationError:
        expected = "a duration: write years and months (P1Y2M) or days and time (P1DT2H), not both"
        raise TemporalError(_not(text, expected)) from None


def _format_duration(size: int) -> str:
    days, rest = divmod(abs(size), DAY)
    seconds, nanosecond = divmod(rest, SECOND)
    hours, minutes, second = seconds // 3600, seconds // 60 % 60, seconds % 60
    part = f".{nanosecond:09}".rstrip("0").rstrip(".")
    clock = f"{hours}H" * bool(hours) + f"{minutes}M" * bool(minutes)
    clock += f"{second}{part}S" * bool(second or part)
    text = f"{days}D" * bool(days) + f"T{clock}" * bool(clock)
    return f"{'-' if size < 0 else ''}P{text or 'T0S'}"


def _format_date(day: AnyDate) -> str:
    sign = "-" if day.year < 0 else ""
    return f"{sign}{abs(day.year):04}-{day.month:02}-{day.day:02}"


def _format_time(clock: Time) -> str:
    part = f".{clock.nanosecond:09}".rstrip("0").rstrip(".")
    text = f"{clock.hour:02}:{clock.minute:02}:{clock.second:02}{part}"
    return text + _format_zone(clock.zone)


def _format_zone(zone: tzinfo | None) -> str:
    if zone is None or isinstance(zone, ZoneInfo):
        return f"@{zone.key}" if zone else ""
    offset = zone.utcoffset(None)
    if not offset:
        return "Z"
    minutes, seconds = divmod(abs(int(offset.total_seconds())), 60)
    text = f"{minutes // 60:02}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
    return f"{'-' if offset < timedelta() else '+'}{text}"


def _not(text: str, expected: str) -> str:
    return f"{text[:40]!r} is not {expected}"

"""Working time: deadlines in the days and hours of the office concerned.

Moments are aware and answered in UTC; days and hours are the office's, in its own zone. What
counts is time that really passes: when the clocks change, no hour is lost or gained.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from pmo_engine.model.durations import Share, Span, add_months
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.hints.times import day_meant
from pmo_engine.model.moments import day_written, first_moment, is_shown, utc, wall_clock
from pmo_engine.model.working_time.day_rules import DayRule
from pmo_engine.model.working_time.hours import (
    MIDNIGHT,
    CalendarError,
    Hours,
    clip,
    parse_hours,
    parse_week,
)
from pmo_engine.model.working_time.public_holidays import (
    Country,
    KnownHolidays,
    YearsHolidays,
    public_holidays,
)
from pmo_engine.model.working_time.readings import day_rule_meant
from pmo_engine.model.working_time.working_year import NOTHING, WorkingYear

__all__ = ["ALWAYS", "YEARS", "CalendarError", "Closure", "WorkingCalendar"]

YEARS = range(1900, 2200)
"""The years that are reckoned with, so that every search ends."""

Closure = tuple[date, date]
"""First and last day of a closure."""

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)
_WEEK, _A_YEAR = 7, 366
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """When an office works.

    `hours` are those of Monday to Sunday; `holidays` a country and subdivision of the `holidays`
    library, with the days of weekends that it knows are worked in place of others if `in_lieu`;
    `half_days` replace a day's hours, holiday or not, `day_rules` those of days that are worked;
    `closures` outweigh everything. `known` are the public holidays of years that were found
    before: the library is slow to load.
    """

    id: str
    zone: str
    hours: tuple[Hours, ...]
    holidays: Country | None = None
    closures: tuple[Closure, ...] = ()
    half_days: tuple[tuple[date, Hours], ...] = ()
    day_rules: tuple[tuple[DayRule, Hours], ...] = ()
    in_lieu: bool = True
    known: KnownHolidays = field(default_factory=dict, repr=False, compare=False)
    _years: dict[int, WorkingYear] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        _check_zone(self.zone)
        if len(self.hours) != _WEEK or not any(self.hours):
            raise CalendarError(f"calendar {self.id!r} has no working day: give hours by weekday")
        for first, last in self.closures:
            if last < first:
                raise CalendarError(f"closure {first} to {last} ends before it begins")
            if (last - first).days >= _A_YEAR:
                raise CalendarError(f"closure {first} to {last} leaves no working day in a year")
        for day, _ in self.half_days:
            if self._closed(day):
                raise CalendarError(f"{day} is a half day and lies in a closure")

    @classmethod
    def of(
        cls,
        id: str,
        zone: str,
        hours: Mapping[str, str | Sequence[str]],
        holidays: Mapping[str, str | bool | None] | None = None,
        closures: Iterable[str | date | Mapping[str, str | date]] = (),
        half_days: Mapping[str | date, str | Sequence[str]] | None = None,
    ) -> WorkingCalendar:
        """Make one from plain data, as a policy file has it; CalendarError quotes what is wrong.

        `hours` {"mon-fri": "09:00-17:30"}, `holidays` {"country": "GB", "subdivision": "ENG"},
        `closures` ["2026-12-24", {"from": "2026-12-28", "to": "2026-12-31"}],
        `half_days` {"2026-12-23": "09:00-12:30", "12-24": "09:00-12:30", "last fri": ...}.
        """
        halves, rules = _half_days(half_days or {})
        country = dict(holidays or {})
        in_lieu = bool(country.pop("in_lieu", True))
        return cls(
            id,
            zone,
            parse_week(hours),
            _country(country) if holidays else None,
            tuple(sorted(_closure(each) for each in closures)),
            tuple(sorted(halves.items())),
            rules,
            in_lieu,
        )

    def check_holidays(self) -> None:
        """Raise CalendarError if the `holidays` library, loaded for it, has no such country."""
        if self.holidays is not None:
            public_holidays(*self.holidays, year=2000)

    def is_working_day(self, day: date) -> bool:
        """Whether the office works on a day, if only half of it."""
        day = self._local_day(day)
        return day in self._year(day.year).hours

    def working_days_between(self, start: date, end: date) -> int:
        """Count the working days after `start` up to and including `end`; negative if it is before.

        Moments (datetimes) count as their day in the office's zone.
        """
        first, last = self._local_day(start), self._local_day(end)
        if last < first:
            return -self.working_days_between(last, first)
        whole = sum(len(self._year(year).days) for year in range(first.year, last.year))
        return whole + self._year(last.year).days_by(last) - self._year(first.year).days_by(first)

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """Return the working time from one moment to another; negative if `end` is before."""
        start, end = utc(start), utc(end)
        if end < start:
            return -self.working_time_between(end, start)
        first, last = self._year_of(start), self._year_of(end)
        whole = sum((self._year(year).total for year in range(first, last)), NOTHING)
        return whole + self._year(last).time_by(end) - self._year(first).time_by(start)

    def add_working_days(self, moment: datetime, days: int) -> datetime:
        """Return the same local time so many working days later, or earlier if negative.

        A moment outside hours counts from the next opening. The result lies within the hours of
        its day: before they begin or in a break it is the next opening, after they end their end.
        """
        number, index, moment = self._opening(utc(moment))
        if not days:
            return moment
        start = self._year(number).day[index]
        end = self._working_day(start, days)
        passed = wall_clock(moment, self._zone) - datetime.combine(start, time())
        within = clip(self._year(end.year).hours[end], passed)
        return first_moment(datetime.combine(end, time()) + within, self._zone)

    def add_working_time(self, moment: datetime, by: timedelta) -> datetime:
        """Return the first moment when so much working time has passed since `moment`.

        For nothing it is the moment itself, or the next opening. CalendarError if negative.
        """
        if by < NOTHING:
            raise CalendarError(f"working time to add is negative: {by}")
        number, _, moment = self._opening(utc(moment))
        if not by:
            return moment
        worked = self._year(number).time_by(moment) + by
        while worked > self._year(number).total:
            worked -= self._year(number).total
            number += 1
        return self._year(number).moment_when(worked)

    def add_working_hours(self, moment: datetime, hours: Decimal | int) -> datetime:
        """Add working hours, as `add_working_time`."""
        return self.add_working_time(moment, _times(_HOUR, hours))

    def deadline(self, start: datetime, span: Span) -> datetime:
        """Return when a span that begins at `start` is over.

        Working days and hours as above; minutes and hours on the stopwatch; days, weeks, months
        and years to the same local time.
        """
        match span.unit:
            case "working_day":
                return self.add_working_days(start, int(span.amount))
            case "working_hour":
                return self.add_working_hours(start, span.amount)
            case "minute":
                return utc(start) + _times(_MINUTE, span.amount)
            case "hour":
                return utc(start) + _times(_HOUR, span.amount)
            case "day":
                return self._later(start, days=int(span.amount))
            case "week":
                return self._later(start, days=_WEEK * int(span.amount))
            case "month":
                return self._later(start, months=int(span.amount))
            case "year":
                return self._later(start, months=12 * int(span.amount))

    def moment_at_share(self, start: datetime, due: datetime, share: Share) -> datetime:
        """Return the first moment when a share of the working time from start to due has passed.

        Where there is no working time between, of the time. All of it is `due` itself.
        CalendarError for a share over 100 %, or a `due` before `start`.
        """
        start, due = utc(start), utc(due)
        if not 0 <= share.fraction <= 1 or due < start:
            raise CalendarError(f"no moment at {share} from {start} to {due}")
        if share.fraction == 1:
            return due
        allowed = self.working_time_between(start, due)
        if not allowed:
            return start + _times(due - start, share.fraction)
        return self.add_working_time(start, _times(allowed, share.fraction))

    @property
    def clocks(self) -> tzinfo:
        """Give the zone by which the office reads its clocks."""
        return UTC if self.zone == "UTC" else self._zone

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def _local_day(self, day: date) -> date:
        return wall_clock(utc(day), self._zone).date() if isinstance(day, datetime) else day

    def _later(self, start: datetime, *, months: int = 0, days: int = 0) -> datetime:
        start = utc(start)
        if not (months or days):
            return start
        wall = add_months(wall_clock(start, self._zone), months)
        return first_moment(wall + days * _DAY, self._zone)

    def _year_of(self, moment: datetime) -> int:
        """Return the local year of a moment, where midnight still belongs to what it ends."""
        if moment.year not in YEARS:
            raise _unreached(moment.year)
        return wall_clock(moment - timedelta.resolution, self._zone).year

    def _year(self, number: int) -> WorkingYear:
        year = self._years.get(number)
        if year is None:
            if number not in YEARS:
                raise _unreached(number)
            year = WorkingYear.of(number, self._hours_of(number), self._zone, self._eve(number))
            self._years[number] = year
        return year

    def _eve(self, number: int) -> Hours:
        """Give the hours of the day before a year, where any run over midnight."""
        replaced = (hours for _, hours in (*self.half_days, *self.day_rules))
        nights = any(closes > MIDNIGHT for each in (*self.hours, *replaced) for _, closes in each)
        if not nights or number - 1 not in YEARS:
            return ()
        return self._hours_of(number - 1).get(date(number - 1, 12, 31), ())

    def _hours_of(self, number: int) -> dict[date, Hours]:
        holidays = self._holidays(number)
        worked = self._worked(number)
        halves = dict(self.half_days)
        first, end = date(number, 1, 1), date(number + 1, 1, 1)
        found: dict[date, Hours] = {}
        for day in (first + passed * _DAY for passed in range((end - first).days)):
            usual = () if day in holidays else self.hours[day.weekday()]
            if day in worked and not usual:
                usual = next(filter(None, self.hours))
            hours = halves.get(day, self._by_rule(day, usual, holidays))
            if hours and not self._closed(day) and is_shown(day, self._zone):
                found[day] = hours
        return found

    def _holidays(self, number: int) -> frozenset[date]:
        """Give a year's public holidays, with that of the next day where one is before it."""
        if self.holidays is None:
            return frozenset()
        found = self._found(self.holidays, number).off
        if any(rule.before_holidays for rule, _ in self.day_rules) and number + 1 in YEARS:
            with suppress(CalendarError):  # the last year that is known
                found |= self._found(self.holidays, number + 1).off & {date(number + 1, 1, 1)}
        return found

    def _found(self, holidays: Country, number: int) -> YearsHolidays:
        return self.known.get(number) or public_holidays(*holidays, number)

    def _worked(self, number: int) -> frozenset[date]:
        """Give the days of weekends that are worked in place of others."""
        if self.holidays is None or not self.in_lieu:
            return frozenset()
        return self._found(self.holidays, number).worked

    def _by_rule(self, day: date, usual: Hours, holidays: frozenset[date]) -> Hours:
        """Give the hours of a day that is worked, by the first rule that names it."""
        if not usual:
            return usual
        named = (hours for rule, hours in self.day_rules if rule.holds(day, holidays))
        return next(named, usual)

    def _closed(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.closures)

    def _working_day(self, day: date, count: int) -> date:
        """Return the working day that lies `count` working days from a working day."""
        number = day.year
        index = self._year(number).days_by(day) - 1 + count
        while index < 0:
            number -= 1
            index += len(self._year(number).days)
        while index >= len(self._year(number).days):
            index -= len(self._year(number).days)
            number += 1
        return self._year(number).days[index]

    def _opening(self, moment: datetime) -> tuple[int, int, datetime]:
        """Return the year and interval of a moment, and it, or of the next opening, and that."""
        number = self._year_of(moment)
        index = self._year(number).opening(moment)
        while index == len(self._year(number).opens):
            number, index = number + 1, 0
        return number, index, max(moment, self._year(number).opens[index])


def _times(duration: timedelta, factor: Decimal | int) -> timedelta:
    top, bottom = factor.as_integer_ratio()
    return duration * top // bottom


def _unreached(year: int) -> CalendarError:
    return CalendarError(f"working time is reckoned from {YEARS[0]} to {YEARS[-1]}, not in {year}")


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ValueError, KeyError, OSError):
        near = get_close_matches(zone[:_SHOWN], sorted(available_timezones()), n=1)
        hint = f"did you mean {near[0]!r}?" if near else "write it as in Europe/London"
        raise CalendarError(f"unknown time zone {zone[:_SHOWN]!r}: {hint}") from None


def _day(value: str | date) -> date:
    if isinstance(value, date):
        return value
    try:
        return day_written(value)
    except ValueError:
        what = f"{value[:_SHOWN]!r} is not a date"
        raise CalendarError(what, day_meant(value), ", as in 2026-12-24") from None


def check_day(text: str) -> None:
    """Raise CalendarError for what is neither a date nor a rule for days of a year."""
    meant = day_meant(text) or day_rule_meant(text)
    rule = None if meant else DayRule.parse(text)
    if rule is None and meant != (text,):
        again = ", as in 2026-12-24, 12-24, last fri, fri in jul-aug or before holidays"
        raise CalendarError(f"{text[:_SHOWN]!r} is no day", meant, again)


def _half_days(
    written: Mapping[str | date, str | Sequence[str]],
) -> tuple[dict[date, Hours], tuple[tuple[DayRule, Hours], ...]]:
    """Take single days and rules apart."""
    days: dict[date, Hours] = {}
    rules: list[tuple[DayRule, Hours]] = []
    for day, value in written.items():
        rule = DayRule.parse(day) if isinstance(day, str) else None
        hours = parse_hours(value)
        if rule is None:
            days[_day(day)] = hours
        else:
            rules.append((rule, hours))
    return days, tuple(rules)


def _closure(value: str | date | Mapping[str, str | date]) -> Closure:
    if isinstance(value, str | date):
        return _day(value), _day(value)
    if set(value) != {"from", "to"}:
        raise CalendarError(f"a closure is a date or has from and to, not {sorted(value)}")
    return _day(value["from"]), _day(value["to"])


def _country(value: Mapping[str, Any]) -> tuple[str, str | None]:
    country = value.get("country")
    if country is None or set(value) - {"country", "subdivision"}:
        raise CalendarError(f"holidays have country and subdivision, not {sorted(value)}")
    return country, value.get("subdivision")


ALWAYS = WorkingCalendar("always", "UTC", (((0, MIDNIGHT),),) * _WEEK)
"""Open around the clock, every day, in UTC."""

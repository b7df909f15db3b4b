"""Binds when: the calendar of the office, each wrong part at its own place."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, available_timezones

from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding.context import Context, Findings, unique
from pmo_engine.model.hints.times import spans_of_hours_meant
from pmo_engine.model.working_time.calendar import (
    ALWAYS,
    CalendarError,
    WorkingCalendar,
    check_day,
)
from pmo_engine.model.working_time.hours import parse_week
from pmo_engine.model.working_time.readings import day_rule_meant, days_meant
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import Edit, closest, nearest
from pmo_engine.source.yaml_source import key_of, rewritings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pmo_engine.source.diagnostics import Mark
    from pmo_engine.source.yaml_source import Text

WEEK = {"mon-sun": "00:00-24:00"}


def calendars(context: Context) -> dict[str, WorkingCalendar]:
    """Bind all calendars, the policy's and those of offices."""
    made = [(d.id, _calendar(context.findings, d)) for d in context.reading.of(s.Calendar)]
    return unique(context.findings, made, "calendar")


def calendar(
    context: Context, found: Mapping[str, WorkingCalendar], header: s.PolicyHeader
) -> WorkingCalendar:
    """Bind the calendar that the policy names; without any, all time is working time."""
    name = header.calendar
    if name is None:
        if len(found) > 1:
            hint = f"add 'calendar:' with one of {', '.join(found)}"
            context.findings.add(header.mark, codes.MISSING_KEY, "missing key 'calendar'", hint)
        return next(iter(found.values()), ALWAYS)
    return found[name] if context.findings.known(name, found, codes.UNKNOWN, "calendar") else ALWAYS


def check_zone(findings: Findings, zone: Text) -> bool:
    """Check that a time zone is known."""
    try:
        ZoneInfo(str(zone))  # which is kept for all, with the name as it was given here
    except (ValueError, KeyError, OSError):
        near = _zones(zone)
        hint = nearest(zone, near) or "write it as in Europe/London"
        message, fixes = f"unknown zone '{zone[:60]}'", rewritings(zone, near)
        findings.add(zone.mark, codes.UNKNOWN, message, hint, fixes=fixes)
        return False
    return True


def _zones(name: str) -> tuple[str, ...]:
    """Give the zone that may be meant: by its city alone, or nearly as it is written."""
    city, known = name.replace(" ", "_").casefold(), sorted(available_timezones())
    named = [each for each in known if each.casefold().endswith(f"/{city}")]
    return tuple(named[:1]) or closest(name, known)


def _calendar(findings: Findings, document: s.Calendar) -> WorkingCalendar:
    """Bind a calendar; whatever is wrong is found by leaving everything else out."""
    before = len(findings.items)
    zone = str(document.zone) if check_zone(findings, document.zone) else "UTC"
    for day, hours in document.hours.items():
        if _weekdays(findings, document.hours, day):
            _check_hours(findings, day, hours, document.mark)
    for day, hours in document.half_days.items():
        if _is_day(findings, document.half_days, day) and not _is_list_in_one(findings, hours):
            _try(findings, hours, document.mark, half_days={day: hours})
    for closure in document.closures:
        _check_closure(findings, closure)
    holidays = _holidays(findings, document.holidays)
    if len(findings.items) > before:
        return ALWAYS
    made = _try(
        findings,
        None,
        document.mark,
        str(document.id),
        zone,
        hours=document.hours,
        holidays=holidays,
        closures=[_closure(closure) for closure in document.closures],
        half_days=dict(document.half_days.items()),
    )
    return made or ALWAYS


def _check_hours(findings: Findings, day: str, hours: Text | list[Text], mark: Mark) -> None:
    """Check the hours of a day, each span by itself before all of them together."""
    if _is_list_in_one(findings, hours):
        return
    spans = hours if isinstance(hours, list) else [hours]
    known = [_try(findings, each, mark, hours={day: each}) for each in spans]
    if None not in known and len(spans) > 1:
        _try(findings, spans[0], mark, hours={day: hours})


def _is_list_in_one(findings: Findings, hours: Text | list[Text]) -> bool:
    """Find several spans of hours that are written as one text."""
    spans = () if isinstance(hours, list) else spans_of_hours_meant(hours)
    if not spans or isinstance(hours, list):
        return False
    message = f"'{hours[:60]}' are several spans of hours in one text"
    hint = f"write a list: [{', '.join(spans)}]"
    findings.add(hours.mark, codes.WRONG_CALENDAR, message, hint, fixes=hours.as_list(spans))
    return True


def _check_closure(findings: Findings, closure: Text | s.ClosureEntry) -> None:
    days = [closure] if isinstance(closure, str) else [closure.from_, closure.to]
    if isinstance(closure, str) and (spans := days_meant(closure)):
        message = f"'{closure[:60]}' is not a date"
        fixes = [Edit(closure.mark, closure.end, each) for each in spans]
        findings.add(closure.mark, codes.WRONG_CALENDAR, message, f"write {spans[0]}", fixes=fixes)
        return
    if isinstance(closure, str) and (again := day_rule_meant(closure)):
        hint = f"of every year it is 'half_days: {{{again[0]}: []}}'"
        findings.add(closure.mark, codes.WRONG_CALENDAR, f"'{closure[:60]}' is not a date", hint)
        return
    known = [_try(findings, each, closure.mark, closures=[str(each)]) for each in days]
    if None not in known and len(days) > 1:
        _try(findings, None, closure.mark, closures=[_closure(closure)])


def _weekdays(findings: Findings, hours: Mapping[str, Any], key: str) -> bool:
    """Check the days that hours are for, at their own place."""
    try:
        parse_week({key: ()})
    except CalendarError as error:
        written = key_of(hours, key)
        findings.misread(written, written.mark, codes.WRONG_CALENDAR, error)
        return False
    return True


def _is_day(findings: Findings, half_days: Mapping[str, Any], key: str) -> bool:
    """Check a day with hours of its own, or a rule for such days, at its own place."""
    try:
        check_day(key)
    except CalendarError as error:
        written = key_of(half_days, key)
        findings.misread(written, written.mark, codes.WRONG_CALENDAR, error)
        return False
    return True


def _try(  # noqa: PLR0913 - the parts of a calendar, each by itself
    findings: Findings,
    written: object,
    mark: Mark,
    id: str = "",
    zone: str = "UTC",
    *,
    hours: Mapping[str, str | list[Text]] = WEEK,
    holidays: Mapping[str, str | bool | None] | None = None,
    closures: Iterable[str | dict[str, str]] = (),
    half_days: Mapping[str | date, str | list[Text]] | None = None,
) -> WorkingCalendar | None:
    try:
        made = WorkingCalendar.of(id, zone, hours, holidays, closures, half_days)
        made.check_holidays()
    except CalendarError as error:
        first = written[0] if isinstance(written, list) and written else written
        findings.misread(first, mark, codes.WRONG_CALENDAR, error)
        return None
    return made


def _holidays(findings: Findings, entry: s.Holidays | None) -> dict[str, str | bool | None] | None:
    if entry is None:
        return None
    country: dict[str, str | bool | None] = {
        "country": str(entry.country),
        "in_lieu": entry.in_lieu,
    }
    if (
        _try(findings, entry.country, entry.country.mark, holidays=country) is None
        or entry.subdivision is None
    ):
        return country
    whole = {**country, "subdivision": str(entry.subdivision)}
    _try(findings, None, entry.subdivision.mark, holidays=whole)
    return whole


def _closure(entry: Text | s.ClosureEntry) -> str | dict[str, str]:
    if isinstance(entry, s.ClosureEntry):
        return {"from": str(entry.from_), "to": str(entry.to)}
    return str(entry)

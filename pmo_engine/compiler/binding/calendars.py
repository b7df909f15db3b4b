"""Binds when: the calendar of the office, each wrong part at its own place."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, available_timezones

from pmo_engine.compiler import schema as s
from pmo_engine.compiler.binding.context import Context, Findings, unique
from pmo_engine.model.calendar import ALWAYS, CalendarError, WorkingCalendar
from pmo_engine.source import codes
from pmo_engine.source.diagnostics import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pmo_engine.source.diagnostics import Mark
    from pmo_engine.source.yaml_source import Text

WEEK = {"mon-sun": "00:00-24:00"}


def calendar(context: Context, header: s.PolicyHeader) -> WorkingCalendar:
    """Bind the calendar that the policy names; without any, all time is working time."""
    made = [(d.id, _calendar(context.findings, d)) for d in context.reading.of(s.Calendar)]
    found = unique(context.findings, made, "calendar")
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
        ZoneInfo(zone)
    except (ValueError, KeyError, OSError):
        hint = nearest(zone, available_timezones()) or "write it as in Europe/London"
        findings.add(zone.mark, codes.UNKNOWN, f"unknown zone '{zone[:60]}'", hint)
        return False
    return True


def _calendar(findings: Findings, document: s.Calendar) -> WorkingCalendar:
    """Bind a calendar; whatever is wrong is found by leaving everything else out."""
    before = len(findings.items)
    zone = str(document.zone) if check_zone(findings, document.zone) else "UTC"
    for day, hours in document.hours.items():
        _try(findings, _mark(hours, document.mark), hours={day: hours})
    for day, hours in document.half_days.items():
        _try(findings, _mark(hours, document.mark), half_days={day: hours})
    for closure in document.closures:
        _try(findings, closure.mark, closures=[_closure(closure)])
    holidays = _holidays(findings, document.holidays)
    if len(findings.items) > before:
        return ALWAYS
    made = _try(
        findings,
        document.mark,
        str(document.id),
        zone,
        hours=document.hours,
        holidays=holidays,
        closures=[_closure(closure) for closure in document.closures],
        half_days=dict(document.half_days.items()),
    )
    return made or ALWAYS


def _try(
    findings: Findings,
    mark: Mark,
    id: str = "",
    zone: str = "UTC",
    *,
    hours: Mapping[str, str | list[Text]] = WEEK,
    holidays: Mapping[str, str | None] | None = None,
    closures: Iterable[str | dict[str, str]] = (),
    half_days: Mapping[str | date, str | list[Text]] | None = None,
) -> WorkingCalendar | None:
    try:
        made = WorkingCalendar.of(id, zone, hours, holidays, closures, half_days)
        made.check_holidays()
    except CalendarError as error:
        findings.add(mark, codes.WRONG_CALENDAR, str(error))
        return None
    return made


def _holidays(findings: Findings, entry: s.Holidays | None) -> dict[str, str | None] | None:
    if entry is None:
        return None
    country: dict[str, str | None] = {"country": str(entry.country)}
    if _try(findings, entry.country.mark, holidays=country) is None or entry.subdivision is None:
        return country
    whole = {**country, "subdivision": str(entry.subdivision)}
    _try(findings, entry.subdivision.mark, holidays=whole)
    return whole


def _closure(entry: Text | s.ClosureEntry) -> str | dict[str, str]:
    if isinstance(entry, s.ClosureEntry):
        return {"from": str(entry.from_), "to": str(entry.to)}
    return str(entry)


def _mark(hours: Text | list[Text], fallback: Mark) -> Mark:
    first = hours[0] if isinstance(hours, list) and hours else hours
    return getattr(first, "mark", fallback)

"""Moments: aware, in UTC, and where an office's wall clock puts them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pmo_engine.model.patterns import pattern

_MINUTE = timedelta(minutes=1)
_DAY = pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ON_A_DAY = pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ].*)?")


def day_written(text: str) -> date:
    """Read a day as policies and expressions write it, ``2026-03-02``; else ValueError.

    What else is a day of ISO 8601 (``20260302``, which may be a number, ``2026-W10-1``) is none.
    """
    if not _DAY.fullmatch(text):
        raise ValueError(f"{text[:20]!r} is no day as in 2026-03-02")
    return date.fromisoformat(text)


def moment_written(text: str) -> datetime:
    """Read a moment, or the first one of a day, by ISO 8601; the day as ``day_written`` reads it.

    Raises ValueError for another.
    """
    if not _ON_A_DAY.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is no moment as in 2026-03-02T09:00:00+01:00")
    return datetime.fromisoformat(text)


def utc(moment: datetime) -> datetime:
    """Return an aware moment in UTC; ValueError if it has no time zone."""
    if moment.utcoffset() is None:
        raise ValueError(f"{moment.isoformat()} has no time zone: write it as in 09:00:00Z")
    return moment.astimezone(UTC)


def wall_clock(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return what the clocks of a zone show at a moment, as a naive datetime."""
    return moment.astimezone(zone).replace(tzinfo=None)


def is_shown(day: date, zone: ZoneInfo) -> bool:
    """Tell whether the clocks of a zone ever show a day: in Samoa 30 December 2011 was left out."""
    noon = datetime.combine(day, time(12), zone)
    return noon.astimezone(UTC).astimezone(zone).date() == day


def first_moment(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the first moment, in UTC, at which the clocks of a zone show `wall` or later."""
    moment = wall.replace(tzinfo=zone).astimezone(UTC)
    if wall_clock(moment, zone) == wall:
        return moment
    # The clocks skip this time: go back to where they were put forward.
    moment = moment.replace(second=0, microsecond=0)
    while wall_clock(moment - _MINUTE, zone) > wall:
        moment -= _MINUTE
    return moment

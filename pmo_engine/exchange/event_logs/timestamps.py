"""Timestamps of a log."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from pmo_engine.exchange.errors import Fault, quoted
from pmo_engine.model.moments import moment_written


def to_utc(text: str, zone: tzinfo | None) -> datetime:
    """Read an ISO 8601 time as UTC; `zone` is that of times that carry no offset.

    Raises `Fault` for text that is no time, and for a time without offset when no zone is given.
    """
    try:
        at = moment_written(text)
        if at.tzinfo is not None:
            return at.astimezone(UTC)
        if zone is not None:
            return at.replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Fault(
            f"{quoted(text)} is not a time in ISO 8601", "write it as 2026-03-02T09:00:00+01:00"
        ) from None
    raise Fault(
        f"the time {quoted(text)} has no offset from UTC",
        "name the zone that the log was kept in, such as zone: Europe/Amsterdam",
    )

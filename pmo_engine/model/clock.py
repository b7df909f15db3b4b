"""The clock: the one place where time is read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol

from pmo_engine.model.moments import utc


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return datetime.now(UTC)


class SimulatedClock:
    """A clock that stands still until it is moved, and only ever forward."""

    def __init__(self, start: datetime) -> None:
        """Start at an aware moment; ValueError if it has no time zone."""
        self._now = utc(start)

    def now(self) -> datetime:
        """Return the moment the clock was last moved to, aware, in UTC."""
        return self._now

    def forward(self, by: timedelta) -> None:
        """Move forward by a duration; ValueError if it is negative."""
        self.set(self._now + by)

    def set(self, moment: datetime) -> None:
        """Move forward to an aware moment; ValueError if it lies before now."""
        moment = utc(moment)
        if moment < self._now:
            raise ValueError(
                f"the clock never goes back: {moment.isoformat()} < {self._now.isoformat()}"
            )
        self._now = moment

"""The working time of one year, laid out for searching."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pmo_engine.model.frozen import dataclass
from pmo_engine.model.moments import first_moment
from pmo_engine.model.working_time.hours import Hours

NOTHING = timedelta()


@dataclass(frozen=True, slots=True)
class WorkingYear:
    """The working days of a year; `day`, `opens`, `closes`, `before` are parallel, per interval.

    `before` is the working time of the year before an interval opens, `total` that of the year.
    """

    hours: dict[date, Hours]
    days: tuple[date, ...]
    day: tuple[date, ...]
    opens: tuple[datetime, ...]
    closes: tuple[datetime, ...]
    before: tuple[timedelta, ...]
    total: timedelta

    @classmethod
    def of(
        cls, number: int, hours: dict[date, Hours], zone: ZoneInfo, eve: Hours = ()
    ) -> WorkingYear:
        """Lay out the hours of the working days, given in order, of one year in a zone.

        `eve` are the hours of the day before it, which may reach into it; what reaches out of it
        is the next year's.
        """
        first = date(number, 1, 1)
        intervals: list[tuple[date, datetime, datetime]] = []
        since, until = _moment(first, 0, zone), _moment(date(number + 1, 1, 1), 0, zone)
        for day, each in {first - timedelta(days=1): eve, **hours}.items():
            for minutes, end in each:
                begins = max(_moment(day, minutes, zone), since)
                since = max(since, min(_moment(day, end, zone), until))
                if begins < since:
                    intervals.append((day, begins, since))
        before = [NOTHING]
        for _, opens, closes in intervals:
            before.append(before[-1] + (closes - opens))
        return cls(
            hours,
            tuple(hours),
            tuple(day for day, _, _ in intervals),
            tuple(opens for _, opens, _ in intervals),
            tuple(closes for _, _, closes in intervals),
            tuple(before[:-1]),
            before[-1],
        )

    def days_by(self, day: date) -> int:
        """Count the working days up to and including a day."""
        return bisect_right(self.days, day)

    def time_by(self, moment: datetime) -> timedelta:
        """Return the working time up to a moment."""
        index = bisect_right(self.opens, moment) - 1
        if index < 0:
            return NOTHING
        return self.before[index] + (min(moment, self.closes[index]) - self.opens[index])

    def moment_when(self, worked: timedelta) -> datetime:
        """Return the first moment by which so much (over 0, up to `total`) has been worked."""
        index = bisect_left(self.before, worked) - 1
        return self.opens[index] + (worked - self.before[index])

    def opening(self, moment: datetime) -> int:
        """Return the interval that a moment lies in (its end included), else the next.

        After the last it is the number of intervals.
        """
        index = bisect_right(self.opens, moment)
        return index - 1 if index and moment <= self.closes[index - 1] else index


def _moment(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    return first_moment(datetime.combine(day, time()) + timedelta(minutes=minutes), zone)

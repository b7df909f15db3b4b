"""Days that come again: 24 December, the last Friday of a month, the day before a holiday."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection
from datetime import date, timedelta

from pmo_engine.model.frozen import dataclass
from pmo_engine.model.patterns import pattern
from pmo_engine.model.working_time.hours import CalendarError, weekdays_of

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
BEFORE_HOLIDAYS = "before holidays"

_PLACES = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
_YEARLY = pattern(r"([0-9]{2})-([0-9]{2})")
_SPAN = "([a-z]{3}(?:-[a-z]{3})?)"
_WEEKLY = pattern(rf"(?:({'|'.join(_PLACES)}) )?{_SPAN}(?: in {_SPAN})?")
_WEEK = 7
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayRule:
    """Days of the year: by month and day, by weekdays within months, or before a holiday.

    `months` and `weekdays` (0 is Monday) are all where there are none; `place` is 1 for the first
    of a weekday in a month, -1 for the last, 0 for each; `day` is that of the month, 0 for any.
    """

    months: tuple[int, ...] = ()
    weekdays: tuple[int, ...] = ()
    place: int = 0
    day: int = 0
    before_holidays: bool = False

    @classmethod
    def parse(cls, text: str) -> DayRule | None:
        """Read "12-24", "before holidays", "last fri", "fri in jul-aug"; None for another form.

        CalendarError for one that names no day.
        """
        if text == BEFORE_HOLIDAYS:
            return cls(before_holidays=True)
        if found := _YEARLY.fullmatch(text):
            month, day = map(int, found.groups())
            if not (1 <= month <= len(MONTHS) and 1 <= day <= monthrange(2000, month)[1]):
                raise CalendarError(f"{text!r} is no day of the year: month and day, as in 12-24")
            return cls(months=(month,), day=day)
        found = _WEEKLY.fullmatch(text)
        if found is None or (found[1] is None and found[3] is None):
            return None
        return cls(_months(found[3]), weekdays_of(found[2]), _PLACES.get(found[1], 0))

    def holds(self, day: date, holidays: Collection[date]) -> bool:
        """Tell whether the rule names a day."""
        if self.before_holidays:
            return day + _DAY in holidays
        if self.months and day.month not in self.months:
            return False
        if self.weekdays and day.weekday() not in self.weekdays:
            return False
        return self.day in {0, day.day} and self._is_placed(day)

    def _is_placed(self, day: date) -> bool:
        if self.place < 0:
            return (day + _WEEK * _DAY).month != day.month
        return self.place in {0, (day.day - 1) // _WEEK + 1}


def _months(span: str | None) -> tuple[int, ...]:
    if span is None:
        return ()
    first, _, last = span.partition("-")
    for name in filter(None, (first, last)):
        if name not in MONTHS:
            raise CalendarError(f"{name!r} is no month: {', '.join(MONTHS)}")
    start = MONTHS.index(first)
    count = (MONTHS.index(last or first) - start) % len(MONTHS) + 1
    return tuple((start + passed) % len(MONTHS) + 1 for passed in range(count))

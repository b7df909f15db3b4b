"""Whole weeks, months, quarters and years, by the calendar."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, timedelta
from typing import Literal, TypeAlias

from pmo_engine.model.durations import add_months
from pmo_engine.model.frozen import dataclass

Cycle: TypeAlias = Literal["week", "month", "quarter", "year"]
MONTHS: dict[Cycle, int] = {"month": 1, "quarter": 3, "year": 12}
WEEK = timedelta(days=7)
_FORMS: dict[Cycle, re.Pattern[str]] = {
    "week": re.compile(r"([0-9]{4})-W([0-9]{2})"),
    "month": re.compile(r"([0-9]{4})-([0-9]{2})"),
    "quarter": re.compile(r"([0-9]{4})-Q([1-4])"),
    "year": re.compile(r"([0-9]{4})()"),
}
SHOWN: dict[Cycle, str] = {
    "week": "2026-W05",
    "month": "2026-03",
    "quarter": "2026-Q1",
    "year": "2026",
}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A span of days, of which ``end`` is the last."""

    start: date
    end: date

    @classmethod
    def of(cls, cycle: Cycle, day: date) -> Period:
        """Give the week (from Monday), month, quarter or year that a day is in."""
        if cycle == "week":
            start = day - timedelta(days=day.weekday())
            return cls(start, start + WEEK - timedelta(days=1))
        months = MONTHS[cycle]
        start = date(day.year, (day.month - 1) // months * months + 1, 1)
        return cls(start, add_months(start, months) - timedelta(days=1))

    @classmethod
    def before(cls, cycle: Cycle, day: date) -> Period:
        """Give the last whole one that is over on a day."""
        return cls.of(cycle, cls.of(cycle, day).start - timedelta(days=1))

    @classmethod
    def named(cls, cycle: Cycle, text: str) -> Period:
        """Read ``2026-W05``, ``2026-03``, ``2026-Q1`` or ``2026``; raises ValueError."""
        found = _FORMS[cycle].fullmatch(text)
        if found is not None:
            year, part = int(found[1]), int(found[2] or 1)
            with suppress(ValueError):
                if cycle == "week":
                    return cls.of(cycle, date.fromisocalendar(year, part, 1))
                return cls.of(cycle, date(year, (part - 1) * MONTHS[cycle] + 1, 1))
        raise ValueError(f"'{text[:40]}' is no {cycle}, as in '{SHOWN[cycle]}'")

    def name(self, cycle: Cycle | None) -> str:
        """Write it as it is read; without a cycle its last day."""
        match cycle:
            case "week":
                year, week, _ = self.start.isocalendar()
                return f"{year}-W{week:02}"
            case "month":
                return f"{self.start:%Y-%m}"
            case "quarter":
                return f"{self.start:%Y}-Q{(self.start.month + 2) // 3}"
            case "year":
                return f"{self.start:%Y}"
            case None:
                return self.end.isoformat()

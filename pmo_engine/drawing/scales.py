"""Scales: where a number or a day lies on an axis, and which of them are written there."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING

from pmo_engine.model.frozen import dataclass
from pmo_engine.prose.values import MONTHS, value_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DAYS, MONTH_STEPS = (1, 2, 7, 14), (1, 3, 6)
MONTHS_OF_YEAR = 12


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis and what is written there."""

    at: int
    text: str


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers from ``low`` to ``high`` over the pixels from ``start`` to ``end``, by ``step``."""

    low: Decimal
    high: Decimal
    step: Decimal
    start: int
    end: int

    @classmethod
    def over(cls, values: Iterable[Decimal], start: int, end: int, most: int = 6) -> Numbers:
        """Take in 0 and all values, in round steps of which there are at most ``most``."""
        found = [Decimal(0), *values]
        low, high = min(found), max(found)
        step = round_step((high - low) / most if high > low else Decimal(1))
        return cls(
            step * _floor(low / step), step * -_floor(-high / step) or step, step, start, end
        )

    def at(self, value: Decimal) -> int:
        """Give the pixel of a number."""
        share = (value - self.low) / (self.high - self.low)
        return self.start + round(share * (self.end - self.start))

    def ticks(self) -> list[Tick]:
        """Give every step."""
        steps = int((self.high - self.low) / self.step)
        values = (self.low + self.step * each for each in range(steps + 1))
        return [Tick(self.at(each), value_in_words(each)) for each in values]


def round_step(least: Decimal) -> Decimal:
    """Give the smallest of 1, 2 and 5 by a power of ten that is not below a positive number."""
    power = Decimal(1).scaleb(least.adjusted())
    return next(power * each for each in (1, 2, 5, 10) if power * each >= least)


def _floor(value: Decimal) -> int:
    whole = int(value)
    return whole - 1 if value < whole else whole


@dataclass(frozen=True, slots=True)
class Days:
    """Days from ``first`` to ``last`` over the pixels from ``start`` to ``end``."""

    first: date
    last: date
    start: int
    end: int

    @classmethod
    def over(cls, days: Iterable[date], start: int, end: int) -> Days:
        """Take in all days, of which there is at least one."""
        found = sorted(days)
        return cls(found[0], found[-1], start, end)

    def at(self, day: date) -> int:
        """Give the pixel of a day; where all are one day it is in the middle."""
        whole = (self.last - self.first).days
        if not whole:
            return (self.start + self.end) // 2
        return self.start + round((self.end - self.start) * (day - self.first).days / whole)

    def ticks(self, most: int = 7) -> list[Tick]:
        """Give at most so many days, months or years; each is written with its year."""
        return next(found for each in self._candidates() if len(found := list(each)) <= most)

    def _candidates(self) -> Iterator[Iterator[Tick]]:
        span = (self.last - self.first).days
        yield from (self._days(step) for step in DAYS if span // step <= 2 * MONTHS_OF_YEAR)
        yield from (self._months(step) for step in MONTH_STEPS)
        yield from (self._years(10**power * each) for power in count() for each in (1, 2, 5))

    def _days(self, step: int) -> Iterator[Tick]:
        for days in range(0, (self.last - self.first).days + 1, step):
            day = self.first + timedelta(days)
            yield Tick(self.at(day), f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}")

    def _months(self, step: int) -> Iterator[Tick]:
        for number in range(self.first.year * 12, self.last.year * 12 + 12, step):
            day = date(number // 12, number % 12 + 1, 1)
            if self.first <= day <= self.last:
                yield Tick(self.at(day), f"{MONTHS[day.month - 1][:3]} {day.year}")

    def _years(self, step: int) -> Iterator[Tick]:
        for year in range(-(-self.first.year // step) * step, self.last.year + 1, step):
            if self.first <= (day := date(year, 1, 1)) <= self.last:
                yield Tick(self.at(day), str(year))

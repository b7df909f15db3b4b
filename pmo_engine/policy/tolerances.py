"""Tolerances: how much a level may exceed before the level above is asked."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING, Literal, Self, TypeAlias

from pmo_engine.model.frozen import dataclass
from pmo_engine.policy.expressions import Dated, InForce

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, timedelta
    from decimal import Decimal

    from pmo_engine.model.durations import Months
    from pmo_engine.model.money import Money
    from pmo_engine.source.diagnostics import Mark

    Amount: TypeAlias = Decimal | Money | timedelta | Months

Measure: TypeAlias = Literal["number", "percentage", "money", "days", "months", "working days"]


@dataclass(frozen=True, slots=True)
class Allowance:
    """A dated value of a tolerance, as written and as expressions see it: 10 % is 0.1.

    Only values of one ``measure`` can be compared. Working days are a number of them.
    """

    start: date | None
    value: Amount
    measure: Measure
    written: str
    source: str
    mark: Mark = field(compare=False)


@dataclass(frozen=True, slots=True)
class ToleranceCriterion:
    """What must be so, where a tolerance is not a number."""

    text: str
    in_force: InForce
    source: str


@dataclass(frozen=True, slots=True)
class Tolerance(Dated):
    """One of the seven tolerances at one level, in numbers (``values``) or as ``criteria``."""

    level: str
    of: str
    values: tuple[Allowance, ...]  # in the order of their days
    criteria: tuple[ToleranceCriterion, ...]
    about: str
    mark: Mark = field(compare=False)

    def on(self, day: date) -> Allowance | None:
        """Give the latest value that has begun by ``day``, or ``None``."""
        begun = [item for item in self.values if item.start is None or item.start <= day]
        return begun[-1] if begun else None

    def as_of(self, day: date) -> Self | None:
        """Give the tolerance with its value and its criteria of ``day``."""
        value, always = self.on(day), InForce()
        held = (replace(each, in_force=always) for each in self.criteria if day in each.in_force)
        return replace(self, values=() if value is None else (value,), criteria=tuple(held))

    def turns(self) -> Iterator[date | None]:
        """Give the days on which its values begin."""
        return (value.start for value in self.values)

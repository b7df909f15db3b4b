"""Tolerances: how much a level may exceed before the level above is asked."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING, Literal, Self, TypeAlias

from pmo_engine.model.frozen import dataclass
from pmo_engine.policy.expressions import Dated, InForce

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
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
class Measured:
    """What is compared with a tolerance: a forecast with what it is ``against``, the plan.

    Of ``each`` record of a register, or of all of a project's in sum. ``met``: the field that says
    what it came to in the end. ``falls``: less is worse. ``first``: the field that keeps the first
    baseline, where it is one. ``of_stage``: records of the project's stage alone.
    """

    register: str
    each: bool
    forecast: str
    against: str | None = None
    met: str | None = None
    falls: bool = False
    first: str | None = None
    of_stage: bool = False


@dataclass(frozen=True, slots=True)
class Tolerance(Dated):
    """One of the seven tolerances at one level, in numbers (``values``) or as ``criteria``.

    What is ``measured`` is compared with it by the engine, and ``raise_to`` hears of a breach.
    """

    level: str
    of: str
    values: tuple[Allowance, ...]  # in the order of their days
    criteria: tuple[ToleranceCriterion, ...]
    about: str
    mark: Mark = field(compare=False)
    measured: Measured | None = None
    raise_to: str | None = None

    @property
    def name(self) -> str:
        """Name it in one word: ``project_cost``."""
        return f"{self.level}_{self.of}"

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


SINCE_FIRST = "_since_first"
"""Ends the name of a tolerance as it is held against the first baseline."""


def rule_of(name: str) -> str:
    """Name the rule that keeps a tolerance: ``tolerance-project-cost``."""
    return f"tolerance-{name}".replace("_", "-")


def kept_by(rule: str, tolerances: Iterable[Tolerance]) -> tuple[Tolerance, bool] | None:
    """Find the tolerance that a rule keeps, and whether against the first baseline."""
    for each in tolerances:
        if each.measured is not None:
            if rule == rule_of(each.name):
                return each, False
            if rule == rule_of(each.name + SINCE_FIRST):
                return each, True
    return None


def is_of_team(rule: str) -> bool:
    """Tell whether a rule keeps a team's tolerance: who leads the project is above that."""
    return rule.startswith("tolerance-team-")

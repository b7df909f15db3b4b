"""What stands on a portfolio's dashboard: figures, their thresholds, what is drawn of records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, Self, TypeAlias

from pmo_engine.model.frozen import dataclass
from pmo_engine.model.money import Money
from pmo_engine.model.rag import Colour
from pmo_engine.policy.expressions import Dated
from pmo_engine.source.diagnostics import NOWHERE, Mark

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

Aspect: TypeAlias = Literal["money", "time", "benefits", "risk", "people", "quality"]
"""What a figure of a dashboard is about, in the order in which a board reads them."""
Part: TypeAlias = Literal["baseline", "forecast", "actual", "contingency"]
"""What a figure says of a project's money."""


@dataclass(frozen=True, slots=True)
class Band:
    """Up to where a figure is green and amber, from a day on; beyond it is red.

    Where ``green`` is above ``amber`` it is the other way round: down to where.
    """

    start: date | None
    green: Decimal | Money
    amber: Decimal | Money
    source: str
    mark: Mark = field(compare=False)

    def colour(self, value: Any) -> Colour:
        """Give the colour of a value; the limits are inclusive."""
        falls = self.green > self.amber  # type: ignore[operator]  # both are of one kind
        for limit, colour in ((self.green, Colour.GREEN), (self.amber, Colour.AMBER)):
            if value >= limit if falls else value <= limit:
                return colour
        return Colour.RED


@dataclass(frozen=True, slots=True)
class Threshold(Dated):
    """The published thresholds of a figure of projects, and what it is about.

    ``either_way``: only how far it is from 0 counts. ``optional``: where there is no such figure by
    its own condition, it has no colour and takes none from the project.
    """

    figure: str
    of: Aspect
    bands: tuple[Band, ...]  # in the order of their days
    either_way: bool = False
    optional: bool = False
    about: str = ""
    mark: Mark = field(default=NOWHERE, compare=False)

    def on(self, day: date) -> Band | None:
        """Give the band that has begun last by ``day``, or ``None``."""
        begun = [each for each in self.bands if each.start is None or each.start <= day]
        return begun[-1] if begun else None

    def colour(self, value: Any, day: date) -> Colour | None:
        """Give the colour of a value on a day; None before there are thresholds."""
        band = self.on(day)
        if band is None:
            return None
        zero = Money(Decimal(0), value.currency) if isinstance(value, Money) else Decimal(0)
        return band.colour(-1 * value if self.either_way and value < zero else value)

    def as_of(self, day: date) -> Self | None:
        """Give it with the band of ``day``; None before there is one."""
        band = self.on(day)
        return None if band is None else replace(self, bands=(band,))

    def turns(self) -> Iterator[date | None]:
        """Give nothing: no decision hangs on a colour."""
        yield from ()


@dataclass(frozen=True, slots=True)
class Drawn:
    """Records of a register that the dashboard draws: its fields by what they say."""

    register: str
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """What a dashboard shows beside colours.

    ``money``: figures by what they say of it. ``shows``: figures by what they are about.
    ``stated``: records that state a project's colour; ``demand`` and ``capacity``: who is needed
    and can be had, by skill and day; ``dependencies``: what projects wait for of others.
    """

    money: Mapping[Part, str] = field(default_factory=dict)
    shows: Mapping[Aspect, tuple[str, ...]] = field(default_factory=dict)
    stated: Drawn | None = None
    demand: Drawn | None = None
    capacity: Drawn | None = None
    dependencies: Drawn | None = None

    @property
    def figures(self) -> tuple[str, ...]:
        """Name all figures that it shows, each once."""
        shown = (figure for figures in self.shows.values() for figure in figures)
        return tuple(dict.fromkeys((*self.money.values(), *shown)))

"""Red, amber, green by published thresholds, rolled up worst of."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum

from pmo_engine.model.frozen import dataclass


class Colour(StrEnum):
    """The colour of a measure, from good to bad."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Bands:
    """How far a measure may lie from plan, as fractions of the plan; the limits are inclusive."""

    green: Decimal = Decimal("0.10")
    amber: Decimal = Decimal("0.30")

    def __post_init__(self) -> None:
        if not 0 <= self.green <= self.amber:
            raise ValueError(
                f"green to {self.green}, amber to {self.amber}: bands must rise from 0"
            )

    def colour(self, deviation: Decimal | None) -> Colour | None:
        """Return the colour of a deviation either way (-0.2 is 20 % under); None if it is None."""
        if deviation is None:
            return None
        size = abs(deviation)
        if size <= self.green:
            return Colour.GREEN
        return Colour.AMBER if size <= self.amber else Colour.RED


USUAL = Bands()


def worst(colours: Iterable[Colour | None]) -> Colour | None:
    """Roll up: the worst colour, where one not available (None) could be anything up to red.

    So red if any is red, else None if any is None or there are none.
    """
    seen = set(colours)
    if Colour.RED in seen:
        return Colour.RED
    if None in seen or not seen:
        return None
    return Colour.AMBER if Colour.AMBER in seen else Colour.GREEN

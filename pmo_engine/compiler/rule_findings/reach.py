"""Which numbers a value that is worked out of facts can come to: months, remainders, counts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from pmo_engine.compiler.table_findings.axes import Mask, Segment, constant
from pmo_engine.feel import nodes as n
from pmo_engine.feel import types as t
from pmo_engine.feel.compatibility import kind_of
from pmo_engine.feel.properties import DATED, PARTS
from pmo_engine.model.frozen import dataclass

COUNTS = frozenset({"count", "string length"})
BETWEEN_DAYS = frozenset({"working_days_between"})
ROUNDING = frozenset({"floor", "ceiling", "decimal"}) | {
    f"round {way}" for way in ("up", "down", "half up", "half down")
}
_OF_YEAR = {"day of year": 366, "week of year": 53}
MOST_PLACES = 100


@dataclass(frozen=True, slots=True)
class Reach:
    """Numbers, or amounts, from ``least`` up to ``most`` or ``below``, of so many ``places``."""

    least: Decimal | None = None
    most: Decimal | None = None
    places: int | None = None  # before the point, where negative; any number of them, where none
    below: Decimal | None = None

    def among(self, segments: Sequence[Segment]) -> Mask:
        """Give the segments in which such a number lies."""
        return sum(1 << i for i, e in enumerate(segments) if not e.is_null and self._is_in(e))

    def _is_in(self, segment: Segment) -> bool:
        low, high = _number(segment.low), _number(segment.high)
        if segment.is_point:
            return low is not None and self._holds(low)
        if self.places is None:
            return _lies_between(_largest(low, self.least), _smallest(high, self.most, self.below))
        first = self._first_above(low)
        return first is None or ((high is None or first < high) and self._holds(first))

    def _holds(self, number: Decimal) -> bool:
        return (
            (self.least is None or number >= self.least)
            and (self.most is None or number <= self.most)
            and (self.below is None or number < self.below)
            and (self.places is None or _is_whole(number.scaleb(self.places)))
        )

    def _first_above(self, low: Decimal | None) -> Decimal | None:
        """Give the first number of its places above ``low``; None where there is no first one."""
        assert self.places is not None
        if low is not None and (self.least is None or low >= self.least):
            above = low.scaleb(self.places).to_integral_value(ROUND_FLOOR) + 1
            return above.scaleb(-self.places)
        return self.least


ANY = Reach()
WHOLE = Reach(places=0)


def reach_of(key: n.Node) -> Reach:
    """Say which numbers a value can come to, as far as its form tells."""
    match key:
        case n.Call(n.Name(function)) if function in COUNTS:
            return Reach(Decimal(0), places=0)
        case n.Call(n.Name(function)) if function in BETWEEN_DAYS:
            return WHOLE
        case n.Call(n.Name(function)) if function in _OF_YEAR:
            return _between(1, _OF_YEAR[function])
        case n.Call(n.Name("abs"), (value,)):
            return Reach(Decimal(0), places=reach_of(value).places)
        case n.Call(n.Name("modulo"), (_, divisor)):
            return _remainder(constant(divisor))
        case n.Call(n.Name(function), (_, *scale)) if function in ROUNDING:
            return _rounded(scale)
        case n.Path(base, name) if kind_of(base.static_type or t.ANY) in DATED:
            return _between(*PARTS[name]) if name in PARTS else WHOLE
        case n.Path(base, "days") if base.static_type == t.DAYS_TIME_DURATION:
            return WHOLE
        case _:
            return ANY


def _between(low: int, high: int) -> Reach:
    return Reach(Decimal(low), Decimal(high), places=0)


def _remainder(divisor: Any) -> Reach:
    """Who asks for a remainder by a whole number means whole numbers."""
    if not isinstance(divisor, Decimal) or divisor <= 0:
        return ANY
    return Reach(Decimal(0), below=divisor, places=0 if _is_whole(divisor) else None)


def _rounded(scale: Sequence[n.Node]) -> Reach:
    digits = constant(scale[0]) if scale else Decimal(0)
    if not isinstance(digits, Decimal) or not _is_whole(digits) or abs(digits) > MOST_PLACES:
        return ANY
    return Reach(places=int(digits))


def _is_whole(number: Decimal) -> bool:
    return number == number.to_integral_value()


def _number(end: Any) -> Decimal | None:
    found = getattr(end, "amount", end)
    return found if isinstance(found, Decimal) else None


def _lies_between(low: Decimal | None, high: Decimal | None) -> bool:
    return low is None or high is None or low < high


def _largest(*numbers: Decimal | None) -> Decimal | None:
    return max((each for each in numbers if each is not None), default=None)


def _smallest(*numbers: Decimal | None) -> Decimal | None:
    return min((each for each in numbers if each is not None), default=None)

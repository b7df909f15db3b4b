"""Sets of values of one ordered kind: what a comparison with constants leaves of them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from pmo_engine.feel import operations as op
from pmo_engine.feel.format import to_text
from pmo_engine.feel.nodes import ComparisonOperator
from pmo_engine.feel.values import Range
from pmo_engine.model.frozen import dataclass

MAX_RANGES = 64
EVERYTHING = (Range(None, None, low_included=False, high_included=False),)
_WORDS = {
    "=": "",
    "!=": "not ",
    "<": "less than ",
    "<=": "at most ",
    ">": "more than ",
    ">=": "at least ",
}


class Unrelated(Exception):
    """Values that have no order among them, or too many ranges to follow."""


@dataclass(frozen=True, slots=True)
class Region:
    """Where a condition on one value holds: in which ranges of it, and for null (perhaps open).

    ``said`` is how it came about, as an operator and its operands, for ``words``.
    """

    ranges: tuple[Range, ...]
    null: bool | None
    said: tuple[Any, ...]

    @property
    def words(self) -> str:
        """Say what the value then is: ``more than 5``."""
        return _words(self.said)

    def within(self, universe: Iterable[Range]) -> bool:
        """Tell whether some value of a universe is in it; null is another matter."""
        return bool(_crossed(self.ranges, tuple(universe)))


def compared(operator: ComparisonOperator, value: Any) -> Region:
    """Give the region of ``? operator value``; a truth value counts as 0 or 1."""
    said = (operator, value)
    if value is None:
        everything = () if operator == "=" else EVERYTHING
        return Region(everything, operator == "=", said)
    value = Decimal(value) if isinstance(value, bool) else value
    match operator:
        case "=":
            return Region((_point(value),), null=False, said=said)
        case "!=":
            return Region(_outside(_point(value)), null=True, said=said)
        case "<" | "<=":
            below = Range(None, value, low_included=False, high_included=operator == "<=")
            return Region((below,), null=None, said=said)
        case ">" | ">=":
            above = Range(value, None, low_included=operator == ">=", high_included=False)
            return Region((above,), null=None, said=said)


def points(values: Iterable[Any]) -> tuple[Range, ...]:
    """Give a universe of a few values."""
    return tuple(_point(value) for value in values)


def both(left: Region, right: Region) -> Region:
    """Give where two conditions hold."""
    null = op.conjunction((left.null, right.null))
    said = ("and", left.said, right.said)
    return Region(_crossed(left.ranges, right.ranges), null, said)  # type: ignore[arg-type]


def either(left: Region, right: Region) -> Region:
    """Give where one of two conditions holds."""
    null = op.disjunction((left.null, right.null))
    ranges = _bounded((*left.ranges, *right.ranges))
    return Region(ranges, null, ("or", left.said, right.said))  # type: ignore[arg-type]


def opposite(region: Region) -> Region:
    """Give where a condition does not hold."""
    ranges: tuple[Range, ...] = EVERYTHING
    for each in region.ranges:
        ranges = _crossed(ranges, _outside(each))
    null = None if region.null is None else not region.null
    return Region(ranges, null, ("not", region.said))


def _words(said: tuple[Any, ...]) -> str:
    match said:
        case "and" | "or" as word, left, right:
            parts = (_words(left), _words(right))
            return f" {word} ".join(
                f"({each})" if word == "and" and " or " in each else each for each in parts
            )
        case "not", inner:
            words = _words(inner)
            return f"not ({words})" if " " in words else f"not {words}"
        case operator, value:
            return _WORDS[operator] + to_text([value])[1:-1]
        case _:
            return ""


def _point(value: Any) -> Range:
    return Range(value, value, low_included=True, high_included=True)


def _outside(taken: Range) -> tuple[Range, ...]:
    below = Range(None, taken.low, low_included=False, high_included=not taken.low_included)
    above = Range(taken.high, None, low_included=not taken.high_included, high_included=False)
    return (
        *((below,) if taken.low is not None else ()),
        *((above,) if taken.high is not None else ()),
    )


def _crossed(left: tuple[Range, ...], right: tuple[Range, ...]) -> tuple[Range, ...]:
    found = (_shared(one, other) for one in left for other in right)
    return _bounded(tuple(each for each in found if each is not None))


def _shared(one: Range, other: Range) -> Range | None:
    low, low_included = _narrower((one.low, one.low_included), (other.low, other.low_included), 1)
    high, included = _narrower((one.high, one.high_included), (other.high, other.high_included), -1)
    if low is not None is not high:
        sign = _order(low, high)
        if sign > 0 or (sign == 0 and not (low_included and included)):
            return None
    return Range(low, high, low_included, included)


def _narrower(one: tuple[Any, bool], other: tuple[Any, bool], side: int) -> tuple[Any, bool]:
    if one[0] is None or other[0] is None:
        return other if one[0] is None else one
    sign = _order(one[0], other[0])
    if sign == 0:
        return one[0], one[1] and other[1]
    return one if sign == side else other


def _order(left: Any, right: Any) -> int:
    sign = op.order(left, right)
    if sign is None:
        raise Unrelated
    return sign


def _bounded(ranges: tuple[Range, ...]) -> tuple[Range, ...]:
    if len(ranges) > MAX_RANGES:
        raise Unrelated
    return ranges

"""Which values a type takes whose values are bounded: a scale, a share, an amount."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, Any

from pmo_engine.feel import types as t
from pmo_engine.feel.quantities import as_number, is_quantity, like
from pmo_engine.feel.values import Range

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def bounds_of(type_: t.Type | None) -> t.Bounds | None:
    """Give the bounds of a type's values, ``None`` where it takes any."""
    return type_.bounds if isinstance(type_, t.Simple | t.MoneyType) else None


def unbounded(type_: t.Type) -> t.Type:
    """Give a type whose values may be any: of what is worked out, or was written long ago."""
    match type_:
        case t.Simple(name, zoned, t.Bounds()):
            return t.Simple(name, zoned)
        case t.MoneyType(currency, t.Bounds()):
            return t.MoneyType(currency)
        case t.ListType(item) if (found := unbounded(item)) is not item:
            return t.ListType(found)
        case t.ContextType(entries):
            freed = tuple((name, unbounded(each)) for name, each in entries)
            same = all(one[1] is other[1] for one, other in zip(entries, freed, strict=True))
            return type_ if same else t.ContextType(freed, type_.name, type_.open)
        case _:
            return type_


def takes(type_: t.Type | None, value: Any) -> bool:
    """Tell whether a value of a type lies in its bounds; what is no quantity has none."""
    bounds = bounds_of(type_)
    if bounds is None or not is_quantity(value):
        return True
    number = as_number(value)
    if bounds.among:
        return number in map(as_number, bounds.among)
    low, high = ends(bounds)
    is_whole = number == number.to_integral_value()
    return (
        (low is None or number >= low)
        and (high is None or number <= high)
        and (is_whole or not bounds.whole)
    )


def ends(bounds: t.Bounds) -> tuple[Decimal | None, Decimal | None]:
    """Give both ends as plain numbers; ``None`` where it is open."""
    low, high = (None if end is None else as_number(end) for end in (bounds.low, bounds.high))
    return low, high


def lies_between(type_: t.Type, low: Any, high: Any) -> bool:
    """Tell whether a value within a type's bounds lies between two, neither of which it is."""
    bounds = bounds_of(type_)
    if bounds is None:
        return True
    above, below = (None if end is None else as_number(end) for end in (low, high))
    if bounds.among:
        return any(_is_between(as_number(each), above, below) for each in bounds.among)
    least, most = ends(bounds)
    if bounds.whole or type_ == t.DATE:
        first = _first(above, least)
        return first is None or _reaches(first, below, most)
    return _is_less(above, below) and _is_less(above, most) and _is_less(least, below)


def _is_between(number: Decimal, above: Decimal | None, below: Decimal | None) -> bool:
    return _is_less(above, number) and _is_less(number, below)


def _is_less(one: Decimal | None, other: Decimal | None) -> bool:
    return one is None or other is None or one < other


def _first(above: Decimal | None, least: Decimal | None) -> Decimal | None:
    """Give the first whole number above one end and from another on; ``None`` without either."""
    found = []
    if above is not None:
        found.append(above.to_integral_value(ROUND_FLOOR) + 1)
    if least is not None:
        found.append(least.to_integral_value(ROUND_CEILING))
    return max(found, default=None)


def _reaches(first: Decimal, below: Decimal | None, most: Decimal | None) -> bool:
    return _is_less(first, below) and (most is None or first <= most)


def universe(bounds: t.Bounds) -> tuple[Range, ...]:
    """Give the values within bounds as ranges, one for each of a few."""
    if bounds.among:
        return tuple(_closed(each, each) for each in bounds.among)
    return (_closed(bounds.low, bounds.high),)


def _closed(low: Any, high: Any) -> Range:
    return Range(low, high, low_included=low is not None, high_included=high is not None)


def nearest_within(type_: t.Type, value: Any) -> Any:
    """Give the value within a type's bounds that lies nearest a quantity."""
    bounds = bounds_of(type_)
    if bounds is None or takes(type_, value) or not is_quantity(value):
        return value
    number = as_number(value)
    return min(_candidates(bounds, value), key=lambda each: abs(as_number(each) - number))


def _candidates(bounds: t.Bounds, value: Any) -> Iterable[Any]:
    if bounds.among:
        return bounds.among
    return _ends_and_whole(bounds, value)


def _ends_and_whole(bounds: t.Bounds, value: Any) -> Iterator[Any]:
    number = as_number(value)
    low, high = ends(bounds)
    if low is not None and number < low:
        yield bounds.low
    elif high is not None and number > high:
        yield bounds.high
    else:  # within both ends, and no whole number
        yield like(value, number.to_integral_value(ROUND_FLOOR))

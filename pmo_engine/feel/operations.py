"""The meaning of each operator on values, shared by every back-end.

Nothing here raises for well- or ill-typed values: what the standard calls an error is ``None``,
and ``Missing`` goes through. ``None`` operands give ``None``, except in equality.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from pmo_engine.feel import clockwork
from pmo_engine.feel.kinds import DATE, DATE_TIME, MONEY, ORDERED, TIME, kind
from pmo_engine.feel.limits import bounded_count
from pmo_engine.feel.nodes import ComparisonOperator
from pmo_engine.feel.properties import has_property, property_of
from pmo_engine.feel.temporal import WideDate, WideDuration, nanoseconds
from pmo_engine.feel.values import EqualityTest, Function, Missing, Range, Record
from pmo_engine.model.money import Money

Truth: TypeAlias = bool | Missing | None

_NOT_COMPARED = frozenset({"list", "range", "missing", "null"})


def compare(operator: ComparisonOperator, left: Any, right: Any) -> Truth:
    """Compare two values: different kinds give ``None``, as does order with ``None``."""
    if operator == "=":
        return equal(left, right)
    if operator == "!=":
        return negated(equal(left, right))
    if isinstance(left, Missing) or isinstance(right, Missing):
        return Missing.of(left, right)
    sign = order(left, right)
    return None if sign is None else _SIGNS[operator](sign)


def equal(left: Any, right: Any) -> Truth:
    """Tell whether two values are equal: ``None`` is only equal to itself.

    Values of different kinds, and money in different currencies, give ``None``. Times and moments
    are equal in the same whole second, which is the standard's value of one; one that has an offset
    from UTC never equals one that has none. A date is its midnight in UTC.
    """
    if isinstance(left, Missing) or isinstance(right, Missing):
        return Missing.of(left, right)
    if left is None or right is None:
        return left is right
    what = kind(left)
    if what != kind(right):
        dates = {what, kind(right)} == {DATE, DATE_TIME}
        return _same_second(left, right) if dates else None
    match what:
        case "list":
            if len(left) != len(right):
                return False
            return conjunction(map(equal, left, right))
        case "context":
            left, right = _whole(left), _whole(right)
            if left.keys() != right.keys():
                return False
            return conjunction(equal(left[name], right[name]) for name in left)
        case "time" | "date and time":
            return _same_second(left, right)
        case "money":
            return bool(left == right) if left.currency == right.currency else None
        case "function":
            return left is right
        case _:
            return bool(left == right)


def _same_second(left: Any, right: Any) -> bool:
    moments = clockwork.in_seconds(left, right)
    return moments is not None and moments[0] == moments[1]


def order(left: Any, right: Any) -> int | None:
    """Give -1, 0 or 1 for two values of one ordered kind, ``None`` for any others."""
    what = kind(left)
    if what not in ORDERED or what != kind(right):
        return None
    if what == MONEY and left.currency != right.currency:
        return None
    if what in {TIME, DATE_TIME}:
        moments = clockwork.in_seconds(left, right)
        if moments is None:
            return None
        first, second = moments
    else:
        first, second = _comparable(left), _comparable(right)
    return (first > second) - (first < second)


def between(value: Any, low: Any, high: Any) -> Truth:
    """Tell whether ``low <= value <= high``."""
    if any(isinstance(each, Missing) for each in (value, low, high)):
        return Missing.of(value, low, high)
    return conjunction((compare(">=", value, low), compare("<=", value, high)))


def make_range(low: Any, high: Any, low_included: bool, high_included: bool) -> Any:  # noqa: FBT001
    """Build ``[low..high]``; ``None`` unless the ends are of one ordered kind and in order."""
    if isinstance(low, Missing) or isinstance(high, Missing):
        return Missing.of(low, high)
    sign = order(low, high)
    return None if sign is None or sign > 0 else Range(low, high, low_included, high_included)


def half_range(operator: ComparisonOperator, end: Any) -> Any:
    """Build the range that ``(> end)`` is as a value, or the test that ``(= end)`` is."""
    if isinstance(end, Missing):
        return end
    match operator:
        case "=" | "!=":
            return EqualityTest(operator, end)
        case _ if end is None:
            return None
        case "<" | "<=":
            return Range(None, end, low_included=False, high_included=operator == "<=")
        case ">" | ">=":
            return Range(end, None, low_included=operator == ">=", high_included=False)


def member(value: Any, test: Any) -> Truth:
    """Tell whether ``value in test``, the test being a value: a range, a list or another."""
    if isinstance(value, Missing) or isinstance(test, Missing):
        return Missing.of(value, test)
    if isinstance(test, Range):
        return in_range(value, test)
    if isinstance(test, EqualityTest):
        return compare(test.operator, value, test.operand)
    if isinstance(test, list):
        return _member_of_list(value, test)
    return None if test is None and value is not None else equal(value, test)


def in_range(value: Any, within: Range) -> Truth:
    """Tell whether a value lies in a range."""
    truths = []
    if within.low is not None:
        truths.append(compare(">=" if within.low_included else ">", value, within.low))
    if within.high is not None:
        truths.append(compare("<=" if within.high_included else "<", value, within.high))
    return conjunction(truths)


def conjunction(truths: Iterable[Any]) -> Truth:
    """Kleene's and: false decides; else a missing fact leaves it open; else null; else true."""
    return _decide(truths, decisive=False)


def disjunction(truths: Iterable[Any]) -> Truth:
    """Kleene's or: true decides; else a missing fact leaves it open; else null; else false."""
    return _decide(truths, decisive=True)


def negated(value: Any) -> Truth:
    """Work out ``not(value)``; ``None`` unless true or false."""
    if isinstance(value, bool):
        return not value
    return value if isinstance(value, Missing) else None


def path(value: Any, name: str) -> Any:
    """Work out ``value.name``: of a list, the list of what it is for each item."""
    if isinstance(value, dict):
        if name in value:
            return value[name]
        return value.missing(name) if isinstance(value, Record) else None
    if isinstance(value, list):
        return [path(item, name) for item in value]
    return value if isinstance(value, Missing) else property_of(value, name)


def has(value: Any, name: str) -> bool:
    """Tell whether ``value.name`` is there, be it null."""
    return name in value if isinstance(value, dict) else has_property(value, name)


def as_list(value: Any) -> list[Any]:
    """Take a value that is no list for a list of one, as the standard does."""
    return value if isinstance(value, list) else [value]


def has_item(items: list[Any], index: Decimal) -> bool:
    """Tell whether a list has an item at a place from 1, or from the end by -1."""
    return index == int(index) and 1 <= abs(int(index)) <= len(items)


def item_at(items: list[Any], index: Decimal) -> Any:
    """Give the item at a place that the list has."""
    place = int(index)
    return items[place - 1] if place > 0 else items[place]


def filtered(items: list[Any], truths: Iterable[Any]) -> Any:
    """Keep the items whose condition is true; Missing where any condition is."""
    kept, missing = [], []
    for item, truth in zip(items, truths, strict=True):
        if isinstance(truth, Missing):
            missing.append(truth)
        elif truth is True:
            kept.append(item)
    return Missing.of(*missing) if missing else kept


def in_scope_of(item: Any, name: str) -> bool:
    """Tell whether a name inside a filter is the item's own and not of the scope around."""
    return isinstance(item, dict) and (
        name in item or (isinstance(item, Record) and name in item.fields)
    )


def span(low: Any, high: Any) -> Any:
    """List the numbers or dates that ``for x in low..high`` goes through, up or down."""
    if isinstance(low, Missing) or isinstance(high, Missing):
        return Missing.of(low, high)
    match kind(low), kind(high):
        case ("number", "number") if low == int(low) and high == int(high):
            return [Decimal(each) for each in _steps(int(low), int(high))]
        case ("date", "date"):
            return clockwork.dates(low, high)
        case _:
            return None


def domain(value: Any) -> Any:
    """List what ``for x in value`` goes through; ``None`` where it cannot be listed."""
    if not isinstance(value, Range):
        return value if isinstance(value, Missing | list) else None
    listed = span(value.low, value.high) if value.low is not None is not value.high else None
    if not isinstance(listed, list):
        return listed
    first = 0 if value.low_included else 1
    return listed[first : len(listed) if value.high_included else -1]


def apply(
    function: Function, values: Sequence[Any], names: Sequence[str] = (), otherwise: Any = None
) -> Any:
    """Call a function value; ``otherwise`` where the arguments are not those that it takes."""
    if names:
        if sorted(names) != sorted(function.parameters):
            return otherwise
        given = dict(zip(names, values, strict=True))
        values = [given[name] for name in function.parameters]
    return function.call(*values) if len(values) == len(function.parameters) else otherwise


def _whole(context: dict[str, Any]) -> dict[str, Any]:
    return context.whole() if isinstance(context, Record) else context


def _member_of_list(value: Any, items: list[Any]) -> Truth:
    """Tell whether a value is in a list, or in a list or range in it, or is the list itself."""
    truths = [False if _unlike(value, item) else member(value, item) for item in items]
    if isinstance(value, list):
        truths = [equal(value, items), *truths]
        truths = [False if truth is None else truth for truth in truths]
    return disjunction(truths)


def _unlike(value: Any, item: Any) -> bool:
    """Tell whether an item is no list or range and of another kind, so that it is not the value."""
    kinds = {kind(value), kind(item)}
    return len(kinds) > 1 and not kinds & _NOT_COMPARED and kinds != {DATE, DATE_TIME}


def _decide(truths: Iterable[Any], *, decisive: bool) -> Truth:
    missing, other = [], not decisive
    result: Truth = other
    for truth in truths:
        if truth is decisive:
            return not other
        if isinstance(truth, Missing):
            missing.append(truth)
        elif truth is not other:
            result = None
    return Missing.of(*missing) if missing else result


def _comparable(value: Any) -> Any:
    match value:
        case date() | WideDate():
            return (value.year, value.month, value.day)
        case timedelta() | WideDuration():
            return nanoseconds(value)
        case Money():
            return value.amount
        case _:
            return value


def _steps(low: int, high: int) -> range:
    step = 1 if low <= high else -1
    bounded_count(abs(high - low) + 1)
    return range(low, high + step, step)


_SIGNS: dict[str, Callable[[int], bool]] = {
    "<": lambda sign: sign < 0,
    "<=": lambda sign: sign <= 0,
    ">": lambda sign: sign > 0,
    ">=": lambda sign: sign >= 0,
}

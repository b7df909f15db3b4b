"""Functions on ranges and points: the interval relations of the standard, and ``range(text)``.

Every end of a range is a *cut*: a place among the values that is at a value (0), just above it
(1, where a range starts that excludes it) or just below it (-1, where one ends that excludes it).
A point is the range from itself to itself. The relations are then plain comparisons of cuts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from pmo_engine.feel import operations as op
from pmo_engine.feel.builtins.register import Table
from pmo_engine.feel.builtins.temporal import FUNCTIONS as TEMPORAL
from pmo_engine.feel.kinds import ORDERED
from pmo_engine.feel.nodes import Call, Literal, Name, Node, RangeLiteral
from pmo_engine.feel.signatures import call
from pmo_engine.feel.types import ANY, BOOLEAN, STRING, RangeType, Type
from pmo_engine.feel.values import Range

FUNCTIONS = Table()

Cut: TypeAlias = tuple[Any, int]
Ends: TypeAlias = tuple[Cut, Cut]
Relation: TypeAlias = Callable[[Ends, Ends], op.Truth]

_FAR = 2
_CONSTRUCTORS = {"date", "time", "date and time", "duration"}
_TYPES: dict[str, Type] = {"point": ANY, "range": RangeType(ANY)}
_function = FUNCTIONS.enter


def _ends(value: Any) -> Ends:
    if not isinstance(value, Range):
        return (value, 0), (value, 0)
    low = (value.low, 1 - value.low_included) if value.low is not None else (None, -_FAR)
    high = (value.high, value.high_included - 1) if value.high is not None else (None, _FAR)
    return low, high


def _sign(left: Cut, right: Cut) -> int | None:
    far = left[0] is None or right[0] is None
    sign = 0 if far else op.order(left[0], right[0])
    return (left[1] > right[1]) - (left[1] < right[1]) if sign == 0 else sign


def _less(left: Cut, right: Cut) -> bool | None:
    sign = _sign(left, right)
    return None if sign is None else sign < 0


def _same(left: Cut, right: Cut) -> bool | None:
    sign = _sign(left, right)
    return None if sign is None else sign == 0


def _at_most(left: Cut, right: Cut) -> bool | None:
    sign = _sign(left, right)
    return None if sign is None else sign <= 0


def _before(left: Ends, right: Ends) -> op.Truth:
    return _less(left[1], right[0])


def _meets(left: Ends, right: Ends) -> op.Truth:
    return _same(left[1], right[0])


def _overlaps(left: Ends, right: Ends) -> op.Truth:
    return op.negated(op.disjunction((_before(left, right), _before(right, left))))


def _overlaps_before(left: Ends, right: Ends) -> op.Truth:
    first, last = _less(left[0], right[0]), _at_most(left[1], right[1])
    return op.conjunction((first, _overlaps(left, right), last))


def _finishes(left: Ends, right: Ends) -> op.Truth:
    return op.conjunction((_same(left[1], right[1]), _at_most(right[0], left[0])))


def _includes(left: Ends, right: Ends) -> op.Truth:
    return op.conjunction((_at_most(left[0], right[0]), _at_most(right[1], left[1])))


def _starts(left: Ends, right: Ends) -> op.Truth:
    return op.conjunction((_same(left[0], right[0]), _at_most(left[1], right[1])))


def _coincides(left: Ends, right: Ends) -> op.Truth:
    return op.conjunction((_same(left[0], right[0]), _same(left[1], right[1])))


def _turned(relation: Relation) -> Relation:
    return lambda left, right: relation(right, left)


def _relation(name: str, relation: Relation, *parameters: str) -> None:
    """Enter a relation for each combination of points and ranges (``"point range"``)."""
    for pair in parameters:
        first, second = pair.split()
        suffixes = ("1", "2") if first == second else ("", "")
        names = {first + suffixes[0]: _TYPES[first], second + suffixes[1]: _TYPES[second]}
        _function(name, names, BOOLEAN, alike=ORDERED)(_related(relation))


def _related(relation: Relation) -> Callable[[Any, Any], op.Truth]:
    def related(left: Any, right: Any) -> op.Truth:
        if left is None or right is None:
            return None  # and not a range without an end
        first, second = _ends(left), _ends(right)
        values = [value for value, _ in (*first, *second) if value is not None]
        if any(op.order(value, values[0]) is None for value in values):
            return None
        return relation(first, second)

    return related


_ANY = ("range range", "point range", "range point", "point point")
_relation("before", _before, *_ANY)
_relation("after", _turned(_before), *_ANY)
_relation("meets", _meets, "range range")
_relation("met by", _turned(_meets), "range range")
_relation("overlaps", _overlaps, "range range")
_relation("overlaps before", _overlaps_before, "range range")
_relation("overlaps after", _turned(_overlaps_before), "range range")
_relation("finishes", _finishes, "range range", "point range")
_relation("finished by", _turned(_finishes), "range range", "range point")
_relation("includes", _includes, "range range", "range point")
_relation("during", _turned(_includes), "range range", "point range")
_relation("starts", _starts, "range range", "point range")
_relation("started by", _turned(_starts), "range range", "range point")
_relation("coincides", _coincides, "range range", "point point")


@_function("range", {"from": STRING}, RangeType(ANY))
def _range(text: str) -> Any:
    """Read a range whose ends are literals, or dates, times and durations made from text."""
    from pmo_engine.feel.syntax.parser import FeelSyntaxError, parse  # noqa: PLC0415 - slow

    try:
        node = parse(text)
    except FeelSyntaxError:
        return None
    if not isinstance(node, RangeLiteral) or node.low is None or node.high is None:
        return None
    return op.make_range(_end(node.low), _end(node.high), node.low_included, node.high_included)


def _end(node: Node) -> Any:
    match node:
        case Literal(value):
            return value
        case Call(Name(name), (Literal(str() as text),), ()) if name in _CONSTRUCTORS:
            return call(TEMPORAL[name], (text,), ())
        case _:
            return None

"""The columns of a table as axes, cut where its cells say so.

An axis is a row of segments within which no cell tells one value from another: words, or the
points that the cells name and the stretches between them. A set of segments is a bit mask; a test
becomes the mask of the segments that pass it, or ``None`` where that depends on more than the
column's own value. Null is on no axis.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cmp_to_key
from typing import Any, TypeAlias

from pmo_engine.feel import nodes as n
from pmo_engine.feel import operations as op
from pmo_engine.feel import types as t
from pmo_engine.feel.builtins import BUILTINS
from pmo_engine.feel.compatibility import kind_of
from pmo_engine.feel.kinds import kind
from pmo_engine.feel.walk import walk
from pmo_engine.model.money import Money, minor_digits

Mask: TypeAlias = int

VALUE = n.Name("?")
_MIRRORED: dict[n.ComparisonOperator, n.ComparisonOperator] = {
    "=": "=",
    "!=": "!=",
    "<": ">",
    "<=": ">=",
    ">": "<",
    ">=": "<=",
}
_FROM_TEXT = frozenset({"date", "time", "date and time", "duration"})


@dataclass(frozen=True, slots=True)
class Segment:
    """A word or point (``low`` is ``high``), or the stretch between two; ``None`` is open."""

    low: Any
    high: Any
    is_point: bool = False


@dataclass(frozen=True, slots=True)
class Axis:
    """One column: its name, its segments, and the mask of those that may be asked about.

    ``is_exact`` is false where it is not known which may.
    """

    name: str
    type: t.Type
    segments: tuple[Segment, ...]
    domain: Mask
    places: Mapping[Any, int]  # of the points among the segments
    is_exact: bool = True

    def passing(self, node: n.Node) -> Mask | None:
        """Give the segments of the domain that pass a test; None where that cannot be said."""
        found = self._mask(node)
        return None if found is None else found & self.domain

    @property
    def _all(self) -> Mask:
        return (1 << len(self.segments)) - 1

    def _mask(self, node: n.Node) -> Mask | None:
        match node:
            case n.Literal(bool() as truth):
                return self._all if truth else 0
            case n.Name("?") if self.type == t.BOOLEAN:
                return self._compared("=", True)  # noqa: FBT003 - a constant of the language
            case n.Not(operand):
                return self._complement(self._mask(operand))
            case n.Conjunction(operands):
                return self._both(self._mask(each) for each in operands)
            case n.Disjunction(operands):
                return _either(self._mask(each) for each in operands)
            case n.Membership(value, tests) if value == VALUE:
                return _either(self._tested(each) for each in tests)
            case n.Comparison(operator, left, right) if left == VALUE:
                return self._tested(n.UnaryTest(operator, right))
            case n.Comparison(operator, left, right) if right == VALUE:
                return self._tested(n.UnaryTest(_MIRRORED[operator], left))
            case n.Between(value, low, high) if value == VALUE:
                return self._tested(n.RangeLiteral(low, high, True, True))  # noqa: FBT003 - both ends
            case _:
                return None

    def _tested(self, test: n.Node) -> Mask | None:
        match test:
            case n.UnaryTest("=" | "!=" as operator, n.Literal(None)):
                return 0 if operator == "=" else self._all
            case n.UnaryTest(operator, operand):
                return self._compared(operator, constant(operand))
            case n.RangeLiteral(low, high):
                return self._within(low, high, test)
            case n.ListLiteral(items) if not isinstance(self.type, t.ListType):
                return _either(self._tested(item) for item in items)
            case n.Literal(None):
                return 0
            case _:
                return self._compared("=", constant(test))

    def _within(self, low: n.Node | None, high: n.Node | None, test: n.RangeLiteral) -> Mask | None:
        ends = [constant(end) for end in (low, high) if end is not None]
        if len(ends) > 1 and op.order(ends[0], ends[1]) not in {-1, 0}:
            return None
        masks: list[Mask | None] = []
        if low is not None:
            masks.append(self._compared(">=" if test.low_included else ">", ends[0]))
        if high is not None:
            masks.append(self._compared("<=" if test.high_included else "<", ends[-1]))
        return self._both(masks)

    def _compared(self, operator: n.ComparisonOperator, value: Any) -> Mask | None:
        place = self._place(value)
        if place is None:
            return None
        below, point = (1 << place) - 1, 1 << place
        if operator in {"=", "!="}:
            return point if operator == "=" else self._all & ~point
        if self.segments[0].is_point:  # words have no order that their places tell
            return None
        masks = {"<": below, "<=": below | point, ">": ~(below | point), ">=": ~below}
        return masks[operator] & self._all

    def _place(self, value: Any) -> int | None:
        """Say at which point a constant lies; None for what is no constant, or none of them."""
        if value is None or kind(value) != kind_of(self.type):
            return None
        if value in self.places:
            return self.places[value]
        equal = (at for each, at in self.places.items() if op.equal(each, value) is True)
        return next(equal, None)

    def _complement(self, mask: Mask | None) -> Mask | None:
        return None if mask is None else self._all & ~mask

    def _both(self, masks: Iterable[Mask | None]) -> Mask | None:
        found = self._all
        unsure = False
        for mask in masks:
            unsure = unsure or mask is None
            found &= self._all if mask is None else mask
        return None if unsure and found else found


def axis(
    name: str,
    type_: t.Type,
    allowed: n.Node | None,
    cells: Sequence[n.Node],
    *,
    is_computed: bool = False,
) -> Axis:
    """Cut a column where its cells, and what it allows, name a value.

    An amount that ``is_computed`` may have parts of a minor unit.
    """
    tests = [*cells, *([] if allowed is None else [allowed])]
    segments = _segments(type_, tests)
    places = {each.low: place for place, each in enumerate(segments) if each.is_point}
    inhabited = (1 << len(segments)) - 1 if is_computed else _inhabited(segments, type_)
    made = Axis(name, type_, segments, inhabited, places)
    if allowed is None:
        return made
    domain = made.passing(allowed)
    return replace(made, is_exact=False) if domain is None else replace(made, domain=domain)


def is_between_pence(mask: Mask, column: Axis) -> bool:
    """Tell whether the segments of a mask hold nothing but amounts with parts of a minor unit."""
    amounts = isinstance(column.type, t.MoneyType)
    return amounts and not mask & _inhabited(column.segments, column.type)


def constant(node: n.Node) -> Any:
    """Work out an expression that is made of constants alone; None for any other."""
    match node:
        case n.Literal(value):
            return value
        case n.Negation(operand):
            return op.negate(constant(operand))
        case n.Arithmetic(operator, left, right):
            return op.arithmetic(operator, constant(left), constant(right))
        case n.Call(n.Name(function), (n.Literal(str() as text),)) if function in _FROM_TEXT:
            return BUILTINS[function].call([text], ())
        case _:
            return None


def _segments(type_: t.Type, tests: Sequence[n.Node]) -> tuple[Segment, ...]:
    match type_:
        case t.EnumType(values):
            return tuple(Segment(word, word, is_point=True) for word in values)
        case t.BOOLEAN:
            return tuple(Segment(truth, truth, is_point=True) for truth in (True, False))
        case _:
            return _cut(_points(type_, tests))


def _cut(points: Sequence[Any]) -> tuple[Segment, ...]:
    segments = []
    last = None
    for point in points:
        segments += [Segment(last, point), Segment(point, point, is_point=True)]
        last = point
    return (*segments, Segment(last, None))


def _points(type_: t.Type, tests: Sequence[n.Node]) -> list[Any]:
    """Give the constants of a column in order; none if some of them have no order."""
    wanted = kind_of(type_)
    values = (constant(node) for test in tests for node in walk(test))
    known = (value for value in values if value is not None and kind(value) == wanted)
    found = list(dict.fromkeys(known)) if wanted in op.ORDERED else []
    if any(op.order(one, found[0]) is None for one in found):
        return []
    ordered = sorted(found, key=cmp_to_key(lambda one, other: op.order(one, other) or 0))
    pairs = zip([None, *ordered], ordered, strict=False)
    return [each for before, each in pairs if op.order(before, each) != 0]


def _inhabited(segments: Sequence[Segment], type_: t.Type) -> Mask:
    """Leave out the stretches in which no value lies: between two days, or two pence."""
    mask = 0
    for place, segment in enumerate(segments):
        if segment.is_point or not _is_empty(segment, type_):
            mask |= 1 << place
    return mask


def _is_empty(segment: Segment, type_: t.Type) -> bool:
    low, high = segment.low, segment.high
    if low is None or high is None:
        return False
    if type_ == t.DATE and isinstance(low, date) and isinstance(high, date):
        return high - low <= timedelta(days=1)
    if isinstance(low, Money) and isinstance(high, Money):
        return bool(high.amount - low.amount <= Decimal(1).scaleb(-minor_digits(low.currency)))
    return False


def _either(masks: Iterable[Mask | None]) -> Mask | None:
    found = 0
    for mask in masks:
        if mask is None:
            return None
        found |= mask
    return found

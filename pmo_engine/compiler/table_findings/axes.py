"""The columns of a table as axes, cut where its cells say so.

An axis is a row of segments within which no cell tells one value from another: words, or the
points that the cells name and the stretches between them. A set of segments is a bit mask; a test
becomes the mask of the segments that pass it, or ``None`` where that depends on more than the
column's own value. The last segment is null, which comes where a fact has no value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cmp_to_key
from typing import Any, TypeAlias

from pmo_engine.feel import nodes as n
from pmo_engine.feel import operations as op
from pmo_engine.feel import types as t
from pmo_engine.feel.arithmetic import arithmetic, negate
from pmo_engine.feel.bounds import lies_between, takes
from pmo_engine.feel.builtins import BUILTINS
from pmo_engine.feel.compatibility import kind_of
from pmo_engine.feel.kinds import ORDERED, kind
from pmo_engine.feel.walk import walk
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.money import Money, minor_digits

Mask: TypeAlias = int
Verdict: TypeAlias = tuple[Mask, Mask]  # where a test is true, and where it is false; else null

VALUE = n.Name("?")
MIRRORED: dict[n.ComparisonOperator, n.ComparisonOperator] = {
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
    is_null: bool = False


NULL = Segment(None, None, is_null=True)


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
        found = self.judged(node)
        return None if found is None else found[0]

    def judged(self, node: n.Node) -> Verdict | None:
        """Give the segments of the domain that pass a test, and those at which it is false."""
        found = self._verdict(node)
        return None if found is None else (found[0] & self.domain, found[1] & self.domain)

    @property
    def null(self) -> Mask:
        """Give the segment of null."""
        return 1 << len(self.segments) - 1

    @property
    def with_null(self) -> Axis:
        """Give the axis on which null may come, too."""
        return replace(self, domain=self.domain | self.null)

    @property
    def _all(self) -> Mask:
        return (1 << len(self.segments)) - 1

    def _verdict(self, node: n.Node) -> Verdict | None:
        match node:
            case n.Literal(bool() as truth):
                return (self._all, 0) if truth else (0, self._all)
            case n.Name("?") if self.type == t.BOOLEAN:
                return self._known(self._compared("=", True))  # noqa: FBT003 - of the language
            case n.Not(operand):
                return _opposite(self._verdict(operand))
            case n.Conjunction(operands):
                return _opposite(self._any(_opposite(self._verdict(each)) for each in operands))
            case n.Disjunction(operands):
                return self._any(self._verdict(each) for each in operands)
            case n.Membership(value, tests) if value == VALUE:
                return self._any(self._tested(each) for each in tests)
            case n.Comparison(operator, left, right) if left == VALUE:
                return self._tested(n.UnaryTest(operator, right))
            case n.Comparison(operator, left, right) if right == VALUE:
                return self._tested(n.UnaryTest(MIRRORED[operator], left))
            case n.Between(value, low, high) if value == VALUE:
                return self._tested(n.RangeLiteral(low, high, True, True))  # noqa: FBT003 - both ends
            case _:
                return None

    def _tested(self, test: n.Node) -> Verdict | None:
        match test:
            case n.UnaryTest("=" | "!=" as operator, n.Literal(None)):
                found = self.null, self._all & ~self.null
                return found if operator == "=" else _opposite(found)
            case n.UnaryTest(operator, operand):
                return self._compared(operator, constant(operand))
            case n.RangeLiteral(low, high):
                return self._within(low, high, test)
            case n.ListLiteral(items) if not isinstance(self.type, t.ListType):
                return self._any(self._tested(item) for item in items)
            case n.Literal(None):
                return self.null, 0  # of a value, whether it is null is not known
            case _:
                return self._compared("=", constant(test))

    def _within(
        self, low: n.Node | None, high: n.Node | None, test: n.RangeLiteral
    ) -> Verdict | None:
        ends = [constant(end) for end in (low, high) if end is not None]
        if len(ends) > 1 and op.order(ends[0], ends[1]) not in {-1, 0}:
            return None
        sides: list[Verdict | None] = []
        if low is not None:
            sides.append(self._compared(">=" if test.low_included else ">", ends[0]))
        if high is not None:
            sides.append(self._compared("<=" if test.high_included else "<", ends[-1]))
        return _opposite(self._any(_opposite(side) for side in sides))

    def _compared(self, operator: n.ComparisonOperator, value: Any) -> Verdict | None:
        """Compare with a constant: null equals none, and has no order."""
        place = self._place(value)
        if place is None:
            return None
        below, point = (1 << place) - 1, 1 << place
        if operator in {"=", "!="}:
            equal = point, self._all & ~point
            return equal if operator == "=" else _opposite(equal)
        if self.segments[0].is_point:  # words have no order that their places tell
            return None
        masks = {"<": below, "<=": below | point, ">": ~(below | point), ">=": ~below}
        return self._known((masks[operator] & self._all, self._all & ~masks[operator]))

    def _known(self, found: Verdict | None) -> Verdict | None:
        """Say nothing of null."""
        return None if found is None else (found[0] & ~self.null, found[1] & ~self.null)

    def _any(self, found: Iterable[Verdict | None]) -> Verdict | None:
        """Join alternatives; one that cannot be said does not matter where the others hold."""
        true, false, unsure = 0, self._all, False
        for each in found:
            unsure = unsure or each is None
            true, false = (true | each[0], false & each[1]) if each else (true, 0)
        return None if unsure and true != self._all else (true, false)

    def _place(self, value: Any) -> int | None:
        """Say at which point a constant lies; None for what is no constant, or none of them."""
        if value is None or kind(value) != kind_of(self.type):
            return None
        if value in self.places:
            return self.places[value]
        equal = (at for each, at in self.places.items() if op.equal(each, value) is True)
        return next(equal, None)


def _opposite(found: Verdict | None) -> Verdict | None:
    return None if found is None else (found[1], found[0])


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
    inhabited = (1 << len(segments) - 1) - 1 if is_computed else _inhabited(segments, type_)
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
            return negate(constant(operand))
        case n.Arithmetic(operator, left, right):
            return arithmetic(operator, constant(left), constant(right))
        case n.Call(n.Name(function), (n.Literal(str() as text),)) if function in _FROM_TEXT:
            return BUILTINS[function].call([text], ())
        case _:
            return None


def _segments(type_: t.Type, tests: Sequence[n.Node]) -> tuple[Segment, ...]:
    match type_:
        case t.EnumType(values, closed=True):
            return (*(Segment(word, word, is_point=True) for word in values), NULL)
        case t.BOOLEAN:
            return (*(Segment(truth, truth, is_point=True) for truth in (True, False)), NULL)
        case _:
            return _cut(_points(type_, tests))


def _cut(points: Sequence[Any]) -> tuple[Segment, ...]:
    segments = []
    last = None
    for point in points:
        segments += [Segment(last, point), Segment(point, point, is_point=True)]
        last = point
    return (*segments, Segment(last, None), NULL)


def _points(type_: t.Type, tests: Sequence[n.Node]) -> list[Any]:
    """Give the constants of a column in order; none if some of them have no order."""
    wanted = kind_of(type_)
    values = (constant(node) for test in tests for node in walk(test))
    known = (value for value in values if value is not None and kind(value) == wanted)
    found = list(dict.fromkeys(known)) if wanted in ORDERED else []
    if any(op.order(one, found[0]) is None for one in found):
        return []
    ordered = sorted(found, key=cmp_to_key(lambda one, other: op.order(one, other) or 0))
    pairs = zip([None, *ordered], ordered, strict=False)
    return [each for before, each in pairs if op.order(before, each) != 0]


def _inhabited(segments: Sequence[Segment], type_: t.Type) -> Mask:
    """Leave out the stretches in which no value lies: between two days, or two pence."""
    mask = 0
    for place, segment in enumerate(segments):
        if segment.is_null:
            continue
        if _is_within(segment, type_) and (segment.is_point or not _is_empty(segment, type_)):
            mask |= 1 << place
    return mask


def _is_within(segment: Segment, type_: t.Type) -> bool:
    """Tell whether a value that the type takes lies in a segment."""
    if segment.is_point:
        return takes(type_, segment.low)
    return lies_between(type_, segment.low, segment.high)


def _is_empty(segment: Segment, type_: t.Type) -> bool:
    low, high = segment.low, segment.high
    if low is None or high is None:
        return False
    if type_ == t.DATE and isinstance(low, date) and isinstance(high, date):
        return high - low <= timedelta(days=1)
    if isinstance(low, Money) and isinstance(high, Money):
        return bool(high.amount - low.amount <= Decimal(1).scaleb(-minor_digits(low.currency)))
    return False

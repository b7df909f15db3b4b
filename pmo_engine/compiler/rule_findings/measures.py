"""What conditions without parts ask about: the axes on which rules are held against each other.

An axis is a fact, how far one fact lies from another, a number or an amount that is worked out of
facts (``count(...)``), or else whether a condition holds that two rules may both name. Only of some
it is known what they can come to; those that look at one fact hang together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING, Any

from pmo_engine.compiler.rule_findings.cases import UNSAID, Cases
from pmo_engine.compiler.rule_findings.reach import (
    ANY,
    BETWEEN_DAYS,
    COUNTS,
    ROUNDING,
    WHOLE,
    reach_of,
)
from pmo_engine.compiler.table_findings.axes import (
    MIRRORED,
    VALUE,
    Axis,
    Mask,
    axis,
    constant,
)
from pmo_engine.feel import nodes as n
from pmo_engine.feel import types as t
from pmo_engine.feel.arithmetic import arithmetic, negate
from pmo_engine.feel.bounds import bounds_of
from pmo_engine.feel.checking.texts import OF_TEXTS
from pmo_engine.feel.compatibility import kind_of
from pmo_engine.feel.kinds import kind
from pmo_engine.feel.walk import children, walk
from pmo_engine.model.frozen import dataclass
from pmo_engine.model.money import Money

if TYPE_CHECKING:
    from pmo_engine.policy import InForce

TODAY = n.Name("today", static_type=t.DATE)
_SCALARS = frozenset({t.BOOLEAN, t.NUMBER, t.DATE, t.STRING, t.DAYS_TIME_DURATION})
_QUANTITIES = frozenset({kind_of(each) for each in (t.NUMBER, t.DATE, t.MoneyType())})
_IN_ORDER = frozenset({*_QUANTITIES, kind_of(t.DATE_TIME), kind_of(t.DAYS_TIME_DURATION)})
_MOMENTS = frozenset({TODAY.name, "now"})
_SUMS = frozenset({"sum"})
_FREE = frozenset({"abs", "modulo"}) | ROUNDING
"""Functions that come to all that they can where their first argument comes to anything."""
_OF_DAYS = frozenset({"day of week", "month of year", "day of year", "week of year"})
OPPOSITE: dict[n.ComparisonOperator, n.ComparisonOperator] = {
    "=": "!=",
    "!=": "=",
    "<": ">=",
    ">=": "<",
    ">": "<=",
    "<=": ">",
}


@dataclass(frozen=True, slots=True)
class Difference(n.Node):
    """How far one fact lies above another: an amount, a number, or days for two dates."""

    left: n.Node
    right: n.Node


@dataclass(frozen=True, slots=True)
class Asked:
    """What a condition asks: the key of an axis, its type, and the test of what lies on it.

    A condition that asks whether a fact is known has no test.
    """

    key: n.Node
    type: t.Type
    test: n.Node | None


def asked(leaf: n.Node) -> Asked | None:
    """Say what a condition without parts asks, where all of it is followed."""
    found = _asked(leaf)
    if found is None or is_fact(found.key) or _is_said(found.key):
        return found
    return None


def _is_said(key: n.Node) -> bool:
    return not any(
        each == UNSAID or isinstance(each, Cases) or _may_go_wrong(each) for each in walk(key)
    )


def _may_go_wrong(node: n.Node) -> bool:
    """Tell whether it is a range whose ends hang on facts, which may not be in order."""
    match node:
        case n.RangeLiteral(n.Node() as low, n.Node() as high):
            return not (is_constant(low) and is_constant(high))
        case _:
            return False


def _asked(leaf: n.Node) -> Asked | None:
    match leaf:
        case n.Call(n.Name("is_known"), (value,)):
            return Asked(value, _type_of(value), None) if is_fact(value) else None
        case n.Comparison(operator, n.Path() as fact, n.Literal() as limit) if is_fact(fact):
            return Asked(fact, _type_of(fact), n.Comparison(operator, VALUE, limit))
        case n.Comparison(operator, left, right):
            return _compared(leaf, operator, _moment(left), _moment(right))
        case n.Between(value, low, high):
            return _measured(value, n.Between(VALUE, low, high), low)
        case n.Membership(value, (n.Literal(None),)) if not is_fact(value):
            return None
        case n.Membership(value, tests):
            return _measured(value, n.Membership(VALUE, tests), *tests)
        case n.Path() | n.Name() if _type_of(leaf) == t.BOOLEAN and is_fact(leaf):
            return Asked(leaf, t.BOOLEAN, VALUE)
        case n.Literal() | n.Name() | n.Path():
            return None
        case _:
            return _truth(leaf)


def is_fact(node: n.Node) -> bool:
    """Tell whether an expression is a fact that stands alone: a field of a record, or the day."""
    match node:
        case n.Name(name):
            return name == TODAY.name
        case n.Path(n.Name(root)) if root not in _MOMENTS:
            kind_ = node.static_type
            return isinstance(kind_, t.MoneyType | t.EnumType) or kind_ in _SCALARS
        case _:
            return False


def axis_of(
    key: n.Node, type_: t.Type, name: str, tests: Sequence[n.Node], days: InForce | None = None
) -> Axis:
    """Cut the axis of a key where conditions name a constant, and keep to what can be.

    ``days`` are those on which the day itself may lie.
    """
    made = axis(name, type_, None, tests)
    match key:
        case Difference(left) if _type_of(left) == t.DATE:
            return replace(made, domain=made.domain & WHOLE.among(made.segments))
        case n.Name() if days is not None:
            return replace(made, domain=made.domain & _on(days, made))
        case _:
            reach = reach_of(key)
            return (
                made
                if reach == ANY
                else replace(made, domain=made.domain & reach.among(made.segments))
            )


def _on(days: InForce, made: Axis) -> Mask:
    """Give the segments of days that have one of those meant."""
    start, end = days.start or date.min, days.end or date.max
    mask = 0
    for place, each in enumerate(made.segments):
        beside = timedelta(days=0 if each.is_point else 1)
        is_late = each.low is not None and each.low + beside >= end
        is_early = each.high is not None and each.high - beside < start
        mask |= 0 if is_late or is_early else 1 << place
    return mask


def is_known_to_reach(key: n.Node, type_: t.Type) -> bool:
    """Tell whether it is known that everything on an axis may come."""
    match key:
        case Difference(left, right):
            return _reaches_all(left) and _reaches_all(right) and _are_apart(left, right)
        case n.Path() if bounds_of(key.static_type) is not None:
            return is_fact(key)  # its axis is no longer than it is
        case _:
            return type_ == t.BOOLEAN or _reaches_all(key)


def _reaches_all(node: n.Node) -> bool:
    """Tell whether a value may be any of its type (a count: any from nothing on)."""
    match node:
        case n.Call(n.Name(name), arguments) if name in BETWEEN_DAYS | {"max", "min"}:
            apart = all(_are_apart(one, other) for one, other in combinations(arguments, 2))
            return apart and all(map(_reaches_all, arguments))
        case n.Call(n.Name(function), (value, *more)) if function in _FREE:
            return _reaches_all(value) and all(map(is_constant, more))
        case n.Call(n.Name(function)) if function in _OF_DAYS:
            return _reaches_all(node.arguments[0])
        case n.Call(n.Name(function), (value, *more)) if function in OF_TEXTS:
            one_of_few = isinstance(node.static_type, t.EnumType)
            return one_of_few and _reaches_all(value) and all(map(is_constant, more))
        case n.Call(n.Name(function)):
            return function in COUNTS | _SUMS
        case n.Arithmetic("+" | "-" | "*" | "/", left, right):
            if is_constant(left) or is_constant(right):
                return _reaches_all(right if is_constant(left) else left)
            return _reaches_all(left) and _reaches_all(right) and _are_apart(left, right)
        case n.Path(base) if reach_of(node) != ANY:
            return _reaches_all(base)
        case n.Path(n.Name(root)):
            return root not in _MOMENTS and bounds_of(node.static_type) is None
        case _:
            return is_fact(node) and bounds_of(node.static_type) is None


def _are_apart(one: n.Node, other: n.Node) -> bool:
    return frozenset(looked_at(one)).isdisjoint(looked_at(other))


def looked_at(key: n.Node) -> Iterator[n.Node]:
    """Give the facts, and lists of records, that a value hangs on."""
    match key:
        case n.Path(n.Name()):
            yield key
        case n.Name("now"):
            yield TODAY
        case n.Name():
            yield key
        case n.Call(_, arguments):
            for each in arguments:
                yield from looked_at(each)
        case _:
            for each in children(key):
                yield from looked_at(each)


def _type_of(node: n.Node) -> t.Type:
    return node.static_type or t.ANY


def _moment(node: n.Node) -> n.Node:
    """Say ``today`` for the day of the present moment, which it always is."""
    match node:
        case n.Call(n.Name("date"), (n.Name("now"),)):
            return TODAY
        case _:
            return node


def is_constant(node: n.Node) -> bool:
    """Tell whether an expression is made of constants alone."""
    return isinstance(node, n.Literal) or constant(node) is not None


def _compared(
    leaf: n.Node, operator: n.ComparisonOperator, left: n.Node, right: n.Node
) -> Asked | None:
    for one, other, by in ((left, right, operator), (right, left, MIRRORED[operator])):
        if isinstance(other, n.Literal) and other.value is None:
            return (
                Asked(one, _type_of(one), n.Comparison(by, VALUE, other)) if is_fact(one) else None
            )
        if is_constant(other):
            return _against(one, by, other)
    return _between(operator, left, right) or _truth(leaf)


def _against(value: n.Node, operator: n.ComparisonOperator, limit: n.Node) -> Asked | None:
    """Say what a comparison with a constant asks; of a difference, it is one of two facts."""
    if isinstance(value, n.Arithmetic) and value.operator == "-":
        found = _apart(operator, value.left, value.right, constant(limit))
        if found is not None:
            return found
    return _measured(value, n.Comparison(operator, VALUE, limit), limit)


def _measured(value: n.Node, test: n.Node, *named: n.Node) -> Asked | None:
    """Say what a test of a value by constants asks; what has no type has that of the constant."""
    if is_fact(value):
        return Asked(value, _type_of(value), test)
    if isinstance(value, n.Literal | Cases):
        return None
    known = value.static_type or _of_constant(*named)
    return None if known is None else Asked(value, known, test)


def _of_constant(*named: n.Node) -> t.Type | None:
    for each in named:
        match constant(each.operand if isinstance(each, n.UnaryTest) else each):
            case Money(currency=currency):
                return t.MoneyType(currency)
            case Decimal():
                return t.NUMBER
            case _:
                continue
    return None


def _between(operator: n.ComparisonOperator, left: n.Node, right: n.Node) -> Asked | None:
    """Say what a comparison of two facts asks: how far one is above the other."""
    one, above = _without_constant(left)
    other, more = _without_constant(right)
    if above is not None or more is not None:
        offset = _minus(more, above)
        found = None if offset is None else _apart(operator, one, other, offset)
        return found or _apart(operator, left, right, None)
    return _apart(operator, left, right, None)


def _without_constant(node: n.Node) -> tuple[n.Node, Any]:
    """Split ``fact + 3`` into the fact and what is added to it."""
    if isinstance(node, n.Arithmetic) and node.operator in {"+", "-"}:
        if (more := constant(node.right)) is not None:
            rest, before = _without_constant(node.left)
            added = negate(more) if node.operator == "-" else more
            return rest, added if before is None else arithmetic("+", before, added)
        if node.operator == "+" and (more := constant(node.left)) is not None:
            rest, before = _without_constant(node.right)
            return rest, more if before is None else arithmetic("+", before, more)
    return node, None


def _minus(one: Any, other: Any) -> Any:
    if other is None:
        return one
    return negate(other) if one is None else arithmetic("-", one, other)


def _apart(
    operator: n.ComparisonOperator, left: n.Node, right: n.Node, offset: Any
) -> Asked | None:
    """Ask how far ``left`` is above ``right``, in one order of the two whoever writes it."""
    kind_ = kind_of(_type_of(left))
    if is_constant(left) or is_constant(right):
        return None
    if kind_ not in _IN_ORDER or kind_ != kind_of(_type_of(right)) or left == right:
        return None
    far = _far(offset, _type_of(left)) if kind_ in _QUANTITIES or offset is None else None
    if far is None:
        return None
    if _rank(left) > _rank(right):
        left, right, operator = right, left, MIRRORED[operator]
        far = arithmetic("-", arithmetic("-", far, far), far)  # of zero no minus zero
    type_ = _type_of(left) if isinstance(far, Money) else t.NUMBER
    test = n.Comparison(operator, VALUE, n.Literal(far))
    return Asked(Difference(left, right), type_, test)


def _far(offset: Any, type_: t.Type) -> Any:
    """Give how far apart two facts are: an amount, a number, or whole days."""
    match offset, type_:
        case None, t.MoneyType(str(currency)):
            return Money(Decimal(0), currency)
        case None, t.MoneyType():
            return None
        case None, _:
            return Decimal(0)
        case timedelta(), _ if type_ == t.DATE:
            days, rest = divmod(offset, timedelta(days=1))
            return None if rest else Decimal(days)
        case _:
            return offset if kind(offset) == kind_of(type_) else None


def _rank(node: n.Node) -> tuple[bool, bool, str]:
    """Put facts first and the day last."""
    match node:
        case n.Path(n.Name(root), name):
            return False, False, f"{root}.{name}"
        case _:
            return node == TODAY, True, repr(node)


def _truth(leaf: n.Node) -> Asked | None:
    """Ask whether a condition holds, in one form for what says the same."""
    match leaf:
        case n.Comparison(operator, left, right):
            if _rank(left) > _rank(right):
                operator, left, right = MIRRORED[operator], right, left
            if operator in {"!=", ">", ">="}:
                key = n.Comparison(OPPOSITE[operator], left, right)
                return Asked(key, t.BOOLEAN, n.Not(VALUE))
            return Asked(n.Comparison(operator, left, right), t.BOOLEAN, VALUE)
        case n.Quantified() | n.InstanceOf():
            return Asked(leaf, t.BOOLEAN, VALUE)
        case n.Call(n.Name(name)) if name:
            return Asked(leaf, t.BOOLEAN, VALUE) if _type_of(leaf) == t.BOOLEAN else None
        case _:
            return None

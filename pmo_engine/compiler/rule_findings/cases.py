"""Values that hang on conditions, and what operations on them and on constants come to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from math import prod
from typing import Any, TypeAlias

from pmo_engine.compiler.table_findings.axes import MIRRORED, constant
from pmo_engine.feel import nodes as n
from pmo_engine.feel import operations as op
from pmo_engine.feel.arithmetic import arithmetic
from pmo_engine.feel.values import Range
from pmo_engine.feel.walk import children, walk
from pmo_engine.model.frozen import dataclass

Arms: TypeAlias = tuple[tuple[n.Node, n.Node], ...]

UNSAID = n.Name("")
"""Stands for what is not followed: it may come to anything, and surely comes to nothing."""
FAULT = n.Call(UNSAID, ())
"""Stands for what goes wrong: neither true nor false, and the record is held by it."""
ALWAYS = n.Literal(True)  # noqa: FBT003 - a constant of the language
NULL = n.Literal(None)
MOST = 64  # values of one expression that are followed
_CONNECTIVES = (n.Conjunction, n.Disjunction, n.Not)


@dataclass(frozen=True, slots=True)
class Cases(n.Node):
    """The value of the first arm, condition and value, whose condition holds."""

    arms: Arms


def lifted(node: n.Node) -> n.Node:
    """Take cases out of the parts of an expression: each arm has the expression with its value.

    Conditions keep theirs, as there each part holds or not by itself.
    """
    if isinstance(node, (*_CONNECTIVES, Cases)):
        return node
    parts = children(node)
    if prod(map(_width, parts)) > MOST:
        return UNSAID
    found = next((each for each in parts if isinstance(each, Cases)), None)
    if found is None:
        return UNSAID if any(map(_hides_cases, parts)) else folded(node)
    arms = ((guard, lifted(_with(node, found, value))) for guard, value in found.arms)
    return Cases(tuple(arms))


def _width(node: n.Node) -> int:
    return sum(_width(value) for _, value in node.arms) if isinstance(node, Cases) else 1


def _hides_cases(node: n.Node) -> bool:
    return any(isinstance(each, Cases) for each in walk(node))


def _with(node: n.Node, part: n.Node, value: n.Node) -> n.Node:
    changed = {name: _put(getattr(node, name), part, value) for name in type(node).__slots__}
    return replace(node, **changed)


def _put(within: Any, part: n.Node, value: n.Node) -> Any:
    if isinstance(within, tuple):
        return tuple(_put(each, part, value) for each in within)
    return value if within is part else within


def folded(node: n.Node) -> n.Node:
    """Work out what constants alone decide, and leave one side with one fact where that can be."""
    match node:
        case n.Call(n.Name("is defined"), (value,)) if value == FAULT:
            return n.Literal(value=False)
        case n.Call(n.Name("get or else"), (value, otherwise)):
            return otherwise if value in (NULL, FAULT) else value
        case _ if FAULT in children(node):
            return FAULT
        case n.Comparison("=" | "!=" as operator, left, n.Literal(bool() as truth)) if _holds(left):
            return left if truth is (operator == "=") else n.Not(left)
        case n.Comparison(operator, left, right):
            return _compared(node, operator, left, right)
        case n.Between(n.Literal(value), low, high) if _are_constant(low, high):
            return _truth(op.between(value, constant(low), constant(high)))
        case n.Membership(n.Literal(value), tests) if _are_constant(*tests):
            return _truth(op.disjunction(_passes(value, each) for each in tests))
        case n.Path(n.ContextLiteral(entries), name):
            return dict(entries).get(name, NULL)
        case n.Call(n.Name("is_known" | "is defined"), (n.Literal(value),)):
            return n.Literal(value is not None)
        case _:
            return node


def _holds(node: n.Node) -> bool:
    return isinstance(node, (*_CONNECTIVES, n.Comparison, n.Between, n.Membership))


def _compared(
    node: n.Comparison, operator: n.ComparisonOperator, left: n.Node, right: n.Node
) -> n.Node:
    if _are_constant(left, right):
        return _truth(op.compare(operator, constant(left), constant(right)))
    if _is_constant(left) and isinstance(right, n.Arithmetic):
        return _solved(MIRRORED[operator], right, constant(left)) or node
    if _is_constant(right) and isinstance(left, n.Arithmetic):
        return _solved(operator, left, constant(right)) or node
    return node


def _are_constant(*nodes: n.Node) -> bool:
    return all(map(_is_constant, nodes))


def _is_constant(node: n.Node | None) -> bool:
    match node:
        case None | n.Literal():
            return True
        case n.UnaryTest(_, operand):
            return _is_constant(operand)
        case n.RangeLiteral(low, high):
            return _is_constant(low) and _is_constant(high)
        case n.ListLiteral(items):
            return all(map(_is_constant, items))
        case _:
            return constant(node) is not None


def _truth(value: Any) -> n.Node:
    return n.Literal(value) if isinstance(value, bool) else FAULT


def _passes(value: Any, test: n.Node) -> op.Truth:
    """Tell whether a constant passes a test that is made of constants."""
    match test:
        case n.UnaryTest(operator, operand):
            return op.compare(operator, value, constant(operand))
        case n.RangeLiteral(low, high, low_included, high_included):
            ends = [None if end is None else constant(end) for end in (low, high)]
            return op.in_range(value, Range(ends[0], ends[1], low_included, high_included))
        case n.ListLiteral(items):
            return op.disjunction(_passes(value, each) for each in items)
        case _:
            return op.member(value, constant(test))


def _solved(operator: n.ComparisonOperator, sum_: n.Arithmetic, limit: Any) -> n.Node | None:
    """Bring the constants of "fact * 2 > 100" to one side, where that is exact."""
    while isinstance(sum_, n.Arithmetic):
        step = _step(sum_, limit)
        if step is None:
            return None
        rest, limit, turned = step
        operator = MIRRORED[operator] if turned else operator
        if not isinstance(rest, n.Arithmetic):
            return n.Comparison(operator, rest, n.Literal(limit))
        sum_ = rest
    return None


def _step(sum_: n.Arithmetic, limit: Any) -> tuple[n.Node, Any, bool] | None:
    """Undo one operation with a constant: what is left, the limit, whether the order turns."""
    for rest, other, first in ((sum_.left, sum_.right, True), (sum_.right, sum_.left, False)):
        value = constant(other)
        if value is None:
            continue
        if first or sum_.operator in {"+", "*"}:
            return _undone(sum_.operator, rest, value, limit)
        return _taken_from(value, rest, limit) if sum_.operator == "-" else None
    return None


def _taken_from(value: Any, rest: n.Node, limit: Any) -> tuple[n.Node, Any, bool] | None:
    """Undo ``value - rest``, which grows as the rest falls."""
    found = arithmetic("-", value, limit)
    if found is None or op.equal(arithmetic("-", value, found), limit) is not True:
        return None
    return rest, found, True


def _undone(
    operator: n.ArithmeticOperator, rest: n.Node, value: Any, limit: Any
) -> tuple[n.Node, Any, bool] | None:
    inverse: dict[str, n.ArithmeticOperator] = {"+": "-", "-": "+", "*": "/", "/": "*"}
    if operator not in inverse or (operator in "*/" and not isinstance(value, Decimal)):
        return None
    found = arithmetic(inverse[operator], limit, value)
    if found is None or op.equal(arithmetic(operator, found, value), limit) is not True:
        return None  # not exact, or not a number at all
    return rest, found, operator in "*/" and value < 0


def value_of(arms: Sequence[tuple[n.Node, n.Node]]) -> n.Node:
    """Give cases, or the one value where nothing else comes into question."""
    first = next((place for place, (guard, _) in enumerate(arms) if guard == ALWAYS), None)
    arms = arms if first is None else arms[: first + 1]
    return arms[0][1] if arms[0][0] == ALWAYS else Cases(tuple(arms))


def values_of(node: n.Node) -> Iterator[n.Node]:
    """Go through what an expression may come to; what goes wrong comes to nothing."""
    if isinstance(node, Cases):
        for _, value in node.arms:
            yield from values_of(value)
    elif node != FAULT:
        yield node

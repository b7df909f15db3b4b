"""Conditions in a form that is easier to say and means the same.

Truth is Kleene's, so "not (A and B)" is "not A, or not B". That something is known and is of a
value is said at once, and sums of constants are worked out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from pmo_engine.feel import nodes as n
from pmo_engine.feel.arithmetic import arithmetic
from pmo_engine.feel.temporal import TemporalError, parse_temporal
from pmo_engine.model.frozen import dataclass

_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Known(n.Node):
    """``is_known(x) and x ...``: the condition on what is known; false where it is not."""

    condition: n.Node


def plain(node: n.Node) -> n.Node:
    """Give a condition without a negation around "and" and "or", and without guards apart."""
    match node:
        case n.Conjunction(operands):
            merged = _with_guards(operands)
            return merged[0] if len(merged) == 1 else replace(node, operands=tuple(merged))
        case n.Not(operand):
            return _negated(plain(operand))
        case _:
            return node


def unequal_together(operands: Sequence[n.Node]) -> list[n.Node]:
    """Say in one that something is none of several: ``x != "a" and x != "b"``, where first said."""
    others: dict[n.Node, list[n.Node]] = {}
    for each in operands:
        if (pair := _unequal(each)) is not None:
            others.setdefault(pair[0], []).append(pair[1])
    found: list[n.Node] = []
    for each in operands:
        pair = _unequal(each)
        values = [] if pair is None else others[pair[0]]
        if pair is None or len(values) == 1:
            found.append(each)
        elif values[0] == pair[1]:
            found.append(n.Not(n.Membership(pair[0], (n.ListLiteral(tuple(values)),))))
    return found


def _unequal(node: n.Node) -> tuple[n.Node, n.Node] | None:
    match node:
        case n.Comparison("!=", left, n.Literal(str()) as right):
            return left, right
        case n.Not(n.Comparison("=", left, n.Literal(str()) as right)):
            return left, right
        case _:
            return None


def _negated(node: n.Node) -> n.Node:
    match node:
        case n.Conjunction(operands):
            return n.Disjunction(tuple(_opposite(each) for each in operands))
        case n.Disjunction(operands):
            return n.Conjunction(tuple(_opposite(each) for each in operands))
        case _:
            return n.Not(node)


def _opposite(node: n.Node) -> n.Node:
    return node.operand if isinstance(node, n.Not) else n.Not(node)


def _with_guards(operands: Sequence[n.Node]) -> list[n.Node]:
    """Put each ``is_known(x)`` into the condition on ``x`` that comes after it."""
    found = list(operands)
    for guard in operands:
        match guard:
            case n.Call(n.Name("is_known"), (fact,)):
                place = next((p for p, each in enumerate(found) if subject(each) == fact), None)
                if place is not None and place > found.index(guard):
                    found[place] = Known(found[place])
                    found.remove(guard)
            case _:
                pass
    return found


def subject(condition: n.Node) -> n.Node | None:
    """Give the fact that a condition is about; None where it is about more than a fact."""
    match condition:
        case n.Comparison(_, _, n.Literal(None)):
            return None
        case n.Comparison(_, value, _) | n.Between(value) | n.Membership(value):
            return value if isinstance(value, n.Name | n.Path) else None
        case n.Not(operand):
            return subject(operand)
        case n.Path() | n.Name():
            return condition
        case _:
            return None


def worked_out(node: n.Node) -> n.Node:
    """Give a sum or product of constants as the constant that it comes to."""
    match node:
        case n.Call(n.Name("duration"), (n.Literal(str(text)),)):
            return _read(node, text)
        case n.Arithmetic(operator, left, right):
            one, other = worked_out(left), worked_out(right)
            if isinstance(one, n.Literal) and isinstance(other, n.Literal):
                value = arithmetic(operator, one.value, other.value)
                if value is not None and _is_short(value):
                    return n.Literal(value)
            return node if (one, other) == (left, right) else replace(node, left=one, right=other)
        case _:
            return node


def _read(node: n.Node, text: str) -> n.Node:
    try:
        return n.Literal(parse_temporal(text))
    except TemporalError:
        return node


def _is_short(value: object) -> bool:
    """Tell whether a value is written in few digits: a third is better said as it stands."""
    return not isinstance(value, Decimal) or len(value.normalize().as_tuple().digits) <= _DIGITS

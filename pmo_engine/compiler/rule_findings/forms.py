"""Conditions in one form, so that those that say the same are known to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pmo_engine.compiler.rule_findings.cases import ALWAYS, FAULT, Cases
from pmo_engine.compiler.rule_findings.measures import OPPOSITE, is_constant
from pmo_engine.feel import nodes as n
from pmo_engine.feel.rewrite import rewrite


def spread(node: n.Node) -> n.Node:
    """Write what is tested against facts as comparisons: ``a between b and c``, ``a in (> b)``."""
    match node:
        case n.Not(operand):
            changed = spread(operand)
            return node if changed is operand else n.Not(changed)
        case n.Conjunction(operands) | n.Disjunction(operands):
            parts = tuple(map(spread, operands))
            same = all(one is other for one, other in zip(parts, operands, strict=True))
            return node if same else type(node)(parts)
        case Cases(arms):
            return Cases(tuple((spread(guard), spread(value)) for guard, value in arms))
        case n.Between(value, low, high) if not is_constant(low) or not is_constant(high):
            return n.Conjunction((n.Comparison(">=", value, low), n.Comparison("<=", value, high)))
        case n.Membership(value, tests) if not all(map(_is_plain, tests)):
            told = [_test(value, each) for each in tests]
            if None not in told:
                return told[0] if len(told) == 1 else n.Disjunction(tuple(told))  # type: ignore[arg-type,return-value]
        case n.Quantified():
            return _some(node)
    return node


def _is_plain(test: n.Node) -> bool:
    """Tell whether a test is one of constants, or in a form that stays as it is."""
    match test:
        case n.UnaryTest(_, operand):
            return is_constant(operand)
        case n.RangeLiteral(low, high):
            return all(end is None or is_constant(end) for end in (low, high))
        case n.ListLiteral(items):
            return all(map(_is_plain, items))
        case _:
            return is_constant(test)


def _test(value: n.Node, test: n.Node) -> n.Node | None:
    """Write one test of a value as comparisons; a range with its ends out of order is a fault."""
    match test:
        case n.UnaryTest(operator, operand):
            return n.Comparison(operator, value, operand)
        case n.RangeLiteral(None, n.Node() as high, _, included):
            return n.Comparison("<=" if included else "<", value, high)
        case n.RangeLiteral(n.Node() as low, None, included):
            return n.Comparison(">=" if included else ">", value, low)
        case n.RangeLiteral(n.Node() as low, n.Node() as high, with_low, with_high):
            above = n.Comparison(">=" if with_low else ">", value, low)
            below = n.Comparison("<=" if with_high else "<", value, high)
            disorder = n.Comparison(">", low, high)
            return Cases(((disorder, FAULT), (ALWAYS, n.Conjunction((above, below)))))
        case _:
            return None


def _some(node: n.Quantified) -> n.Node:
    """Write ``every`` as ``not some not``, and variables by their places."""
    if node.quantifier == "every":
        return n.Not(_some(n.Quantified("some", node.iterators, _negated(node.condition))))
    names = {each.name: f"item {place}" for place, each in enumerate(node.iterators, 1)}
    return rewrite(node, lambda each: _renamed(each, names))


def _renamed(node: n.Node, names: Mapping[str, str]) -> n.Node:
    match node:
        case n.Name(name) | n.Iterator(name) if name in names:
            return replace(node, name=names[name])
        case _:
            return node


def _negated(condition: n.Node) -> n.Node:
    match condition:
        case n.Not(operand):
            return operand
        case n.Comparison(operator, left, right):
            return n.Comparison(OPPOSITE[operator], left, right)
        case _:
            return n.Not(condition)

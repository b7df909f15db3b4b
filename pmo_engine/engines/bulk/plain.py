"""Functions made of expressions, for where every operand is there; all else is left alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne
from typing import Any, TypeAlias

from pmo_engine.engines.compiled.arithmetic import NUMERIC
from pmo_engine.engines.tracing import evaluate
from pmo_engine.feel import nodes as n
from pmo_engine.feel import operations as op
from pmo_engine.feel.arithmetic import arithmetic, negate
from pmo_engine.feel.properties import property_of
from pmo_engine.feel.values import Missing
from pmo_engine.model.money import Money

Plain: TypeAlias = Callable[[Mapping[str, Any]], Any]
"""Works an expression out over a record, or over names; raises where something is not there."""
KNOWN = n.Name("is_known")
COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": eq,
    "!=": ne,
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
}
ALIKE = frozenset({Decimal, date, str})
"""Types whose values Python compares as the language does."""
QUICK = frozenset("+-*")
UNTOLD = (Missing, list)
"""Types of what may hold an error: whether it is known the walk tells."""


class Constant:
    """What is the same for every record, worked out once."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __call__(self, _names: Mapping[str, Any]) -> Any:
        return self.value


class Leave(Exception):
    """The ordinary case this is not: the walk that defines the language works it out."""


def leave(_names: Mapping[str, Any]) -> Any:
    """Stand where there is no function."""
    raise Leave


def plain(node: n.Node, constants: Mapping[str, Any], own: frozenset[str], root: str = "") -> Plain:
    """Make a function of an expression over the names that are its ``own``, or stand in ``root``.

    Raises Leave for what has no such function.
    """
    return _Maker(constants, own, root).made(node)


def there(value: Any) -> Any:
    """Give a value that is there; raises Leave for null and for what is missing."""
    if value is None or type(value) is Missing:
        raise Leave
    return value


class _Maker:
    def __init__(self, constants: Mapping[str, Any], own: frozenset[str], root: str) -> None:
        self.constants, self.own, self.root = constants, own, root

    def made(self, node: n.Node) -> Plain:  # noqa: C901 - a case for each node
        match node:
            case n.Literal(value) if value is not None:
                return Constant(value)
            case n.Name(name) if name in self.own:
                return _field(name)
            case n.Name(name) if name in self.constants:
                return Constant(there(self.constants[name]))
            case n.Path(n.Name(root), name) if root == self.root and name in self.own:
                return _field(name)
            case n.Path(n.Arithmetic("-", left, right), "days"):
                return _days(self.made(left), self.made(right))
            case n.Path(base, name) if not isinstance(base, n.Name | n.Filter):
                return _property(self.made(base), name)
            case n.Comparison(operator, left, right):
                return _compared(operator, self.made(left), self.made(right))
            case n.Arithmetic(operator, left, right):
                return _reckoned(operator, self.made(left), self.made(right))
            case n.Negation(operand):
                of = self.made(operand)
                return lambda names: there(negate(of(names)))
            case n.Conjunction(operands):
                return _joined([self.made(each) for each in operands], ends=False)
            case n.Disjunction(operands):
                return _joined([self.made(each) for each in operands], ends=True)
            case n.Not(operand):
                of = self.made(operand)
                return lambda names: not truth(of(names))
            case n.Conditional():
                return self._conditional(node)
            case n.Between(value, low, high):
                parts = [self.made(each) for each in (value, low, high)]
                return lambda names: there(op.between(*(each(names) for each in parts)))
            case n.Call(function, (n.Name() | n.Path() as asked,), ()) if function == KNOWN:
                return self._known(asked)
            case n.Call(n.Name(name), arguments, ()) if name not in self.own:
                return self._constant(node, arguments)
            case _:
                raise Leave

    def _conditional(self, node: n.Conditional) -> Plain:
        condition = self.made(node.condition)
        one, other = self.made(node.consequence), self.made(node.alternative)
        return lambda names: one(names) if truth(condition(names)) else other(names)

    def _constant(self, node: n.Call, arguments: tuple[n.Node, ...]) -> Plain:
        """Call a function of the language with what is written out, once for all records."""
        if not all(isinstance(each, n.Literal) for each in arguments):
            raise Leave
        return Constant(there(evaluate(node, {})))

    def _known(self, asked: n.Name | n.Path) -> Plain:
        """Ask whether a field of the record is there; what comes of an error is not told here."""
        name = asked.name
        of_root = isinstance(asked, n.Path) and asked.base == n.Name(self.root)
        if name not in self.own or not (of_root or isinstance(asked, n.Name)):
            raise Leave

        def known(names: Mapping[str, Any]) -> bool:
            value = names.get(name)
            if value is None:
                return name in names
            if isinstance(value, UNTOLD):
                raise Leave
            return True

        return known


def truth(value: Any) -> bool:
    """Give a truth value; raises Leave for anything else."""
    if value is True or value is False:
        return value
    raise Leave


def _field(name: str) -> Plain:
    def get(names: Mapping[str, Any]) -> Any:
        value = names[name]
        if value is None or type(value) is Missing:
            raise Leave
        return value

    return get


def _property(of: Plain, name: str) -> Plain:
    return lambda names: there(property_of(of(names), name))


def _days(left: Plain, right: Plain) -> Plain:
    """Give the days from one day to another."""

    def days(names: Mapping[str, Any]) -> Any:
        one, other = left(names), right(names)
        if type(one) is date and type(other) is date:
            return Decimal((one - other).days)
        return there(property_of(there(arithmetic("-", one, other)), "days"))

    return days


def _compared(operator: n.ComparisonOperator, left: Plain, right: Plain) -> Plain:
    quick = COMPARED[operator]
    if isinstance(right, Constant) and type(right.value) in ALIKE:
        return _compared_to(operator, left, right.value)

    def compared(names: Mapping[str, Any]) -> bool:
        one, other = left(names), right(names)
        kind = type(one)
        if kind is type(other) and kind in ALIKE:
            return quick(one, other)
        found: bool = there(op.compare(operator, one, other))
        return found

    return compared


def _compared_to(operator: n.ComparisonOperator, left: Plain, other: Any) -> Plain:
    """Compare with what is the same for every record, whose type is looked at once."""
    quick, kind = COMPARED[operator], type(other)

    def compared(names: Mapping[str, Any]) -> bool:
        one = left(names)
        if type(one) is kind:
            return quick(one, other)
        found: bool = there(op.compare(operator, one, other))
        return found

    return compared


def _reckoned(operator: n.ArithmeticOperator, left: Plain, right: Plain) -> Plain:
    if isinstance(left, Constant) and isinstance(right, Constant):
        return Constant(there(arithmetic(operator, left.value, right.value)))
    quick = NUMERIC[operator]

    def reckoned(names: Mapping[str, Any]) -> Any:
        one, other = left(names), right(names)
        kind = type(one)
        if operator in QUICK and kind is type(other):
            if kind is Decimal:
                return quick(one, other)
            if kind is Money and operator != "*":
                return one + other if operator == "+" else one - other
        return there(arithmetic(operator, one, other))

    return reckoned


def _joined(parts: list[Plain], *, ends: bool) -> Plain:
    """Go through truths up to the first that decides: a no of *and*, a yes of *or*."""

    def joined(names: Mapping[str, Any]) -> bool:
        for part in parts:
            if truth(part(names)) is ends:
                return ends
        return not ends

    return joined

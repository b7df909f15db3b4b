"""The engine that defines the language: a walk over the tree that can keep every sub-result.

What has no result (a division by zero, an item that is not there) is null by the standard, and
``evaluate`` gives null. In a rule it is a fault, which ``evaluate_in_rule`` gives: ``Missing`` with
the reason. A fault goes through every operation, as a fact does that was not given, so that it is
never taken for no; null that was read, from a fact or a cell, is a value like any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from pmo_engine.engines.scope import Scope
from pmo_engine.engines.tables import Found, decide
from pmo_engine.engines.traces import Trace, no_result
from pmo_engine.feel import nodes as n
from pmo_engine.feel import operations as op
from pmo_engine.feel import types as t
from pmo_engine.feel.arithmetic import arithmetic, negate
from pmo_engine.feel.builtins import SIGNATURES
from pmo_engine.feel.counting import those_counted
from pmo_engine.feel.effort import Weights, cost, size, weigh
from pmo_engine.feel.functions import GOVERNANCE, call_governance
from pmo_engine.feel.kinds import is_argument, is_instance
from pmo_engine.feel.limits import MAX_DEPTH, MAX_STEPS, EvaluationLimit, bounded
from pmo_engine.feel.quantities import of_nothing
from pmo_engine.feel.signatures import as_written, call, convert
from pmo_engine.feel.values import Builtin, Function, Missing
from pmo_engine.feel.walk import children, walk
from pmo_engine.model.frozen import dataclass
from pmo_engine.policy import Expression, Table

__all__ = ["EvaluationLimit", "Scope", "evaluate", "evaluate_in_rule", "evaluate_table"]

_NOTHING = object()  # no result, where null may be one
_OPERATIONS = (  # which come to null through an error alone
    n.Comparison,
    n.Arithmetic,
    n.Negation,
    n.Conjunction,
    n.Disjunction,
    n.Not,
    n.Between,
    n.Membership,
    n.UnaryTest,
    n.RangeLiteral,
    n.ForLoop,
    n.Quantified,
    n.InstanceOf,
)


def evaluate(node: n.Node, scope: Mapping[str, Any], trace: Trace | None = None) -> Any:
    """Work out an expression over the names in scope; a name it lacks is ``Missing((name,))``.

    Raises EvaluationLimit for more work than one expression may cause.
    """
    return _Evaluation(Scope(scope), trace).whole(node)


def evaluate_in_rule(
    node: n.Node, scope: Mapping[str, Any], text: str = "", trace: Trace | None = None
) -> Any:
    """Work out an expression of a rule: an error comes to ``Missing`` with a fault, never to null.

    ``text`` is the expression's, to be quoted. Raises EvaluationLimit as ``evaluate`` does.
    """
    return _Evaluation(Scope(scope), trace, text).whole(node)


def evaluate_table(
    table: Table, values: Sequence[Any], scope: Mapping[str, Any], trace: Trace | None = None
) -> Found:
    """Work out a table for the values of its inputs; its cells see ``scope``, and inputs by name.

    Raises EvaluationLimit for more work than one call may cause.
    """
    return _Evaluation(Scope(scope), trace).table(table, values)


class _Evaluation:
    """One evaluation: how much work it has left, how deep it is, what it records.

    ``text`` is that of the expression in hand; ``None`` where errors come to null.
    """

    def __init__(self, root: Scope, trace: Trace | None, text: str | None = None) -> None:
        self.root = root
        self.trace = trace
        self.text = text
        self.steps = MAX_STEPS
        self.depth = MAX_DEPTH
        self.weights: Weights = {}

    def whole(self, node: n.Node) -> Any:
        try:
            return self.value(node, self.root)
        except RecursionError:
            raise EvaluationLimit("the expression goes too deep") from None

    def spend(self, steps: int) -> None:
        self.steps -= steps
        if self.steps < 0:
            raise EvaluationLimit(f"the expression takes more than {MAX_STEPS:,} steps")

    def _sized(self, value: Any) -> Any:
        """Pay for going over a value once."""
        self.spend(size(value))
        return value

    def _weighed(self, value: Any) -> Any:
        """Pay for going through all the parts of a value; EvaluationLimit where it has too many."""
        if isinstance(value, list | dict | str):
            self.spend(weigh(value, self.weights))
        return value

    def value(self, node: n.Node, scope: Scope) -> Any:
        self.spend(1)
        self.depth -= 1
        if self.depth < 0:
            raise EvaluationLimit(f"functions call each other more than {MAX_DEPTH} levels deep")
        result = self._value(node, scope)
        if result is None and isinstance(node, _OPERATIONS):
            result = self._no_result(node, scope)
        self.depth += 1
        if self.trace is not None:
            self.trace.keep(node, result)
        return result

    def _value(self, node: n.Node, scope: Scope) -> Any:  # noqa: C901, PLR0911, PLR0912 - a case for each kind of node
        match node:
            case n.Literal(value):
                return value
            case n.Name(name, counted):
                found = those_counted(scope.find(name)) if counted else scope.find(name)
                return self._of_table(found) if isinstance(found, Table) else found
            case n.Path(base, name):
                return self._path(self._sized(self.value(base, scope)), name, node, scope)
            case n.Comparison(operator, left, right):
                first, second = self.value(left, scope), self.value(right, scope)
                return op.compare(operator, self._weighed(first), self._weighed(second))
            case n.Arithmetic(operator, left, right):
                first, second = self.value(left, scope), self.value(right, scope)
                return self._sized(arithmetic(operator, first, second))
            case n.Negation(operand):
                return negate(self.value(operand, scope))
            case n.Conjunction(operands):
                return op.conjunction(self.value(each, scope) for each in operands)
            case n.Disjunction(operands):
                return op.disjunction(self.value(each, scope) for each in operands)
            case n.Not(operand):
                return op.negated(self.value(operand, scope))
            case n.Between(value, low, high):
                return op.between(*(self.value(each, scope) for each in (value, low, high)))
            case n.Membership():
                return self._membership(node, scope)
            case n.UnaryTest(operator, operand):
                return op.half_range(operator, self.value(operand, scope))
            case n.Conditional():
                return self._conditional(node, scope)
            case n.ListLiteral(items):
                return self._weighed([self.value(item, scope) for item in items])
            case n.ContextLiteral(entries):
                return self._context(entries, scope)
            case n.RangeLiteral():
                return self._range(node, scope)
            case n.Filter():
                return self._filter(node, scope)
            case n.ForLoop():
                return self._for(node, scope)
            case n.Quantified():
                return self._quantified(node, scope)
            case n.InstanceOf(value, type_):
                return is_instance(self._weighed(self.value(value, scope)), type_)
            case n.FunctionLiteral():
                return self._function(node, scope)
            case n.Call():
                return self._call(node, scope)
            case _:
                raise TypeError(f"{type(node).__name__} is not an expression")

    def _no_result(self, node: n.Node, scope: Scope) -> Missing | None:
        """Say what it means that a part has no result: a fault in a rule, null by the standard."""
        if self.text is None:
            return None
        parts = [] if isinstance(node, _INNER) else children(node)
        values = [self.value(each, scope) for each in parts if not isinstance(each, n.TypeName)]
        return Missing.fault(no_result(node, values, self.text))

    def _path(self, value: Any, name: str, node: n.Node, scope: Scope) -> Any:
        if isinstance(value, list):
            return [self._path(item, name, node, scope) for item in value]
        found = op.path(value, name)
        if found is not None or op.has(value, name):
            return found
        return self._no_result(node, scope)

    def _membership(self, node: n.Membership, scope: Scope) -> Any:
        value = self.value(node.value, scope)
        truths = (self._test(value, test, scope) for test in node.tests)
        if value is None and node.value == _TESTED:  # null is in no range that a cell names
            truths = (False if truth is None else truth for truth in truths)
        return op.disjunction(truths)

    def _test(self, value: Any, test: n.Node, scope: Scope) -> Any:
        if isinstance(test, n.UnaryTest):
            self.spend(1)
            return op.compare(test.operator, value, self.value(test.operand, scope))
        against = self.value(test, scope)
        is_deep = isinstance(value, list | dict)
        return op.member(value, self._weighed(against) if is_deep else self._sized(against))

    def _conditional(self, node: n.Conditional, scope: Scope) -> Any:
        condition = self.value(node.condition, scope)
        if isinstance(condition, Missing):
            return condition
        return self.value(node.consequence if condition is True else node.alternative, scope)

    def _context(self, entries: Sequence[tuple[str, n.Node]], scope: Scope) -> dict[str, Any]:
        context: dict[str, Any] = {}
        inner = Scope(context, scope)
        for name, expression in entries:
            context[name] = self.value(expression, inner)
        self._weighed(context)
        return context

    def _range(self, node: n.RangeLiteral, scope: Scope) -> Any:
        if node.low is None or node.high is None:
            operator, end = _half(node)
            return op.half_range(operator, self.value(end, scope))
        low, high = self.value(node.low, scope), self.value(node.high, scope)
        return op.make_range(low, high, node.low_included, node.high_included)

    def _filter(self, node: n.Filter, scope: Scope) -> Any:
        base = self.value(node.base, scope)
        if base is None:
            return self._no_result(node, scope)
        if isinstance(base, Missing):
            return base
        items = op.as_list(base)
        if not items:
            return self._no_result(node, scope) if _is_index(node.condition) else []
        first = self._condition(node.condition, items[0], scope)
        if isinstance(first, Decimal):
            is_there = op.has_item(items, first)
            return op.item_at(items, first) if is_there else self._no_result(node, scope)
        truths = (self._condition(node.condition, item, scope) for item in items[1:])
        return op.filtered(items, (first, *truths))

    def _condition(self, condition: n.Node, item: Any, scope: Scope) -> Any:
        return self.value(condition, Scope({"item": item}, scope, item))

    def _for(self, node: n.ForLoop, scope: Scope) -> Any:
        results: list[Any] = []
        looks_back = any(each == n.Name("partial") for each in walk(node.body))
        for inner in self._rounds(node.iterators, scope):
            if not isinstance(inner, Scope):
                return inner
            if looks_back:
                self.spend(len(results))
                inner.names = {**inner.names, "partial": list(results)}
            results.append(self.value(node.body, inner))
            bounded(results)
        return self._weighed(results)

    def _quantified(self, node: n.Quantified, scope: Scope) -> Any:
        decide = op.disjunction if node.quantifier == "some" else op.conjunction
        return decide(
            self.value(node.condition, inner) if isinstance(inner, Scope) else inner
            for inner in self._rounds(node.iterators, scope)
        )

    def _rounds(self, iterators: Sequence[n.Iterator], scope: Scope) -> Iterator[Any]:
        """Give the scope of each round, or null or Missing for a list that there is not."""
        if not iterators:
            yield scope
            return
        first, *rest = iterators
        items = self._domain(first, scope)
        if not isinstance(items, list):
            yield items
            return
        for item in items:
            yield from self._rounds(rest, Scope({first.name: item}, scope))

    def _domain(self, iterator: n.Iterator, scope: Scope) -> Any:
        start = self.value(iterator.domain, scope)
        if iterator.until is None:
            return self._sized(op.domain(start))
        return self._sized(op.span(start, self.value(iterator.until, scope)))

    def _function(self, node: n.FunctionLiteral, scope: Scope) -> Function:
        types = node.types or (None,) * len(node.parameters)

        def call(*values: Any) -> Any:
            given = [as_written(*each) for each in zip(values, types, strict=True)]
            if not all(is_argument(*each) for each in zip(given, types, strict=True)):
                return self._no_result(node, scope)
            names = dict(zip(node.parameters, given, strict=True))
            return self.value(node.body, Scope(names, scope))

        return Function(node.parameters, call)

    def _of_table(self, table: Table) -> Function:
        """Make a function of a table; its cells are worked out as a part of this evaluation."""

        def call(*values: Any) -> Any:
            found = self.table(table, values)
            if found.why:
                return Missing.fault(f"table '{table.id}': {found.why}")
            return self._weighed(found.value)

        return Function(tuple(column.name for column in table.inputs), call)

    def cell(self, cell: Expression, scope: Scope) -> Any:
        """Work out a cell of a table; an error in it quotes the cell."""
        around = self.text
        self.text = None if around is None else str(cell.text)
        try:
            return self.value(cell.node, scope)
        finally:
            self.text = around

    def table(self, table: Table, values: Sequence[Any]) -> Found:
        values = [convert(v, c.type) for v, c in zip(values, table.inputs, strict=True)]
        named = dict(zip((column.name for column in table.inputs), values, strict=True))
        found = decide(table, values, _Cells(self, Scope(named, self.root)))
        if self.trace is not None:
            self.trace.tables.setdefault(table.id, []).append(found)
        return found

    def _call(self, node: n.Call, scope: Scope) -> Any:
        function = self.value(node.function, scope)
        values = [self.value(argument, scope) for argument in node.arguments]
        if node.function in _CLOCK and not values:
            return function
        if isinstance(function, Missing):
            return function
        found = self._called(node, function, values)
        if found is not _NOTHING:
            return found
        in_rule = self.text is not None
        zero = of_nothing(function, node.static_type) if in_rule and values == [[]] else None
        return self._no_result(node, scope) if zero is None else zero

    def _called(self, node: n.Call, function: Any, values: Sequence[Any]) -> Any:
        """Give what a call comes to, ``_NOTHING`` where it has no result."""
        if isinstance(function, Builtin):
            self.spend(cost(function.name, values, self.weights))
            return self._weighed(call(SIGNATURES[function.name], values, node.names, _NOTHING))
        if not isinstance(function, Function):
            return _NOTHING
        if isinstance(node.function, n.Name) and node.function.name in GOVERNANCE:
            return call_governance(node.function.name, function, values, node.names, _NOTHING)
        return op.apply(function, values, node.names, _NOTHING)


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells of a table, over its inputs."""

    evaluation: _Evaluation
    scope: Scope

    def test(self, cell: Expression, value: Any) -> Any:
        return self.evaluation.cell(cell, Scope({"?": value}, self.scope))

    def value(self, cell: Expression) -> Any:
        return self.evaluation.cell(cell, self.scope)


_CLOCK = (n.Name("now"), n.Name("today"))
_TESTED = n.Name("?")
# What has parts that are worked out in a scope of their own, or are no values.
_INNER = (n.Filter, n.ForLoop, n.Quantified, n.FunctionLiteral)


def _is_index(condition: n.Node) -> bool:
    """Tell whether brackets hold a place in the list and no condition, before there is an item."""
    number = condition.operand if isinstance(condition, n.Negation) else condition
    literal = isinstance(number, n.Literal) and isinstance(number.value, Decimal)
    return literal or condition.static_type == t.NUMBER


def _half(node: n.RangeLiteral) -> tuple[n.ComparisonOperator, n.Node]:
    """Give the comparison that a range with one end is written as."""
    if node.low is not None:
        return (">=" if node.low_included else ">"), node.low
    if node.high is None:
        raise TypeError("a range has at least one end")
    return ("<=" if node.high_included else "<"), node.high

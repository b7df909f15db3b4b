"""The engine that defines the language: a walk over the tree that can keep every sub-result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pmo_engine.engines.tables import Found, decide
from pmo_engine.feel import nodes as n
from pmo_engine.feel import operations as op
from pmo_engine.feel.builtins import BUILTINS
from pmo_engine.feel.effort import Weights, cost, size, weigh
from pmo_engine.feel.functions import GOVERNANCE, call_governance
from pmo_engine.feel.kinds import is_argument, is_instance, kind
from pmo_engine.feel.limits import MAX_DEPTH, MAX_STEPS, EvaluationLimit, bounded
from pmo_engine.feel.signatures import as_written, convert
from pmo_engine.feel.values import Builtin, Function, Missing
from pmo_engine.feel.walk import children, walk
from pmo_engine.model.money import Money
from pmo_engine.policy import Table

__all__ = ["EvaluationLimit", "Scope", "Trace", "evaluate", "evaluate_table", "explain_null"]


@dataclass(slots=True)
class Trace:
    """What each node came to; inside a loop or a filter, what it came to last.

    ``text`` is the expression's text, for messages that quote it; ``nulls`` holds what the parts of
    a node were when it first came to null; ``tables`` holds what each call of a decision table
    came to, by the table's name: its ``rows`` are those that the answer is from.
    """

    text: str = ""
    results: dict[int, Any] = field(default_factory=dict)
    nulls: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    tables: dict[str, list[Found]] = field(default_factory=dict)

    def keep(self, node: n.Node, value: Any) -> None:
        """Record what a node came to."""
        self.results[id(node)] = value
        if value is None:
            reached = [each for each in children(node) if self.reached(each)]
            self.nulls.setdefault(id(node), tuple(self.of(each) for each in reached))

    def of(self, node: n.Node) -> Any:
        """Give what a node came to; KeyError where it was not reached."""
        return self.results[id(node)]

    def reached(self, node: n.Node) -> bool:
        """Tell whether a node was evaluated at all."""
        return id(node) in self.results


class Scope:
    """Names and their values, over those of the scope around; a filter's item brings its own."""

    __slots__ = ("around", "item", "names")

    def __init__(
        self, names: Mapping[str, Any], around: Scope | None = None, item: Any = None
    ) -> None:
        self.names, self.around, self.item = names, around, item

    def find(self, name: str) -> Any:
        """Look a name up from the inside out; a name nowhere to be found is a missing fact."""
        scope: Scope | None = self
        while scope is not None:
            if op.in_scope_of(scope.item, name):
                return op.path(scope.item, name)
            if name in scope.names:
                return scope.names[name]
            scope = scope.around
        return BUILTINS.get(name, Missing((name,)))


def evaluate(node: n.Node, scope: Mapping[str, Any], trace: Trace | None = None) -> Any:
    """Work out an expression over the names in scope; a name it lacks is ``Missing((name,))``.

    Raises EvaluationLimit for more work than one expression may cause.
    """
    root = Scope(scope)
    try:
        return _Evaluation(root, trace).value(node, root)
    except RecursionError:
        raise EvaluationLimit("the expression goes too deep") from None


def evaluate_table(
    table: Table, values: Sequence[Any], scope: Mapping[str, Any], trace: Trace | None = None
) -> Found:
    """Work out a table for the values of its inputs; its cells see ``scope``, and inputs by name.

    Raises EvaluationLimit for more work than one call may cause.
    """
    return _Evaluation(Scope(scope), trace).table(table, values)


class _Evaluation:
    """One evaluation: how much work it has left, how deep it is, what it records."""

    def __init__(self, root: Scope, trace: Trace | None) -> None:
        self.root = root
        self.trace = trace
        self.steps = MAX_STEPS
        self.depth = MAX_DEPTH
        self.weights: Weights = {}

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
        self.depth += 1
        if self.trace is not None:
            self.trace.keep(node, result)
        return result

    def _value(self, node: n.Node, scope: Scope) -> Any:  # noqa: C901, PLR0911, PLR0912 - a case for each kind of node
        match node:
            case n.Literal(value):
                return value
            case n.Name(name):
                found = scope.find(name)
                return self._of_table(found) if isinstance(found, Table) else found
            case n.Path(base, name):
                return op.path(self._sized(self.value(base, scope)), name)
            case n.Comparison(operator, left, right):
                first, second = self.value(left, scope), self.value(right, scope)
                return op.compare(operator, self._weighed(first), self._weighed(second))
            case n.Arithmetic(operator, left, right):
                first, second = self.value(left, scope), self.value(right, scope)
                return self._sized(op.arithmetic(operator, first, second))
            case n.Negation(operand):
                return op.negate(self.value(operand, scope))
            case n.Conjunction(operands):
                return op.conjunction(self.value(each, scope) for each in operands)
            case n.Disjunction(operands):
                return op.disjunction(self.value(each, scope) for each in operands)
            case n.Not(operand):
                return op.negated(self.value(operand, scope))
            case n.Between(value, low, high):
                return op.between(*(self.value(each, scope) for each in (value, low, high)))
            case n.Membership(value, tests):
                return self._membership(self.value(value, scope), tests, scope)
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

    def _membership(self, value: Any, tests: Sequence[n.Node], scope: Scope) -> Any:
        return op.disjunction(self._test(value, test, scope) for test in tests)

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
        if base is None or isinstance(base, Missing):
            return base
        items = op.as_list(base)
        if not items:
            return None if _is_number(node.condition) else []
        first = self._condition(node.condition, items[0], scope)
        if isinstance(first, Decimal):
            return op.item_at(items, first)
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
                return None
            names = dict(zip(node.parameters, given, strict=True))
            return self.value(node.body, Scope(names, scope))

        return Function(node.parameters, call)

    def _of_table(self, table: Table) -> Function:
        """Make a function of a table; its cells are worked out as a part of this evaluation."""

        def call(*values: Any) -> Any:
            found = self.table(table, values)
            if found.why:
                return Missing((), (f"table '{table.id}': {found.why}",))
            return self._weighed(found.value)

        return Function(tuple(column.name for column in table.inputs), call)

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
        if isinstance(function, Builtin):
            self.spend(cost(function.name, values, self.weights))
            return self._weighed(function.call(values, node.names))
        if isinstance(function, Function):
            if isinstance(node.function, n.Name) and node.function.name in GOVERNANCE:
                return call_governance(node.function.name, function, values, node.names)
            return op.apply(function, values, node.names)
        if node.function in _CLOCK and not values:
            return function
        return function if isinstance(function, Missing) else None


@dataclass(frozen=True, slots=True)
class _Cells:
    """The cells of a table, over its inputs."""

    evaluation: _Evaluation
    scope: Scope

    def test(self, node: n.Node, value: Any) -> Any:
        return self.evaluation.value(node, Scope({"?": value}, self.scope))

    def value(self, node: n.Node) -> Any:
        return self.evaluation.value(node, self.scope)


_CLOCK = (n.Name("now"), n.Name("today"))


def _half(node: n.RangeLiteral) -> tuple[n.ComparisonOperator, n.Node]:
    """Give the comparison that a range with one end is written as."""
    if node.low is not None:
        return (">=" if node.low_included else ">"), node.low
    if node.high is None:
        raise TypeError("a range has at least one end")
    return ("<=" if node.high_included else "<"), node.high


def _is_number(node: n.Node) -> bool:
    return isinstance(node, n.Literal) and isinstance(node.value, Decimal)


def explain_null(node: n.Node, trace: Trace) -> str:
    """Say in a sentence which innermost part made null of operands that were not null.

    Empty where it is null as it is written.
    """
    culprit = _culprit(node, trace)
    quoted = f" in '{trace.text[culprit.start : culprit.end]}'" if trace.text else ""
    values = trace.nulls.get(id(culprit), ())
    match culprit:
        case n.Arithmetic("/") if len(values) > 1 and not _amount(values[1]):
            return f"division by zero{quoted}"
        case n.Arithmetic(operator) | n.Comparison(operator):
            kinds = " and ".join(_kind(value) for value in values)
            return f"'{operator}' has no result for {kinds}{quoted}"
        case n.Call(n.Name(name)):
            return f"'{name}' has no result{_for(values[1:])}{quoted}"
        case n.Call():
            return f"the function cannot be called so{quoted}"
        case n.Path(_, name):
            return f"'{name}' is null{quoted}"
        case n.Name(name):
            return f"'{name}' is null"
        case n.Literal():
            return ""
        case n.Filter():
            return f"nothing is at that place{quoted}"
        case n.RangeLiteral():
            return f"the ends of a range are of one kind and in order, not so{quoted}"
        case n.Conjunction() | n.Disjunction() | n.Not():
            return f"not every part is true or false{_for(values)}{quoted}"
        case n.Between() | n.Membership() | n.Negation() | n.InstanceOf():
            return f"there is no result{_for(values)}{quoted}"
        case n.ForLoop() | n.Quantified():
            return f"there is no list to go over{quoted}"
        case _:
            return f"null comes{quoted or ' of it'}"


def _for(values: Sequence[Any]) -> str:
    return f" for {' and '.join(map(_kind, values))}" if values else ""


def _culprit(node: n.Node, trace: Trace) -> n.Node:
    if isinstance(node, n.Conditional):
        parts: Iterable[n.Node] = (node.consequence, node.alternative)
    else:
        parts = children(node)
    for part in parts:
        if id(part) in trace.nulls:
            return _culprit(part, trace)
    return node


def _amount(value: Any) -> Any:
    return value.amount if isinstance(value, Money) else value


def _kind(value: Any) -> str:
    return "text" if isinstance(value, str) else kind(value)

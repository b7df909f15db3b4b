"""From conditions to passes: which attributes a fact has, and which tests judge which condition."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from pmo_engine.engines.durable import conditions as c
from pmo_engine.engines.durable.attributes import (
    Aggregate,
    Compared,
    Equal,
    Holds,
    IsNull,
    Listed,
    Operand,
    Ordered,
    Truth,
)
from pmo_engine.engines.durable.cases import Frame, Judgement, Term
from pmo_engine.engines.durable.encoding import EQUALITY, kind_for
from pmo_engine.feel import nodes as n
from pmo_engine.feel import types as t
from pmo_engine.feel.walk import walk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pmo_engine.engines.durable.attributes import Attribute
    from pmo_engine.engines.durable.encoding import Kind
    from pmo_engine.policy import Expression

MAX_BRANCHES = 64
_CONDITIONS = (
    n.Comparison,
    n.Between,
    n.Membership,
    n.Conjunction,
    n.Disjunction,
    n.Not,
    n.Quantified,
)


class Compiler:
    """Collects the attributes and judgements of a stratum's conditions."""

    def __init__(self) -> None:
        self.case = Frame()
        self.judgements: list[Judgement] = []
        self.attributes: dict[str, Attribute] = {}
        self.hoisted: list[str] = []
        self._names: dict[tuple[Frame, Attribute], str] = {}
        self._compared_nodes: dict[tuple[Frame, str, str], Compared] = {}
        self._text = ""

    def condition(self, expression: Expression) -> Term:
        """Compile a rule's condition."""
        self._text = expression.text
        return self._judged(self.case, expression.node)

    def pair(self, frame: Frame, node: n.Node) -> c.Pair:
        """Say when a condition is true and when it is false."""
        match node:
            case n.Conjunction(operands):
                return self._joined(frame, [(each, self.pair(frame, each)) for each in operands])
            case n.Disjunction(operands):
                return self._any(frame, [(each, self.pair(frame, each)) for each in operands])
            case n.Not(operand):
                return self.pair(frame, operand).negated()
            case n.Comparison():
                return self._comparison(frame, node)
            case n.Between():
                return self._between(frame, node)
            case n.Membership(value, tests):
                ones = [n.Membership(value, (test,)) for test in tests]
                return self._any(frame, [(each, self._member(frame, each)) for each in ones])
            case n.Conditional():
                return self._conditional(frame, node)
            case n.Quantified():
                return self._quantified(frame, node)
            case n.Literal(bool() as value):
                return c.constant(holds=value)
            case _:
                return self._flag(frame, Truth(self._term(frame, node)))

    def _joined(self, frame: Frame, pairs: Sequence[tuple[n.Node, c.Pair]]) -> c.Pair:
        """Join by Kleene's and; parts of too great a product get a pass of their own."""
        if prod(max(1, len(pair.true)) for _, pair in pairs) <= MAX_BRANCHES:
            return c.conjunction(pair for _, pair in pairs)
        return c.conjunction(
            pair if len(pair.true) <= 1 else self._flag(frame, self._apart(frame, node, pair))
            for node, pair in pairs
        )

    def _any(self, frame: Frame, pairs: Sequence[tuple[n.Node, c.Pair]]) -> c.Pair:
        negated = [(n.Not(node), pair.negated()) for node, pair in pairs]
        return self._joined(frame, negated).negated()

    def _apart(self, frame: Frame, node: n.Node, pair: c.Pair) -> Truth:
        return Truth(Term(node, frame, self._judgement(frame, pair)))

    def _comparison(self, frame: Frame, node: n.Comparison) -> c.Pair:
        operator, left, right = node.operator, node.left, node.right
        for side in (left, right):
            if isinstance(side, n.Conditional):
                return self._conditional(frame, _distributed(node, side))
        if isinstance(left, n.Literal) and not isinstance(right, n.Literal):
            operator, left, right = c.MIRRORED[operator], right, left
        if isinstance(right, n.Literal) and not isinstance(left, n.Literal):
            if operator not in EQUALITY and isinstance(right.value, bool | None):
                return c.Pair(c.NEVER, c.NEVER)  # they have no order
            if right.value is None:
                return self._null(frame, operator, left)
            kind = kind_for([right.value])
            if kind is not None:
                return self._with_constant(frame, operator, left, kind, right.value)
        return self._compared(frame, operator, left, right, node)

    def _with_constant(
        self,
        frame: Frame,
        operator: n.ComparisonOperator,
        left: n.Node,
        kind: Kind,
        constant: object,
    ) -> c.Pair:
        term = self._term(frame, left)
        equality = operator in EQUALITY
        attribute = Equal(term, kind, constant) if equality else Ordered(term, kind)
        return c.checked(self._name(frame, attribute), operator, kind.constant(constant))

    def _null(self, frame: Frame, operator: n.ComparisonOperator, node: n.Node) -> c.Pair:
        pair = self._flag(frame, IsNull(self._term(frame, node)))
        return pair if operator == "=" else pair.negated()

    def _compared(
        self,
        frame: Frame,
        operator: n.ComparisonOperator,
        left: n.Node,
        right: n.Node,
        node: n.Comparison | n.Membership,
    ) -> c.Pair:
        if isinstance(right, n.Literal | n.ListLiteral | n.RangeLiteral):
            self._hoist(node)
        key = (frame, operator, repr(node))
        if key not in self._compared_nodes:
            terms = self._term(frame, left), self._term(frame, right)
            self._compared_nodes[key] = Compared(operator, *terms, node)
        compared = self._compared_nodes[key]
        names = [self._name(frame, Operand(compared, side)) for side in (0, 1)]
        return c.checked(names[0], operator, names[1], other=True)

    def _between(self, frame: Frame, node: n.Between) -> c.Pair:
        """Join two comparisons; a missing end leaves it open whatever the other end says."""
        low = self.pair(frame, n.Comparison(">=", node.value, node.low))
        high = self.pair(frame, n.Comparison("<=", node.value, node.high))
        return c.Pair(
            c.both(low.true, high.true),
            c.either(
                c.both(low.false, self._given(frame, node.high)),
                c.both(high.false, self._given(frame, node.low)),
            ),
        )

    def _given(self, frame: Frame, node: n.Node) -> c.Form:
        if isinstance(node, n.Literal):
            return c.ALWAYS
        pair = self._flag(frame, IsNull(self._term(frame, node)))
        return c.either(pair.true, pair.false)

    def _member(self, frame: Frame, node: n.Membership) -> c.Pair:
        value, test = node.value, node.tests[0]
        match test:
            case n.UnaryTest(operator, operand):
                return self.pair(frame, n.Comparison(operator, value, operand))
            case n.Literal(None):
                null = self._flag(frame, IsNull(self._term(frame, value)))
                return c.Pair(null.true, c.NEVER)
            case n.Literal():
                return self.pair(frame, n.Comparison("=", value, test))
            case n.RangeLiteral():
                return self._in_range(frame, value, test)
            case n.ListLiteral(items) if items and all(isinstance(i, n.Literal) for i in items):
                return self._in_list(frame, node, test)
            case _:
                return self._compared(frame, "=", value, test, node)

    def _in_range(self, frame: Frame, value: n.Node, test: n.RangeLiteral) -> c.Pair:
        """Compare with both ends, where the range is one: its ends are of a kind and in order."""
        is_range = self._is_range(frame, test)
        ends = []
        if test.low is not None:
            operator: n.ComparisonOperator = ">=" if test.low_included else ">"
            ends.append(self.pair(frame, n.Comparison(operator, value, test.low)))
        if test.high is not None:
            operator = "<=" if test.high_included else "<"
            ends.append(self.pair(frame, n.Comparison(operator, value, test.high)))
        inside = c.conjunction(ends)
        return c.Pair(c.both(inside.true, is_range), c.both(inside.false, is_range))

    def _is_range(self, frame: Frame, test: n.RangeLiteral) -> c.Form:
        if not all(end is None or isinstance(end, n.Literal) for end in (test.low, test.high)):
            return self._flag(frame, IsNull(self._term(frame, test))).false
        from pmo_engine.engines.tracing import evaluate  # noqa: PLC0415 - slow, and seldom asked

        return c.NEVER if evaluate(test, {}) is None else c.ALWAYS

    def _in_list(self, frame: Frame, node: n.Membership, test: n.ListLiteral) -> c.Pair:
        constants = tuple(item.value for item in test.items if isinstance(item, n.Literal))
        kind = kind_for(constants)
        if kind is None:
            return self._compared(frame, "=", node.value, test, node)
        name = self._name(frame, Listed(self._term(frame, node.value), kind, constants))
        codes = [kind.held, *(kind.constant(each) for each in constants)]
        return c.disjunction(c.checked(name, "=", code) for code in codes)

    def _conditional(self, frame: Frame, node: n.Conditional) -> c.Pair:
        holds = self._flag(frame, Holds(self._term(frame, node.condition)))
        one, other = self.pair(frame, node.consequence), self.pair(frame, node.alternative)
        return c.Pair(
            c.either(c.both(holds.true, one.true), c.both(holds.false, other.true)),
            c.either(c.both(holds.true, one.false), c.both(holds.false, other.false)),
        )

    def _quantified(self, frame: Frame, node: n.Quantified) -> c.Pair:
        """Judge each item in a frame of its own; a second iterator is a quantifier within."""
        first, *rest = node.iterators
        condition = (
            n.Quantified(node.quantifier, tuple(rest), node.condition) if rest else node.condition
        )
        until = None if first.until is None else self._term(frame, first.until)
        inner = Frame(frame, first.name, self._term(frame, first.domain), until)
        judgement = self._judgement(inner, self.pair(inner, condition))
        return self._flag(frame, Aggregate(node, inner, judgement))

    def _flag(self, frame: Frame, attribute: Attribute) -> c.Pair:
        name = self._name(frame, attribute)
        return c.Pair(c.is_flag(name, 1), c.is_flag(name, 0))

    def _judged(self, frame: Frame, node: n.Node) -> Term:
        return Term(node, frame, self._judgement(frame, self.pair(frame, node)))

    def _judgement(self, frame: Frame, pair: c.Pair) -> Judgement:
        tests = (test for form in (pair.true, pair.false) for branch in form for test in branch)
        level = max((self.attributes[test.attribute].level for test in tests), default=0)
        judgement = Judgement(frame, pair, level)
        self.judgements.append(judgement)
        return judgement

    def _term(self, frame: Frame, node: n.Node) -> Term:
        """Give the one term for a node, in the outermost frame that has all its names."""
        while frame.around is not None and not _mentions(node, frame.name):
            frame = frame.around
        key = repr(node)
        if key not in frame.terms:
            frame.terms[key] = self._new_term(frame, node)
        return frame.terms[key]

    def _new_term(self, frame: Frame, node: n.Node) -> Term:
        if isinstance(node, _CONDITIONS):
            return self._judged(frame, node)
        if not isinstance(node, n.Literal) and not _is_read(node):
            self._hoist(node)
        return Term(node, frame)

    def _hoist(self, node: n.Node) -> None:
        text = self._text[node.start : node.end] or repr(node)
        if text not in self.hoisted:
            self.hoisted.append(text)

    def _name(self, frame: Frame, attribute: Attribute) -> str:
        name = self._names.setdefault((frame, attribute), f"a{len(self._names) + 1}")
        self.attributes[name] = attribute
        return name


def _is_read(node: n.Node) -> bool:
    """Tell whether a value is read from records, and not worked out."""
    match node:
        case n.Name():
            return True
        case n.Path(base):
            kind = base.static_type or t.ANY
            return (kind == t.ANY or isinstance(kind, t.ContextType)) and _is_read(base)
        case _:
            return False


def _mentions(node: n.Node, name: str) -> bool:
    return any(isinstance(each, n.Name) and each.name == name for each in walk(node))


def _distributed(node: n.Comparison, side: n.Conditional) -> n.Conditional:
    """Compare in both branches, so that the library does it."""

    def compare(operand: n.Node) -> n.Comparison:
        left = operand if node.left is side else node.left
        right = operand if node.right is side else node.right
        return n.Comparison(node.operator, left, right)

    return n.Conditional(side.condition, compare(side.consequence), compare(side.alternative))

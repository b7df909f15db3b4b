"""Conditions that can never hold, or always do, however well-typed the facts are.

Such a condition is an expression like any other, and evaluates: what is found are warnings. Only
comparisons with constants are followed, name by name (or path by path), as regions of values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import reduce
from typing import Any, TypeAlias

from pmo_engine.feel import nodes as n
from pmo_engine.feel import operations as op
from pmo_engine.feel import types as t
from pmo_engine.feel.bounds import bounds_of, universe
from pmo_engine.feel.checking.problems import Problem
from pmo_engine.feel.checking.regions import (
    EVERYTHING,
    Region,
    Unrelated,
    both,
    compared,
    either,
    opposite,
    points,
)
from pmo_engine.feel.compatibility import kind_of
from pmo_engine.feel.format import to_text
from pmo_engine.feel.kinds import kind
from pmo_engine.feel.properties import DATED, PARTS
from pmo_engine.feel.values import Range
from pmo_engine.source.codes import ALWAYS, NEVER, Code

Regions: TypeAlias = dict[n.Node, Region]

_MIRRORED: dict[n.ComparisonOperator, n.ComparisonOperator] = {
    "=": "=",
    "!=": "!=",
    "<": ">",
    "<=": ">=",
    ">": "<",
    ">=": "<=",
}
_SAME = {"=": ALWAYS, "<=": ALWAYS, ">=": ALWAYS, "!=": NEVER, "<": NEVER, ">": NEVER}
_TRUTHS = points((Decimal(0), Decimal(1)))
_TOLD = {NEVER: "never true", ALWAYS: "always true"}
_COUNTS = {"count", "string length"}


CANDIDATES = (
    n.Comparison,
    n.Between,
    n.Membership,
    n.Conjunction,
    n.Disjunction,
    n.RangeLiteral,
    n.Arithmetic,
)


def contradictions(nodes: Sequence[n.Node], types: Mapping[int, t.Type]) -> Iterator[Problem]:
    """Find conditions that never or always hold.

    ``nodes`` are the ``CANDIDATES`` among the parts of an expression, each after its own parts;
    ``types`` has the types of all nodes by their ``id``.
    """
    finder = _Finder(types, _compared_twice(nodes))
    for each in nodes:
        yield from finder.found(each)


class _Finder:
    """Follows the regions of names through a tree, from the bottom up."""

    def __init__(self, types: Mapping[int, t.Type], twice: bool) -> None:  # noqa: FBT001
        self.types, self.twice = types, twice
        self.known: dict[int, tuple[Regions, bool]] = {}
        self.told: set[int] = set()

    def found(self, node: n.Node) -> Iterator[Problem]:
        """Give what is wrong with this node, once nothing is wrong with its parts."""
        if self.told:
            parts = getattr(node, "operands", ()) or getattr(node, "tests", ())
            if any(id(each) in self.told for each in parts):
                self.told.add(id(node))
                return
        for code, message, hint in self._findings(node):
            self.told.add(id(node))
            yield Problem(node.start, node.end, code, message, hint, "warning")

    def _findings(self, node: n.Node) -> Iterator[tuple[Code, str, str]]:
        match node:
            case n.RangeLiteral(n.Literal(low), n.Literal(high)) if (op.order(low, high) or 0) > 0:
                yield NEVER, f"no value lies from {_text(low)} to {_text(high)}", "swap the ends"
            case n.Comparison(operator, left, right) if _is_null(left, right):
                if operator not in {"=", "!="}:
                    yield NEVER, "never true: nothing is more or less than null", "write ... = null"
            case n.Between(_, low, high) if _is_null(low, high):
                yield NEVER, "never true: nothing lies between null and anything", ""
            case n.Arithmetic(operator, left, right) if _is_null(left, right):
                yield NEVER, f"'{operator}' with null comes to null, whatever the facts", ""
            case n.Comparison(operator, left, right) if _key(left) is not None and left == right:
                code = _SAME[operator]
                yield code, f"{_TOLD[code]}: '{_name(left)}' is compared with itself", ""
            case n.Comparison("=" | "!=" as operator, left, right) if self._apart(left, right):
                code = NEVER if operator == "=" else ALWAYS
                names = f"'{_name(left)}' and '{_name(right)}'"
                yield code, f"{_TOLD[code]}: {names} have no value in common", ""
            case n.RangeLiteral() | n.Arithmetic():
                return
            case _ if not self._plain(node):
                yield from self._judged(node)

    def _plain(self, node: n.Node) -> bool:
        """Tell whether a node can only leave something, and not everything."""
        match node:
            case n.Comparison(_, left, n.Literal()) | n.Comparison(_, n.Literal(), left):
                return self._universe(left) is EVERYTHING
            case n.Membership(_, tests):
                return all(isinstance(each, n.Literal | n.ListLiteral) for each in tests)
            case n.Conjunction() | n.Disjunction():
                return not self.twice
            case _:
                return isinstance(node, n.Comparison)

    def _judged(self, node: n.Node) -> Iterator[tuple[Code, str, str]]:
        regions, exact = self._regions(node)
        for key, region in regions.items():
            universe = self._universe(key)
            try:
                if region.null is not True and not region.within(universe):
                    yield (
                        NEVER,
                        f"never true: no value of '{_name(key)}' is {region.words}",
                        self._scale(key),
                    )
                elif exact and len(regions) == 1 and self._certain(region, universe):
                    words = f"every value of '{_name(key)}' is {region.words}"
                    yield ALWAYS, f"always true: {words}", self._scale(key)
            except Unrelated:
                continue

    def _scale(self, key: n.Node) -> str:
        """Say between which values something lies, where its type tells."""
        type_ = self.types.get(id(key), t.ANY)
        return "" if bounds_of(type_) is None else f"it is {t.describe(type_)}"

    def _certain(self, region: Region, universe: Sequence[Range]) -> bool:
        return region.null is not False and not opposite(region).within(universe)

    def _regions(self, node: n.Node) -> tuple[Regions, bool]:
        """Give the regions outside which a condition cannot hold, and whether it does inside."""
        known = self.known.get(id(node))
        if known is None:
            try:
                known = self._worked_out(node)
            except Unrelated:
                known = {}, False
            self.known[id(node)] = known
        return known

    def _worked_out(self, node: n.Node) -> tuple[Regions, bool]:
        match node:
            case n.Comparison(operator, left, n.Literal(value)):
                return self._compared(operator, left, value)
            case n.Comparison(operator, n.Literal(value), right):
                return self._compared(_MIRRORED[operator], right, value)
            case n.Between(value, n.Literal(low), n.Literal(high)):
                return _conjunction(
                    [self._compared(">=", value, low), self._compared("<=", value, high)]
                )
            case n.Membership(value, tests):
                return self._any([self._test(value, each) for each in tests])
            case n.Conjunction(operands):
                return _conjunction([self._regions(each) for each in operands])
            case n.Disjunction(operands):
                return self._any([self._regions(each) for each in operands])
            case n.Not(operand):
                regions, exact = self._regions(operand)
                if exact and len(regions) == 1:
                    return {key: opposite(region) for key, region in regions.items()}, True
            case n.Name() | n.Path() if self.types.get(id(node)) == t.BOOLEAN:
                return self._compared("=", node, True)  # noqa: FBT003 - a constant of the language
        return {}, False

    def _test(self, value: n.Node, test: n.Node) -> tuple[Regions, bool]:
        match test:
            case n.UnaryTest(operator, n.Literal(operand)):
                return self._compared(operator, value, operand)
            case n.RangeLiteral(low, high, low_included, high_included):
                above: n.ComparisonOperator = ">=" if low_included else ">"
                below: n.ComparisonOperator = "<=" if high_included else "<"
                ends = [(above, low), (below, high)]
                return _conjunction([self._end(value, *each) for each in ends if each[1]])
            case n.ListLiteral(items):
                return self._any([self._test(value, item) for item in items])
            case n.Literal(operand):
                return self._compared("=", value, operand)
        return {}, False

    def _end(
        self, value: n.Node, operator: n.ComparisonOperator, end: n.Node | None
    ) -> tuple[Regions, bool]:
        if not isinstance(end, n.Literal):
            return {}, False
        return self._compared(operator, value, end.value)

    def _any(self, branches: Sequence[tuple[Regions, bool]]) -> tuple[Regions, bool]:
        if not branches:
            return {}, False
        common = set(branches[0][0]).intersection(*(regions for regions, _ in branches[1:]))
        joined = {
            key: reduce(either, [regions[key] for regions, _ in branches])
            for key in branches[0][0]
            if key in common
        }
        exact = all(each and len(regions) == 1 for regions, each in branches)
        return joined, exact and len(joined) == 1

    def _compared(
        self, operator: n.ComparisonOperator, value: n.Node, constant: Any
    ) -> tuple[Regions, bool]:
        key, type_ = _key(value), self.types.get(id(value), t.ANY)
        listed = not isinstance(type_, t.EnumType) or constant in (None, *type_.values)
        alike = constant is None or kind(constant) == kind_of(type_)
        if key is None or not listed or not alike or isinstance(constant, list | dict):
            return {}, False
        return {key: compared(operator, constant)}, True

    def _universe(self, key: n.Node) -> Sequence[Range]:
        """Give the values that a name, a path or a count can have."""
        type_ = self.types.get(id(key), t.ANY)
        if isinstance(type_, t.EnumType) and type_.closed:
            return points(type_.values)
        if type_ == t.BOOLEAN:
            return _TRUTHS
        if (bounds := bounds_of(type_)) is not None:
            return universe(bounds)
        match key:
            case n.Call(n.Name(function)) if function in _COUNTS:
                return (Range(Decimal(0), None, low_included=True, high_included=False),)
            case n.Path(base, name) if kind_of(self.types.get(id(base), t.ANY)) in DATED:
                if name in PARTS:
                    low, high = PARTS[name]
                    return (Range(Decimal(low), Decimal(high), True, True),)  # noqa: FBT003
        return EVERYTHING

    def _apart(self, left: n.Node, right: n.Node) -> bool:
        one, other = self.types.get(id(left)), self.types.get(id(right))
        if not isinstance(one, t.EnumType) or not isinstance(other, t.EnumType):
            return False
        if not one.closed or not other.closed:
            return False
        named = _key(left) is not None and _key(right) is not None
        return named and not set(one.values) & set(other.values)


def _compared_twice(nodes: Iterable[n.Node]) -> bool:
    """Tell whether some name is compared, or taken for a condition, more than once."""
    keys: set[n.Node] = set()
    for node in nodes:
        for each in _compared_in(node):
            key = _key(each)
            if key is not None and key in keys:
                return True
            if key is not None:
                keys.add(key)
    return False


def _compared_in(node: n.Node) -> tuple[n.Node, ...]:
    match node:
        case n.Comparison(_, left, right):
            return left, right
        case n.Between(value) | n.Membership(value):
            return (value,)
        case n.Conjunction(operands) | n.Disjunction(operands):
            return tuple(each.operand if isinstance(each, n.Not) else each for each in operands)
        case _:
            return ()


def _conjunction(branches: Sequence[tuple[Regions, bool]]) -> tuple[Regions, bool]:
    regions: Regions = {}
    for branch, _ in branches:
        for key, region in branch.items():
            regions[key] = both(regions[key], region) if key in regions else region
    return regions, all(exact for _, exact in branches)


def _key(node: n.Node) -> n.Node | None:
    """Give the node by which a value is followed, ``None`` for what is no name, path or count."""
    match node:
        case n.Call(n.Name(function), (argument,), ()) if function in _COUNTS:
            return None if _key(argument) is None else node
        case n.Path(base, _):
            return None if _key(base) is None else node
        case n.Name():
            return node
        case _:
            return None


def _name(node: n.Node) -> str:
    match node:
        case n.Call(n.Name(function), (argument,), _):
            return f"{function}({_name(argument)})"
        case n.Path(base, name):
            return f"{_name(base)}.{name}"
        case n.Name(name):
            return "the value" if name == "?" else name
        case _:
            return "this"


def _is_null(*nodes: n.Node) -> bool:
    return any(isinstance(node, n.Literal) and node.value is None for node in nodes)


def _text(value: Any) -> str:
    return to_text([value])[1:-1]

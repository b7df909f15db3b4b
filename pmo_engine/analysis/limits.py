"""Where rules compare quantities: each place with its two sides, the limit to the right.

A limit that is written or bound (a constant, a parameter, an authority) is the same for every case
of a day; any other is worked out for each case.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pmo_engine.authority.bounds import shares
from pmo_engine.feel import functions
from pmo_engine.feel import nodes as n
from pmo_engine.feel import types as t
from pmo_engine.feel.builtins import BUILTINS
from pmo_engine.feel.quantities import is_quantity_type
from pmo_engine.feel.walk import children, walk
from pmo_engine.model.frozen import dataclass
from pmo_engine.policy import InForce, RequireApproval
from pmo_engine.policy.inlining import MOST_NESTED, cells_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pmo_engine.policy import Authority, Policy, Rule
    from pmo_engine.policy.selection import Selection
    from pmo_engine.source.diagnostics import Mark

_FLIPPED: Mapping[str, n.ComparisonOperator] = {
    "<": ">",
    "<=": ">=",
    ">": "<",
    ">=": "<=",
    "=": "=",
    "!=": "!=",
}
_SAME_EVERY_DAY = frozenset({"authority", "tolerance", *BUILTINS}) - {"now", "today"}
ALWAYS = InForce()
_BINDING_NAMES = (n.Filter, n.Quantified, n.ForLoop, n.ContextLiteral, n.FunctionLiteral)


@dataclass(frozen=True, slots=True)
class Boundary:
    """One comparison of two quantities; ``rules`` are those whose outcome hangs on it.

    ``inside`` is the loop, filter or call around it whose variables it may use; ``authority`` names
    the clause of terms of reference that sets the limit; ``table`` and ``row`` say where in a table
    it is written (row 0: the bounds of a column), and ``in_force`` on which days.
    """

    rules: tuple[Rule, ...]
    comparison: n.Comparison
    mark: Mark
    inside: n.Node | None = None
    authority: str = ""
    table: str = ""
    row: int = 0
    in_force: InForce = ALWAYS
    hangs: bool = False  # the limit is an authority that is another for other records

    @property
    def left(self) -> n.Node:
        """Give the side that is held against the limit."""
        return self.comparison.left

    @property
    def right(self) -> n.Node:
        """Give the limit."""
        return self.comparison.right

    @property
    def is_fixed(self) -> bool:
        """Tell whether the limit is the same whatever the facts are."""
        return not self.hangs and is_closed(self.right)

    def is_written_for(self, selection: Selection) -> bool:
        """Tell whether it is in force in a situation, and a rule that hangs on it."""
        chosen = selection.by_id
        written = any(chosen.get(rule.id) is rule for rule in self.rules)
        return selection.day in self.in_force and written


def boundaries_of(policy: Policy, rules: Iterable[Rule]) -> tuple[Boundary, ...]:
    """Find every comparison of quantities in the order of the rules, those of authority last.

    The cells of a table that rules call are theirs, once for the same arguments.
    """
    rules = tuple(rules)
    found: list[Boundary] = []
    cells: dict[tuple[str, n.Comparison], int] = {}
    for item in (item for rule in rules for item in _Finder(policy, rule).boundaries()):
        key = item.table, item.comparison
        place = cells.setdefault(key, len(found)) if item.table else len(found)
        if place == len(found):
            found.append(item)
        elif item.rules[0] not in found[place].rules:
            found[place] = replace(found[place], rules=(*found[place].rules, *item.rules))
    return (*found, *_of_authority(policy, rules))


class _Finder:
    """Finds the comparisons in the expressions of one rule, and in the tables that they call."""

    def __init__(self, policy: Policy, rule: Rule) -> None:
        self.policy, self.rule = policy, rule

    def boundaries(self) -> Iterator[Boundary]:
        """Give the boundaries in the order in which they are written."""
        for expression in self.rule.expressions:
            for comparison, inside in _comparisons(expression.node, None):
                mark = expression.place(comparison)
                yield from self._boundary(Boundary((self.rule,), comparison, mark, inside))
            yield from self._in_tables(expression.node, 0)

    def _boundary(self, found: Boundary) -> Iterator[Boundary]:
        if _compares_quantities(found.comparison):
            comparison = _limit_to_the_right(found.comparison)
            hangs = _hangs(self.policy, comparison.right)
            yield replace(found, comparison=comparison, hangs=hangs)

    def _in_tables(self, node: n.Node, nested: int) -> Iterator[Boundary]:
        for call in _outside_loops(node) if nested < MOST_NESTED else ():
            for cell in cells_of(self.policy, call):
                for comparison, inside in _comparisons(cell.node, None):
                    yield from self._boundary(
                        Boundary(
                            rules=(self.rule,),
                            comparison=comparison,
                            mark=cell.written.mark,
                            inside=inside,
                            table=cell.table,
                            row=cell.row,
                            in_force=cell.in_force or ALWAYS,
                        )
                    )
                yield from self._in_tables(cell.node, nested + 1)


def _hangs(policy: Policy, limit: n.Node) -> bool:
    """Tell whether a limit calls an authority that is another for other records."""
    named = {(role, act) for role, act, _ in functions.literal_arguments(limit, "authority")}
    return any(
        item.is_conditional or any(shares(each.value) for each in item.limits)
        for terms in policy.terms.values()
        for item in terms.authority
        if item.cumulative is None and (item.role, item.act) in named
    )


def _outside_loops(node: n.Node) -> Iterator[n.Node]:
    """Give a node and its parts, those apart in which it brings names of its own into the scope."""
    yield node
    for part in children(node):
        if _binder(node, part) is None:
            yield from _outside_loops(part)


def _comparisons(
    node: n.Node, inside: n.Node | None
) -> Iterator[tuple[n.Comparison, n.Node | None]]:
    for comparison in _as_comparisons(node):
        yield comparison, inside
    for part in children(node):
        yield from _comparisons(part, inside or _binder(node, part))


def _binder(node: n.Node, part: n.Node) -> n.Node | None:
    """Give the node if it brings names of its own into the scope of its part."""
    if isinstance(node, n.Call) and isinstance(part, n.FunctionLiteral):
        return node
    if isinstance(node, n.Filter) and part is node.base:
        return None
    return node if isinstance(node, _BINDING_NAMES) else None


def _as_comparisons(node: n.Node) -> Iterator[n.Comparison]:
    """Write a node that compares as plain comparisons; ranges have one for each end."""
    match node:
        case n.Comparison():
            yield node
        case n.Between(value, low, high):
            yield _at(low, ">=", value, low)
            yield _at(high, "<=", value, high)
        case n.Membership(value, tests):
            for test in tests:
                yield from _tested(value, test)


def _tested(value: n.Node, test: n.Node) -> Iterator[n.Comparison]:
    match test:
        case n.UnaryTest(operator, operand):
            yield _at(test, operator, value, operand)
        case n.RangeLiteral(low, high, low_included, high_included):
            if low is not None:
                yield _at(low, ">=" if low_included else ">", value, low)
            if high is not None:
                yield _at(high, "<=" if high_included else "<", value, high)
        case n.ListLiteral(items):
            for item in items:
                yield from _tested(value, item)
        case _:
            yield _at(test, "=", value, test)


def _at(place: n.Node, operator: n.ComparisonOperator, left: n.Node, right: n.Node) -> n.Comparison:
    return n.Comparison(operator, left, right, start=place.start, end=place.end)


def _limit_to_the_right(node: n.Comparison) -> n.Comparison:
    if is_closed(node.left) and not is_closed(node.right):
        flipped = _FLIPPED[node.operator]
        return n.Comparison(flipped, node.right, node.left, start=node.start, end=node.end)
    return node


def is_closed(node: n.Node) -> bool:
    """Tell whether an expression looks at no fact: constants, and what is bound with the policy."""
    called = {
        id(each.function)
        for each in walk(node)
        if isinstance(each, n.Call)
        and isinstance(each.function, n.Name)
        and each.function.name in _SAME_EVERY_DAY
    }
    return all(id(each) in called for each in walk(node) if isinstance(each, n.Name))


def _compares_quantities(node: n.Comparison) -> bool:
    types = [side.static_type or t.ANY for side in (node.left, node.right)]
    fitting = all(is_quantity_type(each) or each == t.ANY for each in types)
    constant = is_closed(node.left) and is_closed(node.right)
    return fitting and any(map(is_quantity_type, types)) and not constant


def _of_authority(policy: Policy, rules: Iterable[Rule]) -> Iterator[Boundary]:
    """Find what *the least senior role* compares: an amount with the limits of authority."""
    seeking: dict[tuple[str, n.Node], list[Rule]] = {}
    for rule in rules:
        for act, amount in dict.fromkeys(_sought(policy, rule)):
            seeking.setdefault((act, amount), []).append(rule)
    for (act, amount), askers in seeking.items():
        for item, function in _limited(policy, act):
            called = n.Call(n.Name(function), (n.Literal(item.role), n.Literal(act)))
            comparison = n.Comparison(">", amount, called)
            hangs = item.is_conditional or any(shares(limit.value) for limit in item.limits)
            yield Boundary(tuple(askers), comparison, item.mark, authority=item.id, hangs=hangs)


def _sought(policy: Policy, rule: Rule) -> Iterator[tuple[str, n.Node]]:
    """Give the acts for which a rule seeks the least senior role, each with the amount."""
    seeking = [each for each in rule.then if isinstance(each, RequireApproval) and each.seeks]
    for noun in dict.fromkeys(event.noun for event in rule.on) if seeking else ():
        own = f"approve {noun}"
        for act in dict.fromkeys(each.act or own for each in seeking):
            yield from ((act, amount) for _, amount in _of_record(policy, own))
    for expression in rule.expressions:
        for node in walk(expression.node):
            match node:
                case n.Call(n.Name(functions.LEAST_SENIOR), (n.Literal(str(act)),)):
                    yield from _of_record(policy, act)
                case n.Call(n.Name(functions.LEAST_SENIOR), (n.Literal(str(act)), amount)):
                    yield act, amount


def _of_record(policy: Policy, act: str) -> Iterator[tuple[str, n.Node]]:
    register = policy.register_of(act.partition(" ")[2])
    if register is not None and register.value is not None:
        yield act, n.Path(n.Name(register.root), register.value)


def _limited(policy: Policy, act: str) -> Iterator[tuple[Authority, str]]:
    """Give the first authority of each role and kind, with the function that tells its limit."""
    for terms in policy.terms.values():
        seen: set[str] = set()
        for item in terms.authority:
            function = "authority" if item.cumulative is None else "headroom"
            limited = any(limit.value is not None for limit in item.limits)
            if item.act == act and limited and function not in seen:
                seen.add(function)
                yield item, function
